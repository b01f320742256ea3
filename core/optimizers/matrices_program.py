"""The complete program of the view on matrices, and the lines that it prints."""

import re

from core.optim.known import OPTIMIZERS
from core.optimizers.matrices import MatrixSettings
from core.optimizers.matrices_runs import MatrixRun, shape_factor, singular_values
from core.program import source, with_constants


def matrix_program(runs: tuple[MatrixRun, ...], settings: MatrixSettings) -> str:
    """All optimizers on screen."""
    text = with_constants(
        source("optimizers_matrices"),
        {
            "CONDITION": settings.condition,
            "SEED": settings.seed,
            "STEPS": settings.steps,
            "LAST_FACTOR": 0.0 if settings.falls else 1.0,
        },
    )
    lines = [f'    "{run.name}": lambda W: {_made(run)},\n' for run in runs]
    table = "OPTIMIZERS = {\n" + "".join(lines) + "}\n"
    text = re.sub(r"^OPTIMIZERS = \{\n.*?^\}\n", lambda _: table, text, count=1, flags=re.MULTILINE | re.DOTALL)
    muon = next((run for run in runs if run.name == "Muon"), None)
    if muon is not None and muon.hparams.adjust_lr_fn != "original":
        text = text.replace("(ROWS / COLUMNS) ** 0.5", repr(shape_factor(muon.hparams)))
    return text


def _made(run: MatrixRun) -> str:
    keywords = "".join(f", {name}={value!r}" for name, value in run.hparams.changed.items())
    return f"torch.optim.{OPTIMIZERS[run.name].torch_name}([W]{keywords})"


def matrix_lines(runs: tuple[MatrixRun, ...]) -> list[str]:
    """What `matrix_program` prints."""
    found = []
    for run in runs:
        found.append(f"{run.name}: loss after {run.steps} steps = {run.last_loss}")
        if run.name == "Muon":
            for what, matrix in (("gradient", run.gradient[0]), ("update", run.update[0])):
                values = " ".join(f"{value:.4g}" for value in singular_values(matrix).tolist())
                found.append(f"first {what}: singular values {values}")
    return found
