"""The complete program for the map of starts on screen, and the lines that it prints."""

from core.optim.known import OPTIMIZERS
from core.optimizers.basins import BOUNCING, LEVEL, LOST, OUTSIDE, UNDER_WAY, Basins
from core.optimizers.program import with_surface
from core.plane.surfaces import function_of
from core.program import source, with_constants

MOST = 8  # minima that get a line of their own


def basins_program(found: Basins) -> str:
    """All starts of the map."""
    text = with_constants(
        source("optimizers_basins"),
        {
            "NAME": OPTIMIZERS[found.hparams.name].torch_name,
            "HYPERPARAMETERS": found.hparams.changed,
            "STEPS": found.steps,
            "BOX": found.box,
            "MINIMA": [(point.x, point.y) for point in found.minima],
            "RADIUS": found.radius,
        },
    )
    return with_surface(text, function_of(found.surface.surface, found.surface.text))


def basins_lines(found: Basins) -> list[str]:
    """What `basins_program` prints."""
    lines = [
        f"minimum {i + 1} at ({point.x:.6g}, {point.y:.6g}): {found.count(i)} starts"
        + (f", {found.mean_steps(i):.6g} steps" if found.count(i) else "")
        for i, point in enumerate(found.minima[:MOST])
    ]
    if len(found.minima) > MOST:
        rest = int((found.state >= MOST).sum())
        lines.append(f"the other {len(found.minima) - MOST} minima: {rest} starts")
    return [
        *lines,
        f"in the box, at no minimum: {sum(map(found.count, (UNDER_WAY, LEVEL, BOUNCING)))}",
        f"outside of the box: {found.count(OUTSIDE)}",
        f"lost: {found.count(LOST)}",
    ]
