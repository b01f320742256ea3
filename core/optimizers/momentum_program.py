"""The program of the map of learning rate and momentum, and the lines that it prints."""

from core.optimizers.momentum import SIDE, StabilityMap, StabilitySettings, cell_run, floor_of, momenta
from core.optimizers.program import with_surface
from core.plane.surfaces import function_of
from core.program import source, with_constants


def stability_lines(found: StabilityMap, settings: StabilitySettings) -> list[str]:
    """How many runs came down, how many cells are as theory says, and where the chosen cell ends."""
    total = SIDE * SIDE
    lr, b = found.lr[settings.column].item(), momenta()[settings.row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    end = (
        f"lost at step {run.diverged_at}"
        if run.diverged_at is not None
        else f"f = {run.loss[-1]:.6g} after {run.steps} steps"
    )
    theory = [
        f"of these below every minimum: {int((found.came_down & found.fell).sum())}",
        f"as theory says: {int((found.stays == found.kept).sum())}",
    ]
    return [
        f"ended lower than they began: {int(found.came_down.sum())} of {total}",
        *(theory if found.minimum else []),
        f"lr = {lr:.6g}, momentum = {b:.6g}: {end}",
    ]


def stability_program(found: StabilityMap, settings: StabilitySettings) -> str:
    """The complete script."""
    surface = found.surface
    octave = round((found.lr[0] / 2 ** (1 / 12)).log2().item())
    constants = {
        "START": [surface.x, surface.y],
        "NESTEROV": found.nesterov,
        "CURVATURE": found.curvature if found.minimum else None,
        "LOWEST": floor_of(surface),
        "LOWEST_OCTAVE": octave,
        "COLUMN": settings.column,
        "ROW": settings.row,
    }
    program = with_constants(source("optimizers_momentum"), constants)
    return with_surface(program, function_of(surface.surface, surface.text))
