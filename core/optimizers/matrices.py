"""A problem whose unknown is a matrix: find W with W A = B, where A stretches some directions far more than others."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.optim.known import OPTIMIZERS
from core.settings import Choice, Integer, Real, Settings, Several, Switch, parameter

ROWS, COLUMNS, SAMPLES = 16, 12, 48
MATRIX = tuple(name for name in OPTIMIZERS if name not in ("SparseAdam", "LBFGS"))
MAX_MATRIX_STEPS = 200
RATES = {"best": "each its best", "own": "each its own"}
LADDER = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


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
    follow: str = parameter("Muon", Choice("Look into", {name: name for name in MATRIX}))
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
