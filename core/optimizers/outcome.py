"""What became of a run: converged, at a saddle, still moving or diverged; and why it diverged."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.typed_function import TypedFunction
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.race import Run
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.stability import limit
from core.plane.surfaces import Surface

NEAR = 2e-3  # of the picture's width: so close to a level point is there
SHARP = 0.05  # of that at a cusp, around which f is not flat
LAST = 3  # points of a run that must be there
BOTTOMLESS = -1e20  # no minimum of the surfaces on offer is nearly as low
SGDS = ("SGD", "Momentum", "Nesterov", "ASGD")  # whose steps are in proportion to the gradient


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run at one of its steps.

    Attributes:
        kind: "converged" (to a minimum or cusp), "saddle" (at a saddle or another level point that is no minimum),
            "moving" or "diverged".
        point: the level point, for the first two.
    """

    kind: str
    point: CriticalPoint | None = None


@dataclass(frozen=True)
class Reason:
    """Why a run diverged, or climbs.

    Attributes:
        kind: "limit" (lr is above the limit from a step on), "unbounded" (f has no lower bound here) or "not finite".
        step: from where on; for "not finite" the last one whose numbers all were finite, or 0.
        limit: for "limit", the largest stable lr at that step.
    """

    kind: str
    step: int
    limit: float = math.nan


def outcome(run: Run, at: int, surface: Surface) -> Outcome:
    """The outcome after the first `at` steps."""
    at = min(at, run.steps)
    if run.diverged_at is not None and at >= run.diverged_at:
        return Outcome("diverged")
    point = settled_at(run.path[: at + 1], surface)
    if point is None:
        return Outcome("moving")
    return Outcome("converged" if point.kind in ("minimum", "cusp") else "saddle", point)


def settled_at(path: Tensor, surface: Surface) -> CriticalPoint | None:
    """The level point that the last three points of a path, or all of a shorter one, are near to.

    None if there is none, or no step yet.
    """
    if not surface.points or len(path) == 1:
        return None
    known = torch.tensor([(point.x, point.y) for point in surface.points], dtype=path.dtype)
    farthest = torch.cdist(path[-LAST:], known).amax(dim=0)
    best = int(farthest.argmin())
    near = NEAR * surface.width * (SHARP if surface.points[best].kind == "cusp" else 1.0)
    return surface.points[best] if farthest[best] <= near else None


def stays_on_line(run: Run, at: int, function: TypedFunction) -> str:
    """The coordinate, "x" or "y", that has never moved since its gradient was exactly 0 at every point; else "".

    A coordinate that f does not depend on does not count: beside the line, too, its gradient is 0.
    """
    moved = (run.path[: at + 1] != run.path[0]).any(dim=0)
    pushed = (run.gradient[: at + 1] != 0).any(dim=0)
    for i, name in enumerate("xy"):
        if not moved[i] and not pushed[i] and moved[1 - i]:
            beside = run.path[:1].clone()
            beside[0, i] += 1e-3 * (1 + beside[0, i].abs())
            gradient = value_and_gradient(function, beside)[1][0, i]
            if gradient != 0 and torch.isfinite(gradient):
                return name
    return ""


def reason(run: Run, at: int, surface: Surface) -> Reason | None:
    """Why a run has diverged by step `at`, as far as theory tells; also why it is higher than at its start.

    None for any other run, and for a higher one whose lr is not above the limit.
    """
    at = min(at, run.steps)
    if run.diverged_at is None or at < run.diverged_at:
        return above_limit(run, at, surface.function) if run.loss[at] > run.loss[0] else None
    if bool((run.loss < BOTTOMLESS).any()):
        return Reason("unbounded", at)
    before = max(at - 1, 0)
    finite = bool(torch.isfinite(run.path[at]).all() and torch.isfinite(run.loss[at]))
    return above_limit(run, at if finite else before, surface.function) or Reason("not finite", before)


def above_limit(run: Run, last: int, function: TypedFunction) -> Reason | None:
    """From which step on lr is above the stable limit at every point up to `last`; None if it is not at the last.

    Only for those whose step is in proportion to the gradient. A curvature that is too large for a number counts as
    above, but not as the first one.
    """
    if run.name not in SGDS:
        return None
    curvatures = hessians(function, run.path[: last + 1])
    good = torch.isfinite(curvatures).flatten(1).all(dim=1)
    largest = torch.full((last + 1,), math.inf, dtype=curvatures.dtype)
    largest[good] = torch.linalg.eigvalsh(curvatures[good])[:, -1]
    limits = [stable_lr(run.hparams, curvature) for curvature in largest.tolist()]
    below = [step for step, most in enumerate(limits) if run.hparams.lr <= most]
    first = below[-1] + 1 if below else 0
    return Reason("limit", first, limits[first]) if first <= last and limits[first] > 0 else None


def changes_curvature(hparams: Hyperparameters) -> bool:
    """Whether weight decay or dampening makes the L of `stable_lr` another than the curvature."""
    dampened = getattr(hparams, "momentum", 0.0) and getattr(hparams, "dampening", 0.0)
    return bool(dampened or getattr(hparams, "weight_decay", 0.0))


def stable_lr(hparams: Hyperparameters, curvature: float) -> float:
    """The largest stable lr of SGD at some largest curvature (`core.plane.stability.limit`).

    Weight decay λ adds to the curvature, and dampening d leaves 1 − d of the gradient: L = (1 − d)(curvature + λ).
    """
    momentum = getattr(hparams, "momentum", 0.0)
    kept = 1 - getattr(hparams, "dampening", 0.0) * (momentum > 0)
    steepest = (curvature + getattr(hparams, "weight_decay", 0.0)) * max(kept, 1e-300)
    return limit(steepest, momentum, getattr(hparams, "nesterov", False))
