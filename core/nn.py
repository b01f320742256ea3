"""The multilayer perceptron that several pages train, its first weights from a generator of its own.

`MLP` is the network as one writes it. `FlatMLP` is the same one for whole runs: the same bits, in about half the time.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator, Tensor

Weights = dict[str, Tensor]  # as `state_dict` names them
ALIGNED = 16  # numbers of float32: 64 bytes


def linear(inputs: int, outputs: int, generator: Generator, dtype: torch.dtype = torch.float32) -> nn.Linear:
    """The layer with the weights that it draws after `torch.manual_seed`, uniform within 1/sqrt(inputs)."""
    layer = nn.Linear(inputs, outputs, device="meta")  # draws nothing from the global generator
    # `skip_init` does the same, but by a way that imports sympy: 35 MB and a third of a second.
    layer.weight = nn.Parameter(torch.empty(outputs, inputs, dtype=dtype))
    layer.bias = nn.Parameter(torch.empty(outputs, dtype=dtype))
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


def layer_names(n_layers: int) -> list[str]:
    """The linear layers in the order of the forward pass: hidden_layer, hidden_layer_2, ..., output_layer."""
    return [f"hidden_layer_{i}" if i > 1 else "hidden_layer" for i in range(1, n_layers)] + ["output_layer"]


class MLP(nn.Sequential):
    r"""Linear layers with $\mathrm{ReLU}$ between them; the course's network has one hidden layer.

    Shapes: (n, sizes[0]) -> (n, sizes[-1]). The first weights are exactly those that `nn.Linear` draws layer by layer
    after `torch.manual_seed`, drawn from the given generator instead of the global one.

    Args:
        sizes: the numbers of inputs, of units in each hidden layer, and of outputs.
    """

    def __init__(self, sizes: Sequence[int], generator: Generator) -> None:
        super().__init__()
        for name, (inputs, outputs) in zip(layer_names(len(sizes) - 1), pairwise(sizes), strict=True):
            self.add_module(name, linear(inputs, outputs, generator))
            if name != "output_layer":
                self.add_module(name.replace("hidden_layer", "activation"), nn.ReLU())


def predict(weights: Weights, X: Tensor) -> Tensor:
    """What an `MLP` with these weights answers, without building one. Shapes: (n, inputs) -> (n, outputs)."""
    *hidden, output = layer_names(len(weights) // 2)
    for name in hidden:
        X = F.relu(F.linear(X, weights[f"{name}.weight"], weights[f"{name}.bias"]))
    return F.linear(X, weights[f"{output}.weight"], weights[f"{output}.bias"])


def update_seconds(weights: int, updates: int, samples: int) -> float:
    """About how long a core needs for some updates of a network, and in them for so many samples."""
    return 6e-4 * updates + 3e-9 * weights * samples


def copied(weights: Weights) -> Weights:
    """Copies that later updates do not change."""
    return {name: tensor.detach().clone() for name, tensor in weights.items()}


class FlatMLP:
    """An `MLP` whose weights are parts of `vector`; they change whenever an optimizer moves it.

    A run is thousands of small updates, and most of their time goes into calls, not into arithmetic. Two things save
    calls. All weights are parts of one tensor, so the optimizer moves one tensor instead of four. And the gradient is
    written out, with the very products and sums that autograd would do. For a layer p = h W' + b and G = dL/dp:

        dW = G' h,  db = sum of G,  dL/dh = G W,  which passes where the ReLU before it is on

    Each part begins at a multiple of 64 bytes, as every tensor of its own does, with zeros before it: a product of one
    row is summed in another order where a matrix begins elsewhere.

    Attributes:
        vector: all weights one after another, shape (weights and zeros,); its `.grad` is filled by `backward`.
        weights: the same by their names, in the same memory.
    """

    def __init__(self, model: MLP, classes: bool) -> None:
        self.shapes = {name: weight.shape for name, weight in model.named_parameters()}
        self.zeros = [torch.zeros(-shape.numel() % ALIGNED) for shape in self.shapes.values()]
        self.classes = classes
        self.vector = nn.Parameter(self._flat(list(model.parameters())).detach())
        self.weights = self.named(self.vector.detach())
        tensors = list(self.weights.values())
        self.layers = list(zip(tensors[::2], tensors[1::2], strict=True))

    def forward(self, X: Tensor) -> Tensor:
        """Shapes: (n, inputs) -> (n, outputs). Remembers what each layer has been given for `backward`."""
        self.given = [X]
        for weight, bias in self.layers[:-1]:
            self.given.append(torch.addmm(bias, self.given[-1], weight.t()).relu_())
        weight, bias = self.layers[-1]
        return torch.addmm(bias, self.given[-1], weight.t())

    def loss(self, predictions: Tensor, y: Tensor) -> Tensor:
        """Mean squared error or cross-entropy; remembers its derivative by the predictions for `backward`."""
        if self.classes:
            loss = F.cross_entropy(predictions.requires_grad_(), y)
            (self.by_predictions,) = torch.autograd.grad(loss, predictions)
            return loss.detach()
        self.by_predictions = (predictions - y) * (2 / predictions.numel())
        return F.mse_loss(predictions, y)

    def backward(self, _: Tensor) -> None:
        """Adds the gradient of the latest loss to `vector.grad`, as `loss.backward()` does."""
        G, parts = self.by_predictions, []
        for (weight, _bias), h in zip(reversed(self.layers), reversed(self.given), strict=True):
            parts = [G.t().mm(h), G.sum(0), *parts]
            if h is not self.given[0]:
                # ReLU's derivative: the operator that autograd itself calls, five times faster than a mask; in place.
                G = G.mm(weight)
                torch.ops.aten.threshold_backward.grad_input(G, h, 0, grad_input=G)
        gradient = self._flat(parts)
        self.vector.grad = gradient if self.vector.grad is None else self.vector.grad.add_(gradient)

    @property
    def gradients(self) -> Weights:
        """What stands in `.grad`, weight by weight; empty where `zero_grad` has cleared it."""
        return {} if self.vector.grad is None else self.named(self.vector.grad)

    def named(self, vector: Tensor) -> Weights:
        """The parts of such a tensor by the names of the weights; they share its memory."""
        sizes = [shape.numel() + len(zeros) for shape, zeros in zip(self.shapes.values(), self.zeros, strict=True)]
        parts = zip(self.shapes.items(), vector.split(sizes), strict=True)
        return {name: part[: shape.numel()].view(shape) for (name, shape), part in parts}

    def joined(self, named: Weights) -> Tensor:
        """One tensor of its own from parts by the names of the weights."""
        return self._flat([named[name] for name in self.shapes])

    def _flat(self, parts: Sequence[Tensor]) -> Tensor:
        return torch.cat([t for part, zeros in zip(parts, self.zeros, strict=True) for t in (part.flatten(), zeros)])

    def named_state(self, optimizer: torch.optim.Optimizer) -> dict[int, dict[str, Tensor]]:
        """The optimizer's state as its `state_dict()["state"]` would be for an `MLP`, in memory of its own."""
        flat = optimizer.state_dict()["state"].get(0, {})
        tensors = {key: value for key, value in flat.items() if isinstance(value, Tensor)}
        cut = {key: list(self.named(v).values()) if v.dim() else [v] * len(self.shapes) for key, v in tensors.items()}
        return {i: {key: cut[key][i].clone() for key in cut} for i in range(len(self.shapes))} if cut else {}

    def joined_state(self, state: dict[int, dict[str, Tensor]]) -> dict[int, dict[str, Tensor]]:
        """The other way round, for `load_state_dict`; the number of steps, a scalar, is the same for all."""
        keys = state[0] if state else ()
        every = {key: [state[i][key] for i in range(len(self.shapes))] for key in keys}
        joined = {key: self._flat(values) if values[0].dim() else values[0].clone() for key, values in every.items()}
        return {0: joined} if joined else {}
