"""The regression family: MSE, L1, Huber, SmoothL1, GaussianNLL and PoissonNLL.

Source of the formulas: https://docs.pytorch.org/docs/stable/nn.html#loss-functions
"""

import math

import torch
from torch import Tensor

from core.loss_functions.calculation import Argument, Calculation, Loss, Step, refuse
from core.loss_functions.settings import RegressionSettings
from core.number_rows import Column

POISSON_EPS, GAUSSIAN_EPS = 1e-8, 1e-6  # torch's defaults


def loss_over_errors(found: Calculation, points: int = 121) -> tuple[Tensor, Tensor] | None:
    """The loss for errors from minus to plus a little more than the largest one, both of shape (points,).

    None for a loss that depends on more than the error.
    """
    if found.loss.table != "table":
        return None
    reach = 1.25 * max(found.step("error e").abs().max().item(), 1e-3)
    errors = torch.linspace(-reach, reach, points)
    return errors, getattr(torch.nn, found.name)(**found.options, reduction="none")(errors, torch.zeros(points))


def _error(x: Tensor, t: Tensor) -> Step:
    return Step("error e", "predicted − actual", x - t)


def _mse(x: Tensor, t: Tensor, s: RegressionSettings) -> tuple[Step, ...]:
    return _error(x, t), Step("loss", "e · e", (x - t) ** 2)


def _l1(x: Tensor, t: Tensor, s: RegressionSettings) -> tuple[Step, ...]:
    return _error(x, t), Step("loss", "|e|", (x - t).abs())


def _huber(x: Tensor, t: Tensor, s: RegressionSettings) -> tuple[Step, ...]:
    size, delta = (x - t).abs(), s.delta
    near, far = 0.5 * size**2, delta * (size - 0.5 * delta)
    loss = Step("loss", "near where |e| < δ, else far", torch.where(size < delta, near, far))
    return _error(x, t), Step("near", "½ e · e", near), Step("far", f"δ (|e| − ½ δ), δ = {delta:g}", far), loss


def _smooth_l1(x: Tensor, t: Tensor, s: RegressionSettings) -> tuple[Step, ...]:
    size, beta = (x - t).abs(), s.delta
    near, far = 0.5 * size**2 / beta, size - 0.5 * beta
    loss = Step("loss", "near where |e| < β, else far", torch.where(size < beta, near, far))
    return _error(x, t), Step("near", f"½ e · e / β, β = {beta:g}", near), Step("far", "|e| − ½ β", far), loss


def _gaussian(x: Tensor, t: Tensor, v: Tensor, s: RegressionSettings) -> tuple[Step, ...]:
    log_v = v.clamp(min=GAUSSIAN_EPS).log()
    misfit = (x - t) ** 2 / v.clamp(min=GAUSSIAN_EPS)
    constant = 0.5 * math.log(2 * math.pi) if s.full else 0.0
    return (
        _error(x, t),
        Step("log of the variance v", f"log v, v at least {GAUSSIAN_EPS:g}", log_v),
        Step("misfit", "e² / v", misfit),
        Step("constant", "½ log 2π if full, else 0", torch.full_like(v, constant)),
        Step("loss", "½ (log v + misfit) + constant", 0.5 * (log_v + misfit) + constant),
    )


def _poisson(x: Tensor, t: Tensor, s: RegressionSettings) -> tuple[Step, ...]:
    if not s.log_input:
        refuse(x < 0, lambda row: f"predicts a rate of {x[row]:g}", "0 or more, or any number with log_input.")
    rate, log_rate = (x.exp(), x) if s.log_input else (x, (x + POISSON_EPS).log())
    how = ("e^predicted", "predicted") if s.log_input else ("predicted", f"log(predicted + {POISSON_EPS:g})")
    stirling = torch.where((t > 1) & s.full, t * t.log() - t + 0.5 * (2 * math.pi * t).log(), 0.0)
    return (
        Step("rate", how[0], rate),
        Step("log rate", how[1], log_rate),
        Step("constant", "log(count!) as t log t − t + ½ log 2πt if full and the count t > 1, else 0", stirling),
        Step("loss", "rate − counted · log rate + constant", rate - t * log_rate + stirling),
    )


def _arguments(low: float, high: float, *others: Column) -> tuple[Argument, ...]:
    predicted, (actual, *more) = Column("predicted", low, high), others
    return (
        Argument("predicted_tensor", (predicted,), learned=True),
        Argument("actual_tensor", (actual,)),
        *(Argument(column.name, (column,), learned=True) for column in more),
    )


PLAIN = _arguments(-1e9, 1e9, Column("actual", -1e9, 1e9))
WITH_VARIANCE = _arguments(-1e6, 1e6, Column("actual", -1e6, 1e6), Column("variance", 0, 1e6))
COUNTS = _arguments(-1e3, 1e3, Column("counted", 0, 1e6))
LOSSES = {
    "MSELoss": Loss(PLAIN, _mse, "squared units"),
    "L1Loss": Loss(PLAIN, _l1, "units"),
    "HuberLoss": Loss(PLAIN, _huber, "squared units", options={"delta": "delta"}),
    "SmoothL1Loss": Loss(PLAIN, _smooth_l1, "units", options={"beta": "delta"}),
    "GaussianNLLLoss": Loss(WITH_VARIANCE, _gaussian, "nats", "gaussian", {"full": "full"}),
    "PoissonNLLLoss": Loss(COUNTS, _poisson, "nats", "counts", {"log_input": "log_input", "full": "full"}),
}
