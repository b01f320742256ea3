"""What layers hand on in eval() and in train(), and what comes of mistakes, against torch itself."""

from dataclasses import replace

import pytest
import torch
import torch.nn as nn
from programs import printed
from visitor import visit

from core.datasets import load_digits
from core.neural_networks.build import build
from core.neural_networks.mistakes import MISTAKES, same_masks, try_mistake
from core.neural_networks.model import Dropout
from core.neural_networks.program import mistakes_program, run_program
from core.neural_networks.run import changed, digits, first_relu, holds_digits, run_layers, zero_share, zeros
from core.neural_networks.settings import COURSE, MistakeSettings, ModelSettings, RunSettings
from core.program import source
from core.tried import Tried, effect
from figures.neural_networks.mistakes import by_hand as mistake_by_hand
from figures.neural_networks.mistakes import two_bars
from figures.neural_networks.run import FAINT, by_hand, is_long, labels, maps, strips, strips_from, why_zeros
from pages.neural_networks.mistakes import MISTAKES as SHOWN

DROPOUT = ModelSettings(layers="Flatten(), Linear(64, 32), ReLU(), Dropout(0.5), Linear(32, 10)", shape="1, 1, 8, 8")
NORM = ModelSettings(layers="Flatten(), Linear(64, 16), BatchNorm1d(16), ReLU(), Linear(16, 10)", shape="4, 1, 8, 8")
DIGIT = RunSettings(source="digit", digit=1795)


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("shape", [(1,), (33,), (4, 5, 6)])
def test_dropout_draws_the_mask_of_torch(p, shape):
    x = torch.linspace(-1, 1, torch.Size(shape).numel()).reshape(shape)
    ours = Dropout(p, torch.Generator().manual_seed(5))
    with torch.random.fork_rng():
        torch.manual_seed(5)
        theirs = nn.Dropout(p)
        for _ in range(2):
            assert torch.equal(ours(x), theirs(x))
    assert torch.equal(ours.eval()(x), x)


def test_the_course_s_model_hands_on_what_its_weights_say():
    run = run_layers(ModelSettings(), RunSettings())
    x, hidden, active, output = run.evaluated
    (w1, b1), (w2, b2) = run.weights["hidden_layer"], run.weights["output_layer"]
    assert torch.allclose(hidden, w1 @ x + b1, atol=1e-6)
    assert torch.equal(active, hidden.clamp_min(0))
    assert torch.allclose(output, w2 @ active + b2, atol=1e-6)
    assert str(output)[:-1] in build(ModelSettings()).said
    assert changed(run) == []
    assert first_relu(run) == 2


def test_train_changes_what_comes_after_dropout_and_batch_norm():
    run = run_layers(DROPOUT, RunSettings())
    assert changed(run) == ["dropout", "output_layer"]
    before, after = run.trained[3], run.trained[4]
    assert ((after == 0) | (after == 2 * before)).all()
    run = run_layers(NORM, DIGIT)
    assert changed(run)[0] == "batch_norm"
    given, y = run.trained[2], run.trained[3]
    expected = (given - given.mean(0)) / (given.var(0, correction=0) + 1e-5).sqrt()
    assert torch.allclose(y, expected, atol=1e-4)
    assert torch.allclose(run.evaluated[3], run.evaluated[2] / (1 + 1e-5) ** 0.5, atol=1e-6)


def test_batch_norm_of_one_sample_fails_in_train_only():
    run = run_layers(replace(NORM, shape="1, 1, 8, 8"), DIGIT)
    assert run.trouble.startswith("ValueError: Expected more than 1 value per channel")
    assert len(run.evaluated) == 6
    assert len(run.trained) == 3
    assert changed(run) == []
    assert "train() fails" in strips(run).caption


def test_digits_fill_the_input_and_begin_again_after_the_last():
    assert [holds_digits(replace(NORM, shape=shape)) for shape in ("10", "64", "2, 8, 8")] == [0, 1, 2]
    images, _ = load_digits()
    assert torch.equal(digits(1796, 2) * 16, images[[1796, 0]].float())


@pytest.mark.parametrize(("n", "said"), [(0, "few"), (1, "few"), (2, "half"), (5, "half"), (6, "most"), (8, "most")])
def test_how_much_is_zero(n, said):
    x = torch.ones(8)
    x[:n] = 0
    assert zeros(x) == n
    assert zero_share(x) == said


CHOSEN = [
    (ModelSettings(), RunSettings()),
    (DROPOUT, DIGIT),
    (NORM, DIGIT),
    (replace(NORM, shape="1, 1, 8, 8"), RunSettings()),
    (ModelSettings(layers="Linear(10, 4), Dropout(), Linear(5, 2)", seed=9), RunSettings()),
    (ModelSettings(layers="Linear(3, 2)"), DIGIT),  # not even the first layer fits
    (ModelSettings(layers="BatchNorm1d(3)", shape="1, 64"), DIGIT),  # the two modes fail in different ways
]


def test_the_programs_print_what_the_page_says():
    programs = [run_program(run_layers(m, s)) for m, s in CHOSEN]
    programs += [
        mistakes_program(settings)
        for settings in (
            MistakeSettings(),
            MistakeSettings(n_layers=8, calls=20, p=0.9, in_features=64),
            MistakeSettings(n_layers=1, calls=1, p=0.0, in_features=1),
        )
    ]
    assert programs[0].text == source("neural_networks_run")
    said = printed((program.text for program in programs), warnings_are_errors=True)
    assert said == [list(program.prints) for program in programs]


@pytest.mark.parametrize(("model", "settings"), CHOSEN, ids=range(len(CHOSEN)))
def test_the_strips_show_every_layer_one_frame_each(model, settings):
    run = run_layers(model, settings)
    picture = strips(run)
    rows = len(run.names) + len(changed(run))
    assert len(picture.figure.data) == rows + 2
    assert len(picture.frames) == len(labels(run)) == len(run.names)
    for frame in picture.frames:
        assert len(frame["traces"]) == len(frame["data"]) == rows + 1
    shown = [sum(change.get("opacity") == 1 for change in frame["data"]) for frame in picture.frames]
    assert shown == sorted(shown)
    assert shown[-1] == rows
    assert strips_from(run, 0) == list(range(rows))
    assert len(picture.caption.split()) <= 45
    assert len(picture.table) == sum(min(y.numel(), 1024) for y in run.evaluated)


def test_a_long_run_is_shown_around_the_layer_at_which_the_reader_rests():
    layers = "Linear(10, 8), Dropout(), " * 5 + "Linear(10, 8)"
    run = run_layers(ModelSettings(layers=layers.replace("(10, 8)", "(10, 10)")), RunSettings())
    assert is_long(run)
    assert not is_long(run_layers(NORM, DIGIT))
    picture = strips(run, 6)
    *heats, texts, edge = picture.figure.data
    assert [heat.opacity for heat in heats] == [1] * 6 + [FAINT] * 2
    assert len(texts.text) == 8
    assert not picture.frames
    assert strips_from(run, 6, 6) == [4, 5, 6, 7]
    assert all(strips(run, at).figure.data for at in range(len(run.names)))


def test_a_step_by_hand_comes_to_the_numbers_of_torch():
    run = run_layers(ModelSettings(), RunSettings())
    said = by_hand(run, 1)
    result = run.evaluated[1][0].item()
    assert f"torch, which does not round: {result:.4f}".replace("-", "−") in said
    shown = float(said.partition("**")[2].partition("**")[0].replace("−", "-"))
    assert shown == pytest.approx(result, abs=2e-3)
    assert said.count("·") == 10
    assert "64 products" in by_hand(run, 3)
    assert by_hand(run, 0) == ""
    dropped = by_hand(run_layers(DROPOUT, RunSettings()), 4)
    assert "/ (1 − 0.5) = **" in dropped
    assert "35 of the 64 numbers" in why_zeros(run, 2)
    run = run_layers(NORM, DIGIT)
    shown = float(by_hand(run, 3).partition("**")[2].partition("**")[0].replace("−", "-"))
    assert shown == pytest.approx(run.trained[3][0, 0].item(), abs=5e-3)


def test_images_are_shown_where_numbers_have_rows_and_columns():
    run = run_layers(ModelSettings(layers="Conv2d(1, 20, 3), Flatten(), ReLU()", shape="1, 1, 8, 8"), DIGIT)
    assert maps(run, 0).caption.endswith("as images of 8 × 8.")
    assert maps(run, 1).caption.endswith("as images of 6 × 6, the first 16 of 20.")
    assert maps(run, 1).figure.data[0].z.shape == (28, 28)
    assert maps(run, 2) is None


@pytest.mark.parametrize(
    ("settings", "right", "wrong", "said"),
    [
        ({"mistake": "plain_list", "n_layers": 2}, 2 * 72 + 9, 9, "silence"),
        ({"mistake": "no_super"}, 2, 0, "error"),
        ({"mistake": "forward", "calls": 7}, 7, 0, "silence"),
        ({"mistake": "no_eval", "calls": 6}, 1, 6, "silence"),
        ({"mistake": "no_eval", "p": 0.0}, 1, 1, "none"),
        ({"mistake": "no_eval", "calls": 1}, 1, 1, "none"),
        ({"mistake": "in_features", "in_features": 63}, 3, 2, "error"),
        ({"mistake": "in_features", "in_features": 64}, 3, 3, "none"),
    ],
)
def test_what_comes_of_a_mistake(settings, right, wrong, said):
    tried = try_mistake(MistakeSettings(**settings))
    assert (tried.right, tried.wrong, effect(tried)) == (right, wrong, said)
    assert len(two_bars(tried).caption.split()) <= 45
    assert bool(tried.error) == (said == "error")


def test_a_mistake_s_numbers_can_be_redone():
    assert "3 × (8 × 8 + 8) = 216" in mistake_by_hand(try_mistake(MistakeSettings()))
    assert same_masks(0.5) == 0.5**64
    assert same_masks(0.0) == 1
    assert SHOWN.keys() == MISTAKES.keys()
    assert mistake_by_hand(Tried(MistakeSettings(mistake="no_super"), "", 2, 0, "AttributeError: x")) == ""


def test_the_page_says_that_a_batch_of_one_fails_and_shows_the_layers_all_the_same():
    at = visit("neural_networks", view="run", layers=NORM.layers, shape="1, 1, 8, 8", **{"run.source": "digit"})
    assert not at.exception
    assert "one sample has no spread" in at.error[0].value
    at = visit("neural_networks", view="run", layers=COURSE.replace("64, 2", "32, 2"))
    assert not at.exception
    assert "takes 32 numbers" in at.error[0].value
