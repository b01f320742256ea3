"""The runs on the matrix problem: every real optimizer that takes a matrix, with each gradient and each update kept."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LinearLR

from core.cache import cached
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.matrices import COLUMNS, LADDER, ROWS, MatrixSettings, Problem, problem

MEMORIES = ("momentum_buffer", "exp_avg", "ax")  # what an optimizer calls its mean of gradients


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
        """At the end; where the run was lost, the value that is not finite."""
        return self.loss[-1].item()

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.lr)


def singular_values(matrices: Tensor) -> Tensor:
    """The singular values of matrices of shape (..., 16, 12), largest first; NaN for one that is not finite."""
    good = torch.isfinite(matrices).all(dim=(-2, -1))
    found = torch.linalg.svdvals(torch.where(good[..., None, None], matrices, 0))
    return torch.where(good[..., None], found, torch.nan)


def left_over(found: MatrixRun, data: Problem) -> Tensor:
    """The share of the way that is still to go along each direction of the data, the strongest first; shape (12,)."""
    return ((found.W - data.solution) @ data.directions).norm(dim=0) / (data.solution @ data.directions).norm(dim=0)


def start() -> Tensor:
    """Where every run begins: the matrix of zeros."""
    return torch.zeros(ROWS, COLUMNS, dtype=torch.float64)


def decoupled(hparams: Hyperparameters) -> float:
    """The share λ of W that a step takes off, times lr, beside the gradient's step."""
    apart = OPTIMIZERS[hparams.name].torch_name in ("AdamW", "Muon", "Adafactor")
    return hparams.weight_decay if apart or getattr(hparams, "decoupled_weight_decay", False) else 0.0


def shape_factor(hparams: Hyperparameters) -> float:
    """By how much Muon lengthens the step of a matrix of this shape; 1 for the others."""
    if hparams.name != "Muon":
        return 1.0
    tall = {"original": max(1, ROWS / COLUMNS) ** 0.5, "match_rms_adamw": 0.2 * max(ROWS, COLUMNS) ** 0.5}
    return tall[hparams.adjust_lr_fn]


@cached
def run(hparams: Hyperparameters, condition: float, seed: int, steps: int, falls: bool) -> MatrixRun:
    """Runs one optimizer until the last step or until a number is no longer finite."""
    data, W = problem(condition, seed), start().requires_grad_()
    optimizer = hparams.make([W])
    scheduler = LinearLR(optimizer, 1.0, 0.0 if falls else 1.0, total_iters=steps)
    loss, lr, kept, diverged_at = [], [], [], None
    for step in range(steps + 1):
        optimizer.zero_grad()
        value = data.loss(W)
        value.backward()
        loss.append(value.item())
        if not (torch.isfinite(value) and torch.isfinite(W.grad).all()):
            diverged_at = step
        if step == steps or diverged_at is not None:
            break
        before, rate = W.detach().clone(), optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step()
        update = (before * (1 - rate * decoupled(hparams)) - W.detach()) / (rate * shape_factor(hparams))
        state = optimizer.state[W]
        memory = next((state[name] for name in MEMORIES if state.get(name) is not None), W.grad)
        lr.append(rate)
        kept.append(torch.stack([W.grad, memory.double(), update]).clone())
    parts = torch.stack(kept, dim=1) if kept else torch.zeros(3, 0, ROWS, COLUMNS, dtype=torch.float64)
    return MatrixRun(
        hparams,
        torch.tensor(loss, dtype=torch.float64),
        torch.tensor(lr, dtype=torch.float64),
        *parts,
        W.detach(),
        diverged_at,
    )


@cached
def losses_at_rates(hparams: Hyperparameters, condition: float, seed: int, steps: int, falls: bool) -> Tensor:
    """The loss at the end for every lr of the LADDER, shape (rates,); infinite where a run was lost.

    One optimizer with one parameter group for each lr; the gradients are taken in one pass.
    """
    data = problem(condition, seed)
    many = [start().requires_grad_() for _ in LADDER]
    groups = [{"params": [W], "lr": lr} for W, lr in zip(many, LADDER, strict=True)]
    optimizer = hparams.make(groups)
    scheduler = LinearLR(optimizer, 1.0, 0.0 if falls else 1.0, total_iters=steps)
    for _ in range(steps):
        places = torch.stack([W.detach() for W in many]).requires_grad_()
        (gradient,) = torch.autograd.grad(data.loss(places).sum(), places)
        for W, slope in zip(many, gradient, strict=True):
            W.grad = slope
        optimizer.step()
        scheduler.step()
    loss = data.loss(torch.stack([W.detach() for W in many]))
    return torch.where(torch.isfinite(loss), loss, torch.inf)


def best_rate(hparams: Hyperparameters, settings: MatrixSettings) -> float:
    """The lr of the LADDER with the lowest loss at the end; the smallest where all are lost."""
    s = settings
    return LADDER[int(losses_at_rates(hparams, s.condition, s.seed, s.steps, s.falls).argmin())]


class Contest:
    """The runs of all all_hparams, one after the other; a piece of work for `ui/long_work.py`.

    With the rule "best" each first looks for the best lr of the LADDER. The runs themselves stay in the store of `run`.
    """

    def __init__(self, all_hparams: tuple[Hyperparameters, ...], settings: MatrixSettings) -> None:
        self.all_hparams, self.settings = all_hparams, settings
        self.done: list[Hyperparameters] = []
        self.total_updates = len(all_hparams) * settings.steps

    @property
    def update(self) -> int:
        return len(self.done) * self.settings.steps

    @property
    def finished(self) -> bool:
        return len(self.done) == len(self.all_hparams)

    @property
    def progress(self) -> str:
        return f"optimizer {len(self.done)} of {len(self.all_hparams)}"

    def advance(self, updates: int) -> None:
        """The next optimizer, or as many as have so many steps."""
        s = self.settings
        for hparams in self.all_hparams[len(self.done) :][: max(1, updates // s.steps)]:
            if s.rule == "best":
                hparams = replace(hparams, lr=best_rate(replace(hparams, lr=LADDER[0]), s))
            run(hparams, s.condition, s.seed, s.steps, s.falls)
            self.done.append(hparams)

    def run(self) -> tuple[Hyperparameters, ...] | None:
        """The all_hparams with the learning rates that count; None before all are done."""
        return tuple(self.done) if self.finished else None


def contest(all_hparams: tuple[Hyperparameters, ...], settings: MatrixSettings) -> tuple[MatrixRun, ...]:
    """The runs of all all_hparams, at once."""
    work = Contest(all_hparams, settings)
    work.advance(work.total_updates)
    return runs_of(work.run(), settings)


def runs_of(all_hparams: tuple[Hyperparameters, ...], settings: MatrixSettings) -> tuple[MatrixRun, ...]:
    """The runs of all_hparams whose learning rates are settled."""
    s = settings
    return tuple(run(hparams, s.condition, s.seed, s.steps, s.falls) for hparams in all_hparams)
