"""What a run on a curve did, from every one of its steps.

A move is a step that changes x by more than 1e-12 of x: below that it may be rounding, and the ball rests.
"""

import torch
from torch import Tensor

from core.plane.run import Run

ROUNDING = 1e-12  # of x
EXACT = 1e-9  # of a length: lengths closer to each other than that are the same
STILL = 0.01  # of the longest move: a ball whose last move is shorter rests
OUTCOMES = ("diverged", "growing", "period two", "monotone", "oscillating", "other")


def moves(run: Run) -> Tensor:
    """The moves with their signs, shape (steps,); 0 where the ball rests."""
    move, size = run.path.diff(), run.path.abs()
    return torch.where(move.abs() > ROUNDING * torch.maximum(size[1:], size[:-1]), move, 0.0)


def turns(run: Run) -> int:
    """How many moves go against the move before."""
    way = moves(run)
    way = way[way != 0].sign()
    return int((way[1:] != way[:-1]).sum())


def no_longer(run: Run) -> bool:
    """Whether no step is longer than the one before."""
    length = moves(run).abs()
    return bool((length[1:] <= length[:-1] * (1 + EXACT)).all())


def diverged(run: Run) -> bool:
    """Whether a number is no longer finite."""
    return run.diverged_at is not None


def grows(run: Run) -> bool:
    """Whether each of two or more steps is longer than the one before, and the run ends higher than it began."""
    length = moves(run).abs()
    longer = (length[1:] > length[:-1] * (1 + EXACT)).all()
    return run.steps >= 2 and bool(longer) and bool(run.losses[-1] > run.losses[0])


def period_two_from(run: Run) -> int | None:
    """The first step after which the ball is in two places in turn, to the end; None if it never is.

    It must come back once at least, so two moves are needed.
    """
    way = moves(run)
    back = (way[1:] != 0) & ((way[1:] + way[:-1]).abs() <= EXACT * way[1:].abs())
    broken = (~back).nonzero()[:, 0]
    first = int(broken[-1]) + 1 if len(broken) else 0
    return first if first < len(back) else None


def converges_monotonically(run: Run) -> bool:
    """Whether two or more steps, the first of them a move, all go one way and none is longer than the one before."""
    return run.steps >= 2 and bool(moves(run)[0] != 0) and turns(run) == 0 and no_longer(run)


def oscillates(run: Run) -> bool:
    """Whether there are two or more moves, each against the one before and none longer; then the ball may rest."""
    count = int((moves(run) != 0).sum())
    return count >= 2 and turns(run) == count - 1 and no_longer(run)


def outcome(run: Run) -> str:
    """One of OUTCOMES, the first that is true."""
    if diverged(run):
        return "diverged"
    if grows(run):
        return "growing"
    if period_two_from(run) is not None:
        return "period two"
    if converges_monotonically(run):
        return "monotone"
    return "oscillating" if oscillates(run) else "other"


def fate(run: Run) -> str:
    """What becomes of the ball: "flies out", "swings" for ever, "rests", or "moves" on when the run ends."""
    kind, length = outcome(run), moves(run).abs()
    if kind in ("diverged", "growing"):
        return "flies out"
    if kind == "period two":
        return "swings"
    return "rests" if length[-1] <= STILL * length.max() else "moves"
