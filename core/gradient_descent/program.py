"""The complete programs for the settings on screen, and the lines that they print."""

import torch

from core.expression.function_program import python_of, with_function
from core.expression.typed_function import typed_function
from core.gradient_descent.bowl import BowlRun, matrix
from core.gradient_descent.descend import Descent
from core.gradient_descent.momentum_map import MomentumMap
from core.gradient_descent.rates import RateSweep
from core.gradient_descent.regression import LineRun
from core.gradient_descent.settings import BowlSettings, MapSettings
from core.program import source, with_constants

CURVE_LINE = "return x**2"  # as in the examples
BOWL_LINE = "return (0.1 * x**2 + 2 * 0.0 * x * y + 1.0 * y**2) / 2"


def program(run: Descent) -> str:
    """One run down a curve."""
    settings = run.settings
    text = with_constants(
        source("gradient_descent"), {"START": settings.start, "LR": settings.lr, "STEPS": settings.steps}
    )
    return with_function(text, CURVE_LINE, python_of(run.function))


def lines(run: Descent) -> list[str]:
    """What `program` prints."""
    found = [
        f"after {step} steps: x = {x}, f(x) = {loss}, slope = {slope}"
        for step, (x, loss, slope) in enumerate(zip(run.x.tolist(), run.loss.tolist(), run.slope.tolist(), strict=True))
    ]
    return found + ["diverged"] * (run.diverged_at is not None)


def bowl_python(settings: BowlSettings) -> str:
    """The surface as a line of a program."""
    if settings.surface == "typed":
        return python_of(typed_function(settings.text, ("x", "y")))
    (a, b), (_, d) = matrix(settings).tolist()
    return f"({a!r} * x ** 2 + 2 * {b!r} * x * y + {d!r} * y ** 2) / 2"


def bowl_program(runs: list[BowlRun]) -> str:
    """One or more runs on one surface, which differ only in lr."""
    settings = runs[0].settings
    text = with_constants(
        source("gradient_descent_bowl"),
        {
            "START": [settings.x, settings.y],
            "LRS": [run.settings.lr for run in runs],
            "MOMENTUM": settings.momentum,
            "STEPS": settings.steps,
        },
    )
    return with_function(text, BOWL_LINE, bowl_python(settings))


def bowl_lines(runs: list[BowlRun]) -> list[str]:
    """What `bowl_program` prints."""
    return [
        f"lr {run.settings.lr}: after {run.steps} steps (x, y) = {run.p[-1].tolist()}, f = {run.loss[-1].item()}"
        for run in runs
    ]


def rates_program(found: RateSweep) -> str:
    """All 200 learning rates."""
    text = with_constants(source("gradient_descent_rates"), {"START": found.settings.start, "STEPS": found.k})
    return with_function(text, CURVE_LINE, python_of(found.function))


def rates_lines(found: RateSweep) -> list[str]:
    """What `rates_program` prints."""
    lost = int((~torch.isfinite(found.loss)).sum())
    return [
        f"lowest: lr = {found.lr[found.best].item():.6g}, f(x) = {found.loss[found.best].item():.6g}",
        f"not finite: {lost} of {len(found.lr)}",
    ]


def map_program(settings: MapSettings) -> str:
    """All cells of the map."""
    return with_constants(
        source("gradient_descent_map"), {"CONDITION": settings.condition, "NESTEROV": settings.nesterov}
    )


def map_lines(found: MomentumMap) -> list[str]:
    """What `map_program` prints."""
    return [
        f"ended lower than they began: {int(found.came_down.sum())} of {found.loss.numel()}",
        f"as theory says: {int((found.stays == found.came_down).sum())}",
    ]


def regression_program(run: LineRun) -> str:
    """The line through the points."""
    settings = run.settings
    return with_constants(
        source("gradient_descent_regression"),
        {
            "FEATURE": settings.feature,
            "SCALE": settings.scale,
            "BATCH_SIZE": run.batch_size,
            "LR": settings.lr,
            "UPDATES": settings.updates,
            "SEED": settings.seed,
        },
    )


def regression_lines(run: LineRun) -> list[str]:
    """What `regression_program` prints."""
    slope, intercept = run.line[-1].tolist()
    return [
        f"after {run.updates} updates: slope = {slope}, intercept = {intercept}",
        f"mean squared error over all rows: {run.cost[-1].item():.6g}",
    ]
