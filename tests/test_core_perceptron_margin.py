"""The largest margin against closed forms, a support vector machine and a linear program."""

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.svm import SVC

from core.perceptron.data import Samples, make_samples
from core.perceptron.learn import run
from core.perceptron.limits import meeting
from core.perceptron.margin import margin
from core.perceptron.settings import PerceptronSettings

checked = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def random_samples(draw):
    n = draw(st.integers(2, 15))
    numbers = st.lists(st.integers(-32, 32), min_size=n, max_size=n)
    X = torch.tensor([draw(numbers), draw(numbers)], dtype=torch.float64).T / 8
    label = torch.tensor(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)))
    return Samples(X, label, draw(st.booleans()))


@pytest.mark.parametrize(("data", "gamma"), [("and", 1 / math.sqrt(17)), ("or", 1 / 3), ("nand", 1 / math.sqrt(17))])
def test_closed_forms(data, gamma):
    """AND is separated best by u ~ (2, 2, -3), OR by (2, 2, -1)."""
    found = margin(make_samples(PerceptronSettings(data=data)))
    assert found.gamma == pytest.approx(gamma, rel=1e-9)
    assert found.radius == pytest.approx(math.sqrt(3), rel=1e-12)
    assert found.bound == pytest.approx(3 / gamma**2, rel=1e-9)


def test_two_points_without_a_bias():
    """(3, 4) and -(3, 4) of the other class: u = (3, 4) / 5, gamma = R = 5, so one mistake is enough."""
    found = margin(Samples(torch.tensor([[3.0, 4.0], [-3.0, -4.0]], dtype=torch.float64), torch.tensor([1, 0]), False))
    assert (found.gamma, found.radius, found.bound) == pytest.approx((5, 5, 1))
    assert found.u.tolist() == pytest.approx([0.6, 0.8])


def test_xor_has_no_margin_and_its_classes_meet_in_the_middle():
    found = run(PerceptronSettings(data="xor"))
    none = margin(found.samples)
    assert not none.separable
    assert none.bound == math.inf
    assert meeting(found, none).place.tolist() == pytest.approx([0.5, 0.5])


@checked
@given(random_samples())
def test_a_linear_program_agrees_about_what_can_be_separated(samples):
    found = margin(samples)
    z = samples.yx.numpy()
    solved = linprog([0] * z.shape[1], A_ub=-z, b_ub=[-1] * len(z), bounds=[(None, None)] * z.shape[1])
    assert found.separable == (solved.status == 0)
    if not found.separable:  # the mix that proves it
        assert found.shares.min() >= 0
        assert found.shares.sum().item() == pytest.approx(1)
        assert (found.shares @ samples.yx).abs().max() <= 1e-9 * max(1, found.radius)


@checked
@given(random_samples())
def test_a_support_vector_machine_finds_the_same_margin(samples):
    found = margin(samples)
    assume(found.separable and found.gamma > 0.02 and len(set(samples.label.tolist())) == 2)
    # scikit-learn's machine does not count the bias in the length of w: so give it y x and -y x, where the bias is 0
    both = torch.cat([samples.yx, -samples.yx]).numpy()
    machine = SVC(kernel="linear", C=1e10, tol=1e-9).fit(both, [1] * len(samples) + [0] * len(samples))
    w = torch.tensor(machine.coef_[0])
    assert found.gamma == pytest.approx(1 / w.norm().item(), rel=1e-4)


@checked
@given(random_samples())
def test_where_the_classes_meet_is_a_mix_of_either(samples):
    assume(samples.bias)
    found = run(PerceptronSettings())
    meet = meeting(type(found)(**vars(found) | {"samples": samples}), margin(samples))
    assert (meet is None) == margin(samples).separable
    if meet:
        for label in (0, 1):
            shares = torch.tensor(meet.shares[label], dtype=torch.float64)
            assert set(samples.label[meet.rows[label]].tolist()) == {label}
            assert shares.min() >= 0
            assert shares.sum().item() == pytest.approx(1)
            mixed = shares @ samples.X[meet.rows[label]]
            assert mixed.tolist() == pytest.approx(meet.place.tolist(), abs=1e-6)


def test_the_meeting_place_takes_few_samples():
    found = run(PerceptronSettings(data="overlap", n_samples=300, max_updates=5))
    meet = meeting(found, margin(found.samples))
    assert sum(len(rows) for rows in meet.rows.values()) <= 4  # Radon and Caratheodory: d + 2 points in d dimensions


def test_only_the_origin_and_no_samples():
    nothing = torch.zeros(0, 2, dtype=torch.float64)
    with pytest.raises(ValueError, match="allowed: 1 or more"):
        margin(Samples(nothing, torch.zeros(0, dtype=torch.int64)))
    assert not margin(Samples(torch.zeros(2, 2, dtype=torch.float64), torch.tensor([0, 1]), False)).separable
