"""The surfaces: their critical points against published values and against other ways to find them."""

import math
from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.expression.errors import ExpressionError
from core.expression.typed_function import typed_function
from core.plane.critical_points import CriticalPointsTask
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.surfaces import SURFACES, box_with, surface_of

NAMED = [name for name in SURFACES if name != "typed"]
TEXT = "sin(x)*cos(y) + 0.1*x^2"
# Published minimizers and values, and 2/L there recomputed from the Hessian.
MINIMA = {
    "booth": ([(1, 3)], 0, 1 / 9),
    "matyas": ([(0, 0)], 0, 2.0),
    "rosenbrock": ([(1, 1)], 0, 0.0019968),
    "beale": ([(3, 0.5)], 0, 0.0408332),
    "himmelblau": ([(-3.779310, -3.283186), (-2.805118, 3.131313), (3, 2), (3.584428, -1.848127)], 0, 0.024306),
    "three_hump": ([(0, 0)], 0, 0.453082),
    "six_hump": ([(-0.08984201, 0.71265640), (0.08984201, -0.71265640)], -1.0316285, 0.121262),
    "styblinski": ([(-2.903534, -2.903534)], -78.332331, 0.0578318),
    "rastrigin": ([(0, 0)], 0, 0.00504052),
    "mccormick": ([(-0.547198, -1.547198)], -1.9132230, 0.5),
}
KINDS = {
    "beale": {"minimum": 1, "saddle": 2},
    "himmelblau": {"minimum": 4, "saddle": 4, "maximum": 1},
    "three_hump": {"minimum": 3, "saddle": 2},
    "six_hump": {"minimum": 6, "saddle": 7, "maximum": 2},
    "styblinski": {"minimum": 4, "saddle": 4, "maximum": 1},
    "rastrigin": {"minimum": 121, "saddle": 220, "maximum": 100},
    "saddle": {"saddle": 1},
    "monkey": {"flat": 1},
}


def places_in(name, n=25, seed=0):
    low_x, high_x, low_y, high_y = surface_of(name, TEXT).box
    share = torch.rand(n, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return share * torch.tensor([high_x - low_x, high_y - low_y]) + torch.tensor([low_x, low_y])


@pytest.mark.parametrize("name", MINIMA)
def test_the_lowest_points_are_the_published_ones(name):
    places, value, limit = MINIMA[name]
    found = surface_of(name).lowest
    assert len(found) == len(places)
    for point, place in zip(sorted(found, key=lambda p: p.x), places, strict=True):
        assert (point.x, point.y) == pytest.approx(place, abs=2e-6)
        assert point.value == pytest.approx(value, abs=1e-6)
    assert any(point.limit == pytest.approx(limit, rel=1e-4) for point in found)


@pytest.mark.parametrize("name", KINDS)
def test_how_many_of_each_kind_there_are(name):
    assert Counter(point.kind for point in surface_of(name).points) == KINDS[name]


def test_further_published_points():
    assert any((p.x, p.y, p.value) == (0, 1, 14.203125) and p.kind == "saddle" for p in surface_of("beale").points)
    (top,) = [p for p in surface_of("himmelblau").points if p.kind == "maximum"]
    assert (top.x, top.y, top.value) == pytest.approx((-0.270845, -0.923039, 181.61652), abs=1e-5)
    others = [p for p in surface_of("three_hump").points if p.kind == "minimum"][1:]
    assert [(abs(p.x), p.value) for p in others] == [pytest.approx((1.74755, 0.2986384), abs=1e-5)] * 2
    assert not surface_of("saddle").lowest
    assert not surface_of("monkey").lowest


@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_is_0_and_the_hessian_is_that_of_torch_at_every_critical_point(name):
    function = surface_of(name, TEXT).function
    points = [point for point in surface_of(name, TEXT).points if point.kind != "cusp"][:20]
    steepest = value_and_gradient(function, places_in(name))[1].norm(dim=1).max()
    for point in points:
        place = torch.tensor([point.x, point.y], dtype=torch.float64)
        value, gradient = value_and_gradient(function, place[None])
        assert gradient.norm() <= 1e-8 * steepest
        assert value.item() == pytest.approx(point.value, abs=1e-9)
        other = torch.autograd.functional.hessian(lambda p: function(p[0], p[1]), place)
        assert torch.allclose(
            torch.linalg.eigvalsh(other), torch.tensor(point.curvatures, dtype=torch.float64), atol=1e-6
        )


@pytest.mark.parametrize("name", SURFACES)
def test_gradient_and_hessian_agree_with_differences(name):
    function, places, tiny = surface_of(name, TEXT).function, places_in(name), 1e-5
    gradient, curvature = value_and_gradient(function, places)[1], hessians(function, places)
    for i in range(2):
        move = torch.zeros(2, dtype=torch.float64)
        move[i] = tiny
        (up, g_up), (down, g_down) = (value_and_gradient(function, places + sign * move) for sign in (1, -1))
        size = 1 + gradient.abs().max() + curvature.abs().max()
        assert ((up - down) / (2 * tiny) - gradient[:, i]).abs().max() < 1e-6 * size
        assert ((g_up - g_down) / (2 * tiny) - curvature[:, i]).abs().max() < 1e-6 * size


@pytest.mark.parametrize("name", SURFACES)
def test_many_places_at_once_are_each_place_alone_bit_for_bit(name):
    function, places = surface_of(name, TEXT).function, places_in(name, 37)
    values, gradients = value_and_gradient(function, places)
    for place, value, gradient in zip(places, values, gradients, strict=True):
        p = place.clone().requires_grad_()
        alone = function(p[0], p[1])
        alone.backward()
        assert torch.equal(alone, value)
        assert torch.equal(p.grad, gradient)


def test_ackley_has_a_cusp_where_there_is_no_gradient():
    (lowest,) = surface_of("ackley").lowest
    assert (lowest.x, lowest.y, lowest.value, lowest.kind) == (0, 0, 0, "cusp")
    function = surface_of("ackley").function
    at, beside = (torch.tensor([[x, 0.0]], dtype=torch.float64) for x in (0.0, 1e-9))
    assert value_and_gradient(function, at)[1].isnan().any()
    assert value_and_gradient(function, beside)[1].norm().item() == pytest.approx(2.828427, abs=1e-5)


@pytest.mark.parametrize("name", NAMED)
def test_the_start_lies_in_the_box_and_on_no_critical_point(name):
    x, y = SURFACES[name].start
    low_x, high_x, low_y, high_y = SURFACES[name].box
    assert low_x < x < high_x
    assert low_y < y < high_y
    assert all(math.dist((x, y), (p.x, p.y)) > 0.05 for p in surface_of(name).points)
    slope = value_and_gradient(surface_of(name).function, torch.tensor([[x, y]], dtype=torch.float64))[1]
    assert (slope != 0).all(), "a start on a line of symmetry"


@hypothesis_settings(max_examples=15, deadline=None, derandomize=True)
@given(*[st.floats(-2, 2).map(lambda v: round(v, 2)) for _ in range(5)])
def test_the_one_critical_point_of_a_quadratic_solves_its_equations(a, b, c, p, q):
    matrix = torch.tensor([[2 * a, b], [b, 2 * c]], dtype=torch.float64)
    if torch.linalg.det(matrix).abs() < 0.05:
        return
    text = f"({a!r})*x^2 + ({b!r})*x*y + ({c!r})*y^2 + ({p!r})*x + ({q!r})*y"
    x, y = torch.linalg.solve(matrix, -torch.tensor([p, q], dtype=torch.float64)).tolist()
    half = 1 + 2 * max(abs(x), abs(y))
    (point,) = CriticalPointsTask(typed_function(text, ("x", "y")), (-half, half, -half, half)).run()
    assert (point.x, point.y) == pytest.approx((x, y), abs=1e-6 * half)
    signs = torch.linalg.eigvalsh(matrix) > 0
    assert point.kind == ("minimum" if signs.all() else "saddle" if signs.any() else "maximum")


@pytest.mark.parametrize(
    "text", ["x", "5", "exp(x)", "abs(x)", "sqrt(x)", "1/x + y", "x^2", "sin(x)", "-exp(-x^2 - y^2)"]
)
def test_typed_surfaces_with_no_or_endless_level_places_are_harmless(text):
    low_x, high_x, low_y, high_y = surface_of("typed", text).box
    assert 1 < high_x <= 10
    assert (low_x, low_y) == (-high_x, -high_y)
    assert len(surface_of("typed", text).points) <= 500


def test_a_typed_surface_is_drawn_around_its_critical_points():
    box = surface_of("typed", "(x - 6)^2 + (y + 2)^2").box
    assert box[0] < -6 < 6 < box[1] <= 10
    assert any((p.x, p.y) == pytest.approx((6, -2)) for p in surface_of("typed", "(x - 6)^2 + (y + 2)^2").points)


def test_a_start_outside_makes_the_box_larger():
    box = box_with((-1, 1, -1, 1), [(3.0, 0.0), (0.0, -2.0)])
    assert box[0] == -1
    assert box[1] > 3
    assert box[2] < -2
    assert box[3] == 1


def test_a_wrong_function_gets_a_sentence():
    with pytest.raises(ExpressionError, match="allowed"):
        surface_of("typed", "x + z")
