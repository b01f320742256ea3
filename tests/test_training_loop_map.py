"""Every cell of the map is the run that would have been trained alone."""

import math
from dataclasses import replace

import pytest
import torch

from core.nn import predict
from core.training_loop.map import BATCH_SIZES, LEARNING_RATES, LrMap, LrMapTask
from core.training_loop.settings import MapSettings, TrainingLoopSettings
from core.training_loop.train import train

SMALL = TrainingLoopSettings(data_low=0, data_high=12, batch_size=20, num_epochs=5, hidden=16)
ONE_EPOCH = MapSettings(num_epochs=1)


def loss_alone(settings):
    run = train(settings)
    return (predict(run.weights, run.X) - run.y).square().mean().item()


@pytest.mark.parametrize("changes", [{}, {"validation": 0.25, "shuffle": False}, {"optimizer": "AdamW"}], ids=str)
def test_the_cells_of_the_map_are_the_losses_of_single_runs(changes):
    settings = replace(SMALL, num_epochs=2, **changes)
    found = LrMapTask(settings, MapSettings(num_epochs=2)).run().final_loss
    assert found.shape == (len(BATCH_SIZES), len(LEARNING_RATES))
    for batch_size, lr in [(20, 1e-2), (50, 1e-4), (100, 3e-3), (5000, 1e-1)]:
        cell = found[BATCH_SIZES.index(batch_size), LEARNING_RATES.index(lr)].item()
        assert cell == pytest.approx(loss_alone(replace(settings, batch_size=batch_size, lr=lr)), rel=1e-4)


def test_the_map_is_made_row_by_row_and_the_same_in_whatever_portions():
    task = LrMapTask(SMALL, ONE_EPOCH)
    assert task.total == sum(math.ceil(144 / batch_size) for batch_size in BATCH_SIZES)
    seen = []
    while not task.finished:
        task.step()
        seen.append(len(task.result().batch_sizes) if task.result() else 0)
    assert seen == sorted(seen) and set(seen) == set(range(len(BATCH_SIZES) + 1))
    assert task.result().batch_sizes == BATCH_SIZES
    assert torch.equal(task.result().final_loss, LrMapTask(SMALL, ONE_EPOCH).run().final_loss)


def test_the_run_on_screen_does_not_change_the_map():
    one, other = (LrMapTask(s, ONE_EPOCH) for s in (SMALL, replace(SMALL, num_epochs=1, batch_size=100, lr=0.1)))
    assert one.key == other.key
    assert LrMapTask(replace(SMALL, seed=1), ONE_EPOCH).key != one.key


def test_the_best_cell_is_the_lowest_and_never_one_that_diverged():
    losses = torch.full((len(BATCH_SIZES), len(LEARNING_RATES)), torch.nan)
    assert LrMap(BATCH_SIZES, losses).best is None
    losses[2, 3], losses[4, 1], losses[0, 0] = 5.0, 0.25, torch.inf
    assert LrMap(BATCH_SIZES, losses).best == (BATCH_SIZES[4], LEARNING_RATES[1], 0.25)
