"""The folded plane is what the layer answers; its hinge lines are where its sums are 0; cuts are least squares."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from programs import printed

from core.datasets import DATA
from core.multilayer_perceptron.data import HALF, features
from core.multilayer_perceptron.folded import (
    LEVEL,
    PARTS,
    SIDE,
    drawn_directions,
    folded,
    grid_lines,
    layer_sums,
    levels,
    straight_cut,
    what_the_layer_does,
)
from core.multilayer_perceptron.maps import grid
from core.multilayer_perceptron.module import make_model
from core.multilayer_perceptron.program_folded import folded_program
from core.multilayer_perceptron.settings import FEATURES, PlaygroundSettings
from core.multilayer_perceptron.watch import RunTask
from figures.multilayer_perceptron.folded import as_seen, cut_words, has_border, hinges, landing

SHORT = PlaygroundSettings(data="circle", layers="3, 2 relu", num_epochs=3)
LARGEST = PlaygroundSettings(layers="8,8,8,8,8,8", features=tuple(FEATURES), num_epochs=30, batch_size=250)
DIVERGED = PlaygroundSettings(data="plane", optimizer="SGD", lr=100.0, activation="relu", num_epochs=3)
LINEAR = PlaygroundSettings(data="xor", layers="2, 2", activation="linear", num_epochs=3)


@pytest.fixture(scope="module")
def run():
    return RunTask(SHORT).run()


def test_the_lines_are_what_the_module_answers(run):
    model, index = make_model(SHORT, run.weights[4].clone()), 4
    given = features(grid_lines().view(-1, 2), SHORT.features)
    first, second = model[:2](given).detach(), model[:4](given).detach()
    found = folded(run, 2)
    assert found.directions.tolist() == [[1, 0], [0, 1]]
    assert torch.allclose(found.lines[index].view(-1, 2), second.float(), atol=1e-5)
    found = folded(run, 1)
    shown = (first - found.middle) @ found.directions
    assert torch.allclose(found.lines[index].view(-1, 2), shown.float(), atol=1e-5)


def test_the_grids_paths_have_no_gap_and_reach_all_corners():
    paths = grid_lines()
    steps = paths.diff(dim=1).abs()
    assert ((steps == 0).sum(dim=2) == 1).all()
    assert steps.max() <= 2 * HALF / 10 + 1e-6
    assert paths.abs().amax(dim=(0, 1)).tolist() == [HALF, HALF]


def test_what_is_drawn_lies_across_the_cut_and_then_where_the_answers_vary_most():
    generator = torch.Generator().manual_seed(0)
    answers = torch.randn(200, 4, generator=generator, dtype=torch.float64) * torch.tensor([1.0, 5.0, 3.0, 0.1])
    target = torch.where(answers[:, 0] + 0.2 > 0, 1.0, -1.0).double()
    directions, middle, border = drawn_directions(answers, target)
    assert torch.allclose(directions.T @ directions, torch.eye(2, dtype=torch.float64))
    assert directions[[0, 1], [0, 1]].min() > 0.9
    seen = (answers - middle) @ directions
    assert ((seen[:, 0] > border).double() * 2 - 1 == target).double().mean() == straight_cut(answers, target)
    _, _, nowhere = drawn_directions(torch.ones(9, 3).double(), torch.linspace(-1, 1, 9).double())
    assert nowhere is None  # nothing to cut


def test_a_hinge_lies_where_the_sum_is_0(run):
    """A straight line of the first layer: each crossing between two cells is on it."""
    sums = layer_sums(SHORT, run.weights, grid(SIDE), 1)
    cells = levels(sums)[-1].double() - LEVEL
    assert torch.equal(cells > 0, sums[-1].view(-1, SIDE, SIDE) >= 0)
    place, crossed = grid(SIDE).view(SIDE, SIDE, 2), 0
    weight, bias = run.weights[-1][:6].view(3, 2), run.weights[-1][6:9]
    for neuron in range(3):
        left, right = cells[neuron, :, :-1], cells[neuron, :, 1:]
        at = (left * right < 0).nonzero()
        crossed += len(at)
        for row, column in at.tolist():
            a, b = left[row, column], right[row, column]
            point = place[row, column] + a / (a - b) * (place[row, column + 1] - place[row, column])
            distance = (weight[neuron] @ point + bias[neuron]) / weight[neuron].norm()
            assert abs(distance) < 2 / PARTS * 2 * HALF / SIDE
    assert crossed > SIDE


def test_a_cut_is_the_least_squares_one():
    X, target = torch.tensor([[0.0], [1.0], [2.0], [3.0]]).double(), torch.tensor([-1.0, -1.0, 1.0, 1.0]).double()
    assert straight_cut(X, target) == 1
    assert straight_cut(X, torch.tensor([-1.0, 1.0, -1.0, 1.0]).double()) == 0.5
    assert straight_cut(torch.zeros(4, 2).double(), torch.tensor([1.0, 1.0, 1.0, -1.0]).double()) == 0.75
    assert straight_cut(X, 2 * X[:, 0] + 1, is_regression=True) == pytest.approx(1)
    assert straight_cut(X, target, is_regression=True) == pytest.approx(np.corrcoef(X[:, 0], target)[0, 1] ** 2)


@pytest.mark.parametrize(
    ("plane", "seen", "said"),
    [(0.6, 0.95, "parts"), (0.6, 0.94, "better"), (0.6, 0.65, "same"), (0.97, 0.96, "parts"), (0.6, math.nan, None)],
)
def test_what_a_layer_does(run, plane, seen, said):
    found = replace(folded(run, 2), cuts=torch.tensor([[plane, 0.1, seen]], dtype=torch.float64))
    assert what_the_layer_does(found) == said
    assert what_the_layer_does(found, is_regression=True) is None


def test_linear_layers_never_fold():
    run = RunTask(LINEAR).run()
    for layer in (1, 2):
        found = folded(run, layer)
        bends = found.lines[:, :, :31].diff(dim=2).diff(dim=2).abs().amax()
        assert bends < 1e-5
        assert torch.allclose(found.cuts, found.cuts[:, :1].expand(-1, 3))  # an invertible layer changes no best sum
        assert what_the_layer_does(found) == "same"


def test_the_border_is_where_the_answer_is_0(run):
    found = folded(run, 2)
    assert has_border(run, found)
    assert not has_border(run, folded(run, 1))
    frames = as_seen(run, found).frames
    weight, bias = run.weights[:, -3:-1], run.weights[:, -1]
    for index in (0, len(run.updates) - 1):
        ends = frames[index]["data"][-1]
        for x, y in zip(ends["x"], ends["y"], strict=True):
            point = torch.tensor([x, y], dtype=torch.float64)
            assert abs(weight[index] @ point + bias[index]) < 1e-4 * point.norm()


def test_both_pictures_have_a_frame_a_moment_and_stay_small_for_the_browser(run):
    large = RunTask(LARGEST).run()
    for one, layer in ((run, 1), (run, 2), (large, 6)):
        pictures = [as_seen(one, folded(one, layer)), hinges(one, folded(one, layer))]
        assert sum(len(picture.json) for picture in pictures) < 1_000_000
        for picture in pictures:
            assert len(picture.frames) == len(one.updates)
            assert len(picture.caption.split()) <= 45
    assert len(pictures[1].figure.data) == 4 + 9


def test_one_neuron_a_diverged_run_and_a_regression_are_drawn_and_said():
    thin = RunTask(replace(SHORT, layers="1")).run()
    found = folded(thin, 1)
    assert (found.lines[..., 1] == 0).all()
    assert "one neuron" in as_seen(thin, found).caption
    lost = RunTask(DIVERGED).run()
    assert lost.diverged_at is not None
    found, last = folded(lost, 3), len(lost.updates) - 1
    assert last not in found.moments
    assert len(as_seen(lost, found).frames) == len(hinges(lost, found).frames) == len(lost.updates)
    assert cut_words(lost, found, last).startswith("The run has diverged")
    assert landing(lost, found, last)


def test_the_landing_is_the_neurons_answer_and_its_sum_can_be_redone(run):
    said = landing(run, folded(run, 1), len(run.updates) - 1).replace("−", "-")
    model = make_model(SHORT, run.weights[-1].clone())
    row = int(said.split()[2]) - 1
    answer = model[:2](features(run.data.points[row : row + 1], SHORT.features))[0, 0].item()
    assert float(said.split("**")[1]) == pytest.approx(answer, abs=0.02)
    terms, total = re.search(r"the sum (.+) = ([-.\d]+), and", said).groups()
    products = [[float(factor.strip("() ")) for factor in term.split("·")] for term in terms.split(" + ")]
    assert sum(map(math.prod, products)) == pytest.approx(float(total), abs=6e-5)


def test_the_program_prints_what_the_page_says():
    programs = []
    for settings in (SHORT, replace(SHORT, data="hills", dropout=0.2), replace(SHORT, data="file", batch_size=50)):
        run = RunTask(settings).run()
        programs.append(folded_program(run, folded(run, 1), len(run.updates) - 2))
    said = printed([program.text for program in programs], DATA)
    assert said == [list(program.prints) for program in programs]
