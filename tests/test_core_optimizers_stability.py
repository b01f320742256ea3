"""The map of learning rate and momentum: its cells are single runs, and on a bowl it is what theory says."""

import pytest
import torch

from core.optimizers.momentum import (
    BASES,
    OCTAVES,
    SIDE,
    StabilitySettings,
    bowl_theory,
    cell_run,
    elsewhere,
    momenta,
    nearest_minimum,
    scales_for,
    stability_map,
    too_steep,
)
from core.optimizers.settings import SurfaceSettings
from core.plane.momentum_map import grid_rates, run_grid
from core.plane.stability import limit
from core.plane.surfaces import SURFACES, function_of


def ground(name, **changes):
    x, y = SURFACES[name].start
    return SurfaceSettings(**{"surface": name, "x": x, "y": y} | changes)


@pytest.mark.parametrize(("name", "nesterov"), [("booth", True), ("matyas", False)])
def test_on_a_bowl_theory_s_line_is_the_edge_of_the_map(name, nesterov):
    found = stability_map(ground(name), nesterov)
    assert found.agreement >= 0.99
    assert found.curvature == pytest.approx({"booth": 18, "matyas": 1}[name])
    assert found.curvature == pytest.approx(found.curvature)
    assert found.line[10].item() == pytest.approx(limit(found.curvature, momenta()[10], nesterov))


@pytest.mark.parametrize(("name", "nesterov"), [("beale", False), ("ackley", True)])
def test_every_cell_is_bit_for_bit_the_single_run(name, nesterov, monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 60)
    surface = ground(name)
    found = stability_map.__wrapped__(surface, nesterov)
    for row, column in [(0, 3), (0, 30), (7, 11), (20, 24), (33, 20), (47, 0), (47, 47), (25, 32)]:
        run = cell_run(surface, nesterov, found.lr[column].item(), momenta()[row])
        if run.diverged_at is None:
            assert torch.equal(found.end[row, column], run.path[-1])
            assert found.loss[row, column] == run.loss[-1]
        else:
            assert not torch.isfinite(found.loss[row, column])


def test_the_columns_rise_in_equal_ratios_and_hold_the_limit():
    assert OCTAVES * len(BASES) == SIDE
    for curvature in (0.01, 1.0, 18.0, 1002.0):
        lr = grid_rates(scales_for(curvature), BASES)
        assert torch.allclose((lr[1:] / lr[:-1]).log2(), torch.tensor(1 / 6).double())
        assert lr[20] < 2 / curvature < lr[40]
    for odd in (0.0, -3.0, float("inf"), 1e300, 1e-300):
        assert bool(torch.isfinite(grid_rates(scales_for(odd), BASES)).all())


def test_the_grid_serves_any_function_and_any_rates():
    scales = torch.tensor([0.1, 0.3, 0.5]).double()
    end = run_grid(lambda p: 2 * p, torch.tensor([1.0, -2.0]).double(), scales, [0.0, 0.9], 3, nesterov=True)
    assert end.shape == (2, 3, 2)
    for j, lr in enumerate(scales.tolist()):
        assert end[0, j, 0].item() == pytest.approx((1 - 2 * lr) ** 3)
        p = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([p], lr=lr, momentum=0.9, nesterov=True)
        for _ in range(3):
            optimizer.zero_grad()
            (p**2).sum().backward()
            optimizer.step()
        assert torch.allclose(end[1, j], p.detach(), rtol=1e-12, atol=0)


def test_beale_s_start_is_steeper_than_its_minimum_so_runs_below_the_line_are_lost():
    found = stability_map(ground("beale"), False)
    assert found.curvature == pytest.approx(2 / 0.0408332, rel=1e-5)
    below = found.stays & ~found.came_down
    assert int(below.sum()) > 300
    column = int(below.any(dim=0).nonzero()[0])
    row = int(below[:, column].nonzero()[0])
    run = cell_run(found.surface, False, found.lr[column].item(), momenta()[row])
    step, curvature = too_steep(run, function_of("beale", ""), found.lr[column].item(), momenta()[row], False)
    assert curvature > found.curvature
    assert found.lr[column] > limit(curvature, momenta()[row])
    assert step < run.steps


def test_runs_thrown_out_of_one_valley_are_found_in_another():
    found = stability_map(ground("himmelblau"), False)
    others = elsewhere(found)
    assert others
    assert all(point != found.minimum and count > 0 for point, count in others)
    above = ~found.stays & found.came_down
    assert sum(count for _, count in others) <= int(above.sum())


@pytest.mark.parametrize("name", ["monkey", "typed"])
def test_surfaces_without_minimum_or_with_a_cusp_have_a_map_too(name, monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 10)
    found = stability_map.__wrapped__(ground(name, text="x + y"), False)
    assert found.loss.shape == (SIDE, SIDE)
    assert found.curvature >= 0
    assert nearest_minimum(found.surface) is None


@pytest.mark.parametrize("nesterov", [False, True])
def test_theory_of_a_cell_on_a_bowl_is_seen_in_its_run(nesterov):
    found = stability_map(ground("booth"), nesterov)
    for lr, b, swings in ((0.02, 0.9, 2), (0.02, 0.0, 0), (0.005, 0.75, 1)):
        theory = bowl_theory(found, lr, b)
        run = cell_run(found.surface, nesterov, lr, b)
        distance = (run.path - torch.tensor([1.0, 3.0])).norm(dim=1)
        assert (distance[120] / distance[40]) ** (1 / 80) == pytest.approx(theory.factor, rel=0.02)
        assert theory.swings == swings or nesterov
    assert theory.best == pytest.approx((0.125, 0.25, 0.5))


def test_a_function_without_a_value_at_the_start_is_all_lost(monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 10)
    found = stability_map.__wrapped__(SurfaceSettings(surface="typed", text="log(x) + y^2", x=-1.0, y=1.0), False)
    assert bool(found.diverged.all())
    assert found.best is None


def test_the_settings_refuse_what_is_no_cell():
    for bad in ({"column": 48}, {"row": -1}, {"column": 1.5}):
        with pytest.raises(ValueError, match="allowed"):
            StabilitySettings(**bad)
