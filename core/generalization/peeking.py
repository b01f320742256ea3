"""Peeking: many models are tried on one holdout set, and the best is kept. What does the holdout set still say?"""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached
from core.generalization.settings import MOST_OPENINGS, PeekingSettings

N_REPEATS, N_TRAIN, N_NEW, QUESTIONS = 200, 50, 200, 2  # questions that a model asks
SHIFT = 0.5  # of the answers' means by the class, where they reveal the most
GUESSED = 50  # openings that the guess is about
BANDS = {"Hardly any: at most 2": 0.0, "3 to 8": 0.025, "9 or more": 0.085}  # points too many, the fewest of each


@dataclass(frozen=True)
class Repeats:
    """What the 200 repeats have in common: all settings but the number of openings."""

    n_holdout: int
    signal: float
    seed: int


@dataclass(frozen=True, eq=False)
class Peeks:
    """200 repeats with data of their own, each with 100 models that are tried one after the other.

    Attributes:
        holdout: share of right answers of each model on the holdout set, shape (200, 100).
        seen: the best of the first k + 1 models, shape (200, 100): what one believes after k + 1 openings.
        fresh: share of right answers of that model on 200 new people, shape (200, 100).
    """

    n_holdout: int
    holdout: Tensor
    seen: Tensor
    fresh: Tensor

    @property
    def optimism(self) -> Tensor:
        """Mean of what the holdout set says too much after k + 1 openings, shape (100,)."""
        return (self.seen - self.fresh).mean(dim=0)

    @property
    def band(self) -> str:
        """Which of `BANDS` the optimism after 50 openings is in."""
        return [name for name, least in BANDS.items() if self.optimism[GUESSED - 1] >= least or not least][-1]


def peeks_of(settings: PeekingSettings) -> Peeks:
    """The repeats that belong to the settings."""
    return peek(Repeats(settings.n_holdout, settings.signal, settings.seed))


@cached
def peek(settings: Repeats) -> Peeks:
    """Trains and tries all models of all repeats."""
    generator = Generator().manual_seed(settings.seed)
    found = [_repeat(settings, generator) for _ in range(N_REPEATS)]
    holdout, new = (torch.stack(rows) for rows in zip(*found, strict=True))
    seen, chosen = holdout.cummax(dim=1)
    # Of equals `cummax` names the last one; whoever peeks keeps the model that he has.
    first = torch.cat([torch.ones(N_REPEATS, 1, dtype=torch.bool), seen[:, 1:] > seen[:, :-1]], dim=1)
    chosen = torch.where(first, chosen, 0).cummax(dim=1).values
    return Peeks(settings.n_holdout, holdout, seen, new.gather(1, chosen))


def _repeat(settings: Repeats, generator: Generator) -> tuple[Tensor, Tensor]:
    """Right answers of every model on the holdout people and on new ones, as shares, each shape (100,).

    Each model has two questions of its own. It learns the mean answers of both classes, and names for new answers the
    class whose mean is nearer.
    """
    sizes = [N_TRAIN, settings.n_holdout, N_NEW]
    y = torch.where(torch.rand(sum(sizes), generator=generator) < 0.5, -1.0, 1.0)
    X = torch.randn(sum(sizes), MOST_OPENINGS * QUESTIONS, generator=generator)
    X += SHIFT * settings.signal * y[:, None]
    (X_train, *X_parts), (y_train, *y_parts) = X.split(sizes), y.split(sizes)
    up, down = X_train[y_train > 0].mean(dim=0), X_train[y_train < 0].mean(dim=0)
    shares = []
    for X_part, y_part in zip(X_parts, y_parts, strict=True):
        scores = ((X_part - (up + down) / 2) * (up - down)).unflatten(1, (MOST_OPENINGS, QUESTIONS)).sum(dim=2)
        shares.append(((scores > 0) == (y_part > 0)[:, None]).double().mean(dim=0))
    return shares[0], shares[1]
