"""Activation functions: found in torch, equal to their formulas, with the slopes that torch documents."""

import math

import pytest
import torch
import torch.nn as nn
from programs import printed
from visitor import components, sent_by_browser, visit

from core.activation_functions.function import Corner, curve
from core.activation_functions.known import KNOWN
from core.activation_functions.modules import (
    ACTIVATIONS,
    KINDS,
    OWN,
    activation_modules,
    second_derivative,
    value_and_slope,
)
from core.activation_functions.program import function_program
from figures.activation_functions.function import (
    by_hand,
    corner_words,
    curves_and_slopes,
    formula_words,
    guess_words,
    table,
)

PLACES = (-5.3, -2.0, -0.7, 0.4, 1.3, 3.1, 5.9)


def phi(z):
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def softplus(z):
    return math.log1p(math.exp(z))


FORMULAS = {  # written anew from the texts in `known.py`, at the defaults
    "ReLU": lambda z: max(0, z),
    "Sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "Tanh": lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    "Step": lambda z: float(z > 0),
    "Identity": lambda z: z,
    "LeakyReLU": lambda z: max(0, z) + 0.01 * min(0, z),
    "PReLU": lambda z: max(0, z) + 0.25 * min(0, z),
    "RReLU": lambda z: max(0, z) + (1 / 8 + 1 / 3) / 2 * min(0, z),
    "ELU": lambda z: z if z > 0 else math.exp(z) - 1,
    "SELU": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "CELU": lambda z: z if z > 0 else math.exp(z) - 1,
    "GELU": lambda z: z * phi(z),
    "SiLU": lambda z: z / (1 + math.exp(-z)),
    "Mish": lambda z: z * math.tanh(softplus(z)),
    "Softplus": softplus,
    "Softsign": lambda z: z / (1 + abs(z)),
    "LogSigmoid": lambda z: -softplus(-z),
    "Hardtanh": lambda z: min(1, max(-1, z)),
    "ReLU6": lambda z: min(6, max(0, z)),
    "Hardsigmoid": lambda z: min(1, max(0, z / 6 + 0.5)),
    "Hardswish": lambda z: z * min(6, max(0, z + 3)) / 6,
    "Hardshrink": lambda z: z if abs(z) > 0.5 else 0,
    "Softshrink": lambda z: max(0, z - 0.5) + min(0, z + 0.5),
    "Tanhshrink": lambda z: z - math.tanh(z),
    "Threshold": lambda z: z if z > 1 else 0,
}


def at(name, z=1.0, **parameters):
    return curve(ACTIVATIONS[name](**parameters), z)


def test_every_module_that_maps_one_number_is_found_and_explained():
    mixing = {"GLU", "MultiheadAttention", "Softmin", "Softmax", "Softmax2d", "LogSoftmax"}
    assert set(activation_modules()) == set(nn.modules.activation.__all__) - mixing
    assert set(ACTIVATIONS) == set(activation_modules()) | set(OWN) == set(KNOWN) == set(FORMULAS)


@pytest.mark.parametrize("name", FORMULAS)
def test_values_are_those_of_the_formula_and_slopes_its_difference_quotients(name):
    f, h = FORMULAS[name], 1e-6
    values, slopes = value_and_slope(ACTIVATIONS[name]().make(), torch.tensor(PLACES, dtype=torch.float64))
    assert values.tolist() == pytest.approx([f(z) for z in PLACES], abs=1e-12)
    assert slopes.tolist() == pytest.approx([(f(z + h) - f(z - h)) / (2 * h) for z in PLACES], abs=1e-7)


@pytest.mark.parametrize(
    ("name", "steepest", "where"),
    [("Sigmoid", 0.25, 0), ("Tanh", 1, 0), ("SiLU", 1.099839, 2.3994), ("GELU", 1.128904, math.sqrt(2))],
)
def test_the_steepest_slopes_are_the_known_ones_and_curve_no_more(name, steepest, where):
    assert at(name).slopes.max().item() == pytest.approx(steepest, abs=1e-5)
    assert at(name, where).slope == pytest.approx(steepest, abs=1e-5)
    assert at(name, where).curvature == pytest.approx(0, abs=1e-4)


def test_a_second_derivative_is_autograds_or_there_is_none():
    z = torch.tensor([-2.0, 0.5, 1e-7, -1e-7, 0.0], dtype=torch.float64)
    softsign = second_derivative(nn.Softsign(), z)
    assert softsign.tolist() == pytest.approx([2 / 27, -2 / 3.375, -2, 2, 0], rel=1e-6)
    assert second_derivative(nn.Hardsigmoid(), z) is None
    assert second_derivative(nn.Identity(), z).tolist() == [0] * 5


@pytest.mark.parametrize(
    ("name", "parameters", "corners"),
    [  # z, slope on the left, on the right, and what torch returns
        ("ReLU", {}, [(0, 0, 1, 0)]),
        ("LeakyReLU", {"negative_slope": 0.2}, [(0, 0.2, 1, 0.2)]),
        ("LeakyReLU", {"negative_slope": 1.0}, []),
        ("ELU", {}, []),
        ("ELU", {"alpha": 0.5}, [(0, 0.5, 1, 0.5)]),
        ("CELU", {"alpha": 0.5}, []),
        ("SELU", {}, [(0, 1.758099, 1.050701, 1.758099)]),
        ("Hardtanh", {"min_val": -0.3}, [(-0.3, 0, 1, 0), (1, 1, 0, 0)]),
        ("Hardsigmoid", {}, [(-3, 0, 1 / 6, 0), (3, 1 / 6, 0, 0)]),
        ("Hardswish", {}, [(-3, 0, -0.5, 0), (3, 1.5, 1, 1)]),
        ("Step", {}, [(0, 0, 0, 0)]),
        ("Tanh", {}, []),
        ("Softplus", {"beta": 0.5, "threshold": 0.5}, [(1, 0.622459, 1, 0.622459)]),
    ],
)
def test_corners_are_found_with_what_torch_returns_there(name, parameters, corners):
    found = at(name, **parameters).corners
    assert [(c.z, *c.slopes, c.torch_slope) for c in found] == [pytest.approx(c, abs=2e-6) for c in corners]
    assert [c.is_jump for c in found] == [name in ("Step", "Softplus")] * len(found)


def test_saturated_is_where_the_slope_is_below_a_twentieth():
    edge = math.log((1 + math.sqrt(0.8)) / (1 - math.sqrt(0.8)))  # s (1 - s) = 0.05
    (below, above), relu = at("Sigmoid").saturated, at("ReLU", -1.0)
    assert [*below, *above] == pytest.approx([-6, -edge, edge, 6], abs=0.005)
    assert "below 0." in formula_words(relu)
    assert "everywhere" in formula_words(at("Step")) and "nowhere" in formula_words(at("Identity"))


@pytest.mark.parametrize(("name", "z", "said"), [("ReLU", -2, "zero"), ("ReLU", 2, "same"), ("ReLU", 0, "both")])
def test_what_a_neuron_passes_on(name, z, said):
    assert at(name, float(z)).passes == said
    assert at("Sigmoid", float(z)).passes == "other"


def test_words_are_about_the_curve():
    assert "jumps from 0 to 1" in corner_words(at("Step"))
    assert "no corner" in corner_words(at("Tanh"))
    assert Corner(0.0, (0.0, 0.0), (0.0, 1.0), 0.0).is_jump is False
    found = at("Sigmoid", 2.0)
    assert by_hand(found).endswith("0.00209988 / 0.02 = **0.10499**; autograd returns 0.10499.")
    assert by_hand(at("Sigmoid", -6.0)).endswith("4.933e−5 / 0.02 = **0.0024665**; autograd returns 0.0024665.")
    assert by_hand(at("Tanh", 4.0)).endswith("= **0.001341**; autograd returns 0.001341.")
    assert "= **0.0067381**; autograd returns 0.0067379. They differ, since the run" in by_hand(at("ELU", -5.0))
    assert "its 16 digits hardly show it" in by_hand(at("CELU", -6.0, alpha=0.1))
    assert "A corner lies in this run" in by_hand(at("ReLU", 0.0))
    assert "A corner lies in this run" in by_hand(at("Threshold", 1.01))
    assert by_hand(at("ReLU", 2.0)).endswith("= **1**; autograd returns 1.")
    picture = curves_and_slopes([found, at("ReLU", 2.0)], True)
    assert {"slope of Sigmoid", "f″ of ReLU"} <= set(picture.table)
    assert f"{found.value:.4g}" in picture.caption


@pytest.mark.parametrize("name", FORMULAS)
def test_the_run_is_blamed_only_where_its_slope_differs(name):
    f = FORMULAS[name]
    for z in (-6.0, -3.7, 0.5, 4.0, 6.0):
        if "A corner" not in (told := by_hand(at(name, z))):
            quotient, slope = (f"{value:.5g}" for value in ((f(z + 0.01) - f(z - 0.01)) / 0.02, at(name, z).slope))
            assert ("They differ" in told) == (float(quotient) != float(slope))


def test_numbers_that_differ_read_differently_and_a_sum_has_all_its_digits():
    assert guess_words(at("GELU", 6.0)).startswith("GELU makes 5.99999999 of 6,")
    assert "| GELU | 5.99999999 |" in table([at("GELU", 6.0)], False)
    assert guess_words(at("ReLU", 2.3456)).startswith("ReLU makes 2.3456 of 2.3456,")
    assert "f(2.3356) = 2.3356 to f(2.3556) = 2.3556" in by_hand(at("ReLU", 2.3456))
    assert "from 0.99999 to 1;" in corner_words(at("LeakyReLU", negative_slope=0.99999))
    for name in ("Softshrink", "Hardshrink"):
        narrowest = KINDS["lambd"].low
        assert [corner.z for corner in at(name, lambd=narrowest).corners] == [-narrowest, narrowest]


def test_the_formula_of_gelu_is_the_chosen_one():
    found = at("GELU", -2.0, approximate="tanh")
    by_formula = -2 / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (-2 + 0.044715 * -8)))
    assert found.value == pytest.approx(by_formula, abs=1e-12) != at("GELU", -2.0).value
    assert "0.044715" in formula_words(found) and "0.044715" not in formula_words(at("GELU"))


def test_the_programs_print_what_the_page_says():
    pairs = [("ReLU", "GELU"), ("Hardsigmoid", "Softsign"), ("Step", "PReLU"), ("RReLU", "Identity")]
    programs = [function_program([at(name, 1.5) for name in pair], True) for pair in pairs]
    programs.append(function_program([at("Softsign", 1e-7)], True))
    programs.append(function_program([at("Softsign", 0.0)], True))
    programs.append(function_program([at("Hardshrink", -2.0, lambd=0.25)], False))
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]


def test_a_click_goes_to_its_sum_and_further_curves_appear_one_by_one():
    page = visit("activation_functions", **{"function.second": "Tanh", "function.third": "ELU", "ELU.alpha": "2.0"})
    keys = {control.key for kind in ("selectbox", "select_slider") for control in page.get(kind)}
    assert {"activation_functions.function.fourth", "activation_functions.ELU.alpha"} <= keys
    page = sent_by_browser(page, {"chart": {"place": {"axis": "y", "x": 1.2345, "y": 0}}})
    assert page.session_state["activation_functions"]["function.z"] == 1.2
    page = sent_by_browser(page, {"chart": {"place": {"axis": "y", "x": 99, "y": 0}}})
    assert page.session_state["activation_functions"]["function.z"] == 1.2
    assert len(components(page, "chart")) == 1
