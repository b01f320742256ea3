"""Leaks: three ways in which the holdout part gets into the training, on data that hold nothing to be learned."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.cache import cached
from core.generalization.settings import LeakageSettings

N_REPEATS = 100
LEAKS = {
    "scaling": "Scaled with all rows",
    "selection": "Questions chosen with all rows",
    "copies": "Copies on both sides",
}


@dataclass(frozen=True, eq=False)
class Leaks:
    """Share of right answers on the holdout part.

    Attributes:
        leaking, honest: of each leak in the order of `LEAKS`, shape (3, 100 repeats).
        n_holdout: rows that are kept out, but for the copies.
    """

    settings: LeakageSettings
    leaking: Tensor
    honest: Tensor
    n_holdout: int

    @property
    def harm(self) -> Tensor:
        """Mean of what each leak adds to the share of right answers, shape (3,)."""
        return (self.leaking - self.honest).mean(dim=1)

    @property
    def worst(self) -> list[str]:
        """The leak that adds the most, by its words; all that add as much, none if that may be chance."""
        gap = self.leaking - self.honest
        chance = 3 * gap.std(dim=1) / N_REPEATS**0.5
        rows = zip(LEAKS.values(), self.harm, chance, strict=True)
        return [words for words, harm, least in rows if harm == self.harm.max() and harm > least]


@cached
def leak(settings: LeakageSettings) -> Leaks:
    """Measures every leak, wrong and right, in 100 data sets whose classes have nothing to do with the answers."""
    generator = Generator().manual_seed(settings.seed)
    found = torch.tensor([_repeat(settings, generator) for _ in range(N_REPEATS)], dtype=torch.float64)
    return Leaks(settings, found[:, :, 0].T, found[:, :, 1].T, settings.n_samples - settings.n_samples // 2)


def _repeat(s: LeakageSettings, generator: Generator) -> list[tuple[float, float]]:
    """For each leak the share of right answers with and without it."""
    n, m, k = s.n_samples, s.n_samples // 2, s.n_chosen
    X = torch.randn(n, s.n_features, generator=generator)
    y = torch.where(torch.arange(n) % 2 == 0, -1.0, 1.0)  # both classes alike in both parts
    # The first m rows are for training, the rest is kept out.
    scaling = [nearest_mean(scaled(X[:, :k], X[:rows, :k]), y, m) for rows in (n, m)]
    selection = [nearest_mean(X[:, chosen(X[:rows], y[:rows], k)], y, m) for rows in (n, m)]
    twice = torch.cat([torch.arange(n), torch.arange(round(s.copies * n))])
    mixed = twice[torch.randperm(len(twice), generator=generator)]
    apart = torch.cat([twice[twice < m], twice[twice >= m]])  # the copies of a person stay on its side
    sides = [(mixed, len(mixed) // 2), (apart, int((twice < m).sum()))]
    copies = [nearest_neighbour(X[rows, :k], y[rows], count) for rows, count in sides]
    return [tuple(scaling), tuple(selection), tuple(copies)]


def scaled(X: Tensor, by: Tensor) -> Tensor:
    """Every column minus its mean over the rows of `by`, divided by its standard deviation over them."""
    return (X - by.mean(dim=0)) / by.std(dim=0)


def chosen(X: Tensor, y: Tensor, k: int) -> Tensor:
    """The k columns whose correlation with the class is farthest from 0; shapes (n, p) and (n,) -> (k,)."""
    centred = X - X.mean(dim=0)
    return ((y - y.mean()) @ centred / centred.norm(dim=0)).abs().topk(k).indices


def nearest_mean(X: Tensor, y: Tensor, m: int) -> float:
    """Share of the rows from m on whose class has the nearer mean, the means being those of the first m rows."""
    up, down = X[:m][y[:m] > 0].mean(dim=0), X[:m][y[:m] < 0].mean(dim=0)
    return (((X[m:] - (up + down) / 2) @ (up - down) > 0) == (y[m:] > 0)).double().mean().item()


def nearest_neighbour(X: Tensor, y: Tensor, m: int) -> float:
    """Share of the rows from m on whose class is that of the nearest of the first m rows."""
    return (y[:m][torch.cdist(X[m:], X[:m]).argmin(dim=1)] == y[m:]).double().mean().item()
