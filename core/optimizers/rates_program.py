"""The program of the learning rates for the settings on screen, and the lines that it prints."""

import re

from core.optimizers.contestants import CONTESTANTS
from core.optimizers.hyperparameters import Hyperparameters
from core.optimizers.program import with_surface
from core.optimizers.rates_curves import RateSweep
from core.optimizers.surfaces import function_of
from core.program import source, with_constants

ALWAYS = ("SGD", "Momentum", "Adam")  # printed beside the followed one, if they take part


def printed(sweep: RateSweep, follow: str) -> list[str]:
    """The names of the optimizers in the program: a few, so that it ends in seconds."""
    found = [curve.name for curve in sweep.curves if curve.name in (*ALWAYS, follow)]
    return found or [curve.name for curve in sweep.curves][:1]


def rates_lines(sweep: RateSweep, follow: str) -> list[str]:
    """The best rate of each, those beside it that end as low, its loss, and how many rates are lost."""
    lines, word = [], "lowest with lr" if sweep.lowest is None else "best lr"
    for name in printed(sweep, follow):
        curve = sweep.of(name)
        best, lost = curve.best(), f"lost: {int(curve.lost().sum())} of {len(curve.lr)}"
        if best is None:
            lines.append(f"{name}: {lost}")
        else:
            first, last = curve.as_low()
            span = "" if first == last else f", as low from {curve.lr[first]:.6g} to {curve.lr[last]:.6g}"
            lines.append(f"{name}: {word} = {curve.lr[best]:.6g}{span}, f = {curve.loss[-1][best]:.6g}, {lost}")
    return lines


def rates_program(sweep: RateSweep, follow: str) -> str:
    """The complete script."""
    constants = {"START": [sweep.surface.x, sweep.surface.y], "STEPS": sweep.steps, "LOWEST": sweep.lowest}
    program = with_constants(source("optimizers_rates"), constants)
    program = with_surface(program, function_of(sweep.surface.surface, sweep.surface.text))
    entries = "".join(f"    {_entry(sweep.of(name).entry)},\n" for name in printed(sweep, follow))
    return re.sub(r"(?<=\nOPTIMIZERS = \{\n)(    .*\n)+(?=\}\n)", lambda _: entries, program)


def _entry(entry: Hyperparameters) -> str:
    changed = ", ".join(f'"{name}": {value!r}' for name, value in entry.changed.items() if name != "lr")
    return f'"{entry.contestant}": ("{CONTESTANTS[entry.contestant].optimizer}", {{{changed}}})'
