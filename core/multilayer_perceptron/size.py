"""How big, and how fast? Every width with every learning rate, trained side by side as one batched program."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.multilayer_perceptron.data import samples
from core.multilayer_perceptron.module import flat, make_layers
from core.multilayer_perceptron.networks import n_weights, parts
from core.multilayer_perceptron.settings import MAX_WIDTH, PlaygroundSettings
from core.multilayer_perceptron.train import Trainer, seconds
from core.task import Task

WIDTHS = tuple(range(1, MAX_WIDTH + 1))
LRS = tuple(2.0**power for power in range(-10, -2))  # powers of two scale a step without rounding
COST = 2.5  # times that of one network


@dataclass(frozen=True, eq=False)
class SizeMap:
    """Where each network has ended.

    Attributes:
        settings: those of all but for width and lr. test_loss, test_accuracy: shape (widths, lrs), NaN where a network
            has diverged, the accuracy also for a regression.
    """

    settings: PlaygroundSettings
    test_loss: Tensor
    test_accuracy: Tensor

    @property
    def best(self) -> tuple[int, int] | None:
        """Row and column of the lowest test loss, the first of equals; None where all have diverged."""
        finite = self.test_loss.nan_to_num(torch.inf)
        if not torch.isfinite(finite).any():
            return None
        return divmod(int(finite.argmin()), len(LRS))


def with_width(settings: PlaygroundSettings, width: int) -> PlaygroundSettings:
    """The same settings, but every hidden layer has so many neurons; each layer keeps its activation.

    Raises:
        ValueError: for a network without hidden layer.
    """
    if not settings.hidden:
        raise ValueError("Layers: a network without hidden layer has no width; allowed here: at least one hidden layer")
    layers = ",".join(f"{width} {layer.activation}" for layer in settings.hidden)
    return replace(settings, layers=layers, init="pytorch" if settings.init == "file" else settings.init)


class SizeTask(Task):
    """All networks of the map, an epoch of all of them a step.

    A narrow network is a wide one whose missing neurons answer 0: their weights are 0 and get no gradient.
    """

    unit = "epoch"

    def __init__(self, settings: PlaygroundSettings) -> None:
        self.settings = with_width(settings, MAX_WIDTH)
        self.key, self.total = self.settings, settings.num_epochs
        self.cost = COST * seconds(settings)

    def begin(self) -> None:
        rows = [padded(with_width(self.settings, width)) for width in WIDTHS]
        vectors = torch.stack([row for row in rows for _ in LRS])
        keep = torch.tensor([[i < width for i in range(MAX_WIDTH)] for width in WIDTHS], dtype=torch.float64)
        lrs = torch.tensor(LRS, dtype=torch.float64).repeat(len(WIDTHS))
        seeds = [self.settings.seed] * len(vectors)
        data = samples(self.settings)
        keep = keep.repeat_interleave(len(LRS), dim=0)
        self.trainer = Trainer(self.settings, data, vectors, seeds, lrs, keep, wanted=())

    def advance(self) -> None:
        self.trainer.epoch()

    def result(self) -> SizeMap:
        found = self.trainer.recorded()
        shape = (len(WIDTHS), len(LRS))
        return SizeMap(self.settings, found.test_loss[-1].view(shape), found.test_accuracy[-1].view(shape))


def padded(settings: PlaygroundSettings) -> Tensor:
    """The first weights of a narrow network as those of the widest one, shape (weights,)."""
    layers = make_layers(settings, settings.seed)
    sizes = (settings.sizes[0], *[MAX_WIDTH] * len(settings.hidden), 1)
    wide = torch.zeros(1, n_weights(sizes), dtype=torch.float64)
    narrow = parts(flat(layers)[None], settings.sizes)
    for (weight, bias), (small, short) in zip(parts(wide, sizes), narrow, strict=True):
        weight[:, : small.shape[1], : small.shape[2]] = small
        bias[:, :, : short.shape[2]] = short
    return wide[0]
