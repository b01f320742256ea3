"""Deep networks with fresh weights: real layers, closed forms in the mean, and the map against single networks."""

import math
import re

import pytest
import torch
import torch.nn as nn
from effort import at_most
from programs import printed
from visitor import sent_by_browser, visit

from core.activation_functions.depth import DEPTHS, SCALES, fate, gradient_map, make_layer, run
from core.activation_functions.modules import ACTIVATIONS
from core.activation_functions.program import depth_program
from core.activation_functions.settings import INITS, DepthSettings
from figures.activation_functions.depth import by_hand, cell_at, error_map, fate_words, signals_and_errors


def network(name="ReLU", activation=None, **settings):
    return run(ACTIVATIONS[name](**(activation or {})), DepthSettings(**settings))


def test_the_default_layer_is_the_one_that_torch_draws():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        theirs = nn.Linear(8, 8, dtype=torch.float64)
    ours = make_layer(DepthSettings(width=8), torch.Generator().manual_seed(3))
    assert torch.equal(ours.weight, theirs.weight)
    assert torch.equal(ours.bias, theirs.bias)


@pytest.mark.parametrize("init", INITS)
def test_without_an_activation_the_error_is_the_product_of_the_weights(init):
    found = network("Identity", init=init, depth=3, width=8)
    generator = torch.Generator().manual_seed(0)
    _, u = (torch.randn(32, 8, generator=generator, dtype=torch.float64) for _ in range(2))
    layers = [make_layer(found.settings, generator) for _ in range(3)]
    errors = [u @ layers[2].weight @ layers[1].weight, u @ layers[2].weight, u]
    assert found.errors.tolist() == pytest.approx([e.square().mean().sqrt().item() for e in errors])
    assert found.slopes.tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["ReLU", "GELU", "Sigmoid", "Step"])
def test_cells_of_the_map_are_single_networks(name):
    cells, activation = [(0, 0), (3, 16), (11, 12), (24, 5)], ACTIVATIONS[name]()
    found = gradient_map(activation, 16, 7).errors
    for depth, scale in cells:
        settings = DepthSettings(init="normal", scale=SCALES[scale], depth=DEPTHS[depth], width=16, seed=7)
        assert found[depth, scale].item() == pytest.approx(run(activation, settings).errors[0].item(), rel=1e-9)


def test_the_map_takes_a_moment():
    with at_most(70):
        gradient_map.__wrapped__(ACTIVATIONS["Mish"](), 48, 1)


@pytest.mark.parametrize(
    ("settings", "error", "signal"),
    [
        ({}, "vanishes", "vanishes"),
        ({"init": "kaiming"}, "arrives", "arrives"),
        ({"name": "Sigmoid", "init": "xavier"}, "vanishes", "vanishes"),
        ({"name": "Tanh", "init": "xavier"}, "arrives", "arrives"),
        ({"name": "Identity", "init": "normal", "scale": 2.0}, "explodes", "explodes"),
        ({"name": "Step", "init": "kaiming"}, "lost", "arrives"),
        ({"name": "Hardshrink", "init": "normal", "scale": 0.25}, "lost", "lost"),
        ({"depth": 1}, "arrives", "arrives"),
    ],
)
def test_what_becomes_of_errors_and_signals(settings, error, signal):
    found = network(**settings)
    assert (found.error_fate, found.signal_fate) == (error, signal)
    assert fate_words(found).count("vanishes") == [error, signal].count("vanishes")
    assert len(signals_and_errors(found).caption.split()) <= 45


def test_fates_have_borders():
    assert [fate(share) for share in (0, 1e-30, 9e-4, 1e-3, 1e3, 1.1e3)] == [
        *("lost", "vanishes", "vanishes", "arrives", "arrives", "explodes"),
    ]


def test_kaiming_keeps_the_mean_square_of_an_error_through_a_relu():
    """Over many networks: each layer halves it by the slopes and doubles it by the weights."""
    squares = [network(init="kaiming", depth=8, width=48, seed=seed).errors[0].item() ** 2 for seed in range(30)]
    assert sum(squares) / len(squares) == pytest.approx(
        0.5, rel=0.25
    )  # the last layer has slopes but no weights after it


def test_dead_units_are_those_whose_slope_is_0_for_every_sample():
    found = network("Hardtanh", {"min_val": -0.1, "max_val": 0.1}, init="normal", scale=4.0, depth=1, width=48)
    assert 0 <= found.dead[0] < 1
    assert network("Step").dead.tolist() == [1] * 20
    assert network("Sigmoid").dead.tolist() == [0] * 20
    assert "100% of the units are dead" in fate_words(network("Step"))


def test_the_extremes_are_finite_and_have_words():
    for name, activation in (("ELU", {"alpha": 5.0}), ("PReLU", {"init": 2.0}), ("Threshold", {"value": 3.0})):
        found = network(name, activation, init="normal", scale=4.0, depth=50, width=48)
        for values in (found.errors, found.spreads, found.weight_gradients):
            assert torch.isfinite(values).all()
    for settings in ({"depth": 1}, {"depth": 2}, {"name": "Step"}):
        assert "**" in by_hand(network(**settings))


def test_chance_is_named_only_where_there_is_a_difference():
    assert "no error to multiply" in by_hand(network("Step", init="kaiming"))
    assert by_hand(network("Step", depth=1)).endswith("1 · 0 = **0**. The run has that, too.")
    assert by_hand(network("Step", depth=2)).endswith("no error to multiply: layer 1 gets **0**.")
    assert "differ by chance" in by_hand(network(depth=1)) and "differ by chance" in by_hand(network())
    assert "· 1.23456 ·" in by_hand(network(init="normal", scale=1.23456))


def test_a_step_by_hand_is_near_the_run():
    found = network(init="kaiming", width=48)
    product = found.errors[1] * math.sqrt(2) * found.slopes[0]
    assert product.item() == pytest.approx(found.errors[0].item(), rel=0.2)
    error, scale, slope, said = re.findall(r"[\d.]+\d", by_hand(found))[:4]
    assert float(error) * float(scale) * float(slope) == pytest.approx(float(said), rel=1e-4)
    assert float(said) == pytest.approx(product.item(), rel=1e-3)


def test_the_map_says_which_networks_learn_and_a_click_opens_one():
    found = gradient_map(ACTIVATIONS["ReLU"](), 32, 0)
    usable = int(((found.errors >= 1e-3) & (found.errors <= 1e3)).sum())
    picture = error_map(found, network())
    assert f"In {usable} of {len(SCALES) * len(DEPTHS)}" in picture.caption
    assert picture.table.shape == (len(DEPTHS), len(SCALES) + 1)
    assert cell_at(0.52, 21.2) == (2**0.5, 22)
    assert cell_at(3.0, 20) is cell_at(0, 80) is None
    page = visit("activation_functions", view="depth")
    page = sent_by_browser(page, {"chart": {"place": {"axis": "y", "x": 0.52, "y": 21.2}}})
    values = page.session_state["activation_functions"]
    assert (values["depth.init"], values["depth.scale"], values["depth.depth"]) == ("normal", 2**0.5, 22)


def test_the_programs_print_the_layers_of_the_page():
    cases = [network(), network("RReLU", init="kaiming", depth=3), network("Step", init="xavier", depth=2, seed=5)]
    cases.append(network("PReLU", {"init": 0.1}, init="normal", scale=1.41, width=8, depth=4))
    programs = [depth_program(found) for found in cases]
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]
