"""The program of the three runs with weight decay."""

import torch

from core.optimizers.program.surface import with_surface
from core.optimizers.weight_decay import Decayed, DecayRun, way_of_minimum
from core.program import Program, source, with_constants

NAME = "optimizers_weight_decay"


def decay_program(found: Decayed) -> Program:
    """The three runs, and the way of the minimum, if there is one and weight decay does not fill its valley."""
    moved = way_of_minimum(found)[-1] if found.minimum else torch.tensor([torch.nan])
    minimum = [found.minimum.x, found.minimum.y] if torch.isfinite(moved).all() else []
    constants = {"START": [found.surface.x, found.surface.y], "STEPS": found.steps, "MINIMUM": minimum}
    for run in found.runs:
        constants[run.name.upper()] = run.hparams.changed | {"weight_decay": found.weight_decay}
    prints = [_line(run) for run in found.runs]
    if minimum:
        rounded = [round(value, 6) + 0.0 for value in moved.tolist()]
        prints += [f"the minimum of f: {minimum}", f"with weight decay through the gradient: {rounded}"]
    return Program(NAME, with_surface(with_constants(source(NAME), constants), found.function), prints)


def _line(run: DecayRun) -> str:
    steps = len(run.path) - 1
    return f"{run.name}: " + (
        f"diverged after {steps} steps" if run.diverged else f"after {steps} steps (x, y) = {run.end.tolist()}"
    )
