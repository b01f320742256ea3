"""The largest margin against closed forms, a support vector machine, a linear program, scipy and Novikoff's theorem."""

import math
import re
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from perceptron_runs import HEAVIEST, POINTS, RUNS, check_frames, checked, own, plain, random_samples
from scipy.optimize import linprog
from scipy.optimize import nnls as scipy_nnls
from sklearn.svm import SVC

from core.perceptron.bound import margin
from core.perceptron.learn import run
from core.perceptron.limits import hull_intersection
from core.perceptron.nnls import nnls
from core.perceptron.samples import GRID, Samples, make_samples
from core.perceptron.settings import PerceptronSettings
from core.points import Point
from figures.perceptron.bound import margins, novikoff_bounds, why
from figures.perceptron.limits import reason
from figures.words import fmt


@checked
@given(st.data(), st.integers(1, 5), st.integers(1, 30), st.sampled_from([1, 8, 1024]))
def test_least_squares_without_negative_shares_are_scipy_s(data, m, n, scale):
    whole = st.integers(-3 * scale, 3 * scale)
    A = torch.tensor(data.draw(st.lists(st.lists(whole, min_size=n, max_size=n), min_size=m, max_size=m))) / scale
    A, b = A.double(), torch.tensor(data.draw(st.lists(whole, min_size=m, max_size=m))).double() / scale
    x, (_, distance) = nnls(A, b), scipy_nnls(A.numpy(), b.numpy())
    assert (x >= 0).all()
    assert (A @ x - b).norm().item() == pytest.approx(distance, rel=1e-9, abs=1e-9)


@checked
@given(random_samples())
def test_the_nearest_mix_of_a_hull_is_scipy_s(samples):
    z = samples.signed_inputs / max(samples.inputs.norm(dim=1).max().item(), 1e-9)
    A = torch.cat([z, torch.ones(len(z), 1, dtype=z.dtype)], dim=1).T
    b = torch.tensor([0.0] * z.shape[1] + [1.0], dtype=torch.float64)
    assert torch.allclose(A @ nnls(A, b), A @ torch.from_numpy(scipy_nnls(A.numpy(), b.numpy())[0]), atol=1e-12)


@pytest.mark.parametrize(
    ("data", "gamma", "most"), [("and", 1 / math.sqrt(17), 51), ("or", 1 / 3, 27), ("nand", 1 / math.sqrt(17), 51)]
)
def test_closed_forms(data, gamma, most):
    """AND is separated best by u ~ (2, 2, -3), OR by (2, 2, -1)."""
    found = margin(make_samples(PerceptronSettings(data=data)))
    assert found.gamma == pytest.approx(gamma, rel=1e-9)
    assert found.radius == pytest.approx(math.sqrt(3), rel=1e-12)
    assert found.bound == pytest.approx(3 / gamma**2, rel=1e-9)
    assert found.most == most


def test_two_points_without_a_bias():
    """(3, 4) and -(3, 4) of the other class: u = (3, 4) / 5, gamma = R = 5, so one mistake is enough."""
    found = margin(Samples(torch.tensor([[3.0, 4.0], [-3.0, -4.0]], dtype=torch.float64), torch.tensor([1, 0]), False))
    assert (found.gamma, found.radius, found.bound) == pytest.approx((5, 5, 1))
    assert found.u.tolist() == pytest.approx([0.6, 0.8])


def test_only_the_origin_and_no_samples():
    nothing = torch.zeros(0, 2, dtype=torch.float64)
    with pytest.raises(ValueError, match="allowed: 1 or more"):
        margin(Samples(nothing, torch.zeros(0, dtype=torch.int64)))
    origin = margin(Samples(torch.zeros(2, 2, dtype=torch.float64), torch.tensor([0, 1]), False))
    assert (origin.separable, origin.bound, origin.most) == (False, math.inf, None)


@checked
@given(random_samples())
def test_a_linear_program_agrees_about_what_can_be_separated(samples):
    found = margin(samples)
    z = samples.signed_inputs.numpy()
    solved = linprog([0] * z.shape[1], A_ub=-z, b_ub=[-1] * len(z), bounds=[(None, None)] * z.shape[1])
    assert found.separable == (solved.status == 0)
    assert found.inseparable != found.separable
    if not found.separable:  # the mix that proves it
        assert found.shares.min() >= 0
        assert found.shares.sum().item() == pytest.approx(1)
        assert (found.shares @ samples.signed_inputs).abs().max() <= 1e-9 * max(1, found.radius)


@checked
@given(random_samples())
def test_a_support_vector_machine_finds_the_same_margin(samples):
    found = margin(samples)
    assume(found.separable and found.gamma > 0.02 and len(set(samples.y.tolist())) == 2)
    # scikit-learn's machine does not count the bias in the length of w: so give it sign x and -sign x, with bias 0
    both = torch.cat([samples.signed_inputs, -samples.signed_inputs]).numpy()
    machine = SVC(kernel="linear", C=1e10, tol=1e-9).fit(both, [1] * len(samples) + [0] * len(samples))
    assert found.gamma == pytest.approx(1 / np.linalg.norm(machine.coef_[0]), rel=1e-4)


@checked
@given(POINTS, st.booleans())
def test_no_run_breaks_novikoff_s_theorem(points, bias):
    found = run(own(points, bias=bias, max_updates=2000))
    best = margin(found.samples)
    k = torch.arange(found.updates + 1, dtype=torch.float64)
    assert (found.weights.norm(dim=1) ** 2 <= k * best.radius**2 + 1e-6).all()
    assert found.outcome != "converged" or best.separable
    if best.separable:
        assert found.updates <= best.bound * (1 + 1e-9)
        assert (found.weights @ best.u >= k * best.gamma - 1e-6).all()


@pytest.mark.parametrize(("n", "separable"), [(1, 4), (2, 14), (3, 104)])
def test_how_many_boolean_functions_a_line_can_do(n, separable):
    corners = torch.tensor(list(product((0.0, 1.0), repeat=n)), dtype=torch.float64)
    found = [margin(Samples(corners, torch.tensor(t))).separable for t in product((0, 1), repeat=2**n)]
    assert sum(found) == separable


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gap", [0.0625, 0.25, 0.5, 1.5])
def test_blobs_have_about_their_gap_as_margin_and_no_line_separates_many_overlapping_ones(gap, seed):
    best = margin(make_samples(PerceptronSettings(gap=gap, seed=seed, n_samples=300)))
    inside = best.gamma / best.u[:2].norm().item()  # the distance from the line, in the plane
    assert gap - 1 / GRID <= inside <= gap + 0.25
    assert not margin(make_samples(PerceptronSettings(data="overlap", gap=gap, seed=seed, n_samples=300))).separable


@pytest.mark.parametrize("chosen", [*(r.settings for r in RUNS), HEAVIEST], ids=str)
def test_the_limits_hold_the_length_between_them_and_the_caption_says_the_table_s_last_row(chosen):
    found = run(chosen)
    picture = novikoff_bounds(found)
    check_frames(picture, found.frame_steps)
    last = picture.table.iloc[-1]
    assert f"{found.updates} mistake" in plain(picture.caption)
    if margin(found.samples).separable:
        assert last["k γ"] <= last["w · u / lr"] + 1e-9
        assert last["w · u / lr"] <= last["length of w / lr"] * (1 + 1e-9)
    assert last["length of w / lr"] <= last["√k R"] * (1 + 1e-9)
    assert len(margins(found.samples).caption.split()) <= 45


def test_the_two_limits_meet_at_the_bound():
    found = run(PerceptronSettings())
    best, traces = margin(found.samples), {t.name: t for t in novikoff_bounds(found).figure.data}
    upper, lower = traces["√k · R: cannot be longer"], traces["k · γ: cannot be shorter"]
    crossing = np.interp(0, np.array(lower.y) - np.array(upper.y), np.log(np.array(upper.x)))
    assert np.exp(crossing) == pytest.approx(best.bound, rel=0.02)
    assert f"= {fmt(best.bound)}." in novikoff_bounds(found).caption


def test_a_margin_too_small_to_be_found_is_not_said_to_be_none():
    """Three points nearly on one line, far out: a line separates them, by about 1e-12 of the radius."""
    found = run(PerceptronSettings(data="own", points="wAAAQAAAQP__QP_-wQAAQP__", max_updates=50))
    best = margin(found.samples)
    assert (best.separable, best.inseparable) == (False, False)
    assert hull_intersection(found.samples) is None
    for said in (novikoff_bounds(found).caption, margins(found.samples).caption, reason(found)):
        assert "o weights separate the classes by a margin above a billionth of R" in said
        assert len(said.split()) <= 45


def test_a_largest_number_of_mistakes_is_only_said_where_there_is_one():
    for data, ends in (("and", True), ("xor", False)):
        assert ("so k ≤ (R/γ)²" in why(margin(run(PerceptronSettings(data=data)).samples))) == ends


def test_a_small_share_of_the_bound_is_not_said_to_be_none():
    found = run(own([Point(1000, 1000, 1), Point(999.5, 1000, 0), Point(1000, 999.875, 0)], max_updates=1))
    assert found.updates / margin(found.samples).bound < 1e-3
    assert "1 mistake, less than 0.1% of it" in novikoff_bounds(found).caption


def test_a_length_of_zero_is_on_the_chart():
    xor = run(PerceptronSettings(data="xor"))
    picture = novikoff_bounds(xor)
    assert picture.figure.layout.xaxis.type != "log" != picture.figure.layout.yaxis.type
    for frame, at in zip(picture.frames, xor.frame_steps, strict=True):
        assert frame["data"][0]["x"] == [at]
        assert frame["data"][0]["y"] == pytest.approx([xor.weights[at].norm().item()])


def test_the_margin_s_strip_touches_the_nearest_samples():
    samples = run(PerceptronSettings()).samples
    best, picture = margin(samples), margins(samples)
    traces = {t.name: t for t in picture.figure.data}
    for x1, x2 in zip(traces["nearest samples"].x, traces["nearest samples"].y, strict=True):
        assert abs(best.u @ torch.tensor([x1, x2, 1.0], dtype=torch.float64)) == pytest.approx(best.gamma, rel=1e-6)
    assert max(traces["radius"].x) == pytest.approx(samples.X.norm(dim=1).max().item())
    said = [float(number) for number in re.findall(r"-?\d+\.\d+", plain(picture.caption))]
    assert said == pytest.approx([best.gamma, *best.u.tolist(), best.radius], abs=6e-4)
