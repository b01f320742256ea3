"""What one training point teaches: its forward and backward pass at every recorded moment, and one update from it."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import Samples, features
from core.multilayer_perceptron.maps import layer_answers
from core.multilayer_perceptron.module import freeze, make_model
from core.multilayer_perceptron.networks import mean_loss, n_weights, parts
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run

NEARLY_ALL, HARDLY_ANY = 0.9, 0.1  # shares of the other points


@dataclass(frozen=True, eq=False)
class Passes:
    """Forward and backward passes of one point, one for each recorded moment.

    Attributes:
        sums, answers: p and h = activation(p), one tensor a layer, shape (recorded, neurons).
        by_sums: delta = dL/dp, likewise.
        gradient: dL/dw, shape (recorded, weights), in the order of `Networks.vector`; 0 where a layer is frozen.
        loss: the point's own, shape (recorded,).
    """

    sums: list[Tensor]
    answers: list[Tensor]
    by_sums: list[Tensor]
    gradient: Tensor
    loss: Tensor


@dataclass(frozen=True, eq=False)
class Lesson:
    """A training point, and one update of plain SGD with the run's lr from this point alone, at every moment.

    Attributes:
        row: of the point among the samples. given: its inputs, shape (inputs,). target: what is wanted.
        before, after: the passes before and after the update.
        weights, updated: all weights before and after it, shape (recorded, weights).
        losses, new_losses: of every training point before and after it, shape (recorded, n_train).
    """

    settings: PlaygroundSettings
    row: int
    given: Tensor
    target: float
    before: Passes
    after: Passes
    weights: Tensor
    updated: Tensor
    losses: Tensor
    new_losses: Tensor


@dataclass(frozen=True)
class Link:
    """One weight, or a bias, and what its update is made of.

    Attributes:
        number: its place among all, from 1. layer: the one that it leads to, 1 for the first after the inputs.
        neuron, source: places in this layer and in the one before; the source of a bias is None.
        weight: its value. by_sum: delta of the neuron. given: the source's answer, 1 for a bias.
        frozen: whether it stays as it is. updated: its value after the update.
    """

    number: int
    layer: int
    neuron: int
    source: int | None
    weight: float
    by_sum: float
    given: float
    frozen: bool
    updated: float


@cached
def lesson(run: Run, row: int) -> Lesson:
    """What the training point in this row teaches at every recorded moment, by autograd and `torch.optim.SGD`.

    The loss is the point's own, without the run's penalty and dropout.
    """
    s, vectors = run.settings, run.weights
    given = features(run.data.points[row : row + 1], s.features)
    target = run.data.target[row].view(1, 1, 1)
    model = make_model(s, vectors[0].clone())
    freeze(model, s)
    optimizer = torch.optim.SGD(model.parameters(), lr=s.lr)
    before, after, updated = [], [], []
    for vector in vectors:
        nn.utils.vector_to_parameters(vector.clone(), model.parameters())  # a clone, since the step changes it
        before.append(forward_backward(model, given, target, loss_name(s)))
        optimizer.step()
        updated.append(nn.utils.parameters_to_vector(model.parameters()).detach())
        after.append(forward_backward(model, given, target, loss_name(s)))
    moved = torch.stack(updated)
    return Lesson(
        settings=s,
        row=row,
        given=given[0],
        target=target.item(),
        before=_stacked(before),
        after=_stacked(after),
        weights=vectors,
        updated=moved,
        losses=point_losses(s, vectors, run.data),
        new_losses=point_losses(s, moved, run.data),
    )


def forward_backward(model: nn.Sequential, given: Tensor, target: Tensor, loss: str) -> Passes:
    """One pass there and back; shapes as in `Passes`, for one moment. The model's `.grad` is that of this pass."""
    model.zero_grad()
    h, sums, answers = given.clone().requires_grad_(), [], []  # so that the sums of a frozen layer have gradients too
    for module in model:
        h = module(h)
        if isinstance(module, nn.Linear):
            h.retain_grad()
            sums.append(h)
            answers.append(h)
        answers[-1] = h
    total = mean_loss(h[None], target, loss)
    total.sum().backward()
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in model.parameters()]
    return Passes(
        sums=[p.detach()[0] for p in sums],
        answers=[h.detach()[0] for h in answers],
        by_sums=[p.grad[0] for p in sums],
        gradient=torch.cat([g.flatten() for g in gradients]),
        loss=total.detach()[0],
    )


def _stacked(passes: list[Passes]) -> Passes:
    layers = range(len(passes[0].sums))
    tensors = {
        name: [torch.stack([getattr(one, name)[i] for one in passes]) for i in layers]
        for name in ("sums", "answers", "by_sums")
    }
    return Passes(
        **tensors,
        gradient=torch.stack([one.gradient for one in passes]),
        loss=torch.stack([one.loss for one in passes]),
    )


def loss_name(settings: PlaygroundSettings) -> str:
    """The loss as `mean_loss` names it."""
    return "squared" if settings.is_regression else settings.loss


def point_losses(settings: PlaygroundSettings, vectors: Tensor, data: Samples) -> Tensor:
    """The loss of each training point. Shapes: (k, weights) -> (k, n_train)."""
    sums = layer_answers(settings, vectors, data.points[: data.n_train])[-1]
    answers = ACTIVATIONS[settings.output].forward(sums)
    target = data.target[: data.n_train, None].expand_as(answers)
    return mean_loss(answers.reshape(-1, 1, 1), target.reshape(-1, 1, 1), loss_name(settings)).view(sums.shape[:2])


def answer_change(found: Lesson, points: Tensor) -> Tensor:
    """By how much the update changes the network's answer at some points. Shapes: (n, 2) -> (recorded, n)."""
    output = ACTIVATIONS[found.settings.output].forward
    before, after = (
        output(layer_answers(found.settings, vectors, points)[-1]) for vectors in (found.weights, found.updated)
    )
    return (after - before)[..., 0]


def share_that_falls(found: Lesson, index: int, of: Tensor | None = None) -> float:
    """The share of the other training points whose loss the update lowers; NaN where there is none.

    Args:
        of: which points count, shape (n_train,); all if None. The point itself never does.
    """
    counted = torch.ones(found.losses.shape[1], dtype=torch.bool) if of is None else of.clone()
    counted[found.row] = False
    return (found.new_losses[index] < found.losses[index])[counted].double().mean().item()


def is_finite(found: Lesson, index: int) -> bool:
    """Whether the moment has numbers to look at, before and after the update."""
    passes = (found.before.gradient, found.after.gradient)
    tensors = (found.weights, found.updated, found.losses, found.new_losses, *passes)
    return all(bool(torch.isfinite(tensor[index]).all()) for tensor in tensors)


def whose_loss_falls(found: Lesson, index: int) -> str | None:
    """`none` if the point's own does not, else whether those of `most`, `some` or `few` other points fall too.

    None where a number is not finite.
    """
    if not is_finite(found, index):
        return None
    if not found.after.loss[index] < found.before.loss[index]:
        return "none"
    share = share_that_falls(found, index)
    return "most" if share >= NEARLY_ALL else "few" if share <= HARDLY_ANY else "some"


def strongest(found: Lesson, index: int, layer: int | None = None, neuron: int = 0) -> int:
    """The number, from 1, of the weight with the largest gradient: of all, or of those that lead to a neuron.

    Biases do not count.
    """
    layers = places(found.settings)
    those = [weight.flatten() for weight, _ in layers] if layer is None else [layers[layer - 1][0][neuron]]
    numbers = torch.cat(those)
    return int(numbers[found.before.gradient[index, numbers].abs().nan_to_num(0.0).argmax()]) + 1


def places(settings: PlaygroundSettings) -> list[tuple[Tensor, Tensor]]:
    """Where each layer's weights (out, in) and biases (out,) stand in a row of all weights, from 0."""
    everything = torch.arange(n_weights(settings.sizes))[None]
    return [(weight[0], bias[0, 0]) for weight, bias in parts(everything, settings.sizes)]


def link(found: Lesson, index: int, number: int) -> Link:
    """A weight by its number, at a moment."""
    layers = places(found.settings)
    layer = next(i for i, (_, bias) in enumerate(layers, start=1) if number - 1 <= bias[-1])
    weight, bias = layers[layer - 1]
    neuron, source = divmod(number - 1 - int(weight[0, 0]), weight.shape[1])
    if number - 1 >= bias[0]:
        neuron, source = number - 1 - int(bias[0]), None
    below = found.given if layer == 1 else found.before.answers[layer - 2][index]
    return Link(
        number=number,
        layer=layer,
        neuron=neuron,
        source=source,
        weight=found.weights[index, number - 1].item(),
        by_sum=found.before.by_sums[layer - 1][index, neuron].item(),
        given=1.0 if source is None else below[source].item(),
        frozen=layer == found.settings.frozen_layer,
        updated=found.updated[index, number - 1].item(),
    )
