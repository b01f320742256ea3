"""The course's network and optimizers."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator, Tensor

Weights = dict[str, Tensor]  # as `state_dict` names them


class MLP(nn.Module):
    r"""The course's network: $\mathrm{output}(\mathrm{ReLU}(\mathrm{hidden}(x)))$.

    Shapes: (n, input_size) -> (n, output_size). Its first weights are exactly those that `nn.Linear` draws
    after `torch.manual_seed`, drawn from the given generator instead of the global one.
    """

    def __init__(self, input_size: int, hidden: int, output_size: int, generator: Generator) -> None:
        super().__init__()
        self.hidden_layer = _linear(input_size, hidden, generator)
        self.output_layer = _linear(hidden, output_size, generator)
        self.activation = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        x = self.activation(self.hidden_layer(x))
        return self.output_layer(x)


def _linear(inputs: int, outputs: int, generator: Generator) -> nn.Linear:
    """`nn.Linear` with its usual first weights, uniform within 1/sqrt(inputs)."""
    layer = nn.utils.skip_init(nn.Linear, inputs, outputs)
    bound = 1 / math.sqrt(inputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


def make_optimizer(name: str, model: nn.Module, lr: float) -> torch.optim.Optimizer:
    """The `torch.optim` class behind an option of the settings, its hyperparameters at torch's defaults.

    `foreach` makes one call for all tensors instead of one for each: the same arithmetic, bit for bit, in less time.
    """
    if name == "SGD_momentum":
        return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, foreach=True)
    return getattr(torch.optim, name)(model.parameters(), lr=lr, foreach=True)


def copy_weights(model: nn.Module) -> Weights:
    """The weights as they are now; later updates do not change the copy."""
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def predict(weights: Weights, features: Tensor) -> Tensor:
    """`MLP.forward` with these weights, without building a module. Shapes: (n, inputs) -> (n, outputs)."""
    hidden = F.relu(F.linear(features, weights["hidden_layer.weight"], weights["hidden_layer.bias"]))
    return F.linear(hidden, weights["output_layer.weight"], weights["output_layer.bias"])


class FlatMLP(nn.Module):
    """The same network with all its weights in one tensor, which autograd cuts apart.

    An optimizer then has one tensor to move instead of four: the same arithmetic on every weight, bit for bit, in
    about half the time. Outside of this class weights, gradients and optimizer states go by their usual names.
    """

    def __init__(self, model: MLP) -> None:
        super().__init__()
        self.shapes = {name: weight.shape for name, weight in model.named_parameters()}
        self.sizes = [shape.numel() for shape in self.shapes.values()]
        self.flat = nn.Parameter(nn.utils.parameters_to_vector(model.parameters()).detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        return predict(self.named(self.flat), x)

    def named(self, flat: Tensor) -> Weights:
        """The parts of such a tensor by the names of the weights they belong to; they share its memory."""
        parts = zip(self.shapes.items(), flat.split(self.sizes), strict=True)
        return {name: part.view(shape) for (name, shape), part in parts}

    def joined(self, named: Weights) -> Tensor:
        """The other way round, in memory of its own."""
        return torch.cat([named[name].flatten() for name in self.shapes])

    def named_state(self, optimizer: torch.optim.Optimizer) -> dict:
        """The optimizer's `state_dict()["state"]`, as it would be with a tensor for each weight."""
        state = optimizer.state_dict()["state"].get(0, {})
        if not any(isinstance(value, Tensor) for value in state.values()):
            return {}
        cut = {key: self._for_each_weight(value) for key, value in state.items()}
        return {i: {key: parts[i] for key, parts in cut.items()} for i in range(len(self.sizes))}

    def joined_state(self, state: dict) -> dict:
        """The other way round."""
        if not state:
            return {}
        keys = state[0]
        return {0: {key: self._joined_value([state[i][key] for i in range(len(self.sizes))]) for key in keys}}

    def _for_each_weight(self, value: Tensor) -> list[Tensor]:
        if value.numel() == self.flat.numel() > 1:
            return [part.clone() for part in self.named(value).values()]
        return [value.clone() for _ in self.sizes]  # the number of steps, the same for all

    @staticmethod
    def _joined_value(parts: list[Tensor]) -> Tensor:
        return parts[0].clone() if parts[0].dim() == 0 else torch.cat([part.flatten() for part in parts])
