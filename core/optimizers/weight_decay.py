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

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.finite import not_finite
from core.optim.hyperparameters import Hyperparameters
from core.optimizers.basins import minima_of
from core.optimizers.race import Runner
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.surfaces import function_of
from core.settings import Integer, Real, Settings, ladder, parameter

RUNNERS = ("SGD", "Adam", "AdamW")
WEIGHT_DECAYS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
MOST_STEPS = 4000
SLICE = 10  # steps that are one update of the work
ROUNDS = 12  # of Newton's method for each λ
LEVEL = 1e-13  # gradients below are level
ON_THE_WAY = 40  # values of λ from 0 to the chosen one


@dataclass(frozen=True)
class DecaySettings(Settings):
    """The weight decay and learning rate that all three have, and how long they run."""

    weight_decay: float = parameter(
        0.2, Real("Weight decay λ", 0.0, 1.0, WEIGHT_DECAYS, help="Pulls every weight towards 0.")
    )
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-6, 10.0, ladder(-4, 0)))
    at: int = parameter(MOST_STEPS, Integer("Step", 0, MOST_STEPS))  # where the reader looks; changes no run
    steps: int = parameter(2000, Integer("Steps", 1, MOST_STEPS, (100, 200, 500, 1000, 2000, 3000, 4000)))


@dataclass(frozen=True, eq=False)
class Decayed:
    """The three runs, and where they end for every weight decay.

    Attributes:
        all_hparams: their hyperparameters. paths: for each its places, shape (steps done + 1, 2), float64; up to the step
            at which a number is no longer finite. lost: which, for each; empty if all are.
        gradients: of f at the ends, shape (3, 2). divided: Adam's step there, m/(sqrt(v) + eps) with both corrected for
            their start at 0, by optimizer. root: AdamW's sqrt(v) there, shape (2,).
        swept: the weight decays of the sweep, shape (n,), 0 first. ends: where each ends, shape (3, n, 2).
    """

    surface: SurfaceSettings
    all_hparams: tuple[Hyperparameters, ...]
    weight_decay: float
    steps: int
    paths: tuple[Tensor, ...]
    diverged: tuple[str, ...]
    gradients: Tensor
    divided: dict[str, Tensor]
    root: Tensor
    swept: Tensor
    ends: Tensor

    @property
    def function(self) -> TypedFunction:
        return function_of(self.surface.surface, self.surface.text)

    @property
    def minimum(self) -> CriticalPoint | None:
        """The minimum of f that the runs are measured by: next to where Adam ends without decay; None if f has none."""
        minima = minima_of(self.surface)
        x, y = self.ends[1, 0].tolist()
        if not minima or x != x or y != y:
            return minima[0] if minima else None
        return min(minima, key=lambda point: (point.x - x) ** 2 + (point.y - y) ** 2)

    def distance(self) -> Tensor:
        """From f's minimum to every end of the sweep, shape (3, n)."""
        return (self.ends - torch.tensor([self.minimum.x, self.minimum.y], dtype=torch.float64)).norm(dim=-1)


def sweep_values() -> Tensor:
    """0, and ten weight decays in every decade from 0.001 to 1, shape (32,), float64."""
    return torch.cat([torch.zeros(1, dtype=torch.float64), torch.logspace(-3, 0, 31, dtype=torch.float64)])


def entries_of(all_hparams: list[Hyperparameters], settings: DecaySettings) -> tuple[Hyperparameters, ...]:
    """The three with the weight decay and the learning rate of this view."""
    return tuple(replace(hparams, lr=settings.lr, weight_decay=settings.weight_decay) for hparams in all_hparams)


class DecayWork:
    """The three real runs and the sweep, side by side; a piece of work for `ui/long_work.py`.

    A run takes one number as its weight decay, so in the sweep, where each row of a tensor has its own, the decay is
    written out: λp is added to the gradient, or for AdamW p shrinks by 1 - lr·λ before the step.
    """

    def __init__(self, surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> None:
        self.surface, self.all_hparams, self.steps, self.step = surface, all_hparams, steps, 0
        self.function = function_of(surface.surface, surface.text)
        start = torch.tensor([surface.x, surface.y], dtype=torch.float64)
        self.runners = [Runner(hparams, start, self.function) for hparams in all_hparams]
        self.swept = sweep_values()
        self.rows = [start.repeat(len(self.swept), 1).requires_grad_() for _ in all_hparams]
        self.optimizers = [
            hparams.make([row], weight_decay=0.0) for hparams, row in zip(all_hparams, self.rows, strict=True)
        ]
        self.places = torch.zeros(steps + 1, len(all_hparams), 2, dtype=torch.float64)
        self.places[0] = start

    @property
    def total_updates(self) -> int:
        return -(-self.steps // SLICE)

    @property
    def update(self) -> int:
        return -(-self.step // SLICE)

    @property
    def finished(self) -> bool:
        return self.step >= self.steps

    @property
    def progress(self) -> str:
        return f"step {self.step:,} of {self.steps:,}"

    def advance(self, updates: int) -> None:
        """Some slices of steps of all."""
        for _ in range(min(updates * SLICE, self.steps - self.step)):
            self._step()

    def _step(self) -> None:
        n, k = len(self.swept), len(self.runners)
        points = [runner.point.detach()[None] for runner in self.runners] + [row.detach() for row in self.rows]
        gradient = value_and_gradient(self.function, torch.cat(points))[1]
        for i, runner in enumerate(self.runners):
            runner.step(gradient[i])
        for i, (hparams, row, optimizer) in enumerate(zip(self.all_hparams, self.rows, self.optimizers, strict=True)):
            slope, p = gradient[k + i * n : k + (i + 1) * n], row.detach()
            if decoupled(hparams):
                p.mul_(1 - hparams.lr * self.swept[:, None])
                row.grad = slope
            else:
                row.grad = slope + self.swept[:, None] * p
            optimizer.step()
        self.step += 1
        self.places[self.step] = torch.stack([runner.point.detach() for runner in self.runners])

    def run(self) -> Decayed:
        """What there is so far."""
        places = self.places[: self.step + 1]
        values, gradients = value_and_gradient(self.function, places.reshape(-1, 2))
        values, gradients = values.reshape(-1, len(self.runners)), gradients.reshape(places.shape)
        finite = torch.isfinite(values) & torch.isfinite(gradients).all(dim=2) & torch.isfinite(places).all(dim=2)
        last = [int((~good).nonzero()[0]) if not good.all() else self.step for good in finite.T]
        paths = tuple(places[: end + 1, i].clone() for i, end in enumerate(last))
        lost = tuple(not_finite(places[e, i], values[e, i], gradients[e, i]) for i, e in enumerate(last))
        divided = {
            runner.hparams.name: divided_step(runner)
            for runner in self.runners
            if "exp_avg" in runner.optimizer.state[runner.point]
        }
        adamw = self.runners[-1]
        return Decayed(
            self.surface,
            self.all_hparams,
            self.all_hparams[0].weight_decay,
            self.step,
            paths,
            lost,
            gradients[-1].clone(),
            divided,
            root_of(adamw) if self.step else torch.zeros(2, dtype=torch.float64),
            self.swept,
            torch.stack([row.detach().clone() for row in self.rows]),
        )


def decoupled(hparams: Hyperparameters) -> bool:
    """Whether weight decay acts beside the step instead of through the gradient."""
    return hparams.name == "AdamW" or getattr(hparams, "decoupled_weight_decay", False)


def divided_step(runner: Runner) -> Tensor:
    """m/(sqrt(v) + eps) of Adam or AdamW after its last step, both means corrected for their start at 0; shape (2,)."""
    state, hparams = runner.optimizer.state[runner.point], runner.hparams
    mean = state["exp_avg"] / (1 - hparams.beta1 ** state["step"].item())
    return mean / (root_of(runner) + hparams.eps)


def root_of(runner: Runner) -> Tensor:
    """sqrt(v) of Adam or AdamW after its last step, corrected for its start at 0; shape (2,)."""
    state, hparams = runner.optimizer.state[runner.point], runner.hparams
    square = state.get("max_exp_avg_sq", state["exp_avg_sq"]) / (1 - hparams.beta2 ** state["step"].item())
    return square.sqrt()


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


def decay_runs(surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> Decayed:
    """The whole at once, for those who need not watch it grow."""
    work = DecayWork(surface, all_hparams, steps)
    work.advance(work.total_updates)
    return work.run()
