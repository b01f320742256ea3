"""The program of the learning rates for the settings on screen, and the lines that it prints."""

import re

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.lr_curves import NEAR, RateCurve, RateSweep
from core.optimizers.program import with_surface
from core.plane.surfaces import function_of
from core.program import source, with_constants

ALWAYS = ("SGD", "Momentum", "Adam")  # printed beside the followed one, if they take part


def printed(sweep: RateSweep, follow: str) -> list[str]:
    """The names of the optimizers in the program: a few, so that it ends in seconds."""
    found = [curve.name for curve in sweep.curves if curve.name in (*ALWAYS, follow)]
    return found or [curve.name for curve in sweep.curves][:1]


def rates_lines(sweep: RateSweep, follow: str) -> list[str]:
    """With which rates each arrives or is lowest, its loss there, and how many rates are lost."""
    lines = []
    for name in printed(sweep, follow):
        curve = sweep.of(name)
        best, lost = curve.best(), f"lost: {int(curve.lost().sum())} of {len(curve.lr)}"
        found = "" if best is None else f"{_best(curve, best)}, f = {curve.loss[-1][best]:.6g}, "
        lines.append(f"{name}: {found}{lost}")
    return lines


def _best(curve: RateCurve, best: int) -> str:
    first, last = curve.row()
    lr, span = f"lr = {curve.lr[best]:.6g}", f"from {curve.lr[first]:.6g} to {curve.lr[last]:.6g}"
    if curve.arrives():
        return f"arrives with {lr}" if first == last else f"arrives with lr {span}, in their middle {lr}"
    word = "equal" if curve.lowest is None else f"within {100 * NEAR:g} %"
    return f"lowest with {lr}" + ("" if first == last else f", {word} {span}")


def rates_program(sweep: RateSweep, follow: str) -> str:
    """The complete script."""
    constants = {"START": [sweep.surface.x, sweep.surface.y], "STEPS": sweep.steps, "LOWEST": sweep.lowest}
    program = with_constants(source("optimizers_lr_sweep"), constants)
    program = with_surface(program, function_of(sweep.surface.surface, sweep.surface.text))
    all_hparams = "".join(f"    {_entry(sweep.of(name).hparams)},\n" for name in printed(sweep, follow))
    return re.sub(r"(?<=\nOPTIMIZERS = \{\n)(    .*\n)+(?=\}\n)", lambda _: all_hparams, program)


def _entry(hparams: Hyperparameters) -> str:
    changed = ", ".join(f'"{name}": {value!r}' for name, value in hparams.changed.items() if name != "lr")
    return f'"{hparams.name}": ("{OPTIMIZERS[hparams.name].torch_name}", {{{changed}}})'
