"""The complete program of the race, and the lines that it prints."""

import re

from core.expression.function_program import python_of, with_function
from core.expression.typed_function import TypedFunction
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.race import Race
from core.program import source, with_constants

# As in the examples.
SURFACE_LINE = "return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2"


def program(race: Race) -> str:
    """The race as a plain loop over the classes of `torch.optim`."""
    text = with_constants(source("optimizers"), {"START": [race.surface.x, race.surface.y], "STEPS": race.steps})
    text = re.sub(
        r"^OPTIMIZERS = \[.*?^\]$", lambda _: optimizers([r.hparams for r in race.runs]), text, flags=re.M | re.S
    )
    return with_surface(text, race.function)


def optimizers(all_hparams: list[Hyperparameters]) -> str:
    """The list of those who race, with lr and whatever is not PyTorch's default."""
    lines = []
    for hparams in all_hparams:
        made = ", ".join(f'"{key}": {value!r}' for key, value in hparams.changed.items())
        lines.append(f'    ("{hparams.name}", torch.optim.{OPTIMIZERS[hparams.name].torch_name}, {{{made}}}),')
    return "\n".join(["OPTIMIZERS = [", *lines, "]"])


def with_surface(program: str, function: TypedFunction) -> str:
    """The program of any view with the surface on screen."""
    return with_function(program, SURFACE_LINE, python_of(function))


def lines(race: Race) -> list[str]:
    """What `program` prints."""
    return [
        f"{run.name}: {'done' if run.diverged_at is None else 'lost'} after {run.steps} steps at {run.path[-1].tolist()}, "
        f"f = {run.loss[-1].item()}"
        for run in race.runs
    ]
