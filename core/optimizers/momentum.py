"""Learning rate x momentum on a real surface, with the limit of the minimum nearest to the start.

Between the start and the minimum the surface may be steeper than theory supposes, and a run that is thrown out of one
valley may come to rest in another.
"""

import math
from dataclasses import dataclass

import torch

from core.optimizers.program.surface import with_surface
from core.optimizers.settings import SurfaceSettings
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians
from core.plane.momentum_map import SIDE, MapPlan, MomentumMap, MomentumMapTask, cell_run, momenta
from core.plane.surfaces import SURFACES
from core.program import Program, source, with_constants
from core.settings import Choice, Integer, Settings, Switch, parameter

OCTAVES = 8  # of learning rates; 2/L lies at two thirds of them
BELOW = 5
BASES = tuple(2 ** ((i + 0.5) / 6) for i in range(6))
TOO_FLAT, TOO_STEEP = 2.0**-12, 2.0**24  # curvatures beyond which the map is not moved


@dataclass(frozen=True)
class MomentumSettings(Settings):
    """The surface, the kind of momentum, and the cell (its column and its row) that the reader looks at.

    The surface is this view's own: theory speaks of a bowl, and the other views' first surface is none.
    """

    surface: str = parameter("booth", Choice("Surface", {name: s.label for name, s in SURFACES.items()}))
    nesterov: bool = parameter(False, Switch("Nesterov", help="Momentum that looks ahead."))
    column: int = parameter(32, Integer("Learning rate lr of the cell", 0, SIDE - 1))
    row: int = parameter(38, Integer("Momentum b of the cell", 0, SIDE - 1))


def nearest_minimum(surface: SurfaceSettings) -> CriticalPoint | None:
    """The minimum next to the start at which there are second derivatives; None if there is none."""
    minima = [point for point in surface.shape.points if point.kind == "minimum"]
    return min(minima, key=lambda point: math.hypot(point.x - surface.x, point.y - surface.y), default=None)


def scales_for(curvature: float) -> tuple[float, ...]:
    """Eight powers of two that put 2/L at two thirds of the columns; around 2 where the curvature is not positive."""
    known = min(max(curvature, TOO_FLAT), TOO_STEEP) if curvature > 0 else 1.0
    lowest = round(math.log2(2 / known)) - BELOW
    return tuple(2.0 ** (lowest + i) for i in range(OCTAVES))


def plan_of(surface: SurfaceSettings, nesterov: bool) -> MapPlan:
    """What is run: 48 learning rates around 2/L, with the L of the nearest minimum, or of the start without one."""
    shape, minimum = surface.shape, nearest_minimum(surface)
    if minimum:
        curvature = minimum.curvatures[1]
    else:
        hessian = hessians(shape.function, torch.tensor([[surface.x, surface.y]], dtype=torch.float64))[0]
        curvature = torch.linalg.eigvalsh(hessian)[1].item() if torch.isfinite(hessian).all() else 0.0
    return MapPlan(
        function=shape.function,
        start=(surface.x, surface.y),
        scales=scales_for(curvature),
        nesterov=nesterov,
        curvature=curvature if minimum else None,
        lowest=shape.lowest[0].value if shape.lowest else None,
        bases=BASES,
    )


def map_task(surface: SurfaceSettings, nesterov: bool) -> MomentumMapTask:
    """All cells, 200 steps each, at once."""
    seconds = surface.function.seconds(SIDE**2)
    return MomentumMapTask((surface, nesterov), lambda: plan_of(surface, nesterov), seconds)


def momentum_program(found: MomentumMap, settings: MomentumSettings) -> Program:
    """The map and the chosen cell."""
    plan = found.plan
    constants = {
        "START": list(plan.start),
        "NESTEROV": plan.nesterov,
        "CURVATURE": plan.curvature,
        "LOWEST": None if plan.lowest is None else plan.floor,
        "LOWEST_OCTAVE": round(math.log2(plan.scales[0])),
        "COLUMN": settings.column,
        "ROW": settings.row,
    }
    name = "optimizers_momentum"
    text = with_surface(with_constants(source(name), constants), plan.function)
    run = cell_run(plan, settings.column, settings.row)
    end = f"f = {run.losses[-1]:.6g} after {run.steps} steps"
    if run.diverged_at is not None:
        end = f"diverged at step {run.diverged_at}"
    theory = [
        f"of these below every minimum: {int((found.came_down & found.fell).sum())}",
        f"as theory says: {found.agreeing}",
    ]
    prints = [
        f"ended lower than they began: {int(found.came_down.sum())} of {found.loss.numel()}",
        *(theory if plan.curvature is not None else []),
        f"lr = {plan.lr[settings.column]:.6g}, momentum = {momenta()[settings.row]:.6g}: {end}",
    ]
    return Program(name, text, prints)
