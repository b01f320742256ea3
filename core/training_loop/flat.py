"""The course's network for whole runs: the same bits as its `MLP` under autograd, in about half the time.

A run is a thousand small updates, and most of their time goes into calls, not into arithmetic. Two things save calls.
All weights are parts of one tensor, so the optimizer moves one tensor instead of four. And the gradient of two layers
is written out, with the very products and sums that autograd would do:

    predictions p = h W2' + b2,  h = ReLU(x W1' + b1),  G = dL/dp:
    dW2 = G' h,  db2 = sum of G,  H = G W2 where h > 0, else 0,  dW1 = H' x,  db1 = sum of H

`one_update.replay` does any update of a run again with `MLP` and `backward()`, and the tests compare both with a loop
written by hand, for every optimizer and every order of the lines.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from core.training_loop.model import MLP, Weights


class FlatMLP:
    """An `MLP` whose weights are parts of `vector`; they change whenever an optimizer moves it.

    Attributes:
        vector: all weights one after another, shape (weights,); its `.grad` is filled by `backward`.
    """

    def __init__(self, model: MLP, classes: bool) -> None:
        self.shapes = {name: weight.shape for name, weight in model.named_parameters()}
        self.sizes = [shape.numel() for shape in self.shapes.values()]
        self.classes = classes
        self.vector = nn.Parameter(nn.utils.parameters_to_vector(model.parameters()).detach().clone())
        self.weights = self.named(self.vector.detach())
        self.w1, self.b1, self.w2, self.b2 = self.weights.values()

    def forward(self, features: Tensor) -> Tensor:
        """Shapes: (n, inputs) -> (n, outputs)."""
        self.features = features
        self.hidden = torch.addmm(self.b1, features, self.w1.t()).relu_()
        return torch.addmm(self.b2, self.hidden, self.w2.t())

    def loss(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Mean squared error or cross-entropy; remembers its derivative by the predictions for `backward`."""
        if self.classes:
            loss = F.cross_entropy(predictions.requires_grad_(), targets)
            (self.pull,) = torch.autograd.grad(loss, predictions)
            return loss.detach()
        self.pull = (predictions - targets) * (2 / predictions.numel())
        return F.mse_loss(predictions, targets)

    def backward(self, _: Tensor) -> None:
        """Adds the gradient of the latest loss to `vector.grad`, as `loss.backward()` does."""
        # ReLU's derivative: the operator that autograd itself calls, five times faster than a mask.
        hidden_pull = torch.ops.aten.threshold_backward(self.pull.mm(self.w2), self.hidden, 0)
        of_w1, of_w2 = hidden_pull.t().mm(self.features), self.pull.t().mm(self.hidden)
        gradient = torch.cat([of_w1.flatten(), hidden_pull.sum(0), of_w2.flatten(), self.pull.sum(0)])
        self.vector.grad = gradient if self.vector.grad is None else self.vector.grad.add_(gradient)

    @property
    def gradients(self) -> Weights:
        """What stands in `.grad`, weight by weight; empty where `zero_grad` has cleared it."""
        return {} if self.vector.grad is None else self.named(self.vector.grad)

    def named(self, vector: Tensor) -> Weights:
        """The parts of such a tensor by the names of the weights; they share its memory."""
        parts = zip(self.shapes.items(), vector.split(self.sizes), strict=True)
        return {name: part.view(shape) for (name, shape), part in parts}

    def joined(self, named: Weights) -> Tensor:
        """One tensor of its own from parts by the names of the weights."""
        return torch.cat([named[name].flatten() for name in self.shapes])

    def named_state(self, optimizer: torch.optim.Optimizer) -> dict:
        """The optimizer's state as its `state_dict()` would give it for an `MLP`, in memory of its own."""
        state = optimizer.state_dict()["state"].get(0, {})
        tensors = {key: value for key, value in state.items() if isinstance(value, Tensor)}
        cut = {key: self._for_each_weight(value) for key, value in tensors.items()}
        return {"state": {i: {key: cut[key][i] for key in cut} for i in range(len(self.sizes))} if cut else {}}

    def joined_state(self, optimizer: dict) -> dict:
        """The other way round, for `load_state_dict` beside the optimizer's own groups."""
        state = optimizer["state"]
        if not state:
            return {}
        return {0: {key: _join([state[i][key] for i in range(len(self.sizes))]) for key in state[0]}}

    def _for_each_weight(self, value: Tensor) -> list[Tensor]:
        if value.dim() == 0:  # the number of steps, the same for all
            return [value.clone() for _ in self.sizes]
        return [part.clone() for part in self.named(value).values()]


def _join(values: list[Tensor]) -> Tensor:
    return values[0].clone() if values[0].dim() == 0 else torch.cat([value.flatten() for value in values])
