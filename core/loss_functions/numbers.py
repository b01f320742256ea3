"""The regression family: MSE, L1, Huber, SmoothL1, GaussianNLL and PoissonNLL.

Source of the formulas: https://docs.pytorch.org/docs/stable/nn.html#loss-functions
"""

import math

import torch
from torch import Tensor

from core.loss_functions.calculation import Argument, Calculation, Step, calculate
from core.loss_functions.settings import MAX_ROWS, NumberSettings
from core.number_rows import Column, read_rows

PLAIN = (Column("predicted", -1e9, 1e9), Column("actual", -1e9, 1e9))
GAUSSIAN = (Column("predicted", -1e6, 1e6), Column("actual", -1e6, 1e6), Column("variance", 0, 1e6))
COUNTS = (Column("predicted", -1e3, 1e3), Column("counted", 0, 1e6))
POISSON_EPS, GAUSSIAN_EPS = 1e-8, 1e-6  # torch's defaults


def number_table_of(settings: NumberSettings) -> tuple[str, tuple[Column, ...]]:
    """The field that holds the table of the chosen loss, and its columns."""
    if settings.loss == "GaussianNLLLoss":
        return "gaussian", GAUSSIAN
    if settings.loss == "PoissonNLLLoss":
        return "counts", COUNTS
    return "table", PLAIN


def number_loss(settings: NumberSettings) -> Calculation:
    """The chosen loss on its table.

    Raises:
        ValueError: if the table cannot be read, or PoissonNLLLoss is given a negative rate.
    """
    field, columns = number_table_of(settings)
    rows = read_rows(getattr(settings, field), columns, MAX_ROWS)
    made = {
        "MSELoss": _mse,
        "L1Loss": _l1,
        "HuberLoss": _huber,
        "SmoothL1Loss": _smooth_l1,
        "GaussianNLLLoss": _gaussian,
        "PoissonNLLLoss": _poisson,
    }
    return made[settings.loss](rows, settings)


def loss_over_errors(settings: NumberSettings, reach: float, points: int = 121) -> tuple[Tensor, Tensor] | None:
    """The chosen loss for every error from minus to plus `reach`, both of shape (points,).

    None for GaussianNLLLoss and PoissonNLLLoss, which depend on more than the error.
    """
    if settings.loss in ("GaussianNLLLoss", "PoissonNLLLoss"):
        return None
    errors = torch.linspace(-reach, reach, points)
    option = {"HuberLoss": {"delta": settings.delta}, "SmoothL1Loss": {"beta": settings.delta}}.get(settings.loss, {})
    module = getattr(torch.nn, settings.loss)(**option, reduction="none")
    return errors, module(errors, torch.zeros(points))


def _pair(rows: list) -> tuple[tuple[Argument, Argument], Tensor, Tensor]:
    predicted = Argument("predicted_tensor", [row[0] for row in rows], ("predicted",), learned=True)
    actual = Argument("actual_tensor", [row[1] for row in rows], ("actual",))
    return (predicted, actual), predicted.tensor().detach(), actual.tensor()


def _mse(rows: list, settings: NumberSettings) -> Calculation:
    arguments, x, t = _pair(rows)
    error = x - t
    steps = (
        Step("error e", "predicted − actual", error),
        Step("loss", "e · e", error * error),
    )
    return calculate("MSELoss", {}, settings.reduction, arguments, steps, unit="squared units")


def _l1(rows: list, settings: NumberSettings) -> Calculation:
    arguments, x, t = _pair(rows)
    error = x - t
    steps = (Step("error e", "predicted − actual", error), Step("loss", "|e|", error.abs()))
    return calculate("L1Loss", {}, settings.reduction, arguments, steps, unit="units")


def _huber(rows: list, settings: NumberSettings) -> Calculation:
    arguments, x, t = _pair(rows)
    error, delta = x - t, settings.delta
    size = error.abs()
    steps = (
        Step("error e", "predicted − actual", error),
        Step("near", f"½ e · e, used where |e| < δ = {delta:g}", 0.5 * size * size),
        Step("far", f"δ (|e| − ½ δ), used elsewhere, δ = {delta:g}", delta * (size - 0.5 * delta)),
        Step("loss", "near or far", torch.where(size < delta, 0.5 * size * size, delta * (size - 0.5 * delta))),
    )
    return calculate("HuberLoss", {"delta": delta}, settings.reduction, arguments, steps, unit="squared units")


def _smooth_l1(rows: list, settings: NumberSettings) -> Calculation:
    arguments, x, t = _pair(rows)
    error, beta = x - t, settings.delta
    size = error.abs()
    near, far = 0.5 * size * size / beta, size - 0.5 * beta
    steps = (
        Step("error e", "predicted − actual", error),
        Step("near", f"½ e · e / β, used where |e| < β = {beta:g}", near),
        Step("far", f"|e| − ½ β, used elsewhere, β = {beta:g}", far),
        Step("loss", "near or far", torch.where(size < beta, near, far)),
    )
    return calculate("SmoothL1Loss", {"beta": beta}, settings.reduction, arguments, steps, unit="units")


def _gaussian(rows: list, settings: NumberSettings) -> Calculation:
    (x_, t_), x, t = _pair(rows)
    variance = Argument("variance", [row[2] for row in rows], ("variance",), learned=True)
    v = variance.tensor().detach().clamp(min=GAUSSIAN_EPS)
    error = x - t
    doubt, misfit = v.log(), error**2 / v
    steps = [
        Step("error e", "predicted − actual", error),
        Step("log of the variance v", f"log v, v at least {GAUSSIAN_EPS:g}", doubt),
        Step("misfit", "e² / v", misfit),
        Step("loss", "½ (log v + misfit)", 0.5 * (doubt + misfit)),
    ]
    if settings.full:
        steps[-1] = Step("without constant", "½ (log v + misfit)", 0.5 * (doubt + misfit))
        loss = 0.5 * (doubt + misfit) + 0.5 * math.log(2 * math.pi)
        steps.append(Step("loss", "plus ½ log 2π = 0.9189", loss))
    return calculate(
        "GaussianNLLLoss", {"full": settings.full}, settings.reduction, (x_, t_, variance), tuple(steps), unit="nats"
    )


def _poisson(rows: list, settings: NumberSettings) -> Calculation:
    arguments, x, t = _pair(rows)
    if settings.log_input:
        rate = Step("rate", "e^predicted", x.exp())
        minus = Step("count · log rate", "counted · predicted", t * x)
    else:
        below = [i for i, row in enumerate(rows, start=1) if row[0] < 0]
        if below:
            raise ValueError(
                f"Row {below[0]} predicts a rate of {rows[below[0] - 1][0]:g}; allowed: 0 or more while the "
                "prediction is the rate itself. Switch log_input on, and any number is allowed."
            )
        rate = Step("rate", "predicted", x)
        minus = Step("count · log rate", f"counted · log(rate + {POISSON_EPS:g})", t * (x + POISSON_EPS).log())
    loss = rate.values - minus.values
    steps = [rate, minus, Step("loss", "rate − count · log rate", loss)]
    if settings.full:
        steps[-1] = Step("without constant", "rate − count · log rate", loss)
        stirling = t * t.log() - t + 0.5 * (2 * math.pi * t).log()
        stirling = torch.where(t > 1, stirling, 0.0)
        steps.append(Step("Stirling's log(count!)", "t log t − t + ½ log 2πt, 0 for t ≤ 1", stirling))
        steps.append(Step("loss", "sum of the last two", loss + stirling))
    options = {"log_input": settings.log_input, "full": settings.full}
    return calculate("PoissonNLLLoss", options, settings.reduction, arguments, tuple(steps), unit="nats")
