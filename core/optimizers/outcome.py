"""What became of a run: arrived, at a saddle, on its way, bouncing, growing or lost; judged from its numbers."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.typed_function import TypedFunction
from core.optimizers.race import Run
from core.optimizers.reason import Reason, reason_of
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import value_and_gradient

NEAR = 2e-3  # of the picture's width: so close to a level place is there
SHARP = 0.05  # of that at a cusp, round which f is not flat
WINDOW = 0.2  # of the steps, the last, over which a run is judged
SHORTEST, LONGEST = 6, 40  # steps of that window
ROUND = 0.15  # a way is going round in circles if it leads no further than that share of its length
LASTING = 0.8  # ... and its second half is at least that share of its first
GROWING = 1.05
UNMOVED = 1e-3  # of the picture's width
STILL = 1e-7  # of the picture's width
FAR = 10.0  # of the picture's width, from the start


@dataclass(frozen=True)
class Outcome:
    """The outcome on a run at one of its steps.

    Attributes:
        kind: "start", "arrived", "level" (at a saddle, maximum or flat place), "moving", "barely" (has hardly moved),
            "flat" (the gradient is exactly 0 at a place that no search has found), "far" (far from its start),
            "still" (hardly moves any more), "bouncing", "growing" or "lost".
        place: the critical point it is at, for "arrived" and "level".
        line: "x" or "y" if that coordinate has not moved since its gradient is exactly 0 all the way; else "".
        reason: why it is lost or grows, where the numbers tell.
    """

    kind: str
    place: CriticalPoint | None = None
    line: str = ""
    reason: Reason | None = None


def outcome(run: Run, at: int, function: TypedFunction, points: tuple[CriticalPoint, ...], width: float) -> Outcome:
    """The outcome on a run after its first `at` steps.

    Args:
        points: the critical points of the surface. width: of the picture; what counts as near is measured by it.
    """
    at = min(at, run.steps)
    if run.diverged_at is not None and at >= run.diverged_at:
        return Outcome("lost", reason=reason_of(run, at, function))
    if at == 0:
        return Outcome("start", line="")
    line = symmetry_line(run, at, function)
    window = run.path[at - min(at, max(SHORTEST, min(LONGEST, round(WINDOW * at)))) : at + 1]
    place = nearest(run.path[max(at - 2, 0) : at + 1], points, NEAR * width)
    if place is not None:
        return Outcome("arrived" if place.kind in ("minimum", "cusp") else "level", place, line)
    kind = _motion(run, at, window, width)
    return Outcome(kind, line=line, reason=reason_of(run, at, function) if kind == "growing" else None)


def nearest(places: Tensor, points: tuple[CriticalPoint, ...], most: float) -> CriticalPoint | None:
    """The critical point that all of some places are near to; None if there is none."""
    if not points:
        return None
    known = torch.tensor([(point.x, point.y) for point in points], dtype=places.dtype)
    far = torch.cdist(places, known).amax(dim=0)
    best = int(far.argmin())
    return points[best] if far[best] <= most * (SHARP if points[best].kind == "cusp" else 1.0) else None


def symmetry_line(run: Run, at: int, function: TypedFunction) -> str:
    """The coordinate that cannot move: its gradient has been exactly 0 at every place, though f depends on it."""
    moved = (run.path[: at + 1] != run.path[0]).any(dim=0)
    pushed = (run.gradient[: at + 1] != 0).any(dim=0)
    for i, name in enumerate("xy"):
        if not moved[i] and not pushed[i] and moved[1 - i] and _matters(run, i, function):
            return name
    return ""


def _matters(run: Run, i: int, function: TypedFunction) -> bool:
    """Whether the gradient of coordinate i is another beside the line."""
    beside = run.path[:1].clone()
    beside[0, i] += 1e-3 * (1 + beside[0, i].abs())
    slope = value_and_gradient(function, beside)[1][0, i]
    return bool(slope != 0) and bool(torch.isfinite(slope))


def _motion(run: Run, at: int, window: Tensor, width: float) -> str:
    if not run.gradient[at].any():
        return "flat"
    moves = window.diff(dim=0).norm(dim=1)
    length = moves.sum().item()
    half = len(moves) // 2
    before, after = moves[:half].mean().item(), moves[half:].mean().item()
    first = len(run.loss[: at + 1]) - len(window)
    climbed = run.loss[at] > run.loss[first] and run.loss[at] > run.loss[0]
    away = (run.path[: at + 1] - run.path[0]).norm(dim=1)
    if climbed and after >= GROWING * before and away.max() >= UNMOVED * width:
        return "growing"
    if away[-1] > FAR * width:
        return "far"
    if away.max() < UNMOVED * width:
        return "barely"
    if length <= STILL * width:
        return "still"
    led = (window[-1] - window[0]).norm().item()
    return "bouncing" if led <= ROUND * length and after >= LASTING * before else "moving"
