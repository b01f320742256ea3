"""What is said of a run rests on these: dead units, standing weights, equal losses, the lowest end."""

from dataclasses import replace
from itertools import combinations

import pytest
import torch

from core.datasets import make_number_sums
from core.training_loop.health import all_dead_by, dead_units, equal_losses, never_moved
from core.training_loop.run import lowest_at_the_end
from core.training_loop.settings import LOOPS, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train


def test_a_unit_that_no_sample_switches_on_is_dead():
    weights = {
        "hidden_layer.weight": torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, 0.0]]),
        "hidden_layer.bias": torch.tensor([0.0, -9.0, 0.0, 1.0]),  # on for a > 0, b > 9, a < 0, always
    }
    assert dead_units(weights, make_number_sums((0, 10))[0]) == 2
    assert dead_units(weights, make_number_sums((-9, 1))[0]) == 2
    assert dead_units(weights, make_number_sums((-5, 15))[0]) == 0


@pytest.mark.parametrize(("on", "dead"), [(0, 1), (1, 1), (3, 0)])
def test_a_unit_that_less_than_one_sample_in_a_hundred_switches_on_counts_as_dead(on, dead):
    features = torch.tensor([[1.0, 0.0]] * on + [[-1.0, 0.0]] * (200 - on))
    weights = {"hidden_layer.weight": torch.tensor([[1.0, 0.0]]), "hidden_layer.bias": torch.zeros(1)}
    assert dead_units(weights, features) == dead


def test_a_run_whose_units_all_die_says_from_which_snapshot_on():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=0.001, num_epochs=1))
    since = all_dead_by(run)
    assert 0 < since < run.updates
    for snapshot in run.snapshots:
        all_dead = dead_units(snapshot.weights, run.X) == run.settings.hidden
        assert all_dead or snapshot.update < since
    before = [snapshot for snapshot in run.snapshots if snapshot.update < since][-1]
    assert dead_units(before.weights, run.X) < run.settings.hidden


def test_a_run_with_a_living_unit_at_its_end_has_no_such_snapshot():
    assert all_dead_by(train(TrainingLoopSettings(data_high=10, num_epochs=1))) is None


SMALL = TrainingLoopSettings(data_high=8, batch_size=16, num_epochs=2, hidden=6)


def test_weights_stand_still_where_step_is_missing_or_too_early_and_nowhere_else():
    moved = {loop: not never_moved(train(replace(SMALL, loop=loop))) for loop in LOOPS}
    assert moved == {"course": True, "no_zero_grad": True, "no_step": False, "step_before_backward": False}
    begun = number_sum_training(SMALL)
    begun.step(0)
    assert not never_moved(begun.result())  # not one update has been done


def test_a_run_that_moves_and_comes_back_has_moved():
    run = train(SMALL)
    there_and_back = replace(run, snapshots=(run.snapshots[0], run.snapshots[1], run.snapshots[0]))
    assert not never_moved(there_and_back)


def test_equal_losses_are_equal_bit_for_bit_and_nan_equals_itself():
    runs = {loop: train(replace(SMALL, loop=loop)) for loop in LOOPS}
    equal = [(a, b) for a, b in combinations(LOOPS, 2) if equal_losses(runs[a], runs[b])]
    assert equal == [("no_step", "step_before_backward")]
    lost = replace(runs["course"], batch_losses=torch.tensor([1.0, torch.nan]))
    assert equal_losses(lost, replace(lost, batch_losses=lost.batch_losses.clone()))
    assert not equal_losses(lost, replace(lost, batch_losses=lost.batch_losses[:1]))


def test_the_lowest_end_is_the_lowest_finite_mean_with_all_that_tie():
    def ending(*sums):
        return replace(train(SMALL), epoch_sums=sums)

    runs = {"a": ending(9.0, 4.0), "b": ending(1.0, 8.0), "c": ending(4.0), "lost": ending(torch.nan), "none": ending()}
    assert lowest_at_the_end(runs) == (["a", "c"], 1.0)  # 4 batches an epoch
    assert lowest_at_the_end({"lost": runs["lost"], "none": runs["none"]})[0] == []
