"""The program that takes the steps up to the one on screen, and the lines that it prints."""

import torch

from core.optimizers.program import with_surface
from core.optimizers.update import StepTrace
from core.program import source, with_constants, with_line

CLASS_LINE = "optimizer = torch.optim.Adam([p], **HYPERPARAMETERS)"


def program(run: StepTrace, at: int) -> str:
    """The steps up to the one that begins at `run.path[at]`."""
    start = [run.surface.x, run.surface.y]
    text = with_constants(
        source("optimizers_update"), {"START": start, "STEP": at + 1, "HYPERPARAMETERS": run.hparams.changed}
    )
    text = with_surface(text, run.function)
    return with_line(text, CLASS_LINE, CLASS_LINE.replace("Adam", run.optimizer))


def lines(run: StepTrace, at: int) -> list[str]:
    """What `program` prints."""
    kept = [f"kept after it, {name}: {_written(name, value)}" for name, value in run.states[at + 1].items()]
    return [
        f"step {at + 1} of {run.optimizer}, f = {run.loss[at].item()}",
        f"place before: {run.path[at].tolist()}",
        f"gradient: {run.gradient[at].tolist()}",
        *kept,
        f"the step: {(run.path[at + 1] - run.path[at]).tolist()}",
        f"place after: {run.path[at + 1].tolist()}",
    ]


def _written(name: str, value: object) -> object:
    if name in ("old_dirs", "old_stps", "ro"):  # lists in the optimizer, stacked in the run
        return f"{len(value)} tensors"
    return value.tolist() if isinstance(value, torch.Tensor) else value
