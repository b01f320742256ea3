"""The figures of the momentum map show their runs and say their numbers."""

from functools import cache

import numpy as np
import pytest
import torch

from core.optimizers.momentum import SIDE, StabilitySettings, momenta, stability_map
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import SURFACES, function_of
from figures.optimizers.momentum import cell_at, map_picture
from figures.optimizers.rings import rings
from figures.optimizers.stability_path import in_reach, path_picture
from figures.optimizers.stability_words import cell_words, why_they_part
from figures.optimizers.stability_words import describe as describe_map


@cache
def mapped(name="beale", nesterov=False, **changes):
    x, y = SURFACES[name].start
    return stability_map.__wrapped__(SurfaceSettings(**{"surface": name, "x": x, "y": y} | changes), nesterov)


def test_the_map_has_theory_s_line_the_lost_cells_and_the_chosen_one():
    found = mapped()
    picture = map_picture(found, 34, 38)
    names = {trace.name: trace for trace in picture.figure.data if trace.name}
    assert np.allclose(10 ** np.array(names["theory's limit"].x, dtype=float), found.line.numpy(), rtol=1e-5)
    level = np.array(picture.figure.data[1].z, dtype=float)
    assert (np.isnan(level) == found.diverged.numpy()).all()
    assert f"{int(found.diverged.sum()):,} runs were lost" in picture.caption
    assert len(picture.json()) < 1_000_000
    assert len(path_picture(found, 34, 38).table) >= 2


def test_rings_count_heights_from_the_lowest_and_leave_a_gap_without_a_value():
    found = rings(function_of("typed", "1 + x^2 + 2*y + 0*sqrt(x + 0.5)"), (-1.0, 1.0, 0.0, 3.0))
    z = np.array(found.z, dtype=float)
    assert np.array_equal(np.isnan(z), np.broadcast_to(found.x < -0.5, z.shape))
    assert np.nanmin(z) == 0
    assert z[-1, -1] == pytest.approx(np.log1p(7))  # f is 1 at the lowest and 8 in the upper right corner
    assert np.isnan(np.array(rings(function_of("typed", "log(-1 - x^2) + y"), (-1.0, 1.0, 0.0, 3.0)).z)).all()


def test_a_clicked_place_is_a_cell():
    found = mapped()
    for column, row in ((0, 0), (47, 47), (20, 31)):
        assert cell_at(found, np.log10(found.lr[column].item()) + 0.01, momenta()[row] - 0.004) == (column, row)
    assert cell_at(found, 5.0, 0.5) is None
    assert cell_at(found, -1.5, 2.0) is None


def test_the_words_say_where_and_why_line_and_map_part():
    assert "all but agree" in why_they_part(mapped("booth"))
    beale = why_they_part(mapped("beale"))
    assert "Below the line" in beale
    assert "its lr is above it" in beale
    assert "are at another minimum" in why_they_part(mapped("himmelblau"))
    assert "2,303 of the cells" in describe_map(mapped("booth"))
    assert "The run is lost" in cell_words(mapped("beale"), StabilitySettings(column=47, row=30))


@pytest.mark.parametrize("name", ["saddle", "ackley"])
def test_any_surface_has_a_map_a_path_and_words(name, monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 20)
    found = mapped(name)
    for picture in (map_picture(found, 47, 47), path_picture(found, 47, 47), path_picture(found, 0, 0)):
        assert picture.caption
        assert picture.json()
    assert why_they_part(found)


def test_without_a_minimum_theory_says_nothing_and_falling_is_no_stability():
    found = mapped("saddle", y=0.01)
    assert "theory's limit" not in {trace.name for trace in map_picture(found, 0, 0).figure.data}
    assert "agree" not in describe_map(found)
    assert "**No lr is stable here.** After 200 steps 2,304 of 2,304 runs" in why_they_part(found)
    assert "limit" not in cell_words(found, StabilitySettings())
    deep = mapped("typed", text="x + 3*sin(x) + y^2", x=0.5, y=1.0)
    fell = int(deep.fell.sum())
    assert fell
    assert f"{fell:,} runs ended below every minimum" in why_they_part(deep)
    assert not bool((deep.kept & deep.fell).any())


def test_the_step_that_leaves_the_picture_is_drawn_to_the_edge_of_what_is_sent():
    path = torch.tensor([[0.0, 0.0], [1.0, 1.0], [101.0, 1.0], [5.0, 5.0]], dtype=torch.float64)
    middle = torch.zeros(2, dtype=torch.float64)
    assert in_reach(path, middle, 11.0).tolist() == [[0, 0], [1, 1], [11, 1]]
    assert torch.equal(in_reach(path, middle, 200.0), path)
    path[2] = torch.inf
    assert in_reach(path, middle, 11.0).tolist() == [[0, 0], [1, 1]]


def test_theory_s_best_on_booth_is_said():
    assert "lr = 0.125, b = 0.25, factor 0.5" in cell_words(mapped("booth"), StabilitySettings())


def test_a_map_in_which_all_is_lost_is_drawn(monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 20)
    found = mapped("typed", text="log(x) + y^2", x=-1.0, y=1.0)
    assert map_picture(found, 0, 0).json()
    assert path_picture(found, 0, 0).json()
    assert int(found.diverged.sum()) == SIDE * SIDE
    assert why_they_part(found)
