"""The program of the map of starts on screen."""

from core.optim.known import OPTIMIZERS
from core.optimizers.basins import DIVERGED, MOVING, OUTSIDE, Basins
from core.optimizers.program.surface import with_surface
from core.program import Program, source, with_constants

NAME = "optimizers_basins"
MOST = 8  # minima that get a line of their own


def basins_program(found: Basins) -> Program:
    """All starts of the map; it prints how many end where."""
    constants = {
        "NAME": OPTIMIZERS[found.hparams.name].torch_name,
        "HYPERPARAMETERS": found.hparams.changed,
        "STEPS": found.steps,
        "BOX": found.box,
        "MINIMA": [(point.x, point.y) for point in found.minima],
        "RADIUS": found.radius,
    }
    text = with_surface(with_constants(source(NAME), constants), found.surface.shape.function)
    return Program(NAME, text, _lines(found))


def _lines(found: Basins) -> list[str]:
    lines = [
        f"minimum {i + 1} at ({point.x:.6g}, {point.y:.6g}): {found.count(i)} starts"
        + (f", {found.mean_steps(i):.6g} steps" if found.count(i) else "")
        for i, point in enumerate(found.minima[:MOST])
    ]
    if len(found.minima) > MOST:
        lines.append(f"the other {len(found.minima) - MOST} minima: {int((found.state >= MOST).sum())} starts")
    ends = {"in the box, at no minimum": MOVING, "outside of the box": OUTSIDE, "diverged": DIVERGED}
    return lines + [f"{name}: {found.count(state)}" for name, state in ends.items()]
