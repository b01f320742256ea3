"""When no line fits: two rules that still give a good answer, and the reason why there is no perfect one.

Sources: S. I. Gallant, Perceptron-based learning algorithms (1990), for the pocket; Y. Freund and R. E. Schapire, Large
margin classification using the perceptron algorithm (1999), for the average.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.perceptron.bound import margin
from core.perceptron.learn import PerceptronRun, wrong
from core.perceptron.samples import Samples

SOON = 20  # corrections


@dataclass(frozen=True, eq=False)
class WeightRules:
    """Pocket and average beside the last weights, at every update. k updates, d weights.

    Attributes:
        weights: rule -> shape (k + 1, d); the rules are "last", "pocket" and "averaged".
        wrong: rule -> shape (k + 1,), samples answered wrongly.
    """

    weights: dict[str, Tensor]
    wrong: dict[str, Tensor]


@cached
def weight_rules(run: PerceptronRun) -> WeightRules:
    """What each rule would answer if the run ended after each of its updates.

    last: the weights themselves. pocket: those that had the fewest samples wrong so far, the earliest of equals.
    averaged: the mean, over all visits so far, of the weights after the visit. Weights i count once for the visit that
    made them and once for each visit since that changed nothing, which is as often as they were visited; the last ones
    count once more, since no later correction has been counted for them.
    """
    best = torch.cummin(run.wrong, dim=0)
    improved = torch.cat([torch.tensor([True]), best.values[1:] < best.values[:-1]])
    best_row = torch.cummax(torch.where(improved, torch.arange(len(improved)), 0), dim=0).values
    pocket = run.weights[best_row]
    visited = run.visits.to(torch.float64)[:, None]
    count, total = visited.cumsum(0) - visited, (visited * run.weights).cumsum(0) - visited * run.weights
    count[-1], total[-1] = count[-1] + visited[-1], total[-1] + visited[-1] * run.weights[-1]
    averaged = (total + run.weights) / count.clamp_min(1)
    weights = {"last": run.weights, "pocket": pocket, "averaged": averaged}
    return WeightRules(weights, {rule: wrong(w, run.samples) for rule, w in weights.items()})


def comes_to_rest(run: PerceptronRun) -> str:
    """Whether the rule ever stops: "soon", after at most SOON corrections, "late", "never", or "unknown"."""
    found = margin(run.samples)
    if run.outcome == "converged":
        return "soon" if run.updates <= SOON else "late"
    if found.separable:  # stopped before its end
        return "late" if run.updates >= SOON else "soon" if found.most <= SOON else "unknown"
    return "never" if found.inseparable or run.cycle else "unknown"


@dataclass(frozen=True, eq=False)
class HullIntersection:
    """A point that is a mix of either class's samples: the reason why no line separates them.

    Attributes:
        point: shape (2,).
        rows: class -> the samples that are mixed.
        shares: class -> their shares, which sum to 1.
    """

    point: Tensor
    rows: dict[int, list[int]]
    shares: dict[int, list[float]]


def hull_intersection(samples: Samples) -> HullIntersection | None:
    """A point in the convex hulls of both classes; None if none is proven to be, or if there is no bias."""
    found = margin(samples)
    if not found.inseparable or not samples.bias:
        return None
    mixed = found.shares > 1e-9
    rows = {c: (mixed & (samples.y == c)).nonzero().flatten().tolist() for c in (0, 1)}
    shares = {c: found.shares[rows[c]] / found.shares[rows[c]].sum() for c in (0, 1)}
    return HullIntersection(shares[1] @ samples.X[rows[1]], rows, {c: s.tolist() for c, s in shares.items()})
