"""The program of the view on matrices: all optimizers on screen."""

import re

from core.optim.known import OPTIMIZERS
from core.optimizers.matrices import MatrixRun, MatrixSettings, shape_factor
from core.optimizers.newton_schulz import singular_values
from core.program import Program, source, with_constants

NAME = "optimizers_matrices"


def matrix_program(runs: tuple[MatrixRun, ...], settings: MatrixSettings) -> Program:
    """For the settings on screen."""
    constants = {"CONDITION": settings.condition, "SEED": settings.seed, "STEPS": settings.steps}
    text = with_constants(source(NAME), constants | {"LAST_FACTOR": 0.0 if settings.falls else 1.0})
    rows = "".join(f'    "{run.name}": lambda W: {_made(run)},\n' for run in runs)
    text = re.sub(r"(?<=^OPTIMIZERS = \{\n).*?(?=^\}\n)", lambda _: rows, text, count=1, flags=re.M | re.S)
    muon = next((run for run in runs if run.name == "Muon"), None)
    if muon is not None and muon.hparams.adjust_lr_fn != "original":
        text = text.replace("(ROWS / COLUMNS) ** 0.5", repr(shape_factor(muon.hparams)))
    return Program(NAME, text, [line for run in runs for line in _lines(run)])


def _made(run: MatrixRun) -> str:
    keywords = "".join(f", {name}={value!r}" for name, value in run.hparams.changed.items())
    return f"torch.optim.{OPTIMIZERS[run.name].torch_name}([W]{keywords})"


def _lines(run: MatrixRun) -> list[str]:
    found = [f"{run.name}: loss after {run.steps} steps = {run.last_loss}"]
    if run.name == "Muon" and run.steps:
        for what, matrix in (("gradient", run.gradient[0]), ("update", run.update[0])):
            values = " ".join(f"{value:.4g}" for value in singular_values(matrix).tolist())
            found.append(f"first {what}: singular values {values}")
    return found
