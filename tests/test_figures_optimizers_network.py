"""The figures of the network view say what its runs say."""

import json
import math
import re
import warnings

import numpy as np
import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import OPTIMIZERS
from core.optimizers.network import Comparison, Learned, NetworkSettings
from core.optimizers.network_learner import SIDE
from core.optimizers.network_training import train
from figures.optimizers.network import accuracy, loss_by_step, loss_by_time
from figures.optimizers.network_regions import _borders, regions
from figures.optimizers.network_words import (
    ahead,
    at_the_edge,
    claim,
    label,
    overlap,
    separate_by_chance,
    summary,
    tried,
    trouble,
)


def comparison(**changes):
    settings = NetworkSettings(**{"steps": 16, "seeds": 3} | changes)
    return train(settings, tuple(hyperparameters_of(name)(lr=settings.lr) for name in settings.optimizers))


@pytest.fixture(scope="module")
def found():
    return comparison()


def made(losses, milliseconds):
    """A comparison of runs by their losses at steps 0, 10 and 20 and the time of one moment."""
    runs = []
    for name, loss in losses.items():
        loss = torch.tensor(loss)
        n = len(loss)
        seconds = torch.arange(3).expand(n, 3) * torch.tensor(milliseconds[name])[:, None] / 1000
        runs.append(Learned(hyperparameters_of(name)(), loss, loss, seconds, (None,) * n, ("",) * n, None, ()))
    return Comparison(NetworkSettings(seeds=n, steps=20), [0, 10, 20], tuple(runs))


def test_every_figure_has_a_frame_for_each_moment_that_moves_one_mark_a_contestant(found):
    for draw in (loss_by_step, loss_by_time, accuracy):
        picture = draw(found, "Adam")
        assert len(picture.frames) == len(found.moments)
        assert all(len(frame["data"][0]["x"]) == len(found.runs) for frame in picture.frames)
        assert picture.figure.data[picture.frames[0]["traces"][0]].name == "at this moment"
        assert len(picture.alt) >= 40
        assert len(picture.json()) < 100_000


def test_the_drawn_median_and_band_are_those_of_the_seeds(found):
    figure = loss_by_step(found, "SGD").figure
    run = found.of("SGD")
    line = next(trace for trace in figure.data if trace.name == "SGD")
    band = next(trace for trace in figure.data if trace.name == "SGD, all seeds")
    assert np.allclose(line.y, run.loss.median(dim=0).values)
    high, low = np.split(band.y, 2)
    assert np.allclose(high, run.loss.amax(dim=0))
    assert np.allclose(low[::-1], run.loss.amin(dim=0))
    assert line.line.width > next(trace for trace in figure.data if trace.name == "Momentum").line.width


def test_the_regions_are_small_maps_with_borders_where_the_class_changes(found):
    picture = regions(found, "Adam")
    assert len(picture.json()) < 1_000_000
    assert picture.figure.data[0].z.dtype == np.uint8
    assert len(picture.frames) == len(found.moments)
    assert len({trace.marker.symbol for trace in picture.figure.data[2:]}) == 3
    two = np.zeros((SIDE, SIDE), np.uint8)
    two[:, SIDE // 2 :] = 2
    borders = _borders(two, np.arange(SIDE, dtype=np.float32))
    assert set(borders["x"][np.isfinite(borders["x"])]) == {SIDE / 2 - 0.5}
    assert np.isfinite(borders["x"]).sum() == 2 * SIDE


def line(picture, name):
    return next(trace for trace in picture.figure.data if trace.name == name)


def marks(picture, moment):
    """Those that are drawn at a moment, by optimizer's place."""
    frame = picture.frames[moment]["data"][0]
    return np.isfinite(np.asarray(frame["y"], float)).tolist()


def test_of_two_both_are_drawn_to_their_ends_in_steps_and_in_time():
    losses = {"Momentum": [[1.1, 0.9, 0.7]], "Adam": [[1.1, 0.4, 0.033]]}
    found = made(losses, {"Momentum": [7.0], "Adam": [10.0]})
    for picture in (loss_by_step(found, "Adam"), loss_by_time(found, "Adam")):
        assert line(picture, "Adam").y.tolist() == pytest.approx([1.1, 0.4, 0.033])
        assert 10 ** picture.figure.layout.yaxis.range[0] < 0.033
        assert "lower edge" not in picture.caption
        assert marks(picture, 2) == [True, True]
    assert loss_by_time(found, "Adam").figure.layout.xaxis.range[1] > 20.0
    assert "Outside" not in loss_by_time(found, "Adam").caption


def test_one_far_below_all_others_goes_below_the_picture_and_is_named():
    losses = {"Adam": [[1.1, 0.4, 0.07]], "LBFGS": [[1.1, 0.04, 4e-8]]}
    picture = loss_by_step(made(losses, {"Adam": [1.0], "LBFGS": [1.0]}), "Adam")
    assert line(picture, "LBFGS").y.tolist() == pytest.approx([1.1, 0.04, 0.02])
    assert "Losses below 0.02 are drawn on the lower edge." in picture.caption


def test_one_far_slower_leaves_the_picture_of_the_time_and_no_mark_is_cut():
    losses = {"Adam": [[1.1, 0.4, 0.07]], "LBFGS": [[1.1, 0.04, 0.03]], "SGD": [[1.1, 1.0, 0.9]]}
    found = made(losses, {"Adam": [15.0], "LBFGS": [200.0], "SGD": [10.0]})
    picture = loss_by_time(found, "Adam")
    high = picture.figure.layout.xaxis.range[1]
    assert 30 * 1.05 < high < 200  # Adam's mark has room at the edge
    assert marks(picture, 2) == [True, False, True]
    assert "Outside the picture end: LBFGS at 400 ms." in picture.caption
    close = made(losses, {"Adam": [15.0], "LBFGS": [16.0], "SGD": [10.0]})
    assert marks(loss_by_time(close, "Adam"), 2) == [True, True, True]
    soon = made(losses, {"Adam": [15.0], "LBFGS": [50.0], "SGD": [10.0]})  # slow, but first at the loss that counts
    assert loss_by_time(soon, "Adam").figure.layout.xaxis.range[1] > 50


def test_the_order_is_told_by_steps_and_by_time():
    losses = {"Adam": [[2.0, 1.5, 0.4]] * 3, "LBFGS": [[2.0, 0.4, 0.1]] * 3, "SGD": [[2.0, 1.9, 1.8]] * 3}
    found = made(losses, {"Adam": [3.0, 4.0, 5.0], "LBFGS": [30.0, 33.0, 36.0], "SGD": [1.0] * 3})
    text = ahead(found)
    assert "To a training loss of 0.5: **by steps LBFGS is ahead** of Adam, 10 steps against 20 steps." in text
    assert "**By time Adam is ahead** of LBFGS, 6 to 10 ms against 30 to 36 ms." in text
    said = claim(found)
    assert "seeds do not overlap for LBFGS and Adam by steps and for Adam and LBFGS by time." in said
    assert "alike and chosen beforehand stay apart in 10 % of such comparisons; the first two of several" in said


def test_overlapping_seeds_claim_nothing():
    losses = {"Adam": [[2.0, 0.4, 0.3], [2.0, 1.0, 0.3]], "AdamW": [[2.0, 1.0, 0.3], [2.0, 0.4, 0.3]]}
    found = made(losses, {"Adam": [1.0, 2.0], "AdamW": [1.5, 2.5]})
    assert ahead(found).count("cannot be told apart") == 2
    ranges = "Adam and AdamW by steps and for Adam and AdamW by time"
    assert claim(found) == f"The ranges of the 2 seeds overlap for {ranges}: no difference can be claimed."
    assert overlap([1.0, 2.0], [2.0, 3.0])
    assert not overlap([1.0, 2.0], [2.5, 3.0])


def test_the_chance_that_ranges_stay_apart_is_that_of_random_draws():
    draws = torch.rand(100_000, 2, 3, generator=torch.Generator().manual_seed(0))
    one, other = draws[:, 0], draws[:, 1]
    apart = (one.amax(dim=1) < other.amin(dim=1)) | (other.amax(dim=1) < one.amin(dim=1))
    assert apart.float().mean().item() == pytest.approx(separate_by_chance(3), abs=0.005)


def test_the_table_has_a_row_for_each_contestant_lowest_first(found):
    table = summary(found)
    assert list(table["optimizer"])[0] == min(found.runs, key=lambda run: run.end).name
    assert len(table) == len(found.runs)
    long = loss_by_step(found, "Adam").table
    assert len(long) == len(found.runs) * 3 * len(found.moments)
    assert re.search(r"After 16 of 16 steps: Adam", label(found, len(found.moments) - 1, "Adam"))


def test_the_rates_that_were_tried_are_shown_and_ends_are_named():
    found = comparison(steps=4, seeds=1, rule="best", optimizers=("SGD", "Adadelta"))
    assert tried(found).shape == (2, 8)
    at_end = [run.name for run in found.runs if run.hparams.lr in (0.001, 1.0)]
    assert all(name in at_the_edge(found) for name in at_end)
    assert claim(found) == "One seed cannot tell whether that is luck." or "Fewer than two" in ahead(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"lr": 100.0, "optimizers": tuple(OPTIMIZERS), "steps": 10, "seeds": 2},
        {"lr": 1e-6, "hidden": 2, "seeds": 1, "steps": 2},
        {"steps": 1},
        {"optimizers": ("LBFGS",), "lr": 1.0, "steps": 10, "seeds": 1},
    ],
)
def test_wild_runs_are_drawn_and_told(changes):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = comparison(**changes)
        for draw in (loss_by_step, loss_by_time, accuracy, regions):
            json.loads(draw(found, "Adam").json())
        assert ahead(found)
        assert len(summary(found)) == len(found.runs)
    diverged = any(step is not None for run in found.runs for step in run.diverged_at)
    assert bool(trouble(found)) == diverged
    assert all(math.isfinite(run.end) or run.end > 0 for run in found.runs)
