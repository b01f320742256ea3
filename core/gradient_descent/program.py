"""The program of each view for the settings on screen, and the lines that it prints."""

import torch

from core.expression.function_program import python_of, with_function
from core.gradient_descent.bowl import BowlRun
from core.gradient_descent.curve import Descent
from core.gradient_descent.lr_sweep import LrSweep
from core.gradient_descent.regression import LineRun
from core.gradient_descent.settings import MomentumSettings
from core.plane.momentum_map import MomentumMap
from core.program import Program, source, with_constants

CURVE_LINE = "return x**2"  # as in the examples
BOWL_LINE = "return (0.1 * x**2 + 2 * 0.0 * x * y + 1.0 * y**2) / 2"


def curve_program(run: Descent) -> Program:
    """One run down a curve; it prints every step."""
    settings = run.settings
    constants = {"START": settings.start, "LR": settings.lr, "STEPS": settings.steps}
    text = with_constants(source("gradient_descent"), constants)
    columns = (values.tolist() for values in (run.path, run.losses, run.gradients))
    prints = [
        f"after {step} steps: x = {x}, f(x) = {loss}, slope = {slope}"
        for step, (x, loss, slope) in enumerate(zip(*columns, strict=True))
    ]
    if run.diverged_at is not None:
        prints.append("diverged")
    return Program("gradient_descent", with_function(text, CURVE_LINE, python_of(run.function)), prints)


def bowl_program(runs: list[BowlRun]) -> Program:
    """One or more runs on one surface, which differ only in lr."""
    settings = runs[0].settings
    constants = {
        "START": [settings.x, settings.y],
        "LRS": [run.settings.lr for run in runs],
        "MOMENTUM": settings.momentum,
        "STEPS": settings.steps,
    }
    text = with_constants(source("gradient_descent_bowl"), constants)
    prints = [
        f"lr {run.settings.lr}: after {run.steps} steps (x, y) = {run.path[-1].tolist()}, f = {run.losses[-1].item()}"
        for run in runs
    ]
    return Program("gradient_descent_bowl", with_function(text, BOWL_LINE, python_of(runs[0].function)), prints)


def lr_sweep_program(found: LrSweep) -> Program:
    """All 200 learning rates."""
    text = with_constants(source("gradient_descent_lr_sweep"), {"START": found.settings.start, "STEPS": found.k})
    best = found.best or 0
    prints = [
        f"lowest: lr = {found.lr[best].item():.6g}, f(x) = {found.loss[best].item():.6g}",
        f"not finite: {int((~torch.isfinite(found.loss)).sum())} of {len(found.lr)}",
    ]
    return Program("gradient_descent_lr_sweep", with_function(text, CURVE_LINE, python_of(found.function)), prints)


def momentum_program(found: MomentumMap, settings: MomentumSettings) -> Program:
    """All cells of the map."""
    constants = {"CONDITION": settings.condition, "NESTEROV": settings.nesterov}
    prints = [
        f"ended lower than they began: {int(found.came_down.sum())} of {found.loss.numel()}",
        f"as theory says: {found.agreeing}",
    ]
    name = "gradient_descent_momentum"
    return Program(name, with_constants(source(name), constants), prints)


def regression_program(run: LineRun) -> Program:
    """The line through the points."""
    settings = run.settings
    constants = {
        "FEATURE": settings.feature,
        "SCALE": settings.scale,
        "BATCH_SIZE": run.batch_size,
        "LR": settings.lr,
        "UPDATES": settings.updates,
        "SEED": settings.seed,
    }
    slope, intercept = run.line[-1].tolist()
    prints = [
        f"after {run.updates} updates: slope = {slope}, intercept = {intercept}",
        f"mean squared error over all rows: {run.cost[-1].item():.6g}",
    ]
    name = "gradient_descent_regression"
    return Program(name, with_constants(source(name), constants), prints)
