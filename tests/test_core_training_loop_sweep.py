"""Every cell of the map is the run that would have been trained alone."""

from dataclasses import replace

import pytest
import torch

from core.training_loop.model import predict
from core.training_loop.settings import OPTIMIZERS, TrainingLoopSettings
from core.training_loop.sweep import BATCH_SIZES, LEARNING_RATES, BatchedRuns, Sweep, SweepMap, SweepSettings
from core.training_loop.train import NumberSumDataset, train

SMALL = TrainingLoopSettings(data_low=0, data_high=12, batch_size=20, num_epochs=5, hidden=16)
RATES = {"SGD": (1e-5, 1e-4, 5e-4), "SGD_momentum": (1e-5, 1e-4, 5e-4)}


def loss_alone(settings):
    run = train(settings)
    return (predict(run.weights, run.samples.features) - run.samples.targets).square().mean().item()


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
    sweep = Sweep(settings, SweepSettings(num_epochs=2))
    sweep.advance(sweep.total_updates)
    found = sweep.run()
    assert sweep.finished
    assert found.final_loss.shape == (len(BATCH_SIZES), len(LEARNING_RATES))
    for batch_size, lr in [(20, 1e-2), (50, 1e-4), (100, 3e-3), (5000, 1e-1)]:
        cell = found.final_loss[BATCH_SIZES.index(batch_size), LEARNING_RATES.index(lr)].item()
        assert cell == pytest.approx(loss_alone(replace(settings, batch_size=batch_size, lr=lr)), rel=1e-4)


def test_the_map_takes_just_its_total_of_updates_in_whatever_portions():
    settings, epochs = replace(SMALL, hidden=2), SweepSettings(num_epochs=1)
    at_once, in_portions, updates = Sweep(settings, epochs), Sweep(settings, epochs), 0
    at_once.advance(at_once.total_updates)
    while not in_portions.finished:
        in_portions.advance(1)
        updates += 1
        assert in_portions.progress
    assert at_once.total_updates == sum(-(-144 // b) for b in BATCH_SIZES)
    assert at_once.update == in_portions.update == at_once.total_updates
    assert updates <= at_once.total_updates + 1
    assert torch.equal(at_once.run().final_loss, in_portions.run().final_loss)


def test_the_length_of_the_run_on_screen_does_not_change_the_map():
    maps = []
    for settings in (SMALL, replace(SMALL, num_epochs=1, batch_size=100, lr=0.1)):
        sweep = Sweep(settings, SweepSettings(num_epochs=1))
        sweep.advance(sweep.total_updates)
        maps.append(sweep.run().final_loss)
    assert torch.equal(*maps)


def test_the_best_cell_is_the_lowest_and_never_one_that_diverged():
    losses = torch.full((len(BATCH_SIZES), len(LEARNING_RATES)), torch.nan)
    losses[2, 3], losses[4, 1], losses[0, 0] = 5.0, 0.25, torch.inf
    assert SweepMap(SMALL, losses).best == (BATCH_SIZES[4], LEARNING_RATES[1], 0.25)
