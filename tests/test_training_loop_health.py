"""Dead units and worthless networks are named by the right numbers."""

import math

import pytest
import torch
import torch.nn.functional as F

from core.training_loop.data import NumberSumDataset
from core.training_loop.health import all_dead_by, constant_loss, dead_units
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import train


def test_a_unit_that_no_sample_switches_on_is_dead():
    weights = {
        "hidden_layer.weight": torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, 0.0]]),
        "hidden_layer.bias": torch.tensor([0.0, -9.0, 0.0, 1.0]),  # on for a > 0, b > 9, a < 0, always
    }
    assert dead_units(weights, NumberSumDataset((0, 10)).features) == 2
    assert dead_units(weights, NumberSumDataset((-9, 1)).features) == 2
    assert dead_units(weights, NumberSumDataset((-5, 15)).features) == 0


@pytest.mark.parametrize(("on", "dead"), [(0, 1), (1, 1), (3, 0)])
def test_a_unit_that_less_than_one_sample_in_a_hundred_switches_on_counts_as_dead(on, dead):
    features = torch.tensor([[1.0, 0.0]] * on + [[-1.0, 0.0]] * (200 - on))
    weights = {"hidden_layer.weight": torch.tensor([[1.0, 0.0]]), "hidden_layer.bias": torch.zeros(1)}
    assert dead_units(weights, features) == dead


def test_a_run_whose_units_all_die_says_from_which_moment_on():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=0.001, num_epochs=1))
    since = all_dead_by(run)
    assert 0 < since < run.updates
    for moment in run.moments:
        all_dead = dead_units(moment.weights, run.samples.features) == run.settings.hidden
        assert all_dead or moment.update < since
    before = run.moments[run.moment_at(since) - 1]
    assert dead_units(before.weights, run.samples.features) < run.settings.hidden


def test_a_run_with_a_living_unit_at_its_end_has_no_such_moment():
    assert all_dead_by(train(TrainingLoopSettings(data_high=10, num_epochs=1))) is None


def test_the_best_constant_answer_to_numbers_costs_their_variance():
    targets = torch.tensor([[1.0], [2.0], [3.0], [4.0], [100.0]])
    assert constant_loss(targets) == 1522  # around the mean 22
    assert F.mse_loss(torch.full((5, 1), 22.0), targets).item() == 1522
    assert constant_loss(torch.full((5, 1), 7.0)) == 0


@pytest.mark.parametrize("counts", [(1, 1), (5, 5, 5), (7, 2, 1), (4,)])
def test_the_best_constant_answer_to_classes_costs_their_entropy(counts):
    targets = torch.tensor([number for number, count in enumerate(counts) for _ in range(count)])
    shares = [count / len(targets) for count in counts]
    assert constant_loss(targets) == pytest.approx(-sum(p * math.log(p) for p in shares), abs=1e-6)
    logits = torch.tensor(shares).log().expand(len(targets), -1)
    assert constant_loss(targets) == pytest.approx(F.cross_entropy(logits, targets).item(), abs=1e-6)
