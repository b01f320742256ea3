"""Why a run is lost or grows, as far as theory tells: the limit of its learning rate, a division by 0, an overflow."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.typed_function import TypedFunction
from core.optimizers.race import Run
from core.plane.derivatives import hessians

HUGE = 1e20  # coordinates beyond it have run away; nothing in the pictures is as large
FALLING = 4  # steps
SGDS = ("SGD", "Momentum", "Nesterov", "ASGD")


@dataclass(frozen=True)
class Reason:
    """Why.

    Attributes:
        kind: "limit" (lr was above the limit of the curvature there), "undivided" (the same for RAdam in its first
            steps, which are not yet divided by the gradient's size), "endless" (f falls without end), "zero by zero"
            (ε is 0 and the gradient too), "no gradient" (a kink or cusp), "no value" (a root or logarithm of what has
            none), "overflow" (a power is beyond 1.8e308) or "step" (the step itself was not finite).
        step: from where on; x, y: the place.
        lr, limit: for "limit" and "undivided"; the limit is 2(1 + b)/L, with Nesterov (2 + 2b)/((1 + 2b)L).
    """

    kind: str
    step: int
    x: float
    y: float
    lr: float = math.nan
    limit: float = math.nan


def reason_of(run: Run, at: int, function: TypedFunction) -> Reason:
    """The reason for what happened up to step `at`, at which a run is lost or still grows."""
    x, y = run.path[at].tolist()
    before = max(at - 1, 0)
    if torch.isfinite(run.path[at]).all() and max(abs(x), abs(y)) < HUGE and run.diverged_at == at:
        kind = _at_a_place(run, at)
        if kind:
            return Reason(kind, at, x, y)
    if _zero_by_zero(run, before, at):
        return Reason("zero by zero", before, *run.path[before].tolist())
    last = at if torch.isfinite(run.path[at]).all() and torch.isfinite(run.loss[at]) else before
    fell = run.loss[max(last - FALLING, 0) : last + 1]
    if len(fell) > FALLING and (fell.diff() < 0).all():
        return Reason("endless", last, *run.path[last].tolist())
    found = _above_the_limit(run, last, function)
    if found:
        return found
    overflown = torch.isfinite(run.path[at]).all()
    return Reason("overflow" if overflown else "step", before, *run.path[before].tolist())


def sgd_limit(run: Run, curvature: Tensor) -> Tensor:
    """The largest stable lr of SGD in its form with momentum b, at some largest curvatures; infinite without a valley.

    lr (1 − d) L < 2(1 + b), and with Nesterov lr L < (2 + 2b)/(1 + 2b), where L counts weight decay in. Source: Polyak
    1964; for the form that PyTorch has, the roots of z² − (1 + b − lr L) z + b.
    """
    hparams = run.hparams
    b = getattr(hparams, "momentum", 0.0)
    kept = 1 - getattr(hparams, "dampening", 0.0) * (b > 0)
    steep = (curvature + getattr(hparams, "weight_decay", 0.0)) * max(kept, 1e-300)
    most = (2 + 2 * b) / (1 + 2 * b) if getattr(hparams, "nesterov", False) else 2 * (1 + b)
    return torch.where(steep > 0, most / steep, math.inf)


def _at_a_place(run: Run, at: int) -> str:
    if torch.isnan(run.loss[at]):
        return "no value"
    return "no gradient" if torch.isfinite(run.loss[at]) and torch.isnan(run.gradient[at]).any() else ""


def _zero_by_zero(run: Run, before: int, at: int) -> bool:
    names = [name for name in ("eps", "eps2") if hasattr(run.hparams, name)]
    small = any(getattr(run.hparams, name) == 0 for name in names)
    gone = torch.isnan(run.path[at])
    return small and bool((gone & (run.gradient[before] == 0)).any())


def _above_the_limit(run: Run, last: int, function: TypedFunction) -> Reason | None:
    """Where plain or momentum SGD left the places at which its lr is below the limit, and stayed away from them."""
    radam = run.name == "RAdam"
    if not (radam and last <= undivided(run.hparams.beta2)) and run.name not in SGDS:
        return None
    curvatures = hessians(function, run.path[: last + 1])
    good = torch.isfinite(curvatures).flatten(1).all(dim=1)
    largest = torch.full((last + 1,), math.inf, dtype=curvatures.dtype)
    largest[good] = torch.linalg.eigvalsh(curvatures[good])[:, -1]
    limits = sgd_limit(run, largest)
    below = (run.hparams.lr <= limits).nonzero()[:, 0]
    first = int(below[-1]) + 1 if len(below) else 0
    if first > last:
        return None
    kind = "undivided" if radam else "limit"
    return Reason(kind, first, *run.path[first].tolist(), run.hparams.lr, limits[first].item())


def undivided(beta2: float) -> int:
    """How many of RAdam's first steps are not divided: those with ρ_t <= 5 (Liu and others 2020, algorithm 2)."""
    longest = 2 / (1 - beta2) - 1
    step = 1
    while step < 1000 and longest - 2 * step * beta2**step / (1 - beta2**step) <= 5:
        step += 1
    return step - 1
