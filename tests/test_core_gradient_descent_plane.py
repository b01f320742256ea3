"""Gradient descent in the plane: bowls, the map of learning rate and momentum, and a line through real data."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression

from core.expression.errors import ExpressionError
from core.gradient_descent.bowl import matrix, quadratic, roll
from core.gradient_descent.compare import chosen_rates, four
from core.gradient_descent.momentum import START, momentum_map, plan_of, rates
from core.gradient_descent.regression import all_batches, fit
from core.gradient_descent.settings import (
    FEATURES,
    SCALES,
    BowlSettings,
    CompareSettings,
    MomentumSettings,
    RegressionSettings,
)
from core.plane.momentum_map import SIDE, STEPS, Grid, cell_run, momenta


def test_a_bowl_s_path_is_the_closed_form_along_each_axis():
    run = roll(BowlSettings(condition=5.0, lr=1.5, steps=30))
    for axis, curvature in ((0, 0.2), (1, 1.0)):
        start = run.path[0, axis].item()
        expected = [start * (1 - 1.5 * curvature) ** k for k in range(31)]
        assert run.path[:, axis].tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_a_bowl_s_path_is_that_of_a_plain_loop_bit_for_bit(momentum):
    run = roll(BowlSettings(surface="typed", text="x^2 + 0.5*y^4 + x*y", lr=0.1, momentum=momentum, y=1.5, x=-1.0))
    p, v = torch.tensor([-1.0, 1.5], dtype=torch.float64), None
    for step in range(run.steps + 1):
        assert run.path[step].tolist() == p.tolist()
        p.requires_grad_()
        loss = p[0] ** 2 + 0.5 * p[1] ** 4 + p[0] * p[1]
        (gradient,) = torch.autograd.grad(loss, p)
        v = gradient if v is None else v * momentum + gradient
        p = torch.add(p.detach(), v, alpha=-0.1)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(0, 90), st.floats(1, 200))
def test_turning_the_valley_changes_neither_curvatures_nor_hessian(angle, condition):
    settings_ = BowlSettings(angle=angle, condition=condition, steps=2)
    curvatures, directions = torch.linalg.eigh(matrix(condition, angle))
    assert curvatures.tolist() == pytest.approx([1 / condition, 1.0], rel=1e-9)
    run = roll(settings_)
    rebuilt = directions @ torch.diag(curvatures) @ directions.T
    for hessian in run.hessians:
        torch.testing.assert_close(hessian, rebuilt, rtol=1e-9, atol=1e-12)


def test_a_flat_direction_and_a_plane_have_zero_curvature():
    run = roll(BowlSettings(surface="typed", text="x^2", lr=0.1, steps=3))
    assert run.hessians[0].tolist() == [[2.0, 0.0], [0.0, 0.0]]
    flat = roll(BowlSettings(surface="typed", text="x - 2*y", lr=0.1, steps=3))
    assert flat.hessians[0].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert flat.path[1].tolist() == pytest.approx([-3.6, 2.2])


def test_divergence_in_the_plane_is_named_with_its_step():
    run = roll(BowlSettings(lr=50.0, steps=200))
    assert run.diverged_at == run.steps
    assert run.diverged == "f is infinite"
    # f is below 2 * 49^(2 k): the first k beyond 1.797e308 counts
    assert run.diverged_at == math.ceil(math.log(1.797e308 / 2) / (2 * math.log(49)))


def test_the_four_are_ordered_as_their_names_say():
    for condition in (2.0, 10.0, 100.0):
        runs = four(CompareSettings(condition=condition, steps=200))
        loss = {name: run.losses[-1].item() for name, run in runs.items()}
        assert loss["best"] < loss["good"] < loss["low"] < loss["high"]
        assert loss["high"] > runs["high"].losses[0].item()
    assert chosen_rates(CompareSettings(momentum=0.5))["high"] == pytest.approx(1.04 * 3)


def test_a_bowl_that_is_no_function_is_refused():
    with pytest.raises(ExpressionError, match="allowed:"):
        BowlSettings(surface="typed", text="z")
    assert BowlSettings(text="z").surface == "bowl"


def test_the_bowl_is_a_function_like_any_other():
    x, y = torch.tensor([1.0, -2.0, 0.3], dtype=torch.float64), torch.tensor([0.5, 3.0, 0.0], dtype=torch.float64)
    assert torch.equal(quadratic(10.0)(x, y), (0.1 * x**2 + y**2) / 2)
    turned = quadratic(4.0, 30)(x, y)
    p = torch.stack([x, y], dim=1)
    assert torch.allclose(turned, ((p @ matrix(4.0, 30)) * p).sum(dim=1) / 2, rtol=1e-12)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("condition", [1.0, 100.0, 1000.0])
def test_theory_and_2304_runs_agree_in_99_of_100_cells(condition, nesterov):
    found = momentum_map(condition, nesterov)
    assert found.loss.shape == (SIDE, SIDE)
    assert found.agreeing >= 0.99 * SIDE * SIDE
    assert 0.2 < found.stays.double().mean() < 0.9
    column, row = found.best
    assert found.loss[row, column] == found.loss[found.loss.isfinite()].min()


@pytest.mark.parametrize("nesterov", [False, True])
def test_a_cell_of_the_map_is_the_run_by_itself(nesterov):
    """Not bit for bit: the map steps in u = p / lr, whose rounding differs in the last bit."""
    plan = plan_of(MomentumSettings(nesterov=nesterov))
    grid, curvature = Grid(plan), torch.tensor([0.1, 1.0], dtype=torch.float64)
    for _ in range(40):
        grid.step(grid.points().flatten(0, 1) * curvature)
    for row, column in ((0, 3), (0, 21), (20, 10), (30, 40), (44, 24), (47, 47)):
        alone = cell_run(plan, column, row).path[40]
        scale = max(1.0, alone.abs().max().item())
        assert grid.points()[row, column].tolist() == pytest.approx(alone.tolist(), rel=1e-9, abs=1e-9 * scale)


def test_a_cell_is_what_a_plain_optimizer_does():
    p = torch.tensor(START, dtype=torch.float64)
    v, lr, b = torch.zeros(2, dtype=torch.float64), rates()[20], momenta()[30]
    for _ in range(STEPS):
        v = b * v + torch.tensor([0.1, 1.0], dtype=torch.float64) * p
        p = p - lr * v
    found = cell_run(plan_of(MomentumSettings()), 20, 30)
    assert found.path[-1].tolist() == pytest.approx(p.tolist(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("feature", FEATURES)
def test_the_best_line_is_that_of_least_squares(feature, scale):
    run = fit(RegressionSettings(feature=feature, scale=scale, updates=1, lr=1e-5))
    model = LinearRegression().fit(run.rows.x[:, None].numpy(), run.rows.y.numpy())
    assert run.rows.best[0] == pytest.approx(model.coef_[0], rel=1e-9)
    assert run.rows.best[1] == pytest.approx(model.intercept_, rel=1e-9)
    assert len(run.rows.x) == len(load_diabetes().target) == 442


def test_all_rows_descend_to_least_squares_and_past_the_limit_they_diverge():
    run = fit(RegressionSettings(updates=400, lr=0.8))
    assert run.line[-1].tolist() == pytest.approx(run.rows.best, rel=1e-6)
    most = 2 / run.curvatures[-1].item()
    below, above = (fit(RegressionSettings(updates=400, lr=most * share)) for share in (0.98, 1.05))
    assert below.cost[-1] < below.cost[0]
    assert above.cost[-1] > above.cost[0]


def test_an_update_is_the_gradient_of_the_batch():
    run = fit(RegressionSettings(batch="some", batch_size=50, lr=0.1, updates=12, seed=3))
    order = torch.randperm(442, generator=torch.Generator().manual_seed(3)).split(50)
    for step, rows in enumerate(order):  # the last batch has 42 rows
        slope, intercept = run.line[step].tolist()
        x, y = run.rows.x[rows], run.rows.y[rows]
        error = slope * x + intercept - y
        expected = [slope - 0.1 * 2 * (error * x).mean().item(), intercept - 0.1 * 2 * error.mean().item()]
        assert run.line[step + 1].tolist() == pytest.approx(expected, rel=1e-9)


def test_the_seed_fixes_the_order_and_only_the_order():
    one, same, other = (fit(RegressionSettings(batch="one", seed=seed, lr=0.1)) for seed in (1, 1, 2))
    assert torch.equal(one.line, same.line)
    assert not torch.equal(one.line, other.line)
    assert torch.equal(fit(RegressionSettings(seed=1)).line, fit(RegressionSettings(seed=2)).line)


def test_a_line_that_is_lost_stops_there():
    run = fit(RegressionSettings(scale="own", lr=1.0, updates=400))
    assert run.diverged_at == run.updates < 400
    assert not math.isfinite(run.cost[-1].item())
    assert torch.isfinite(run.cost[:-1]).all()
    assert set(all_batches(RegressionSettings(updates=3))) == {"all", "some", "one"}


def test_the_map_opens_with_the_cell_nearest_to_the_best_momentum():
    """Polyak's, of 1964: both directions shrink by the same factor."""
    default = MomentumSettings()
    narrow = math.sqrt(1 / default.condition)
    lr, b = (2 / (1 + narrow)) ** 2, ((1 - narrow) / (1 + narrow)) ** 2
    assert default.column == min(range(SIDE), key=lambda i: abs(rates()[i] - lr))
    assert default.row == min(range(SIDE), key=lambda i: abs(momenta()[i] - b))
