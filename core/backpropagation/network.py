"""A small network as a graph of single numbers and as a graph of layers, and one training step of it."""

import operator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count

import torch
import torch.nn as nn
from torch import Generator, Tensor

from core.backpropagation.deep import ACTIVATIONS
from core.backpropagation.graph import Graph, Node, Tape
from core.backpropagation.settings import NetworkSettings
from core.cache import cached
from core.nn import linear

MAZUR = {  # https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/
    "weights": ([[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]),
    "biases": ([0.35, 0.35], [0.60, 0.60]),
    "inputs": [0.05, 0.10],
    "targets": [0.01, 0.99],
}
SIZES = {"mazur": (2, 2, 2), "2-3-1": (2, 3, 1), "2-2-2-1": (2, 2, 2, 1)}


@dataclass(frozen=True, eq=False)
class Example:
    """A network with one sample.

    Attributes:
        model: Linear and activation by turns. inputs, targets: shapes (in,) and (out,).
    """

    model: nn.Sequential
    inputs: Tensor
    targets: Tensor


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """One step of plain SGD.

    Attributes:
        names: of all weights and biases, as in the graph of numbers: w1, w2, ..., b1, ...
        before, gradients, after: their values, dE/dw, and the values after the step, shape (weights,).
        loss, new_loss: E before and after it.
    """

    settings: NetworkSettings
    names: tuple[str, ...]
    before: Tensor
    gradients: Tensor
    after: Tensor
    loss: float
    new_loss: float


def make_example(settings: NetworkSettings) -> Example:
    """The network of the settings, in float64."""
    sizes, generator = SIZES[settings.network], Generator().manual_seed(settings.seed)
    layers: list[nn.Module] = []
    for i in range(len(sizes) - 1):
        layer = linear(sizes[i], sizes[i + 1], Generator(), torch.float64)  # for its shapes: other numbers follow
        with torch.no_grad():
            if settings.network == "mazur":
                layer.weight.copy_(torch.tensor(MAZUR["weights"][i], dtype=torch.float64))
                layer.bias.copy_(torch.tensor(MAZUR["biases"][i], dtype=torch.float64))
            else:
                for parameter in (layer.weight, layer.bias):
                    nn.init.uniform_(parameter, -1.0, 1.0, generator=generator)
        layers += [layer, ACTIVATIONS[settings.activation]()]
    if settings.network == "mazur":
        sample = [torch.tensor(MAZUR[name], dtype=torch.float64) for name in ("inputs", "targets")]
    else:
        sample = [torch.rand(n, generator=generator, dtype=torch.float64) for n in (sizes[0], sizes[-1])]
    return Example(nn.Sequential(*layers), *sample)


def half_squared_error(answer: Tensor, target: Tensor) -> Tensor:
    """E = the sum of (t − o)² / 2 over the outputs."""
    return ((target - answer) ** 2).sum() / 2


@cached
def as_numbers(settings: NetworkSettings) -> Graph:
    """A node for every product and every sum."""
    example, tape, counts = make_example(settings), Tape(), {"w": 0, "b": 0, "h": 0}

    def leaf(letter: str, value: Tensor) -> int:
        counts[letter] += 1
        return tape.leaf(f"{letter}{counts[letter]}", value)

    def plus(total: int, term: int) -> int:
        return tape.apply("+", operator.add, "{0} + {1}", total, term)

    below = [tape.leaf(f"i{k}", value, learns=False) for k, value in enumerate(example.inputs, start=1)]
    linears = [module for module in example.model if isinstance(module, nn.Linear)]
    for depth, layer in enumerate(linears, start=1):
        above = []
        for k, (row, bias) in enumerate(zip(layer.weight, layer.bias, strict=True), start=1):
            products = [
                tape.apply("*", operator.mul, "{0} * {1}", leaf("w", w), h) for w, h in zip(row, below, strict=True)
            ]
            total = reduce(plus, [*products, leaf("b", bias)])
            counts["h"] += 1
            name = f"o{k}" if depth == len(linears) else f"h{counts['h']}"
            function = getattr(torch, settings.activation)
            above.append(tape.apply(settings.activation, function, f"{settings.activation}({{0}})", total, name=name))
        below = above
    halves = []
    for k, (answer, target) in enumerate(zip(below, example.targets, strict=True), start=1):
        error = tape.apply("-", operator.sub, "{0} - {1}", tape.leaf(f"t{k}", target, learns=False), answer)
        square = tape.apply("^ 2", lambda value: value**2, "{0} ^ 2", error)
        halves.append(tape.apply("/ 2", lambda value: value / 2, "{0} / 2", square))
    reduce(plus, halves)
    tape.recorded[-1] = replace(tape.recorded[-1], name="E")
    return tape.finish()


@cached
def as_layers(settings: NetworkSettings) -> Graph:
    """A node for every layer: the same numbers, as vectors and matrices."""
    example, tape = make_example(settings), Tape()
    h, depth = tape.leaf("i", example.inputs, learns=False), len(SIZES[settings.network]) - 1
    for k in range(depth):
        linear, activation = example.model[2 * k], example.model[2 * k + 1]
        W, b = tape.leaf(f"W{k + 1}", linear.weight), tape.leaf(f"b{k + 1}", linear.bias)
        z = tape.apply("Linear", nn.functional.linear, "Linear({0}, {1}, {2})", h, W, b, name=f"z{k + 1}")
        name = "o" if k == depth - 1 else f"h{k + 1}"
        h = tape.apply(settings.activation, activation, f"{settings.activation}({{0}})", z, name=name)
    t = tape.leaf("t", example.targets, learns=False)
    tape.apply("E", half_squared_error, "sum(({1} - {0}) ^ 2) / 2", h, t, name="E")
    return tape.finish()


@cached
def training_step(settings: NetworkSettings) -> TrainingStep:
    """The forward and backward pass and the step, by `torch.optim.SGD`."""
    example = make_example(settings)
    model, vector = example.model, nn.utils.parameters_to_vector
    named = [(name, parameter) for name, parameter in model.named_parameters()]
    trained = [p for name, p in named if settings.biases or name.endswith("weight")]
    optimizer = torch.optim.SGD(trained, lr=settings.lr)
    before = vector(model.parameters()).detach()
    loss = half_squared_error(model(example.inputs), example.targets)
    loss.backward()
    gradients = torch.cat([parameter.grad.flatten() for _, parameter in named])
    optimizer.step()
    after = vector(model.parameters()).detach()
    with torch.no_grad():
        new_loss = half_squared_error(model(example.inputs), example.targets)
    counts = {"w": count(1), "b": count(1)}
    letters = [name.partition(".")[2][0] for name, parameter in named for _ in range(parameter.numel())]
    names = tuple(f"{letter}{next(counts[letter])}" for letter in letters)
    return TrainingStep(settings, names, before, gradients, after, loss.item(), new_loss.item())


def weight_of(step: TrainingStep, node: Node) -> str:
    """The weight that a node is; the first one of a tensor, or of the network where it holds none."""
    firsts, at = {}, 0
    for k, layer in enumerate(make_example(step.settings).model[::2], start=1):
        firsts |= {f"W{k}": step.names[at], f"b{k}": step.names[at + layer.weight.numel()]}
        at += layer.weight.numel() + layer.bias.numel()
    own = firsts if node.value.dim() else {name: name for name in step.names}
    return own.get(node.name, "w1")


def effect(step: TrainingStep) -> str:
    """Whether the step makes E "lower", "higher" or leaves it the "same"."""
    return "lower" if step.new_loss < step.loss else "higher" if step.new_loss > step.loss else "same"
