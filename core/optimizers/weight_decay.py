"""Weight decay moves the minimum: through the gradient (SGD, Adam) to one place, beside the step (AdamW) to another.

SGD and Adam add λp to the gradient. They rest where grad f + λp = 0, the minimum of f + λ/2·|p|²; Adam's divisor scales
both alike. AdamW shrinks p by the factor 1 - lr·λ beside its step and rests where m/(sqrt(v) + eps) = -λp. No share
m/sqrt(v) of a gradient that stays is larger than 1, so it rests within |x|, |y| <= 1/λ. Within, v forgets the large
gradients of the way, so that AdamW creeps back to f's own minimum, until steps of about lr or eps keep it away.
Sources: Loshchilov and Hutter 2019, "Decoupled weight decay regularization"; Xie and Li 2024, "Implicit bias of AdamW".
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.optim import Optimizer

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.finite import not_finite
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.lr_batch import OPTIMIZER
from core.settings import Integer, Real, Settings, ladder, parameter
from core.task import Task

RUNNERS = ("SGD", "Adam", "AdamW")
WEIGHT_DECAYS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
MOST_STEPS = 4000
ROUNDS = 12  # of Newton's method for each λ
LEVEL = 1e-13  # gradients below are level
ON_THE_WAY = 40  # values of λ from 0 to the chosen one
AT_EDGE = 0.05  # of 1/λ
ONE_PLACE = 0.01  # of the distance from 0, or of 1: what is nearer is there; AdamW trembles by about lr


@dataclass(frozen=True)
class DecaySettings(Settings):
    """The weight decay and learning rate that all three have, and how long they run."""

    weight_decay: float = parameter(
        0.5, Real("Weight decay λ", 0.0, 1.0, WEIGHT_DECAYS, help="Pulls every weight towards 0.")
    )
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-6, 10.0, ladder(-4, 0)))
    at: int = parameter(MOST_STEPS, Integer("Step", 0, MOST_STEPS))  # where the reader looks; changes no run
    steps: int = parameter(2000, Integer("Steps", 1, MOST_STEPS, (100, 200, 500, 1000, 2000, 3000, 4000)))


@dataclass(frozen=True, eq=False)
class DecayRun:
    """One optimizer's way.

    Attributes:
        hparams: its hyperparameters. path: shape (steps done + 1, 2), float64; up to the step at which a number is no
            longer finite. diverged: which; empty if all are.
        downhill: what pulls it down f at the end, shape (2,): minus the gradient; where weight decay acts beside the
            step, minus what the step divides it to, m/(sqrt(v) + eps).
    """

    hparams: Hyperparameters
    path: Tensor
    diverged: str
    downhill: Tensor

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    @property
    def end(self) -> Tensor:
        """Its last point, shape (2,)."""
        return self.path[-1]

    @property
    def decay(self) -> Tensor:
        """What pulls it to 0 at the end, -λp, shape (2,)."""
        return -self.hparams.weight_decay * self.end


@dataclass(frozen=True, eq=False)
class Decayed:
    """The three runs.

    Attributes:
        minimum: of f, by which the runs are measured: next to where Adam ends without decay; None if f has none.
    """

    surface: SurfaceSettings
    weight_decay: float
    steps: int
    runs: tuple[DecayRun, ...]
    minimum: CriticalPoint | None

    @property
    def function(self) -> TypedFunction:
        return self.surface.function


def with_decay(all_hparams: list[Hyperparameters], settings: DecaySettings) -> tuple[Hyperparameters, ...]:
    """The three with the weight decay and the learning rate of this view."""
    return tuple(replace(hparams, lr=settings.lr, weight_decay=settings.weight_decay) for hparams in all_hparams)


class DecayTask(Task):
    """The three real optimizers side by side, and Adam once more without decay."""

    def __init__(self, surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> None:
        self.key, self.total = (surface, all_hparams, steps), steps
        self.surface, self.all_hparams, self.steps = surface, all_hparams, steps
        self.cost = steps * (OPTIMIZER * (1 + len(all_hparams)) + surface.function.seconds())

    def begin(self) -> None:
        start = torch.tensor([self.surface.x, self.surface.y], dtype=torch.float64)
        self.function = self.surface.function
        entered = (*self.all_hparams, replace(self.all_hparams[1], weight_decay=0.0))
        self.points = [start.clone().requires_grad_() for _ in entered]
        self.optimizers = [hparams.make([point]) for hparams, point in zip(entered, self.points, strict=True)]
        self.path = start.repeat(self.steps + 1, len(entered), 1)

    def advance(self) -> None:
        _, gradients = value_and_gradient(self.function, self.path[self.done])
        for point, gradient, optimizer in zip(self.points, gradients, self.optimizers, strict=True):
            point.grad = gradient
            optimizer.step()
        self.path[self.done + 1] = torch.stack([point.detach() for point in self.points])

    def result(self) -> Decayed:
        minima, (x, y) = self.surface.shape.minima, self.path[self.done, -1].tolist()
        # Where that run has diverged, every distance is NaN and `min` takes the first, the lowest.
        near = min(minima, key=lambda point: (point.x - x) ** 2 + (point.y - y) ** 2, default=None)
        weight_decay = self.all_hparams[0].weight_decay
        runs = tuple(self._run(i) for i in range(len(self.all_hparams)))
        return Decayed(self.surface, weight_decay, self.done, runs, near)

    def _run(self, i: int) -> DecayRun:
        path, hparams = self.path[: self.done + 1, i], self.all_hparams[i]
        values, gradients = value_and_gradient(self.function, path)
        finite = torch.isfinite(torch.cat([path, values[:, None], gradients], dim=1)).all(dim=1)
        end = self.done if finite.all() else int((~finite).nonzero()[0])
        downhill = -gradients[end]
        if decoupled(hparams) and self.done:
            downhill = -divided_step(hparams, self.optimizers[i], self.points[i])
        return DecayRun(hparams, path[: end + 1].clone(), not_finite(path[end], values[end], gradients[end]), downhill)


def decoupled(hparams: Hyperparameters) -> bool:
    """Whether weight decay acts beside the step instead of through the gradient."""
    return hparams.name == "AdamW" or getattr(hparams, "decoupled_weight_decay", False)


def divided_step(hparams: Hyperparameters, optimizer: Optimizer, point: Tensor) -> Tensor:
    """m/(sqrt(v) + eps) of Adam or AdamW after its last step, both means corrected for their start at 0; shape (2,)."""
    state = optimizer.state[point]
    square = state.get("max_exp_avg_sq", state["exp_avg_sq"]) / (1 - hparams.beta2 ** state["step"].item())
    return state["exp_avg"] / (1 - hparams.beta1 ** state["step"].item()) / (square.sqrt() + hparams.eps)


@cached
def moved_minimum(function: TypedFunction, x: float, y: float, weight_decays: tuple[float, ...]) -> Tensor:
    """The minimum of f + λ/2·|p|² for growing λ, followed by Newton's method from the one before.

    Args:
        x, y: the minimum for λ = 0.

    Returns:
        The places, shape (n, 2), float64; NaN from where the minimum has gone.
    """
    places, eye = [], torch.eye(2, dtype=torch.float64)
    p = torch.tensor([[x, y]], dtype=torch.float64)
    for decay in weight_decays:
        for _ in range(ROUNDS):
            slope, curvature = value_and_gradient(function, p)[1] + decay * p, hessians(function, p) + decay * eye
            if not torch.isfinite(curvature).all() or slope.norm() < LEVEL:
                break
            p = p - (torch.linalg.pinv(curvature) @ slope[:, :, None])[:, :, 0]
        if not (slope.norm() < 1e6 * LEVEL and (torch.linalg.eigvalsh(curvature) > 0).all()):
            p = p * torch.nan
        places.append(p[0])
    return torch.stack(places)


def way_of_minimum(found: Decayed) -> Tensor:
    """The minimum of f + λ/2·|p|² as λ grows from 0 to its value, shape (n, 2)."""
    decays = torch.linspace(0, 1, ON_THE_WAY + 1, dtype=torch.float64) ** 2 * found.weight_decay
    return moved_minimum(found.function, found.minimum.x, found.minimum.y, tuple(decays.tolist()))


def newton_step(function: TypedFunction, p: Tensor, weight_decay: float) -> float:
    """How far Newton's method would go from p, shape (2,), to the minimum of f + λ/2·|p|².

    It is infinite where that does not bend up, or a number is not finite.
    """
    gradient = value_and_gradient(function, p[None])[1][0] + weight_decay * p
    curvature = hessians(function, p[None])[0] + weight_decay * torch.eye(2, dtype=p.dtype)
    if not (torch.isfinite(gradient).all() and torch.isfinite(curvature).all()):
        return torch.inf
    if torch.linalg.eigvalsh(curvature)[0] <= 0:
        return torch.inf
    return torch.linalg.solve(curvature, gradient).norm().item()


def held_at_edge(found: Decayed, run: DecayRun) -> bool:
    """Whether a coordinate is held at |x| or |y| = 1/λ by a decay beside the step, while f still falls outwards."""
    held = (run.decay.abs() - 1).abs() < AT_EDGE
    gradient = value_and_gradient(found.function, run.end[None])[1][0]
    return decoupled(run.hparams) and bool((held & (gradient * run.end < 0)).any())


def outcome(found: Decayed, run: DecayRun) -> str:
    """Where a run ends: diverged; at a minimum of f (own) or of f + λ/2·|p|² (moved), whichever is nearer; held at
    the edge of AdamW's square (edge); or at none of these (neither)."""
    if run.diverged:
        return "diverged"
    steps = {name: newton_step(found.function, run.end, λ) for name, λ in (("own", 0.0), ("moved", found.weight_decay))}
    nearer = min(steps, key=steps.get)
    if steps[nearer] < ONE_PLACE * max(run.end.norm().item(), 1.0):
        return nearer
    return "edge" if held_at_edge(found, run) else "neither"


def groups(found: Decayed) -> list[list[str]]:
    """The optimizers by where they end: those closer than 1% of the way from 0, or of 1, are in one place."""
    together: list[list[DecayRun]] = []
    for run in found.runs:
        for group in together:
            if (run.end - group[0].end).norm() <= ONE_PLACE * max(run.end.norm().item(), 1.0):
                group.append(run)
                break
        else:
            together.append([run])
    return [[run.name for run in group] for group in together]
