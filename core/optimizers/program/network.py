"""The program of the comparison on a network: every optimizer with the first seed."""

import re

from core.optim.known import OPTIMIZERS
from core.optimizers.network import Comparison, NetworkRun
from core.program import Program, source, with_constants, with_line

NAME = "optimizers_network"


def network_program(found: Comparison) -> Program:
    """For the settings on screen."""
    settings = found.settings
    constants = {"SEED": settings.seed, "STEPS": found.steps[-1], "BATCH_SIZE": settings.batch_size}
    text = with_constants(source(NAME), constants | {"HIDDEN": settings.hidden})
    rows = "".join(map(_row, found.runs))
    text = re.sub(r"(?<=^OPTIMIZERS = \[\n).*?(?=^\]\n)", lambda _: rows, text, count=1, flags=re.M | re.S)
    if settings.data == "digits":
        text = with_line(text, "X, y = spirals(generator)", "X, y = digits()")
    return Program(NAME, text, [_line(run) for run in found.runs])


def _row(run: NetworkRun) -> str:
    values = {name: f'"{v}"' if isinstance(v, str) else repr(v) for name, v in run.hparams.changed.items()}
    arguments = ", ".join(f'"{name}": {value}' for name, value in values.items())
    return f'    ("{run.name}", torch.optim.{OPTIMIZERS[run.name].torch_name}, {{{arguments}}}),\n'


def _line(run: NetworkRun) -> str:
    loss, right, diverged_at = run.loss[0, -1].item(), run.accuracy[0, -1].item(), run.diverged_at[0]
    ended = "" if diverged_at is None else f", diverged after {diverged_at} steps"
    return f"{run.name}: training loss {loss}, validation accuracy {right}{ended}"
