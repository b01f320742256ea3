"""One network with its optimizer and its batches: real modules, real optimizers, step by step."""

import math
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.optim import LBFGS, AdamW, Optimizer

from core.nn import linear
from core.optim.classes import as_taken
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.network import NetworkSettings
from core.optimizers.network_data import NOISE, RADIUS, Split, batches

SIDE = 48  # places along each side of the map of regions
EDGE = RADIUS + 4 * NOISE  # of that map


def network(inputs: int, hidden: int, classes: int, generator: Generator) -> nn.Sequential:
    """Two hidden layers with ReLU. Shapes: (n, inputs) -> (n, classes).

    The first weights are those that `nn.Linear` draws after `torch.manual_seed`, drawn from a generator of their own.
    """
    sizes = ((inputs, hidden), (hidden, hidden), (hidden, classes))
    first, second, last = (linear(*size, generator) for size in sizes)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), last)


def optimizers_of(hparams: Hyperparameters, model: nn.Module) -> list[Optimizer]:
    """The optimizer's optimizer. Muon takes the weight matrices only, so AdamW moves the biases, with the same lr."""
    params = list(model.parameters())
    if hparams.name != "Muon":
        return [hparams.make(params)]
    matrices, others = [p for p in params if p.ndim == 2], [p for p in params if p.ndim != 2]
    return [hparams.make(matrices), AdamW(others, lr=hparams.lr)]


class Learner:
    """One network with its optimizer and its batches."""

    def __init__(self, hparams: Hyperparameters, data: Split, settings: NetworkSettings, seed: int) -> None:
        self.data = data
        self.model = network(data.x.shape[1], settings.hidden, data.classes, Generator().manual_seed(seed))
        self.params = list(self.model.parameters())
        self.optimizers = optimizers_of(hparams, self.model)
        self.batches = batches(len(data.x), settings.batch_size, Generator().manual_seed(seed))
        self.steps, self.seconds = 0, 0.0
        self.diverged_at: int | None = None
        self.diverged = ""

    def step(self) -> None:
        """One step with the next batch, unless the run is lost already."""
        rows = next(self.batches)
        if self.diverged_at is not None:
            return
        x, y = self.data.x[rows], self.data.y[rows]
        began = time.thread_time()
        loss = self._step(x, y).item()
        self.seconds += time.thread_time() - began
        if not math.isfinite(loss):
            self.diverged_at, self.diverged = self.steps, "NaN" if math.isnan(loss) else "infinite"
        self.steps += 1

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        """Returns the loss before the step."""
        if isinstance(self.optimizers[0], LBFGS):  # its guesses hold for one function only, so it takes all samples
            return self.optimizers[0].step(self._closure)
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        for param in self.params:
            param.grad = as_taken(self.optimizers[0], param.grad)
        for optimizer in self.optimizers:
            optimizer.step()
        return loss

    def _closure(self) -> Tensor:
        self.optimizers[0].zero_grad()
        loss = F.cross_entropy(self.model(self.data.x), self.data.y)
        loss.backward()
        return loss

    @torch.no_grad()
    def loss(self) -> float:
        """Cross-entropy over all training samples, in nats."""
        return F.cross_entropy(self.model(self.data.x), self.data.y).item()

    @torch.no_grad()
    def accuracy(self) -> float:
        """The share of the validation samples whose class it names."""
        right = self.model(self.data.x_validation).argmax(dim=1) == self.data.y_validation
        return right.float().mean().item()

    @torch.no_grad()
    def regions(self) -> Tensor:
        """The class that it names at each place of a grid, rows upwards; shape (SIDE, SIDE), uint8."""
        return self.model(GRID).argmax(dim=1).to(torch.uint8).view(SIDE, SIDE)


def _grid() -> Tensor:
    side = torch.linspace(-EDGE, EDGE, SIDE)
    y, x = torch.meshgrid(side, side, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


GRID = _grid()  # shape (SIDE², 2)
