"""Splits, intervals, stopping, peeking and leaks: closed forms, published figures, the page and its programs."""

import math
import re
from dataclasses import replace
from functools import cache

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from programs import printed
from scipy.stats import binomtest
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset
from visitor import charts, guess, newcomer, opened, views, visit

from core.batches import stratified_rows
from core.datasets import load_digits
from core.generalization.digits import SplitTask, wilson
from core.generalization.leakage import leak
from core.generalization.peeking import Repeats, peek, peeks_of
from core.generalization.settings import LeakageSettings, PeekingSettings, SplitSettings, TrainingSettings
from core.generalization.training import TrainingTask
from core.nn import MLP
from figures.generalization import digits as digit_figures
from figures.generalization import leakage as leak_figures
from figures.generalization import peeking as peek_figures
from figures.generalization import training as training_figures


@cache
def trained(settings=TrainingSettings()):  # noqa: B008  frozen
    return TrainingTask(settings).run()


@cache
def split_run(settings=SplitSettings()):  # noqa: B008  frozen
    return SplitTask(settings).run()


@given(st.integers(0, 1797), st.integers(0, 999))
def test_a_stratified_split_keeps_the_shares(n_kept_out, seed):
    _, y = load_digits()
    train, kept_out = stratified_rows(y, n_kept_out, seed)
    assert len(kept_out) == n_kept_out
    assert sorted([*train.tolist(), *kept_out.tolist()]) == list(range(len(y)))
    counts, all_counts = (torch.bincount(part, minlength=10) for part in (y[kept_out], y))
    assert ((counts - all_counts * n_kept_out / len(y)).abs() < 1).all()


def test_a_stratified_split_is_drawn():
    _, y = load_digits()
    first, second = (set(stratified_rows(y, 500, seed)[1].tolist()) for seed in (0, 1))
    assert 0.15 < len(first & second) / 500 < 0.42  # 500 / 1797 by chance


@given(st.integers(1, 2000), st.floats(0, 1))
def test_wilson_s_interval_is_scipy_s_and_solves_its_equation(n, share):
    right = round(share * n)
    low, high = wilson(right, n)
    theirs = binomtest(right, n).proportion_ci(0.95, method="wilson")
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-6)
    for p in (low, high):
        if 1e-9 < p < 1 - 1e-9:
            assert abs(right / n - p) == pytest.approx(1.959964 * math.sqrt(p * (1 - p) / n), abs=1e-9)


def test_wilson_s_interval_holds_the_true_share_in_95_of_100_cases():
    generator = Generator().manual_seed(0)
    right = (torch.rand(4000, 100, generator=generator) < 0.9).sum(dim=1).tolist()
    inside = sum(low <= 0.9 <= high for low, high in (wilson(k, 100) for k in right))
    assert 0.93 < inside / 4000 < 0.97
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_digits_are_read_as_well_as_expected():
    """Published for such models: about .966 without a hidden layer, .969 with one."""
    for width in (0, 64):
        runs = [split_run(SplitSettings(width=width, seed=seed)) for seed in range(3)]
        assert sum(run.accuracy for run in runs) / 3 == pytest.approx(0.968, abs=0.012)
    run = split_run()
    assert run.n_holdout.sum() == len(run.y) == 539
    assert (run.n_holdout / (run.n_train + run.n_holdout) - 0.3).abs().max() < 0.01
    assert sum(right for right, _ in run.each) == run.n_correct
    assert run.interval[0] < run.accuracy < run.interval[1]
    assert run.band == "By 1 to 4 points"
    assert split_run(SplitSettings(holdout=0.02, num_epochs=1)).band == "By more than 4 points"


def test_a_digit_without_an_image_has_no_share():
    run = split_run()
    counts = run.n_holdout.clone()
    counts[8] = 0
    kept = run.y != 8
    few = replace(run, images=run.images[kept], y=run.y[kept], probabilities=run.probabilities[kept], n_holdout=counts)
    table = digit_figures.intervals(few).table
    assert table["images"][9] == 0 and math.isnan(table["share"][9])
    assert (table["interval from"][9], table["to"][9]) == (0, 1)


def test_the_training_is_autograd_s_with_a_loader():
    s = TrainingSettings(num_epochs=5, weight_decay=1.0)
    run, (images, truth) = trained(s), load_digits()
    X, generator = images.flatten(1).float() / 16, Generator().manual_seed(0)
    train, validation, holdout = torch.randperm(1797, generator=generator).split([200, 200, 1397])
    drawn = torch.rand(1797, generator=generator) < 0.2
    drawn[holdout] = False
    y = torch.where(drawn, torch.randint(10, (1797,), generator=generator), truth)
    model = MLP((64, 64, 10), Generator().manual_seed(0))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=1.0)
    order = Generator().manual_seed(0)
    for _ in range(5):
        for batch, target in DataLoader(TensorDataset(X[train], y[train]), 32, shuffle=True, generator=order):
            optimizer.zero_grad()
            F.cross_entropy(model(batch), target).backward()
            optimizer.step()
    assert run.loss[1, -1].item() == pytest.approx(F.cross_entropy(model(X[validation]), y[validation]).item())
    right = (model(X[holdout]).argmax(dim=1) == truth[holdout]).double().mean().item()
    assert run.accuracy[2, -1].item() == pytest.approx(right)


def test_stopping_in_time_helps_where_labels_are_wrong_and_random_labels_teach_nothing():
    run = trained()
    assert run.band == ["In the first third of the training"]
    assert run.gained > 0.05
    learned = trained(TrainingSettings(label_noise=1.0, num_epochs=200))
    assert learned.accuracy[0, -1] == 1.0
    assert learned.accuracy[2, -1].item() == pytest.approx(0.10, abs=0.035)
    held = trained(TrainingSettings(weight_decay=1.0))
    assert held.accuracy[0, -1] < run.accuracy[0, -1] and held.accuracy[2, -1] > run.accuracy[2, -1]


@pytest.mark.parametrize(
    ("stop", "said"), [(0, "In the first third of the training"), (20, "In the middle"), (60, "In the last third")]
)
def test_when_it_was_best(stop, said):
    run = trained()
    loss = run.loss.clone()
    loss[1, stop] = 0.0
    assert replace(run, loss=loss).band == [said]
    said = f"after {stop} epoch" if stop else "before the first epoch"
    assert said in training_figures.losses(replace(run, loss=loss)).caption


def test_divergence_has_a_sentence():
    run = trained()
    lost = replace(run, loss=torch.full_like(run.loss, torch.nan))
    assert lost.diverged and lost.band == []
    assert "diverged" in training_figures.losses(lost).caption


@pytest.mark.parametrize(("n", "k"), [(20, 10), (100, 50), (500, 100)])
def test_the_best_of_many_coin_flippers_is_as_lucky_as_a_closed_form_says(n, k):
    """E max of k shares from Binomial(n, 1/2): the sum over j of P(max > j) = 1 − F(j)^k, divided by n."""
    cdf, total = 0.0, 0.0
    for j in range(n):
        cdf += math.comb(n, j) / 2**n
        total += 1 - cdf**k
    found = peek(Repeats(n, 0.0, 0))
    assert found.seen[:, k - 1].mean().item() == pytest.approx(total / n, abs=0.012)
    assert found.fresh[:, k - 1].mean().item() == pytest.approx(0.5, abs=0.012)


def test_answers_that_reveal_something_are_used():
    """Two answers whose means lie 0.5 to both sides of 0: at best Φ(0.5 √2) = 0.760 are right."""
    found = peek(Repeats(100, 1.0, 0))
    assert 0.73 < found.fresh[:, 0].mean().item() < 0.76


def test_peeking_keeps_the_first_of_equals_and_honest_openings_are_unbiased():
    found = peek(Repeats(100, 0.0, 0))
    assert abs(found.optimism[0].item()) < 0.01
    for k in (1, 7, 100):
        assert found.seen[:, k - 1].tolist() == found.holdout[:, :k].max(dim=1).values.tolist()
    changes = found.fresh[:, 1:] != found.fresh[:, :-1]
    assert not (changes & (found.seen[:, 1:] == found.seen[:, :-1])).any()


@pytest.mark.parametrize(("n", "said"), [(20, "9 or more"), (500, "3 to 8")])
def test_how_large_the_gap_is(n, said):
    assert peek(Repeats(n, 0.0, 0)).band == said
    flat = replace(peek(Repeats(n, 0.0, 0)), seen=peek(Repeats(n, 0.0, 0)).fresh - 0.01)
    assert flat.band == "Hardly any: at most 2"
    assert "You were lucky" in peek_figures.caught(flat, 5)


def test_every_share_is_inside_the_picture():
    sure = peek(Repeats(20, 1.0, 0))
    for figure in (peek_figures.openings(sure, 100).figure, peek_figures.cost_curve(sure).figure):
        low, high = figure.layout.yaxis.range
        assert all(low < share < high for trace in figure.data for share in trace.y)


def test_choosing_features_with_all_rows_finds_what_is_not_there():
    """Published for 20 of 2,000 random features: about .94, and .51 on the training part."""
    found = leak(LeakageSettings())
    scaling, selection, copies = found.leaking.mean(dim=1).tolist()
    assert selection == pytest.approx(0.94, abs=0.02)
    assert found.honest.mean(dim=1).tolist() == pytest.approx([0.5, 0.5, 0.5], abs=0.025)
    assert scaling == pytest.approx(0.5, abs=0.025)
    assert copies == pytest.approx(0.5 + 1 / 6, abs=0.03)  # a third of the rows have their copy in the training part
    assert found.worst == ["Questions chosen with all rows"]
    few = leak(LeakageSettings(n_features=20))
    assert few.harm[1] == 0 and few.worst == ["Copies on both sides"]
    assert "+44.2" in leak_figures.leak_bars(found).caption
    none = leak(LeakageSettings(n_samples=20, n_features=20, copies=0.0, seed=3))
    assert none.worst == [] and none.harm[0] > 0
    assert "None adds more than chance" in leak_figures.guess_words(none)
    assert leak_figures.added(none)[1] == "0.0"


PROGRAMS = [
    {},
    {"curve": "step", "noise": "0", "n_samples": "6", "seed": "3"},
    {
        "curve": "bump",
        "split.stratified": "0",
        "split.width": "0",
        "training.label_noise": "1",
        "peeking.signal": "0.5",
    },
]


def test_the_programs_print_what_the_page_says():
    texts, said = [], []
    quick = {"training.num_epochs": "12", "split.num_epochs": "3", "peeking.openings": "17"}
    quick |= {"width.updates": "100", "width.n_seeds": "2"}
    for link in PROGRAMS:
        for view in views("generalization"):
            if link == PROGRAMS[1] and view["view"] not in ("fit", "bias_variance", "learning_curve"):
                continue
            at = visit("generalization", **quick | link | view)
            texts += [code.value for code in at.code if code.language == "python"]
            said += [code.value.splitlines() for code in at.code if code.language != "python"]
    for lines, expected in zip(printed(texts, warnings_are_errors=True), said, strict=True):
        if "..." in expected:
            cut = expected.index("...")
            assert lines[:cut] == expected[:cut] and lines[cut - len(expected) + 1 :] == expected[cut + 1 :]
        else:
            assert lines == expected


def test_the_holdout_set_counts_its_openings():
    once = {"view": "peeking", "peeking.openings": "1"}
    at = opened("generalization", view="peeking")
    assert any("Opened once" in text.value for text in visit("generalization", **once).markdown)
    for key, count in (("generalization-open-10", 30), ("generalization-open-1", 31)):
        at = at.button(key=key).click().run()
        assert at.session_state["generalization"]["peeking.openings"] == count
        assert any(f"pened {count} times" in text.value for text in at.markdown)
    peeks, first = peeks_of(PeekingSettings()), PeekingSettings().openings - 1
    assert peeks.seen[0, first] - peeks.fresh[0, first] > 0.05  # the view opens with what it is about
    assert peek_figures.openings(peeks, 31).caption in [caption.value for caption in at.caption]
    at = visit("generalization", **{"view": "peeking", "peeking.openings": "100"})
    assert at.button(key="generalization-open-1").disabled


def test_nothing_answers_before_the_guess():
    at = newcomer("generalization")
    assert [chart["key"] for chart in charts(at)] == ["fit"]
    at = guess(at, "3 to 7")
    assert "**Right:**" in at.info[0].value
    assert [chart["key"] for chart in charts(at)] == ["fit", "degree_errors"]


def test_a_reader_can_redo_the_interval_with_the_numbers_that_are_shown():
    text = digit_figures.by_hand(split_run())
    found = re.search(r"² = ([\d.]+): .*?\((\d+) \+ .*?\((\d+) \+ .* · (\d+) / \d+ \+", text)
    z2, right, n, wrong = map(float, found.groups())
    middle, half = (right + z2 / 2) / (n + z2), math.sqrt(z2 * (right * wrong / n + z2 / 4)) / (n + z2)
    assert f"= {middle:.6f}, and" in text and f"= {half:.6f} to" in text
    assert "**{:.4f}** to **{:.4f}**".format(*split_run().interval) in text
