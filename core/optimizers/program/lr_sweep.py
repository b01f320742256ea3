"""The program of the learning rates for the settings on screen."""

import re

from core.optim.known import OPTIMIZERS
from core.optimizers.lr_sweep import LrCurve, LrSweep
from core.optimizers.program.surface import with_surface
from core.program import Program, source, with_constants

NAME = "optimizers_lr_sweep"


def lr_sweep_program(sweep: LrSweep) -> Program:
    """The sweep of all optimizers; it prints the best learning rate of each."""
    constants = {"START": [sweep.surface.x, sweep.surface.y], "STEPS": sweep.steps}
    if lbfgs := sweep.of("LBFGS"):
        constants["LBFGS_RATES"] = lbfgs.lr.tolist()
    text = with_surface(with_constants(source(NAME), constants), sweep.surface.shape.function)
    made = "".join(f"    {_made(curve)},\n" for curve in sweep.curves)
    text = re.sub(r"(?<=\nOPTIMIZERS = \{\n)(    .*\n)+(?=\}\n)", lambda _: made, text)
    return Program(NAME, text, [_line(curve) for curve in sweep.curves])


def _made(curve: LrCurve) -> str:
    changed = ", ".join(f'"{name}": {value!r}' for name, value in curve.hparams.changed.items() if name != "lr")
    return f'"{curve.name}": ("{OPTIMIZERS[curve.name].torch_name}", {{{changed}}})'


def _line(curve: LrCurve) -> str:
    best, diverged = curve.best(), f"diverged with {int(curve.diverged().sum())} of {len(curve.lr)}"
    found = "" if best is None else f"best lr = {curve.lr[best]:.6g}, f = {curve.loss[-1][best]:.6g}, "
    return f"{curve.name}: {found}{diverged}"
