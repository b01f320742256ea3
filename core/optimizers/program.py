"""The programs of the race and of one update, and the lines that they print."""

import re

import torch

from core.expression.function_program import python_of, with_function
from core.expression.typed_function import TypedFunction
from core.optim.known import OPTIMIZERS
from core.optimizers.race import Race, Run
from core.optimizers.update import StepTrace
from core.program import Program, source, with_constants, with_line

# As in the examples.
SURFACE_LINE = "return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2"
CLASS_LINE = "optimizer = torch.optim.Adam([p], **HYPERPARAMETERS)"
STACKED = ("old_dirs", "old_stps", "ro")  # lists in the optimizer, tensors in the trace


def with_surface(program: str, function: TypedFunction) -> str:
    """The program of any view with the surface on screen."""
    return with_function(program, SURFACE_LINE, python_of(function))


def race_program(race: Race) -> Program:
    """The race as a plain loop over the classes of `torch.optim`."""
    text = with_constants(source("optimizers"), {"START": [race.surface.x, race.surface.y], "STEPS": race.steps})
    listed = "\n".join(["OPTIMIZERS = [", *map(_listed, race.runs), "]"])
    text = re.sub(r"^OPTIMIZERS = \[.*?^\]$", lambda _: listed, text, flags=re.M | re.S)
    prints = [
        f"{run.name}: {'done' if run.diverged_at is None else 'diverged'} after {run.steps} steps "
        f"at {run.path[-1].tolist()}, f = {run.loss[-1].item()}"
        for run in race.runs
    ]
    return Program("optimizers", with_surface(text, race.surface.shape.function), prints)


def _listed(run: Run) -> str:
    """One who races, with lr and whatever is not PyTorch's default."""
    made = ", ".join(f'"{key}": {value!r}' for key, value in run.hparams.changed.items())
    return f'    ("{run.name}", torch.optim.{OPTIMIZERS[run.name].torch_name}, {{{made}}}),'


def update_program(trace: StepTrace, at: int) -> Program:
    """The steps up to the one that begins at `run.path[at]`."""
    run = trace.run
    text = with_constants(
        source("optimizers_update"),
        {"START": [trace.surface.x, trace.surface.y], "STEP": at + 1, "HYPERPARAMETERS": run.hparams.changed},
    )
    text = with_surface(text, trace.surface.shape.function)
    text = with_line(text, CLASS_LINE, CLASS_LINE.replace("Adam", trace.optimizer))
    prints = [
        f"step {at + 1} of {trace.optimizer}, f = {run.loss[at].item()}",
        f"place before: {run.path[at].tolist()}",
        f"gradient: {run.gradient[at].tolist()}",
        *(f"kept after it, {name}: {_written(name, value)}" for name, value in trace.states[at + 1].items()),
        f"the step: {trace.step(at).tolist()}",
        f"place after: {run.path[at + 1].tolist()}",
    ]
    return Program("optimizers_update", text, prints)


def _written(name: str, value: object) -> object:
    if name in STACKED:
        return f"{len(value)} tensors"
    return value.tolist() if isinstance(value, torch.Tensor) else value
