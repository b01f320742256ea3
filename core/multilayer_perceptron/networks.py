"""Networks of one shape side by side: one for a run that is watched, many for seeds and sweeps.

A run is thousands of small updates, and most of their time goes into calls, not into arithmetic. Three things save
calls: all weights of a network are one row of `vector`, so the optimizer moves one tensor; many networks are one
batched product; and the gradient is written out, with the operators that autograd itself would call. For a layer
p = h W' + b and G = dL/dp:

    dW = G' h,  db = sum of G,  dL/dh = G W,  times the activation's derivative

`core/multilayer_perceptron/module.py` has the same network as an `nn.Module`; tests compare the two.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from core.multilayer_perceptron.activations import ACTIVATIONS


class Networks:
    """Networks whose weights are rows of `vector`.

    Args:
        vectors: the first weights, one row a network, float64.
        sizes: the numbers of inputs, of neurons in each hidden layer, and of answers.
        activations: of each layer, the output layer's too.
        loss: "cross_entropy" (targets -1 and 1, one logit), "classes" (class numbers) or "squared".
        keep: for sweeps over the width: shape (networks, widest), 0 for neurons that a network does not have.

    Attributes:
        vector: shape (networks, weights); its `.grad` is filled by `backward`.
        layers: weight (networks, out, in) and bias (networks, 1, out) of each layer, in the same memory.
    """

    def __init__(
        self,
        vectors: Tensor,
        sizes: Sequence[int],
        activations: Sequence[str],
        loss: str,
        keep: Tensor | None = None,
    ) -> None:
        self.vector = torch.nn.Parameter(vectors.clone())
        self.vector.grad = torch.zeros_like(vectors)
        self.layers = parts(self.vector.detach(), sizes)
        self.gradients = parts(self.vector.grad, sizes)
        self.activations = [ACTIVATIONS[name] for name in activations]
        self.loss_name, self.keep = loss, None if keep is None else keep[:, None]

    def forward(self, X: Tensor, masks: Sequence[Tensor] | None = None) -> Tensor:
        """Shapes: (networks, n, inputs) -> (networks, n, outputs). Remembers what `backward` needs.

        Args:
            masks: of dropout, one a hidden layer, (networks, n, width): 0, or 1 / (1 - p).
        """
        self.given, self.sums, self.answers, self.masks = [X], [], [], masks
        for i, ((weight, bias), activation) in enumerate(zip(self.layers, self.activations, strict=True)):
            p = torch.baddbmm(bias, self.given[-1], weight.mT)
            h = activation.forward(p)
            self.sums.append(p)
            self.answers.append(h)
            if i < len(self.layers) - 1:
                h = h if self.keep is None else h * self.keep
                self.given.append(h if masks is None else h * masks[i])
        return h

    def backward(self, answers: Tensor, y: Tensor) -> None:
        """Writes the gradient of each network's mean loss into `vector.grad`.

        Args:
            y: shape (networks, n, 1), or (networks, n) class numbers.
        """
        G = by_answers(answers, y, self.loss_name)
        last = len(self.layers) - 1
        for i in range(last, -1, -1):
            G = self.activations[i].backward(G, self.sums[i], self.answers[i])
            weight, bias = self.gradients[i]
            weight.copy_(torch.bmm(G.mT, self.given[i]))
            torch.sum(G, dim=1, keepdim=True, out=bias)
            if i:
                weight = self.layers[i][0]
                # By one answer the product has no sum: written so, it takes a third of the time of many small ones.
                G = G * weight if weight.shape[1] == 1 else torch.bmm(G, weight)
                G = G if self.masks is None else G * self.masks[i - 1]
                G = G if self.keep is None else G * self.keep


def n_weights(sizes: Sequence[int]) -> int:
    """How many numbers such a network has."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def parts(vectors: Tensor, sizes: Sequence[int]) -> list[tuple[Tensor, Tensor]]:
    """Weight (networks, out, in) and bias (networks, 1, out) of each layer, in the memory of (networks, weights)."""
    found, start = [], 0
    for inputs, outputs in pairwise(sizes):
        middle, end = start + inputs * outputs, start + (inputs + 1) * outputs
        weight = vectors[:, start:middle].unflatten(1, (outputs, inputs))
        found.append((weight, vectors[:, middle:end].unsqueeze(1)))
        start = end
    return found


def mean_loss(answers: Tensor, y: Tensor, loss: str) -> Tensor:
    """Each network's loss, the mean over the samples; shapes as in `backward`, result (networks,).

    cross_entropy: -log of the probability of the right class, in nats; squared: half the squared error.
    """
    if loss == "cross_entropy":
        return F.softplus(-answers * y).mean(dim=(1, 2))
    if loss == "classes":
        return F.cross_entropy(answers.mT, y, reduction="none").mean(dim=1)
    return 0.5 * (answers - y).square().mean(dim=(1, 2))


def by_answers(answers: Tensor, y: Tensor, loss: str) -> Tensor:
    """The derivative of the mean loss by each answer."""
    n = answers.shape[1]
    if loss == "cross_entropy":
        return -y * torch.sigmoid(-answers * y) / n
    if loss == "classes":
        return (answers.softmax(dim=2) - F.one_hot(y, answers.shape[2])) / n
    return (answers - y) / n
