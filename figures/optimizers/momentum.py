"""The map of learning rate and momentum on a surface; both pictures are those of any surface."""

from core.optimizers.momentum import MomentumSettings, nearest_minimum
from core.optimizers.settings import SurfaceSettings
from core.plane.momentum_map import MomentumMap
from core.plane.surfaces import box_with
from figures.momentum_map import cell_path, cell_words, momentum_map
from figures.picture import Picture
from figures.words import plural


def pictures(found: MomentumMap, surface: SurfaceSettings, settings: MomentumSettings) -> tuple[Picture, Picture]:
    """The map, and the path of the chosen cell."""
    column, row, shape = settings.column, settings.row, surface.shape
    box = box_with(shape.box, [(surface.x, surface.y)])
    return momentum_map(found, column, row, log=True), cell_path(found, column, row, box, shape.minima)


def words(found: MomentumMap, surface: SurfaceSettings, settings: MomentumSettings) -> str:
    """What theory and the run say of the chosen cell."""
    minimum = nearest_minimum(surface)
    return cell_words(found, settings.column, settings.row, minimum.curvatures if minimum else None)


def sides_words(found: MomentumMap) -> str:
    """How many runs do other than theory's line says, on each side of it."""
    if found.plan.curvature is None:
        return f"{int(found.loss.isnan().sum()):,} of {found.loss.numel():,} runs have diverged."
    below, above = int((found.stays & ~found.kept).sum()), int((~found.stays & found.kept).sum())
    fell = int(found.fell.sum())
    low = f" {fell:,} ended below every minimum of the picture, which counts as unstable." if fell else ""
    return (
        "L is the largest curvature at the minimum nearest to the start. Below the limit "
        f"{plural(below, 'run')} did not end lower than at the start; above it {above:,} did.{low}"
    )
