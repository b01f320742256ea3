"""Networks that learn from few digits, one a seed, side by side as one batch of tensors."""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from core.batches import split_rows
from core.cache import cached
from core.datasets import load_digits
from core.digits import CLASSES, SIDE, pixels
from core.nn import MLP

SIZES = (64, 128, CLASSES)  # pixels, hidden neurons, classes
BATCH, LR = 64, 0.01
HOLDOUT, SPLIT_SEED = 500, 0  # the same digits are kept out in every run
UPDATE_SECONDS = 3e-4, 1e-4  # of an update, and of each network in it

Augment = Callable[[Tensor, Generator], Tensor]  # images of shape (n, 8, 8), from 0 to 1


@cached
def digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Digits to choose from and their classes, digits that are kept out and theirs; images (n, 8, 8), from 0 to 1."""
    images, y = pixels().view(-1, SIDE, SIDE), load_digits()[1]
    rows, kept_out = split_rows(len(y), HOLDOUT, SPLIT_SEED)
    return images[rows], y[rows], images[kept_out], y[kept_out]


def few(n: int, seeds: Sequence[int]) -> Tensor:
    """Rows of n digits to learn from, others for each seed, shape (seeds, n)."""
    total = len(digits()[0])
    return torch.stack([torch.randperm(total, generator=Generator().manual_seed(seed))[:n] for seed in seeds])


def turned_and_shifted(images: Tensor, degrees: float, shift: float, generator: Generator) -> Tensor:
    """Each image rotated by up to so many degrees either way, and moved by up to so many pixels each way, all drawn.

    torch's matrix says where a pixel of the result comes from, and counts from −1 to 1: 3.5 pixels are 1.
    """
    angle, x, y = 2 * torch.rand(3, len(images), generator=generator) - 1
    angle, x, y = torch.deg2rad(degrees * angle), shift / 3.5 * x, shift / 3.5 * y
    theta = torch.stack([angle.cos(), -angle.sin(), x, angle.sin(), angle.cos(), y], 1).view(-1, 2, 3)
    grid = F.affine_grid(theta, [len(images), 1, 8, 8], align_corners=True)
    return F.grid_sample(images[:, None], grid, align_corners=True)[:, 0]


class Networks:
    """Networks of one shape, each with its own weights and its own digits.

    What each learns is what it would learn alone: their losses are added, and no term has weights of two networks.

    Attributes:
        parameters: weight and bias of each layer, shapes (networks, inputs, outputs) and (networks, 1, outputs).

    Args:
        X: the digits of each, shape (networks, n, 8, 8). y: their classes, shape (networks, n).
        seeds: of the first weights, one a network. seed: of the batches and of what `augment` draws.
    """

    def __init__(self, X: Tensor, y: Tensor, seeds: Sequence[int], seed: int, augment: Augment | None = None) -> None:
        self.X, self.y, self.augment = X, y, augment
        models = [list(MLP(SIZES, Generator().manual_seed(seed)).parameters()) for seed in seeds]
        layers = [[p.detach().T if p.dim() == 2 else p.detach()[None] for p in model] for model in models]
        self.parameters = [torch.stack(layer).requires_grad_() for layer in zip(*layers, strict=True)]
        self.optimizer = torch.optim.Adam(self.parameters, lr=LR)
        self.order, self.draws = Generator().manual_seed(seed), Generator().manual_seed(seed + 1)

    def logits(self, X: Tensor) -> Tensor:
        """Shapes: (networks or 1, n, 64) -> (networks, n, 10)."""
        W1, b1, W2, b2 = self.parameters
        X = X.expand(len(W1), -1, -1)
        return torch.baddbmm(b2, torch.baddbmm(b1, X, W1).relu(), W2)

    def update(self) -> None:
        """One step of Adam, each network on a batch of its own digits, drawn with replacement."""
        m, n = self.y.shape
        rows = torch.randint(n, (m, BATCH), generator=self.order)
        each = torch.arange(m)[:, None]
        X = self.X[each, rows]
        if self.augment:
            X = self.augment(X.flatten(0, 1), self.draws).view(m, BATCH, 8, 8)
        logits = self.logits(X.flatten(2))
        loss = m * F.cross_entropy(logits.flatten(0, 1), self.y[each, rows].flatten())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    @torch.no_grad()
    def answers(self, images: Tensor) -> Tensor:
        """The class that each network gives each image; shapes (n, 8, 8) or (networks, n, 8, 8) -> (networks, n)."""
        return self.logits(images.flatten(-2).view(-1, images.shape[-3], 64)).argmax(dim=2)

    @torch.no_grad()
    def probabilities(self, images: Tensor) -> Tensor:
        """Of each class; shapes (n, 8, 8) -> (networks, n, 10)."""
        return self.logits(images.flatten(-2)[None]).softmax(dim=2)


def seconds(updates: int, networks: int) -> float:
    """About how long a core needs for some updates of so many networks."""
    return updates * (UPDATE_SECONDS[0] + UPDATE_SECONDS[1] * networks)
