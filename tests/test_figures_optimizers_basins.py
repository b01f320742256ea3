"""The figure of the map of starts says what the map says, at every moment."""

import numpy as np
import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.basins import BOUNCING, LEVEL, LOST, OUTSIDE, UNDER_WAY, basins
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import SURFACES
from figures.optimizers.basins import basin_map, heart
from figures.optimizers.basins_colors import ENDS, VALLEYS, moments_of
from figures.optimizers.basins_words import label, limit_words, shares, start_words

SIDE = 100


def case(surface, optimizer, lr, steps):
    ground = SurfaceSettings(surface=surface, x=SURFACES[surface].start[0], y=SURFACES[surface].start[1])
    hparams = hyperparameters_of(optimizer)(lr=lr)
    return basins(ground, hparams, steps, SIDE), race(ground, (hparams,), steps).runs[0]


@pytest.fixture(scope="module")
def four():
    return case("himmelblau", "Momentum", 0.02, 120)


@pytest.fixture(scope="module")
def many():
    return case("rastrigin", "Adam", 0.5, 300)


@pytest.mark.parametrize("color", ["valley", "steps"])
def test_who_has_arrived_by_a_moment_is_coloured_and_who_has_not_is_grey(four, color):
    found, run = four
    picture = basin_map(found, run, color)
    heat, moments = picture.figure.data[0], moments_of(found.steps)
    assert len(picture.frames) == len(moments)
    share = (np.asarray(heat.z, dtype=float) - heat.zmin) / (heat.zmax - heat.zmin)
    for i, step in list(enumerate(moments))[::7]:
        stops = picture.frames[i]["data"][0]["colorscale"]
        at = np.array([stop for stop, _ in stops])
        assert (np.diff(at) >= -1e-12).all()
        assert (at[0], at[-1]) == (0, 1)
        place = np.searchsorted(at, share, side="right") - 1
        grey = np.array([tone == ENDS[UNDER_WAY][1] for _, tone in stops])[place]
        then = (found.since <= step).numpy() & ~np.isin(found.state.numpy(), (UNDER_WAY, LEVEL, BOUNCING))
        assert (grey == ~then)[~np.isin(found.state.numpy(), (LEVEL, BOUNCING))].all()


def test_each_valley_has_a_colour_of_its_own_and_a_number(four):
    found, run = four
    figure = basin_map(found, run, "valley").figure
    (minima,) = [trace for trace in figure.data if trace.name == "minima"]
    assert list(minima.text) == ["1", "2", "3", "4"]
    assert len(set(VALLEYS)) == len(VALLEYS)
    names = [trace for trace in figure.data if trace.name == "names"][0].text
    assert any("lost" in name for name in names)


@pytest.mark.parametrize("color", ["valley", "steps"])
def test_many_minima_are_coloured_by_value_and_the_figure_stays_small(many, color):
    found, run = many
    picture = basin_map(found, run, color)
    assert len(picture.json()) < 1_000_000
    assert len(picture.alt) >= 40
    assert any(trace.marker.showscale for trace in picture.figure.data if trace.type == "scatter")
    assert "f = " in picture.caption
    assert len(picture.table) == 121 + sum(found.count(end) > 0 for end in ENDS)


def test_captions_labels_and_table_count_the_starts(four):
    found, run = four
    caption = basin_map(found, run, "valley").caption
    assert f"{found.count(LOST) / SIDE**2:.1%} lost" in caption
    assert f"To 1: {found.count(0) / SIDE**2:.1%}" in caption
    assert label(found, found.steps).startswith(f"After 120 of 120 steps: {(found.state >= 0).double().mean():.1%}")
    table = shares(found)
    assert table["starts"].sum() == SIDE**2
    assert table["share"].sum() == pytest.approx(1, abs=1e-3)


def test_a_start_that_is_lost_or_on_the_way_is_told_so():
    found, run = case("beale", "Momentum", 0.01, 20)
    assert "is lost after 10 steps: f is infinite" in start_words(found, run)
    found, run = case("beale", "Adam", 0.001, 20)
    assert "at no minimum" in start_words(found, run)


def test_the_minima_that_cannot_hold_sgd_are_named(four):
    ground = SurfaceSettings(surface="himmelblau")
    found = basins(ground, hyperparameters_of("SGD")(lr=0.0235), 100, 50)
    assert "With lr = 0.0235, minima 1 and 4 cannot: 0.0% of the starts end there." in limit_words(found)
    assert "below 2·(1 + b)/L" in limit_words(four[0])
    assert limit_words(basins(ground, hyperparameters_of("Adam")(), 1, 20)) == ""


def test_a_map_without_minima_is_drawn():
    found, run = case("saddle", "SGD", 0.5, 30)
    picture = basin_map(found, run, "steps")
    assert "No start arrives" in picture.caption
    assert found.count(OUTSIDE) + found.count(LOST) == SIDE**2
    assert np.isfinite(np.asarray(picture.figure.data[0].z)).all()


def test_the_heart_of_a_region_is_its_deepest_cell():
    mask = torch.zeros(50, 50, dtype=torch.bool)
    assert heart(mask) == (0, 0, 0)
    mask[10:21, 20:41] = True
    row, column, room = heart(mask)
    assert (row, room) == (15, 6)
    assert 25 <= column <= 35
    assert heart(torch.ones(50, 50, dtype=torch.bool))[2] in (25, 26)
