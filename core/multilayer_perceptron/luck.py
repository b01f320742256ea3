"""Is it luck? The same network from 32 seeds, trained side by side."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.cache import cached
from core.multilayer_perceptron.data import samples
from core.multilayer_perceptron.maps import as_bytes, grid, layer_answers, named
from core.multilayer_perceptron.module import flat, make_layers
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.train import Trainer, Training, seconds
from core.multilayer_perceptron.watch import SOLVED
from core.task import Task

N_SEEDS = 32
SIDE = 24  # points along a side of a border's picture
COST = 1.8  # times that of one network


@dataclass(frozen=True, eq=False)
class Luck:
    """Networks that differ only in their first weights and in the order of their samples.

    Attributes:
        seeds: one a network. training: what was recorded of them.
    """

    settings: PlaygroundSettings
    seeds: tuple[int, ...]
    training: Training

    @property
    def score(self) -> Tensor:
        """How good each is at the end, higher is better: test accuracy, or minus the test loss; shape (networks,).

        NaN for a network that has diverged.
        """
        regression = self.settings.is_regression
        return -self.training.test_loss[-1] if regression else self.training.test_accuracy[-1]

    @property
    def ranking(self) -> list[int]:
        """Places in `seeds`, the best first; equals in the order of their seeds, the diverged last."""
        return self.score.nan_to_num(-torch.inf).sort(descending=True, stable=True).indices.tolist()

    @property
    def n_solved(self) -> int:
        """How many name at least 95% of the test points right."""
        return int((self.training.test_accuracy[-1] >= SOLVED).sum())

    @property
    def n_diverged(self) -> int:
        """How many have lost all sense: their loss is not a number."""
        return int(self.training.train_loss[-1].isnan().sum())


class LuckTask(Task):
    """All networks, an epoch of all of them a step."""

    unit = "epoch"

    def __init__(self, settings: PlaygroundSettings) -> None:
        self.settings, self.key, self.total = settings, settings, settings.num_epochs
        self.cost = COST * seconds(settings)

    def begin(self) -> None:
        first = self.settings.seed
        self.seeds = tuple(range(first, first + N_SEEDS))
        vectors = torch.stack([flat(make_layers(self.settings, seed)) for seed in self.seeds])
        self.trainer = Trainer(self.settings, samples(self.settings), vectors, self.seeds, wanted=["test"])

    def advance(self) -> None:
        self.trainer.epoch()

    def result(self) -> Luck:
        return Luck(self.settings, self.seeds, self.trainer.recorded())


@cached
def borders(luck: Luck, moment: int = -1) -> np.ndarray:
    """What each network answers over the plane at a recorded moment, (networks, SIDE, SIDE), uint8 as in `maps.py`."""
    vectors = luck.training.weights[moment].float().nan_to_num()
    answers = named(luck.settings, layer_answers(luck.settings, vectors, grid(SIDE))[-1])
    return as_bytes(answers[..., 0]).reshape(-1, SIDE, SIDE)
