"""A problem whose unknown is a matrix: find W with W A = B, where A stretches some directions far more than others.

Every real optimizer that takes a matrix solves it, with each gradient and each update kept.
"""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LinearLR

from core.cache import cached
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.settings import Choice, Integer, Real, Settings, Several, Switch, parameter
from core.task import Task

ROWS, COLUMNS, SAMPLES = 16, 12, 48
MATRIX = tuple(name for name in OPTIMIZERS if name not in ("SparseAdam", "LBFGS"))
MAX_MATRIX_STEPS = 200
STEP = 1e-3  # seconds, about
RATES = {"best": "each its best", "own": "each its own"}
LADDER = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
MEMORIES = ("momentum_buffer", "exp_avg", "ax")  # what an optimizer calls its mean of gradients


@dataclass(frozen=True)
class MatrixSettings(Settings):
    """The problem, and who solves it."""

    condition: float = parameter(
        100.0,
        Real(
            "Condition number κ",
            1.0,
            10_000.0,
            (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0),
            help="How much further the data reach in their longest direction than in their shortest.",
        ),
    )
    optimizers: tuple[str, ...] = parameter(
        ("Momentum", "Adam", "Adafactor", "Muon"),
        Several("Optimizers", {name: name for name in MATRIX}),
    )
    falls: bool = parameter(
        True, Switch("lr falls to 0", help="LinearLR: the learning rate falls in a straight line until the end.")
    )
    rule: str = parameter(
        "best",
        Choice("Learning rates", RATES, help=f"Best: the one of {len(LADDER)} from 0.02 to 5 with the lowest loss."),
    )
    steps: int = parameter(100, Integer("Steps", 10, MAX_MATRIX_STEPS, (10, 20, 50, 100, 150, 200)))
    seed: int = parameter(0, Integer("Seed of the data", 0, 9_999))
    at: int = parameter(10, Integer("Step", 0, MAX_MATRIX_STEPS))


@dataclass(frozen=True, eq=False)
class Problem:
    """The data.

    Attributes:
        A: the inputs, one sample a column, shape (12, 48), float64; its singular values fall from √48 to √48/κ.
        directions: of the data, one a column, the strongest first, shape (12, 12).
        B: the outputs, shape (16, 48). solution: the matrix that makes them, shape (16, 12).
    """

    A: Tensor
    directions: Tensor
    B: Tensor
    solution: Tensor

    def loss(self, W: Tensor) -> Tensor:
        """The squared error of a sample on average: |W A - B|² / 48; W: shape (..., 16, 12), result (...)."""
        return (W @ self.A - self.B).square().sum(dim=(-2, -1)) / SAMPLES


@cached
def problem(condition: float, seed: int) -> Problem:
    """Random directions, with singular values that fall by equal factors."""
    generator = torch.Generator().manual_seed(seed)
    left = torch.linalg.qr(torch.randn(COLUMNS, COLUMNS, generator=generator, dtype=torch.float64)).Q
    right = torch.linalg.qr(torch.randn(SAMPLES, COLUMNS, generator=generator, dtype=torch.float64)).Q
    solution = torch.randn(ROWS, COLUMNS, generator=generator, dtype=torch.float64) / COLUMNS**0.5
    sizes = condition ** -torch.linspace(0, 1, COLUMNS, dtype=torch.float64) * SAMPLES**0.5
    A = (left * sizes) @ right.T
    return Problem(A, left, solution @ A, solution)


@dataclass(frozen=True, eq=False)
class MatrixRun:
    """One optimizer's way.

    Attributes:
        hparams: its hyperparameters, with the lr that was used.
        loss: before each step and at the end, shape (steps + 1,), float64.
        lr: of each step, shape (steps,).
        gradient: before each step, shape (steps, 16, 12).
        memory: what it keeps as its mean of the gradients, after taking in this one; the gradient where it keeps none.
        update: what is taken off W, divided by lr, without the share of decoupled weight decay; for Muon also without
            its factor √(16/12) for the shape. Shape (steps, 16, 12).
        W: at the end, shape (16, 12).
        diverged_at: the step after which a number is not finite; None if all are.
    """

    hparams: Hyperparameters
    loss: Tensor
    lr: Tensor
    gradient: Tensor
    memory: Tensor
    update: Tensor
    W: Tensor
    diverged_at: int | None

    @property
    def name(self) -> str:
        """The optimizer's."""
        return self.hparams.name

    @property
    def last_loss(self) -> float:
        """At the end; where the run has diverged, the value that is not finite."""
        return self.loss[-1].item()

    @property
    def comes_down(self) -> bool:
        """Whether it ends lower than it began."""
        return self.last_loss < self.loss[0].item()

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.lr)


class MatrixTask(Task):
    """One optimizer until the last step, or until a number is no longer finite.

    With the rule "best" all rates of the LADDER are tried first, as parameter groups of one optimizer, whose gradients
    are taken in one pass; then the one with the lowest loss at the end is run.
    """

    def __init__(self, hparams: Hyperparameters, settings: MatrixSettings) -> None:
        s, self.settings = settings, settings
        self.hparams = replace(hparams, lr=LADDER[0]) if s.rule == "best" else hparams
        self.key = (self.hparams, s.condition, s.seed, s.steps, s.falls, s.rule)
        self.trial = s.steps if s.rule == "best" else 0
        self.total = self.trial + s.steps
        self.title, self.cost = hparams.name, STEP * self.total

    def begin(self) -> None:
        self.data = problem(self.settings.condition, self.settings.seed)
        if self.trial:
            self._prepare(LADDER)
        else:
            self._prepare((self.hparams.lr,))
            self._evaluate()

    def advance(self) -> None:
        if self.done >= self.trial:
            if self.diverged_at is None:
                self._step()
            return
        many = torch.stack([W.detach() for W in self.weights]).requires_grad_()
        (gradient,) = torch.autograd.grad(self.data.loss(many).sum(), many)
        for W, own in zip(self.weights, gradient, strict=True):
            W.grad = own
        self.optimizer.step()
        self.scheduler.step()
        if self.done + 1 == self.trial:
            self.hparams = replace(self.hparams, lr=best_rate(self.trial_losses()))
            self._prepare((self.hparams.lr,))
            self._evaluate()

    def trial_losses(self) -> Tensor:
        """The loss for every lr of the LADDER, shape (rates,)."""
        return self.data.loss(torch.stack([W.detach() for W in self.weights]))

    def result(self) -> MatrixRun | None:
        """None while rates are tried."""
        if self.done <= self.trial:
            return None
        parts = torch.stack(self.kept, dim=1) if self.kept else torch.zeros(3, 0, ROWS, COLUMNS, dtype=torch.float64)
        loss, lr = (torch.tensor(values, dtype=torch.float64) for values in (self.loss, self.lr))
        return MatrixRun(self.hparams, loss, lr, *parts, self.weights[0].detach().clone(), self.diverged_at)

    def _prepare(self, rates: tuple[float, ...]) -> None:
        """A matrix of zeros for each lr."""
        self.weights = [torch.zeros(ROWS, COLUMNS, dtype=torch.float64, requires_grad=True) for _ in rates]
        groups = [{"params": [W], "lr": lr} for W, lr in zip(self.weights, rates, strict=True)]
        self.optimizer = self.hparams.make(groups)
        last_factor = 0.0 if self.settings.falls else 1.0
        self.scheduler = LinearLR(self.optimizer, 1.0, last_factor, total_iters=self.settings.steps)
        self.loss, self.lr, self.kept, self.diverged_at = [], [], [], None

    def _evaluate(self) -> None:
        self.optimizer.zero_grad()
        loss = self.data.loss(self.weights[0])
        loss.backward()
        self.loss.append(loss.item())
        if not (torch.isfinite(loss) and torch.isfinite(self.weights[0].grad).all()):
            self.diverged_at = len(self.lr)

    def _step(self) -> None:
        (W,) = self.weights
        before, lr = W.detach().clone(), self.optimizer.param_groups[0]["lr"]
        self.optimizer.step()
        self.scheduler.step()
        update = (before * (1 - lr * decoupled_decay(self.hparams)) - W.detach()) / (lr * shape_factor(self.hparams))
        state = self.optimizer.state[W]
        memory = next((state[name] for name in MEMORIES if state.get(name) is not None), W.grad)
        self.lr.append(lr)
        self.kept.append(torch.stack([W.grad, memory.double(), update]).clone())
        self._evaluate()


def best_rate(losses: Tensor) -> float:
    """The lr of the LADDER with the lowest finite loss; the smallest where none is finite."""
    return LADDER[int(torch.where(torch.isfinite(losses), losses, torch.inf).argmin())]


def decoupled_decay(hparams: Hyperparameters) -> float:
    """The share λ of W that a step takes off, times lr, beside the gradient's step."""
    apart = OPTIMIZERS[hparams.name].torch_name in ("AdamW", "Muon", "Adafactor")
    return hparams.weight_decay if apart or getattr(hparams, "decoupled_weight_decay", False) else 0.0


def shape_factor(hparams: Hyperparameters) -> float:
    """By how much Muon lengthens the step of a matrix of this shape; 1 for the others."""
    if hparams.name != "Muon":
        return 1.0
    tall = {"original": max(1, ROWS / COLUMNS) ** 0.5, "match_rms_adamw": 0.2 * max(ROWS, COLUMNS) ** 0.5}
    return tall[hparams.adjust_lr_fn]


def lowest(runs: tuple[MatrixRun, ...]) -> list[str]:
    """Whose loss at the end is the lowest finite one; several where they are equal, nobody where none is finite."""
    ends = {run.name: run.last_loss for run in runs if math.isfinite(run.last_loss)}
    return [name for name, loss in ends.items() if loss == min(ends.values())]


def clear_lowest(runs: tuple[MatrixRun, ...]) -> MatrixRun | None:
    """The run whose loss at the end is finite and lower than that of every other; None if there is none."""
    ends = [run.last_loss if math.isfinite(run.last_loss) else math.inf for run in runs]
    lowest = min(ends)
    return runs[ends.index(lowest)] if lowest < math.inf and ends.count(lowest) == 1 else None
