"""The program of each view for the settings on screen, and the lines that it prints."""

import ast
from dataclasses import replace

import torch.nn as nn

from core.backpropagation.check import central_differences, close
from core.backpropagation.deep import ACTIVATIONS, Chain
from core.backpropagation.graph import Graph
from core.backpropagation.mistakes import MISTAKES, try_mistake
from core.backpropagation.network import TrainingStep, make_example
from core.backpropagation.read import python
from core.backpropagation.settings import GraphSettings, MistakeSettings, TensorSettings
from core.expression.parse import parse
from core.program import Program, source, with_constants, with_line, with_lines


def graph_program(settings: GraphSettings, graph: Graph) -> Program:
    """The calculation with its gradients by the variables."""
    leaves, differences = [(i, graph.nodes[i]) for i in graph.leaves], central_differences(graph)
    text = with_constants(source("backpropagation"), {"VALUES": {n.name: n.value.item() for _, n in leaves}})
    lines = {
        "def f(x, y, z):": f"def f({', '.join(node.name for _, node in leaves)}):",
        "return (x + y) * z": "\n    ".join(python(settings.text)),
    }
    prints = [f"result: {graph.result.value.item():.6g}"]
    for i, node in leaves:
        agrees = close(node.gradient, differences[i])
        prints.append(f"gradient by {node.name}: {node.gradient.item():.6g}; the central difference agrees: {agrees}")
    return Program("backpropagation", with_lines(text, lines), prints)


def network_program(step: TrainingStep) -> Program:
    """One training step of the network."""
    settings = step.settings
    example = make_example(settings)
    linears = [module for module in example.model if isinstance(module, nn.Linear)]
    constants = {
        "WEIGHTS": [linear.weight.tolist() for linear in linears],
        "BIASES": [linear.bias.tolist() for linear in linears],
        "INPUTS": example.inputs.tolist(),
        "TARGETS": example.targets.tolist(),
        "LR": settings.lr,
        "TRAIN_BIASES": settings.biases,
    }
    text = with_constants(source("backpropagation_network"), constants)
    text = with_line(
        text,
        "layers += [linear, nn.Sigmoid()]",
        f"layers += [linear, nn.{ACTIVATIONS[settings.activation].__name__}()]",
    )
    if settings.network != "mazur":
        text = text.replace(text[text.index("# The numbers of") : text.index("WEIGHTS")], "")
    rows = zip(step.names, step.before.tolist(), step.gradients.tolist(), step.after.tolist(), strict=True)
    prints = [f"E before: {step.loss:.9f}"]
    prints += [f"{name}: {old:.7f}, gradient {g:.7f}, after {new:.7f}" for name, old, g, new in rows]
    return Program("backpropagation_network", text, [*prints, f"E after: {step.new_loss:.9f}"])


def tensors_program(settings: TensorSettings, graph: Graph) -> Program:
    """The calculation with the gradients of all tensors."""
    leaves = [graph.nodes[i] for i in graph.leaves]
    name, names = "backpropagation_tensors", ", ".join(node.name for node in leaves)
    text = with_constants(source(name), {"TENSORS": {node.name: node.value.tolist() for node in leaves}})
    lines = {
        "def calculate(X, W, b, T):": f"def calculate({names}):",
        "return ((X @ W + b - T) ** 2).mean()": f"return {ast.unparse(parse(settings.text))}",
    }
    prints = [f"result: {graph.result.value.item():.6g}"]
    for node in leaves:
        gradient = (node.gradient.round(decimals=4) + 0).tolist()
        prints.append(f"{node.name} {tuple(node.value.shape)}: gradient {gradient}")
    return Program(name, with_lines(text, lines), prints)


def deep_program(chain: Chain) -> Program:
    """The chain with the gradient at each layer."""
    settings = chain.settings
    constants = {
        "DEPTH": settings.depth,
        "WEIGHT": settings.weight,
        "ACTIVATION": ACTIVATIONS[settings.activation].__name__,
        "X": settings.x,
        "SKIP": settings.residual,
    }
    rows = enumerate(zip(chain.values.tolist(), chain.gradients.tolist(), strict=True))
    prints = [f"output: {chain.values[-1].item():.6g}"]
    prints += [f"layer {k}: value {value:.6g}, gradient {gradient:.6g}" for k, (value, gradient) in rows]
    return Program("backpropagation_deep", with_constants(source("backpropagation_deep"), constants), prints)


def mistakes_program(settings: MistakeSettings) -> Program:
    """All mistakes, with what they are tried with."""
    constants = {"W": settings.w, "X": settings.x, "PASSES": settings.passes}
    prints = []
    for name in MISTAKES:
        tried = try_mistake(replace(settings, mistake=name))
        prints += [f"{name}, right: {tried.right}", f"{name}, mistake: {tried.error or tried.wrong}"]
    return Program("backpropagation_mistakes", with_constants(source("backpropagation_mistakes"), constants), prints)
