"""The reader's own points under the network: what it learns, what it is told, what the program prints; the view."""

import pytest
import torch
from programs import printed
from visitor import components, shown, visit

from core.datasets import DATA
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.maps import MIDDLE, maps
from core.multilayer_perceptron.own import (
    STRANGER,
    STRIPES,
    TARGET,
    Own,
    all_right_since,
    last_sum,
    n_right,
    own_program,
    own_samples,
    own_task,
    scale_of,
)
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.points import Point, decode, encode
from core.program import source
from figures.multilayer_perceptron.own import first_point, fit

XOR = encode([Point(0, 0, 0), Point(0, 1, 1), Point(1, 0, 1), Point(1, 1, 0)])
ODD = PlaygroundSettings(
    layers="5 relu,4", loss="squared", optimizer="Momentum", dropout=0.1, penalty="l2", init="xavier", num_epochs=20
)
FILE = PlaygroundSettings(layers="4,2", init="file", shuffle=False, frozen="1", features=("x1", "x2"), num_epochs=5)
ONE_CLASS = encode([Point(0, 0, 1), Point(1, 1, 1)])


@pytest.mark.parametrize("points", [TARGET, STRANGER, STRIPES])
def test_the_presets_are_learned_and_every_point_lies_on_its_side_of_the_map(points):
    run = own_task(Own(points=points)).run()
    since, right = all_right_since(run), n_right(run)
    assert right[-1] == len(decode(points)) == run.data.n_train
    assert right[since - 1] < right[-1] and min(right[since:]) == right[-1]
    output = maps(run).output[-1]
    for x1, x2, y in decode(points):  # the map's cells are 0.2 wide
        assert (output[int((6 - x2) / 0.2), int((x1 + 6) / 0.2)] > MIDDLE) == y


def test_two_neurons_are_too_few_for_the_target():
    run = own_task(Own(PlaygroundSettings(layers="2"))).run()
    assert all_right_since(run) is None
    assert f"At the end {n_right(run)[-1]} of 27 points" in fit(run).caption


def test_far_points_are_made_smaller_and_near_ones_left_alone():
    far = [Point(100, -7, 0), Point(-900, 3, 1)]
    assert (scale_of([Point(6, -6, 0)]), scale_of([Point(6.25, 0, 0)]), scale_of(far)) == (1, 2, 256)
    assert own_samples(far).points.abs().max() == 900 / 256
    assert own_samples(far).target.tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("", "There are no points"),
        (encode([Point(1, 2, 0)]), "only one point"),
        (ONE_CLASS, "Both points are of class 1"),
    ],
)
def test_points_that_cannot_be_told_apart_get_a_sentence_and_the_last_picture_stays(points, sentence):
    with pytest.raises(ValueError, match=sentence):
        own_task(Own(points=points))
    at = visit("multilayer_perceptron", view="own", points=points)
    assert sentence in at.error[0].value and "allowed: 2 to 500" in at.error[0].value
    canvas = components(at, "points_canvas")[0]
    assert canvas["points"] == [list(p) for p in decode(points)]
    assert canvas["field"]
    assert "all 27 points" in "\n".join(shown(at))


def test_a_run_that_would_be_too_long_is_refused():
    many = encode([Point(i / 100, 0, i % 2) for i in range(500)])
    with pytest.raises(ValueError, match="50,000 updates; allowed"):
        own_task(Own(PlaygroundSettings(num_epochs=1000), many))


def test_settings_about_drawn_points_change_nothing():
    other = PlaygroundSettings(data="plane", noise=0.3, share=0.2, data_seed=4, patience=5)
    assert own_task(Own(other)).key == own_task(Own()).key


def test_one_step_of_the_optimizer_is_autograd_s():
    run = own_task(Own(PlaygroundSettings(num_epochs=1, batch_size=450, optimizer="SGD", lr=0.5), XOR)).run()
    h = run.data.points
    first = run.weights[0].clone().requires_grad_()
    start = 0
    for inputs, outputs in ((2, 8), (8, 8), (8, 8), (8, 1)):
        weight = first[start : start + inputs * outputs].view(outputs, inputs)
        start += inputs * outputs
        h = h @ weight.T + first[start : start + outputs]
        start += outputs
        h = ACTIVATIONS["tanh" if outputs == 8 else "linear"].forward(h)
    loss = torch.log(1 + torch.exp(-h[:, 0] * run.data.target)).mean()
    assert run.curve("train_loss")[0].item() == pytest.approx(loss.item(), abs=1e-12)
    (gradient,) = torch.autograd.grad(loss, first)
    torch.testing.assert_close(run.weights[-1], (first - 0.5 * gradient).detach())


@pytest.mark.parametrize("settings", [PlaygroundSettings(), ODD, FILE], ids=["defaults", "odd", "file"])
def test_the_program_prints_what_the_page_says(settings, tmp_path):
    (tmp_path / "tensorflow_playground.json").write_bytes((DATA / "tensorflow_playground.json").read_bytes())
    points = [Point(7, 0, 1), *decode(TARGET)]
    program = own_program(own_task(Own(settings, encode(points))).run(), points)
    assert printed([program.text], tmp_path, warnings_are_errors=True) == [list(program.prints)]


def test_the_example_is_the_view_as_it_opens():
    run = own_task(Own()).run()
    assert own_program(run, decode(TARGET)).text == source("multilayer_perceptron_own")


@pytest.mark.parametrize("loss", ["cross_entropy", "squared"])
@pytest.mark.parametrize("first", [0, 1])
def test_the_step_by_hand_is_the_first_point_s_loss(loss, first):
    points = [Point(0.5, 0.5, first), Point(-2, 1, 1 - first)]
    run = own_task(Own(PlaygroundSettings(loss=loss, num_epochs=3), encode(points))).run()
    said = float(first_point(run, points).rpartition("= **")[2].rstrip("*."))
    z, target = torch.tensor(last_sum(run, 0)), 2 * first - 1
    expected = torch.log(1 + torch.exp(-target * z)) if loss == "cross_entropy" else 0.5 * (torch.tanh(z) - target) ** 2
    assert said == pytest.approx(expected.item(), abs=2e-4)


def test_divergence_is_named():
    at = visit("multilayer_perceptron", view="own", lr="100.0", optimizer="SGD", penalty="l2", rate="10.0")
    assert not at.exception
    assert "a number was no longer finite: diverged" in "\n".join(shown(at))
    assert not any(text.startswith("**Check it by hand") for text in shown(at))
