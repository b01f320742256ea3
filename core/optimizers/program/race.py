"""The program of the race."""

import re

from core.optim.known import OPTIMIZERS
from core.optimizers.program.surface import with_surface
from core.optimizers.race import Race, Run
from core.program import Program, source, with_constants


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
