"""The program of one update."""

import torch

from core.optimizers.program.surface import with_surface
from core.optimizers.update import StepTrace
from core.program import Program, source, with_constants, with_line

# As in the examples.
CLASS_LINE = "optimizer = torch.optim.Adam([p], **HYPERPARAMETERS)"
STACKED = ("old_dirs", "old_stps", "ro")  # lists in the optimizer, tensors in the trace


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
