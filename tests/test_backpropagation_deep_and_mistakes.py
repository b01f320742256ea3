"""How the gradient vanishes and explodes in a deep chain, and what mistakes with autograd do."""

import json
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import printed
from visitor import charts, guess, newcomer

from core.backpropagation.deep import ACTIVATIONS, fate, mean_factor, run_chain
from core.backpropagation.mistakes import try_mistake
from core.backpropagation.program import deep_program, mistakes_program
from core.backpropagation.settings import MISTAKES, DeepSettings, MistakeSettings
from core.tried import effect
from figures.backpropagation.deep import by_hand, factors, outcome, sizes
from figures.backpropagation.mistakes import by_hand as mistake_by_hand
from figures.backpropagation.mistakes import two_bars


@given(
    st.builds(
        DeepSettings,
        depth=st.integers(1, 30),
        weight=st.floats(-3, 3),
        activation=st.sampled_from(list(ACTIVATIONS)),
        x=st.floats(-3, 3),
        residual=st.booleans(),
    )
)
@settings(max_examples=60, deadline=None)
def test_the_gradient_is_the_product_of_the_factors(chosen):
    chain = run_chain(chosen)
    torch.testing.assert_close(chain.gradients[:-1], chain.factors.flip(0).cumprod(0).flip(0))
    plus = 1 if chosen.residual else 0
    torch.testing.assert_close(chain.factors, plus + chosen.weight * chain.slopes)
    torch.testing.assert_close(chain.by_weight, chain.gradients[1:] * chain.slopes * chain.values[:-1])
    if chosen.activation == "sigmoid":
        assert (chain.slopes <= 0.25).all()
    assert sizes(chain).caption.startswith("Read it")
    assert by_hand(chain)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, "vanishes"),
        ({"depth": 1}, "shrinks"),
        ({"residual": True}, "keeps"),
        ({"activation": "relu", "weight": 1.5}, "explodes"),
        ({"activation": "relu", "weight": 1.5, "depth": 3}, "grows"),
        ({"activation": "relu"}, "keeps"),
        ({"activation": "relu", "weight": -1.0}, "zero"),
        ({"activation": "identity", "weight": -2.0, "depth": 1}, "keeps"),
        ({"weight": 0.0}, "zero"),
        ({"activation": "tanh", "weight": -10.0, "depth": 100}, "zero"),  # too small for float64
    ],
)
def test_what_becomes_of_the_gradient(chosen, said):
    chain = run_chain(DeepSettings(**chosen))
    assert fate(chain) == said
    assert outcome(chain).endswith(".")
    assert factors(chain).caption
    if said != "zero":
        assert mean_factor(chain) ** chain.settings.depth == pytest.approx(abs(chain.gradients[0].item()))


def test_no_chain_leaves_float64():
    chain = run_chain(DeepSettings(activation="identity", weight=10.0, depth=100, x=10.0, residual=True))
    assert fate(chain) == "explodes"
    assert sizes(chain).json
    assert all(torch.isfinite(each).all() for each in (chain.values, chain.gradients, chain.by_weight))


EXPECTED = {  # mistake -> effect, the right gradient (or weight), the mistaken one; w = 1.5, x = 2, 4 passes
    "no_zero_grad": ("silence", 8.0, 32.0, ""),
    "in_place": ("error", None, None, "modified by an inplace operation"),
    "leaf_in_place": ("error", 1.5 - 0.1 * 8, None, "leaf Variable"),
    "detach": ("silence", 8.0, None, ""),
    "no_requires_grad": ("error", 8.0, None, "does not require grad and does not have a grad_fn"),
    "twice": ("error", 8.0, None, "backward through the graph a second time"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_a_mistake_does(name):
    said, right, wrong, error = EXPECTED[name]
    tried = try_mistake(MistakeSettings(mistake=name, w=1.5, x=2.0, passes=4))
    assert effect(tried) == said
    assert right is None or tried.right == pytest.approx(right)
    assert tried.wrong == (None if wrong is None else pytest.approx(wrong))
    assert error in tried.error
    assert bool(tried.error) == (said == "error")
    assert mistake_by_hand(tried)
    assert tried.quantity in two_bars(tried).caption


def test_one_pass_needs_no_zero_grad():
    assert effect(try_mistake(MistakeSettings(passes=1))) == "none"
    assert effect(try_mistake(MistakeSettings(x=0.0))) == "none"


def test_programs_print_what_the_page_says():
    chains = [
        {},
        {"residual": True, "depth": 3},
        {"activation": "identity", "weight": -2.0},
        {"activation": "relu", "x": -1.0},
    ]
    programs = [deep_program(run_chain(DeepSettings(**chosen))) for chosen in chains]
    programs += [mistakes_program(s) for s in (MistakeSettings(), MistakeSettings(w=-0.3, x=0.7, passes=2))]
    assert printed([p.text for p in programs], warnings_are_errors=True) == [list(p.prints) for p in programs]


@pytest.mark.parametrize(
    ("view", "option"), [("deep", "Less than a thousandth"), ("mistakes", "Another result, and no error")]
)
def test_the_guess_is_answered_from_the_run(view, option):
    at = guess(newcomer("backpropagation", view=view), option)
    assert any("**Right:**" in info.value for info in at.info)


def test_before_the_guess_the_axis_does_not_reach_to_what_the_mistake_gives():
    figure = json.loads(charts(newcomer("backpropagation", view="mistakes"))[0]["figure"])
    assert figure["layout"]["xaxis"]["range"][1] < 12  # the right way gives 4


def test_no_graph_and_no_chain_imports_sympy():
    """Parts of autograd and of nn do, for what is not needed here: 35 MB and a third of a second."""
    code = """
import sys
from core.backpropagation.deep import run_chain
from core.backpropagation.network import as_layers, as_numbers
from core.backpropagation.read import read
from core.backpropagation.settings import DeepSettings, NetworkSettings
read('x*y', 'x = 2, y = 3'), as_numbers(NetworkSettings()), as_layers(NetworkSettings()), run_chain(DeepSettings())
print("sympy" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=".")
    assert told.stdout.strip() == "False", told.stderr
