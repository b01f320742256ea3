"""Gradient descent on curves: torch's own steps, closed forms, and divergence with its step and reason."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expression.typed_function import typed_function
from core.gradient_descent.curve import descend
from core.gradient_descent.curves import CURVES, function_of, minima, slopes
from core.gradient_descent.lr_sweep import all_rates, descend_at, sweep
from core.gradient_descent.newton import newton_steps
from core.gradient_descent.settings import MAX_STEPS, BowlSettings, DescentSettings
from core.plane.stability import best_rate, factor, limit, predicted

NAMED = [name for name in CURVES if name != "typed"]
PLAIN = {  # the same curves and their slopes, written by hand
    "quadratic": (lambda x: x**2, lambda x: 2 * x),
    "quartic": (lambda x: x**4, lambda x: 4 * x**3),
    "abs": (abs, lambda x: math.copysign(1, x) if x else 0.0),
    "wells": (lambda x: (x**2 - 1) ** 2 + 0.3 * x, lambda x: 4 * x * (x**2 - 1) + 0.3),
    "plateau": (lambda x: 1 - math.exp(-(x**2)), lambda x: 2 * x * math.exp(-(x**2))),
    "ripples": (lambda x: 0.1 * x**2 + 0.5 * math.sin(4 * x), lambda x: 0.2 * x + 2 * math.cos(4 * x)),
}


@pytest.mark.parametrize("curve", NAMED)
def test_every_step_is_that_of_a_plain_torch_loop_bit_for_bit(curve):
    run = descend(DescentSettings(curve=curve, lr=0.1, start=1.25, steps=25))
    function = function_of(curve, "")
    x = torch.tensor(1.25, dtype=torch.float64, requires_grad=True)
    for step in range(26):
        (slope,) = torch.autograd.grad(function(x), x)
        assert run.path[step].item() == x.item()
        assert run.gradients[step].item() == slope.item()
        x = torch.add(x.detach(), slope, alpha=-0.1).requires_grad_()


@pytest.mark.parametrize("curve", NAMED)
def test_values_and_slopes_are_those_of_the_formula_written_by_hand(curve):
    value, slope = PLAIN[curve]
    x = torch.linspace(-2, 2, 33, dtype=torch.float64)
    found, slopes_, curvature = slopes(function_of(curve, ""), x)
    assert found.tolist() == pytest.approx([value(v) for v in x.tolist()], rel=1e-12, abs=1e-12)
    assert slopes_.tolist() == pytest.approx([slope(v) for v in x.tolist()], rel=1e-12, abs=1e-12)
    if curve != "abs":
        h = 1e-5
        between = [(slope(v + h) - slope(v - h)) / (2 * h) for v in x.tolist()]
        assert curvature.tolist() == pytest.approx(between, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("curve", NAMED)
def test_each_minimum_is_one(curve):
    function = function_of(curve, "")
    found = minima(function)
    assert len(found) == {"wells": 2, "ripples": 8}.get(curve, 1)
    for minimum in found:
        around = function(torch.tensor([minimum.x - 1e-3, minimum.x + 1e-3], dtype=torch.float64))
        assert (around > minimum.value).all()
        assert minimum.kink == (curve == "abs")
        if not minimum.kink:
            assert PLAIN[curve][1](minimum.x) == pytest.approx(0, abs=1e-9)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.floats(0.01, 1.5), st.floats(-4, 4).filter(lambda v: abs(v) > 0.01), st.integers(1, 60))
def test_on_a_parabola_the_run_is_the_closed_form(lr, start, steps):
    run = descend(DescentSettings(lr=lr, start=start, steps=steps))
    expected = [start * (1 - 2 * lr) ** k for k in range(steps + 1)]
    assert run.path.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.floats(0.01, 5.0), st.floats(0.5, 1.5))
def test_the_quartic_diverges_exactly_past_its_border(lr, share):
    border = 1 / math.sqrt(2 * lr)
    if abs(share - 1) < 1e-3:
        return
    run = descend(DescentSettings(curve="quartic", lr=lr, start=border * share, steps=MAX_STEPS))
    assert (run.diverged_at is not None) == (share > 1)


def test_on_the_border_the_quartic_has_period_two():
    run = descend(DescentSettings(curve="quartic", lr=0.5, start=1.0))
    assert run.path.tolist() == [(-1.0) ** k for k in range(31)]


def test_a_kink_keeps_every_step_at_lr():
    run = descend(DescentSettings(curve="abs", lr=0.75, start=2.0))
    assert run.path.diff().abs().tolist() == [0.75] * 30


def test_nothing_is_clipped_and_the_end_is_named():
    run = descend(DescentSettings(curve="quartic", lr=0.5, start=2.0, steps=50))
    assert run.diverged == "f(x) is infinite"
    assert run.diverged_at == run.steps == len(run.path) - 1 < 50
    assert run.left_at == 1
    assert torch.isfinite(run.losses[:-1]).all()
    assert run.path[-1].abs() > 1e77
    nan = descend(DescentSettings(curve="typed", text="log(x)", start=0.5, lr=1.0, steps=50))
    assert nan.diverged == "f(x) is not a number (NaN)"
    assert nan.diverged_at == 1


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("log(x)", -3.0, "f has no value at x = −3; choose another start"),
        ("x^x", -3.0, "f has no slope at x = −3; choose another start"),
        ("sqrt(x)", 0.0, "f has no slope at x = 0; choose another start"),
        ("1/x", 0.0, "f has no value at x = 0; choose another start"),
    ],
)
def test_a_start_without_a_value_is_refused_in_one_way(text, start, said):
    with pytest.raises(ValueError, match=said):
        DescentSettings(curve="typed", text=text, start=start)
    assert DescentSettings(text=text, start=start).curve == "quadratic"
    place = said.replace("; choose", ", y = 2; choose").replace("slope", "gradient")
    with pytest.raises(ValueError, match=place):
        BowlSettings(surface="typed", text=text, x=start)


@pytest.mark.parametrize("curve", NAMED)
def test_newton_s_step_ends_where_the_parabola_turns(curve):
    run = descend(DescentSettings(curve=curve, lr=0.1, start=1.25, steps=25))
    found = newton_steps(run)
    if curve == "abs":
        assert torch.stack([found.x, found.loss, found.turn]).isnan().all()
        return
    for at in range(26):
        x, f, slope, bend = (part[at].item() for part in (run.path, run.losses, run.gradients, run.curvatures))
        to = found.x[at].item()
        height = [f + slope * (v - x) + bend / 2 * (v - x) ** 2 for v in (to - 0.1, to, to + 0.1)]
        assert found.turn[at].item() == pytest.approx(height[1], rel=1e-9, abs=1e-9)
        assert (height[1] < min(height[0], height[2])) == (bend > 0)
        assert found.loss[at].item() == pytest.approx(PLAIN[curve][0](to), rel=1e-9, abs=1e-12)
    if curve in ("quadratic", "quartic"):  # the lowest point at once, and two thirds of the way left
        left = {"quadratic": 0.0, "quartic": 2 / 3}[curve]
        assert found.x.tolist() == pytest.approx((left * run.path).tolist(), abs=1e-12)


def test_a_function_without_a_valley_has_no_minimum():
    assert minima(typed_function("exp(x)")) == ()


@pytest.mark.parametrize(
    ("lr", "said"),
    [(0.2, "monotone"), (0.5, "one step"), (0.9, "oscillating"), (1.0, "period two"), (1.1, "diverging")],
)
def test_theory_names_what_a_step_does_on_a_parabola(lr, said):
    assert predicted(lr, 2.0) == said
    assert predicted(lr, -2.0) == predicted(lr, 0.0) == "no valley"


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.floats(0.05, 0.95), st.floats(0.02, 4.5))
def test_with_momentum_theory_s_name_follows_from_the_roots(b, a):
    roots = torch.linalg.eigvals(torch.tensor([[1 - a, -b], [a, b]], dtype=torch.float64))
    if abs(roots.abs().max() - 1) < 1e-6 or (roots[0] - roots[1]).abs() < 1e-4:
        return
    straight = bool((roots.imag.abs() < 1e-9).all() and (roots.real > 0).all())
    said = "diverging" if roots.abs().max() > 1 else "monotone" if straight else "swinging"
    assert predicted(a, 1.0, b) == said


def test_limits_and_best_rates_are_those_of_the_textbook():
    assert limit(4.0) == 0.5
    assert limit(4.0, 0.9) == pytest.approx(0.95)
    assert limit(1.0, 0.5, nesterov=True) == 1.5
    assert limit(-1.0) == math.inf
    lr, rate = best_rate(0.1, 1.0)
    assert factor(0.1, lr) == pytest.approx(rate)
    assert factor(1.0, lr) == pytest.approx(rate)
    assert rate == pytest.approx(9 / 11)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.floats(0.01, 0.99), st.floats(0.02, 4.5), st.booleans())
def test_the_spectral_radius_is_below_one_exactly_below_the_limit(b, lr, nesterov):
    most = limit(1.0, b, nesterov)
    if abs(lr / most - 1) > 1e-6:
        assert (factor(1.0, lr, b, nesterov) < 1) == (lr < most)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.floats(0.1, 0.95), st.floats(0.05, 2.5))
def test_complex_roots_have_the_modulus_root_of_b(b, lr):
    if (1 + b - lr) ** 2 < 4 * b - 1e-6:
        assert factor(1.0, lr, b) == pytest.approx(math.sqrt(b), rel=1e-9)


@pytest.mark.parametrize("curve", ["quadratic", "plateau", "quartic"])
def test_200_rates_at_once_are_200_single_runs(curve):
    """Not bit for bit: sqrt(lr) * sqrt(lr) differs from lr in the last bit, and so does each step."""
    lr, function = all_rates(), function_of(curve, "")
    together = descend_at(function, lr, 0.75, 15)
    for i in range(0, 200, 7):
        run = descend(DescentSettings(curve=curve, lr=lr[i].item(), start=0.75, steps=15))
        alone = run.path[-1].item() if run.diverged_at is None else math.nan
        if math.isfinite(alone):
            # near the best lr the distance is a difference of nearly equal numbers: its rounding is that of the start
            assert together[i].item() == pytest.approx(alone, rel=1e-9, abs=1e-12)
        else:
            assert not abs(together[i].item()) < 1e70


def test_the_best_of_the_200_is_next_to_one_over_l():
    found = sweep(DescentSettings(), 10)
    assert found.lr[found.best].item() == pytest.approx(0.5, rel=0.03)
    assert (found.lowest, found.first) == (0, 9)
    assert (found.loss[found.lr > 1.01] > 9).all()
    assert (found.loss[found.lr < 0.99] < 9).all()


def test_the_best_has_a_value_where_others_have_none():
    found = sweep(DescentSettings(curve="typed", text="log(x)", start=0.5), 3)
    finite = found.loss[torch.isfinite(found.loss)]
    assert 0 < len(finite) < 200
    assert found.loss[found.best] == finite.min()


def test_where_all_200_diverge_none_is_best_and_of_equals_the_first_is():
    assert sweep(DescentSettings(curve="typed", text="log(x) - 1e9*x^8", start=1.0), 20).best is None
    flat = sweep(DescentSettings(curve="typed", text="3", start=1.0), 5)
    assert flat.best == 0
    assert flat.valley is None


def test_no_global_randomness_is_used_or_changed():
    before = torch.get_rng_state()
    descend.__wrapped__(DescentSettings(start=1.75))
    assert torch.equal(before, torch.get_rng_state())
