"""Networks on few digits: the batch against single networks, what helps and hurts, the mistakes, the programs."""

import json
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from programs import printed
from torch import Generator

from core.data_augmentation.compare import effect, mean
from core.data_augmentation.digits import AUGMENT, HelpedTask
from core.data_augmentation.label import SurvivalTask, maps
from core.data_augmentation.mistakes import RIGHT, WRONG, FooledTask, balanced, compared, copies_of, gaps, optimistic
from core.data_augmentation.program import digits_program, label_program, mistakes_program
from core.data_augmentation.settings import AUGMENTATIONS, DigitsSettings, LabelSettings, MistakesSettings
from core.data_augmentation.train import BATCH, LR, SIZES, Networks, digits, few
from core.nn import MLP
from core.task import result_of
from figures.data_augmentation.dots import says
from figures.data_augmentation.label import at_amount, survival
from figures.words import a
from ui.long_work import AT_ONCE


def test_networks_side_by_side_learn_what_each_learns_alone():
    X, y, X_holdout, _ = digits()
    rows = few(30, range(3))
    networks = Networks(X[rows], y[rows], range(3), 7)
    models = [MLP(SIZES, Generator().manual_seed(seed)) for seed in range(3)]
    optimizers = [torch.optim.Adam(model.parameters(), lr=LR) for model in models]
    order = Generator().manual_seed(7)
    for _ in range(20):
        networks.update()
        drawn = torch.randint(30, (3, BATCH), generator=order)
        for model, optimizer, own, batch in zip(models, optimizers, rows, drawn, strict=True):
            optimizer.zero_grad()
            F.cross_entropy(model(X[own[batch]].flatten(1)), y[own[batch]]).backward()
            optimizer.step()
    for model, logits in zip(models, networks.logits(X_holdout.flatten(1)[None]), strict=True):
        torch.testing.assert_close(model(X_holdout.flatten(1)), logits, atol=2e-3, rtol=1e-3)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmented_digits_keep_their_shape_and_come_from_the_given_generator(name):
    images = digits()[0][:100]
    before = torch.get_rng_state()
    first, second = (AUGMENT[name](images, Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, second)
    assert first.shape == images.shape
    assert not torch.equal(first, images)


@pytest.mark.parametrize(
    ("n_better", "n_worse", "n", "said"),
    [(5, 0, 5, "helps"), (4, 0, 5, "unclear"), (0, 5, 5, "hurts"), (9, 1, 10, "helps"), (8, 2, 10, "unclear"),
     (0, 9, 10, "hurts"), (2, 0, 2, "unclear"), (0, 0, 5, "unclear")],
)  # fmt: skip
def test_what_seeds_say(n_better, n_worse, n, said):
    plain = [0.5] * n
    augmented = [0.6] * n_better + [0.4] * n_worse + [0.5] * (n - n_better - n_worse)
    assert effect(plain, augmented) == said
    assert ("no difference is clear" in says({"a": plain, "b": augmented})) == (said == "unclear")


@pytest.fixture(scope="module")
def helped():
    return result_of(HelpedTask(DigitsSettings(n=800)))


def test_small_turns_help_and_the_wrong_augmentations_hurt(helped):
    means = {name: mean(values) for name, values in helped.accuracy.items()}
    known = {"none": 0.965, "mild": 0.976, "flip": 0.936, "half_turn": 0.826}  # another network on as many digits
    assert {name: means[name] for name in known} == pytest.approx(known, abs=0.015)
    assert means["mild"] > means["none"] > means["flip"] > means["half_turn"]
    effects = {name: effect(helped.accuracy["none"], values) for name, values in helped.accuracy.items()}
    assert (effects["mild"], effects["flip"], effects["half_turn"]) == ("helps", "hurts", "hurts")


def test_the_same_seed_gives_the_same_network_whatever_else_is_compared(helped):
    alone = HelpedTask(replace(helped.settings, augmentations=("flip",))).run()
    assert alone.right == {name: helped.right[name] for name in ("none", "flip")}


def test_a_6_that_is_rotated_by_half_a_turn_is_a_9():
    for example in (2, 6, 9):
        found = result_of(SurvivalTask(LabelSettings(example=example)))
        assert (found.answer(0)[0], found.answer(180)[0], found.answer(360)[0]) == (6, 9, 6)
    assert found.accuracy[0] > 0.95 > 0.6 > found.accuracy.min()
    assert 9 in found.others and 6 not in found.others
    torch.testing.assert_close(found.images[0], found.image, atol=1e-5, rtol=0)


def test_the_answer_at_the_amount_is_drawn_and_has_its_article():
    found = result_of(SurvivalTask(LabelSettings(change="scale", digit=2)))
    for amount in found.amounts:
        picture = survival(found, amount)
        answer = a(found.answer(amount)[0])
        assert answer in [trace.get("name") for trace in json.loads(picture.json)["data"]]
        assert f"for the network {answer}, with" in picture.caption
    eight = replace(
        found, settings=LabelSettings(digit=8), probabilities=torch.eye(10)[8].expand(len(found.amounts), 10)
    )
    assert "for the network an 8, with" in at_amount(eight, 1.0)


def test_a_width_of_minus_1_is_a_mirror():
    torch.testing.assert_close(maps("width", [-1.0])[0], torch.tensor([[-1.0, 0, 7], [0, 1, 0]]))
    torch.testing.assert_close(maps("scale", [2.0])[0], torch.tensor([[2.0, 0, -3.5], [0, 2, -3.5]]))


def test_copies_stand_on_both_sides_only_where_the_split_comes_after():
    task = FooledTask(MistakesSettings(n=50, copies=2))
    task.begin()
    X, y, X_test, y_test = task._split(0, RIGHT)
    assert (len(X), len(X_test)) == (35 * 3, 15)
    X, y, X_test, y_test = task._split(0, WRONG)
    assert (len(X), len(X_test)) == (35 * 3, 15 * 3)
    one = FooledTask(MistakesSettings(mistake="one_class", n=50, copies=2, digit=4))
    one.begin()
    assert torch.bincount(one._split(0, WRONG)[1]).tolist() == [5, 5, 5, 5, 15, 5, 5, 5, 5, 5]
    assert torch.bincount(one._split(0, RIGHT)[1]).tolist() == [15] * 10
    assert torch.bincount(digits()[1][balanced(50, 3, digits()[1])]).tolist() == [5] * 10
    images, classes = copies_of(digits()[0][:4], digits()[1][:4], 2, 20.0, Generator().manual_seed(0))
    assert torch.equal(classes, digits()[1][:4].repeat(3))
    assert torch.equal(images[:4], digits()[0][:4])


def test_a_leak_reports_too_much_and_one_augmented_class_takes_from_the_others():
    leak = result_of(FooledTask(MistakesSettings()))
    assert optimistic(leak, WRONG)
    assert mean(gaps(leak, WRONG)) > 0.05 > abs(mean(gaps(leak, RIGHT)))
    one = result_of(FooledTask(MistakesSettings(mistake="one_class")))
    assert mean(one.reported[WRONG]) > 3 * mean(one.reported[RIGHT])
    assert (compared(leak), compared(one)) == ("more", "more")
    assert compared(replace(leak, true=leak.reported)) == "same"
    assert compared(replace(one, reported={RIGHT: [0.2], WRONG: [0.1]})) == "less"


def test_the_programs_print_what_the_page_says():
    short = {"updates": 50, "n_seeds": 2, "n": 20}
    programs = [digits_program(HelpedTask(DigitsSettings(**short)).run())]
    programs += [label_program(result_of(SurvivalTask(LabelSettings(change=c))), a) for c, a in (("angle", 180),)]
    chosen = [MistakesSettings(), MistakesSettings(mistake="one_class")]
    programs += [mistakes_program(result_of(FooledTask(settings))) for settings in chosen]
    assert printed([program.text for program in programs]) == [program.prints for program in programs]


def test_what_the_views_open_with_starts_by_itself_and_nothing_takes_long():
    opening = (HelpedTask(DigitsSettings()), FooledTask(MistakesSettings()), SurvivalTask(LabelSettings()))
    assert all(0 < task.cost <= AT_ONCE for task in opening)
    assert AT_ONCE < HelpedTask(DigitsSettings(updates=600, n_seeds=10)).cost < 5
