"""A small network: Mazur's published numbers, one network at two zooms, one training step."""

import pytest
import torch
from programs import printed
from visitor import guess, newcomer, visit

from core.backpropagation.check import central_differences, close
from core.backpropagation.network import SIZES, as_layers, as_numbers, effect, training_step, weight_of
from core.backpropagation.program import network_program
from core.backpropagation.settings import ACTIVATIONS, NetworkSettings
from core.backpropagation.tensors import rule
from figures.backpropagation.network import step_table, step_words, update_by_hand
from pages.backpropagation.network import PRESETS

ALL = [NetworkSettings(network=n, activation=a, seed=1) for n in SIZES for a in ACTIVATIONS]


def test_mazurs_published_numbers():
    """https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/"""
    step = training_step(NetworkSettings())
    after = dict(zip(step.names, step.after.tolist(), strict=True))
    assert (step.loss, step.new_loss) == (pytest.approx(0.298371109, abs=1e-9), pytest.approx(0.291027924, abs=2e-7))
    assert step.gradients[step.names.index("w5")].item() == pytest.approx(0.082167041, abs=1e-9)
    published = {"w1": 0.149780716, "w2": 0.19956143, "w3": 0.24975114, "w4": 0.29950229}
    published |= {"w5": 0.35891648, "w6": 0.408666186, "w7": 0.511301270, "w8": 0.561370121}
    assert {name: after[name] for name in published} == pytest.approx(published, abs=1e-8)
    assert after["b1"] == 0.35
    assert "0.298371109" in step_words(step)
    assert "lower than before" in step_words(step)
    assert "0.4 − 0.5 × 0.0821670406 = **0.358916**" in update_by_hand(step, "w5")
    assert list(step_table(step)["after"]) == step.after.tolist()


@pytest.mark.parametrize("settings", ALL, ids=lambda s: f"{s.network} {s.activation}")
def test_both_zooms_and_the_model_have_the_same_gradients(settings):
    numbers, layers, step = as_numbers(settings), as_layers(settings), training_step(settings)
    for node, difference in zip(numbers.nodes, central_differences(numbers), strict=True):
        assert node.gradient is None or close(node.gradient, difference)
    assert numbers.result.value.item() == pytest.approx(layers.result.value.item()) == pytest.approx(step.loss)
    by_name = {node.name: node.gradient for node in numbers.nodes}
    of_layers = torch.cat([layers.nodes[i].gradient.flatten() for i in layers.leaves])
    of_numbers = torch.stack([by_name[name] for name in step.names])
    torch.testing.assert_close(of_numbers, step.gradients)
    torch.testing.assert_close(of_layers, step.gradients)


@pytest.mark.parametrize("network", SIZES)
def test_the_rules_of_a_linear_layer(network):
    graph = as_layers(NetworkSettings(network=network))
    edges = [
        edge for edge in graph.edges if graph.nodes[edge.child].sign == "Linear" and graph.message(edge) is not None
    ]
    assert len(edges) == 3 * (len(SIZES[network]) - 1) - 1  # none to the inputs
    for edge in edges:
        torch.testing.assert_close(rule(graph, edge).value, graph.message(edge))


def test_the_names_of_weights():
    step = training_step(NetworkSettings(network="2-3-1"))
    assert step.names == ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3", "w7", "w8", "w9", "b4")
    layers, numbers = (
        {node.name: weight_of(step, node) for node in graph(step.settings).nodes} for graph in (as_layers, as_numbers)
    )
    assert [layers[name] for name in ("W1", "b1", "W2", "b2", "h1")] == ["w1", "b1", "w7", "b4", "w1"]
    assert [numbers[name] for name in ("w3", "b2", "h1")] == ["w3", "b2", "w1"]


def test_a_bias_that_is_not_trained_is_said_to_stay():
    assert "not trained" in update_by_hand(training_step(NetworkSettings(activation="relu")), "b1")
    assert "not trained" not in update_by_hand(training_step(NetworkSettings(biases=True)), "b1")


def test_a_step_that_is_too_long_makes_the_error_larger():
    values = {name.removeprefix("network."): v for name, v in PRESETS["Too long a step"][1].items()}
    step = training_step(NetworkSettings(**values))
    assert effect(step) == "higher"
    assert "higher than before" in step_words(step)
    assert effect(training_step(NetworkSettings())) == "lower"


def test_programs_print_what_the_page_says():
    programs = [network_program(training_step(s)) for s in (NetworkSettings(), *ALL[4:], NetworkSettings(biases=True))]
    assert printed([p.text for p in programs], warnings_are_errors=True) == [list(p.prints) for p in programs]


def test_each_preset_shows_what_it_promises():
    for link in (PRESETS["As layers"][1], PRESETS["One output"][1]):
        at = visit("backpropagation", view="network", **{name: str(value) for name, value in link.items()})
        assert not at.exception
    at = guess(newcomer("backpropagation", view="network"), "It is lower")
    assert any("**Right:**" in info.value and "0.291027774" in info.value for info in at.info)
