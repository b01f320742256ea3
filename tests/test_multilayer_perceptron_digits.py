"""The digits: the run against PyTorch's own loop, what is said about it, what the program prints; the view."""

from dataclasses import replace
from functools import cache

import pytest
import torch
import torch.nn.functional as F
from programs import printed
from sklearn.metrics import confusion_matrix
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset
from visitor import charts, components, guess, newcomer, sent_by_browser, shown, visit

from core.batches import split_rows
from core.datasets import load_digits
from core.digits import confusion, mistakes, most_confused, standard_error
from core.multilayer_perceptron.digits import (
    DigitsSettings,
    DigitsTask,
    band,
    digits_program,
    unit_weights,
)
from core.multilayer_perceptron.drawing import (
    LONGEST_DRAWING,
    TWO,
    answers_to,
    drawing_from_browser,
    read_drawing,
    surest,
    write_drawing,
)
from core.nn import MLP
from core.program import source
from figures.digits import wrong_images
from figures.multilayer_perceptron.digits import (
    accuracy_by_hand,
    accuracy_words,
    digit_losses,
    drawn_answers,
    unit_picture,
)
from ui.prediction import ASKED

TWO_LAYERS = DigitsSettings(hidden="12, 7", optimizer="Momentum", lr=0.05, num_epochs=3, batch_size=50, holdout=0.5)
POOR = DigitsSettings(hidden="3", num_epochs=2)


@cache
def run_of(settings=DigitsSettings()):  # noqa: B008  frozen
    return DigitsTask(settings).run()


def said(answers, y=(0, 1, 2, 3)):
    """A run in which these digits got these answers."""
    y, answers = torch.tensor(y), torch.tensor(answers)
    return replace(run_of(), y=y, probabilities=F.one_hot(answers, 10).float(), n_right=[int((y == answers).sum())])


def test_the_network_reads_what_it_has_not_seen():
    run = run_of()
    assert 0.95 < run.accuracy < 0.99
    assert band(run) == ["96 to 100"]
    images, digits = load_digits()
    rows, kept_out = split_rows(len(digits), len(run.y), 0)
    assert not set(rows.tolist()) & set(kept_out.tolist())
    assert torch.equal(run.y, digits[kept_out]) and torch.equal(run.images, images[kept_out])


def test_the_run_is_the_one_that_autograd_and_a_loader_give():
    run, s = run_of(TWO_LAYERS), TWO_LAYERS
    images, digits = load_digits()
    rows, _ = split_rows(len(digits), len(run.y), 0)
    X = images.flatten(1).float() / 16
    model = MLP(s.sizes, Generator().manual_seed(0))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    order = Generator().manual_seed(0)
    for _ in range(s.num_epochs):
        for batch, target in DataLoader(TensorDataset(X[rows], digits[rows]), 50, shuffle=True, generator=order):
            optimizer.zero_grad()
            F.cross_entropy(model(batch), target).backward()
            optimizer.step()
    for name, weight in model.state_dict().items():
        assert torch.equal(run.weights[name], weight), name


def test_confusion_and_mistakes_agree_with_scikit_learn_and_each_other():
    run = run_of(POOR)
    counts, places = confusion(run), mistakes(run)
    assert counts.tolist() == confusion_matrix(run.y, run.answers, labels=range(10)).tolist()
    assert int(counts.diagonal().sum()) == run.n_right[-1] == len(run.y) - len(places)
    sure = run.probabilities[places].amax(dim=1)
    assert bool((run.answers[places] != run.y[places]).all()) and bool((sure[:-1] >= sure[1:]).all())


@pytest.mark.parametrize(
    ("answers", "worst", "words"),
    [
        ([0, 1, 2, 3], None, "all 4 of the images"),
        ([0, 1, 2, 7], (3, 7, 1), "3 of 4 images that were kept out, 75.0% ± 21.7%"),
        ([0, 1, 5, 7], None, "2 of 4"),  # two mistakes, equally often
        ([9, 9, 9, 9], None, "0 of 4"),
    ],
)
def test_what_is_said_about_mistakes(answers, worst, words):
    run = said(answers)
    assert most_confused(run) == worst
    assert words in accuracy_words(run)
    assert ("no mistake" in wrong_images(run).caption) == (answers == [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("right", "name"),
    [
        *[(0, "fewer than 80"), (79, "fewer than 80"), (80, "80 to 89"), (89, "80 to 89")],
        *[(90, "90 to 95"), (95, "90 to 95"), (96, "96 to 100"), (100, "96 to 100")],
    ],
)
def test_the_options_of_the_guess_cover_all_shares(right, name):
    run = replace(run_of(), y=torch.zeros(100, dtype=torch.long), n_right=[right])
    assert band(run) == [name]


def test_the_step_by_hand():
    run = run_of()
    assert standard_error(run) == pytest.approx((run.accuracy * (1 - run.accuracy) / len(run.y)) ** 0.5)
    assert f"{run.n_right[-1]} / {len(run.y)} = **{run.accuracy:.4f}**" in accuracy_by_hand(run)
    assert f"= **{standard_error(run):.4f}**" in accuracy_by_hand(run)


def test_a_neuron_s_image_is_what_it_multiplies_the_pixels_with():
    run, unit = run_of(), 3
    weights, bias = unit_weights(run, unit)
    image = run.images[5].float() / 16
    expected = F.linear(image.flatten(), run.weights["hidden_layer.weight"], run.weights["hidden_layer.bias"])[unit]
    assert (weights * image).sum().item() + bias == pytest.approx(expected.item(), abs=1e-5)
    table = unit_picture(run, unit).table
    assert table["weight"].to_numpy().reshape(8, 8)[2, 6] == weights[2, 6].item()


@pytest.mark.parametrize("settings", [DigitsSettings(), TWO_LAYERS], ids=["defaults", "two layers"])
def test_the_program_prints_what_the_page_says(settings):
    program = digits_program(run_of(settings))
    assert printed([program.text], warnings_are_errors=True) == [list(program.prints)]
    assert (program.text == source("multilayer_perceptron_digits")) == (settings == DigitsSettings())


@pytest.mark.parametrize("hidden", ["", "0", "65", "8,8,8", "x", "8,", "1e3", "-3"])
def test_other_layers_are_refused(hidden):
    with pytest.raises(ValueError, match="allowed: one or two whole numbers from 1 to 64"):
        DigitsSettings(hidden=hidden)


def test_the_answer_is_held_back_until_the_guess():
    at = newcomer("multilayer_perceptron", {"multilayer_perceptron:guesses": {"digits": ASKED}}, view="digits")
    assert [chart["key"] for chart in charts(at)] == ["unseen"]
    assert "of 539 digits right" not in "\n".join(shown(at))
    at = guess(at, "80 to 89")
    assert "**Not quite.**" in at.info[0].value
    assert [chart["key"] for chart in charts(at)][0] == "confusion"


def test_divergence_has_a_sentence():
    """Within the bounds of the settings every run stays finite: the neurons of a wild one die first."""
    run = replace(run_of(), probabilities=torch.full_like(run_of().probabilities, torch.nan))
    assert run.diverged and band(run) == [] and digits_program(run).prints == []
    assert "no longer finite: diverged" in digit_losses(run).caption


def test_a_drawing_survives_link_and_text():
    images, _ = load_digits()
    for pixels in (images[0].flatten().tolist(), [16] * 64, [0] * 64):
        assert read_drawing(write_drawing(pixels)) == pixels == drawing_from_browser(pixels)
    assert len(write_drawing([16] * 64)) < LONGEST_DRAWING
    assert write_drawing([0] * 64) == ""


@pytest.mark.parametrize("text", ["0", "h" * 64, TWO[:-1], TWO + ".", TWO.replace("g", "ä"), "00000000." * 8])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="allowed: 8 rows"):
        read_drawing(text)
    at = visit("multilayer_perceptron", view="digits", drawing=text)
    assert not at.exception
    assert "allowed: 8 rows" in at.warning[0].value
    assert components(at, "digit_canvas")[0]["pixels"] == read_drawing(TWO)


@pytest.mark.parametrize("sent", [None, {}, [0] * 63, [True] * 64, [17] * 64, [0.5] * 64, ["0"] * 64, [-1] * 64])
def test_what_a_browser_sends_is_not_trusted(sent):
    assert drawing_from_browser(sent) is None


def test_the_network_reads_a_drawing_as_it_reads_an_image():
    run = run_of()
    for place in (0, 7, 20):
        found = answers_to(run.weights, run.images[place].flatten().tolist())
        torch.testing.assert_close(found, run.probabilities[place])
    assert surest(answers_to(run.weights, read_drawing(TWO))) == [2]
    assert surest(torch.full((10,), 0.1)) == list(range(10))
    assert "of an empty square" in drawn_answers(run, [0] * 64).caption


def test_what_is_drawn_is_answered_and_in_the_link():
    at = visit("multilayer_perceptron", view="digits")
    run = run_of()
    pixels = run.images[2].flatten().tolist()
    at = sent_by_browser(at, {"digit_canvas": {"drawn": {"seq": 1, "pixels": pixels}}})
    assert at.session_state["multilayer_perceptron"]["drawing"] == write_drawing(pixels)
    assert drawn_answers(run, pixels).caption in [caption.value for caption in at.caption]
