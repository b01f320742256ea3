"""Every cell of the map is the run that would have been trained alone."""

import math
from dataclasses import replace

import pytest
import torch

from core.training_loop.data import NumberSumDataset
from core.training_loop.model import predict
from core.training_loop.settings import OPTIMIZERS, TrainingLoopSettings
from core.training_loop.sweep import BATCH_SIZES, LEARNING_RATES, BatchedRuns, Sweep, SweepMap, SweepSettings
from core.training_loop.train import train

SMALL = TrainingLoopSettings(data_low=0, data_high=12, batch_size=20, num_epochs=5, hidden=16)
RATES = {"SGD": (1e-5, 1e-4, 5e-4), "SGD_momentum": (1e-5, 1e-4, 5e-4)}


def loss_alone(settings):
    run = train(settings)
    return (predict(run.weights, run.samples.features) - run.samples.targets).square().mean().item()


def whole_map(settings, num_epochs):
    sweep = Sweep(settings, SweepSettings(num_epochs=num_epochs))
    while not sweep.finished:
        sweep.advance(50)
    return sweep.run().final_loss


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_runs_side_by_side_end_where_each_ends_alone(optimizer):
    settings = replace(SMALL, optimizer=optimizer)
    lrs = RATES.get(optimizer, (1e-4, 1e-3, 1e-2))
    samples = NumberSumDataset(settings.data_range)
    runs, updates = BatchedRuns(settings, samples, lrs), 0
    before = runs.losses(samples.features, samples.targets)
    for _ in range(settings.num_epochs):
        for features, targets in runs.loader:
            runs.step(features, targets)
            updates += 1
    found = runs.losses(samples.features, samples.targets)
    alone = [loss_alone(replace(settings, lr=lr)) for lr in lrs]
    assert found.tolist() == pytest.approx(alone, rel=1e-4)
    assert updates == settings.updates == 40
    assert (found - before).abs().min() > 0.1  # all of them have moved, so they could have differed


@pytest.mark.parametrize("validation", [0.0, 0.25])
def test_the_cells_of_the_map_are_the_losses_of_single_runs(validation):
    settings = replace(SMALL, num_epochs=2, validation=validation)
    found = whole_map(settings, num_epochs=2)
    assert found.shape == (len(BATCH_SIZES), len(LEARNING_RATES))
    for batch_size, lr in [(20, 1e-2), (50, 1e-4), (100, 3e-3), (5000, 1e-1)]:
        cell = found[BATCH_SIZES.index(batch_size), LEARNING_RATES.index(lr)].item()
        assert cell == pytest.approx(loss_alone(replace(settings, batch_size=batch_size, lr=lr)), rel=1e-4)


def test_after_its_total_of_updates_the_map_is_finished():
    sweep = Sweep(SMALL, SweepSettings(num_epochs=1))
    assert sweep.total_updates == sum(math.ceil(144 / batch_size) for batch_size in BATCH_SIZES)
    sweep.advance(sweep.total_updates)
    assert sweep.update == sweep.total_updates
    assert sweep.finished
    assert len(sweep.run().final_loss) == len(BATCH_SIZES)


def test_in_whatever_portions_the_map_advances_it_is_the_same_map():
    sweep = Sweep(SMALL, SweepSettings(num_epochs=1))
    while not sweep.finished:
        sweep.advance(1)
    assert sweep.update == sweep.total_updates
    assert torch.equal(sweep.run().final_loss, whole_map(SMALL, num_epochs=1))


def test_the_length_of_the_run_on_screen_does_not_change_the_map():
    other = replace(SMALL, num_epochs=1, batch_size=100, lr=0.1)
    assert torch.equal(whole_map(SMALL, num_epochs=1), whole_map(other, num_epochs=1))


def test_the_best_cell_is_the_lowest_and_never_one_that_diverged():
    losses = torch.full((len(BATCH_SIZES), len(LEARNING_RATES)), torch.nan)
    losses[2, 3], losses[4, 1], losses[0, 0] = 5.0, 0.25, torch.inf
    assert SweepMap(SMALL, losses).best == (BATCH_SIZES[4], LEARNING_RATES[1], 0.25)
