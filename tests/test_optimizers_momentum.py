"""The map of learning rate and momentum on a surface: its cells are single runs, and on a bowl theory is right."""

import ast
import math
import re

import numpy as np
import pytest
import torch
from programs import printed
from visitor import after_presets, charts, link_of, shown, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.momentum import (
    BASES,
    OCTAVES,
    MomentumSettings,
    map_task,
    momentum_program,
    nearest_minimum,
    plan_of,
    scales_for,
)
from core.optimizers.settings import SurfaceSettings
from core.plane import momentum_map
from core.plane.momentum_map import SIDE, MapPlan, MomentumMapTask, cell_run, momenta
from core.plane.stability import limit
from core.plane.surfaces import SURFACES
from core.program import source
from figures.momentum_map import DIVERGED
from figures.optimizers.momentum import pictures, sides_words, words

CELLS = [(3, 0), (30, 0), (11, 7), (24, 20), (20, 33), (0, 47), (47, 47), (32, 25)]  # column, row


def surface_at(name, **changes):
    x, y = SURFACES[name].start
    return SurfaceSettings(**{"surface": name, "x": x, "y": y} | changes)


@pytest.fixture
def short(monkeypatch):
    """Runs of 15 steps."""
    monkeypatch.setattr(momentum_map, "STEPS", 15)
    monkeypatch.setattr(MomentumMapTask, "total", 15)
    monkeypatch.setattr(momentum_map, "cell_run", cell_run.__wrapped__)


@pytest.mark.parametrize(("name", "nesterov", "curvature"), [("booth", True, 18), ("matyas", False, 1)])
def test_on_a_bowl_theory_s_line_is_the_edge_of_the_map(name, nesterov, curvature):
    found = map_task(surface_at(name), nesterov).run()
    assert found.plan.curvature == pytest.approx(curvature)
    assert found.line[10].item() == pytest.approx(limit(curvature, momenta()[10], nesterov))
    assert found.agreeing >= 0.99 * SIDE * SIDE


@pytest.mark.parametrize(("name", "nesterov"), [("beale", False), ("ackley", True)])
def test_every_cell_is_bit_for_bit_the_single_run(name, nesterov, short):
    found = map_task(surface_at(name), nesterov).run()
    for column, row in CELLS:
        run = cell_run.__wrapped__(found.plan, column, row)
        if run.diverged_at is None:
            assert torch.equal(found.end[row, column], run.path[-1])
            assert found.loss[row, column] == run.losses[-1]
        else:
            assert torch.isnan(found.loss[row, column])


@pytest.mark.parametrize("nesterov", [False, True])
def test_a_cell_is_the_optimizer_of_the_race(nesterov):
    plan = plan_of(surface_at("beale"), nesterov)
    p = torch.tensor(plan.start, dtype=torch.float64, requires_grad=True)
    optimizer = hyperparameters_of("Momentum")(lr=plan.lr[5].item(), momentum=momenta()[30], nesterov=nesterov).make(
        [p]
    )
    for point in cell_run(plan, 5, 30).path:
        assert torch.equal(p.detach(), point)
        optimizer.zero_grad()
        plan.function(p[0], p[1]).backward()
        optimizer.step()


def test_the_grid_serves_any_function_and_any_rates(short):
    def valley(x, y):
        return x**2 + y**2

    plan = MapPlan(valley, (1.0, -2.0), (0.1, 0.3, 0.5), nesterov=True, curvature=2.0, lowest=0.0)
    found = MomentumMapTask("valley", lambda: plan).run()
    assert found.end.shape == (SIDE, 3, 2)
    assert found.end[0, :2, 0].tolist() == pytest.approx([0.8**15, 0.4**15], rel=1e-6)
    assert found.best == (2, 0)
    assert (found.first, found.fell.any().item()) == (5.0, False)


def test_the_columns_rise_in_equal_ratios_and_hold_the_limit():
    assert OCTAVES * len(BASES) == SIDE
    for curvature in (0.01, 1.0, 18.0, 1002.0, 0.0, -3.0, math.inf, 1e300, 1e-300):
        lr = (torch.tensor(scales_for(curvature), dtype=torch.float64)[:, None] * torch.tensor(BASES)).flatten()
        assert torch.allclose((lr[1:] / lr[:-1]).log2(), torch.tensor(1 / 6).double(), atol=1e-6)
        assert not 0.001 < curvature < 2000 or lr[20] < 2 / curvature < lr[40]


def test_beale_s_start_is_steeper_than_its_minimum_so_runs_below_the_line_are_thrown_out():
    found = map_task(surface_at("beale"), False).run()
    assert found.plan.curvature == pytest.approx(2 / 0.0408332, rel=1e-5)
    assert int((found.stays & ~found.kept).sum()) > 200
    assert f"Below the limit {int((found.stays & ~found.kept).sum())} runs" in sides_words(found)


@pytest.mark.parametrize(
    "text", ["x + y", "x^2 - y^2", "log(x) + y^2", "exp(exp(x))", "1/(x^2 + y^2)", "5", "0.001*(x^2 + y^2)"]
)
def test_any_surface_has_a_map_a_path_and_words(text, short):
    surface = surface_at("typed", text=text, x=-1.0, y=1.0)
    found, settings = map_task(surface, False).run(), MomentumSettings()
    minimum = nearest_minimum(surface)
    assert (minimum is None) == (text != "0.001*(x^2 + y^2)")
    for picture in pictures(found, surface, settings):
        assert len(picture.json) < 300_000
        assert len(picture.caption.split()) <= 45
    assert ("limit" in words(found, surface, settings)) == (minimum is not None)
    level = np.asarray(pictures(found, surface, settings)[0].figure.data[0].z)
    assert np.array_equal(level == DIVERGED, found.loss.isnan().numpy())
    if text.startswith("log"):
        assert found.best is None
        assert bool(found.loss.isnan().all())


def test_falling_below_every_minimum_is_no_stability():
    surface = surface_at("typed", text="sin(x) + 0.3*x + 0.1*y^2", x=9.0, y=1.0)
    found = map_task(surface, False).run()
    assert torch.equal(found.fell, found.loss < found.plan.lowest - 1e-6)
    assert bool((found.fell & found.came_down).any())
    assert torch.equal(found.kept, (found.loss < found.first) & ~found.fell)
    assert f"{int(found.fell.sum())} ended below every minimum" in sides_words(found)


def test_the_settings_refuse_what_is_no_cell():
    for bad in ({"column": 48}, {"row": -1}, {"column": 1.5}):
        with pytest.raises(ValueError, match="allowed"):
            MomentumSettings(**bad)


def test_the_programs_print_what_the_page_says(short):
    cases = []
    for name, nesterov, cell in (("beale", False, (21, 38)), ("rosenbrock", True, (10, 40)), ("saddle", False, (3, 3))):
        found = map_task(surface_at(name), nesterov).run()
        cases.append(momentum_program(found, MomentumSettings("booth", nesterov, *cell)))
    texts = [case.text.replace("SIDE, STEPS = 48, 200", "SIDE, STEPS = 48, 15") for case in cases]
    assert printed(texts, warnings_are_errors=True) == [list(case.prints) for case in cases]


def test_the_example_is_the_program_of_the_defaults(short):
    program = momentum_program(map_task(SurfaceSettings(), False).run(), MomentumSettings())
    assert ast.dump(ast.parse(program.text)) == ast.dump(ast.parse(source("optimizers_momentum")))


def test_a_click_and_a_slider_choose_the_cell_and_old_links_open_it():
    at = visit("optimizers", view="stability", **{"stability.column": "30", "stability.row": "12"})
    assert not at.exception
    assert not at.warning
    assert {chart["key"]: chart["places"] for chart in charts(at)} == {"optimizers_map": True, "optimizers_cell": False}
    assert "momentum.column=30" in link_of(at)
    before = shown(at)
    at.select_slider(key="optimizers.momentum.column").set_value(5).run()
    assert "momentum.column=5" in link_of(at)
    assert shown(at) != before


PROMISED = {
    "Best on a bowl": r"below the limit 0\.1392.*f is 6\.3\d+e−30",
    "Just past the line": r"above the limit 0\.1111.*f is 6\.6\d+e22",
    "Too steep on the way": r"below the limit.*\d steps f is infinite",
    "Another valley": r"above the limit.*f is \d\S*e−",
    "No minimum": r"b = 0\.8\.\*\* After \d+ steps",
}


def test_each_preset_shows_what_it_promises():
    at = visit("optimizers", view="momentum")
    for said in after_presets(at, "optimizers", PROMISED):
        assert re.search(said, "\n".join(shown(at))), said


def test_the_wildest_values_of_the_link_are_harmless():
    wild = {"momentum.surface": "rosenbrock", "x": "-20", "y": "20", "momentum.column": "47", "momentum.row": "47"}
    at = visit("optimizers", view="momentum", **wild | {"momentum.nesterov": "1"})
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_a_tie_for_the_lowest_is_counted():
    flat, bowl = (SurfaceSettings(surface="typed", text=text, x=1.0, y=1.0) for text in ("3", "x^2 + 3*y^2 + x*y"))
    found = map_task(flat, False).run()
    assert found.n_best == found.loss.numel()
    assert "one of 2,304 lowest" in pictures(found, flat, MomentumSettings())[0].caption
    found = map_task(bowl, False).run()
    assert found.n_best == int((found.loss == found.loss[torch.isfinite(found.loss)].min()).sum())
    nowhere = SurfaceSettings(surface="typed", text="log(x)", x=-1.0, y=1.0)
    gone = map_task(nowhere, False).run()
    assert gone.n_best == 0
    assert "☆" not in pictures(gone, nowhere, MomentumSettings())[0].caption
