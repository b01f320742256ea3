"""The map of learning rate and momentum in the bowl; both pictures are those of any surface."""

from core.gradient_descent.bowl import STEEP
from core.gradient_descent.momentum import HALF
from core.gradient_descent.settings import MomentumSettings
from core.plane.momentum_map import MomentumMap
from figures.momentum_map import cell_path, cell_words, momentum_map
from figures.picture import Picture


def pictures(found: MomentumMap, settings: MomentumSettings) -> tuple[Picture, Picture]:
    """The map, and the path of the chosen cell."""
    column, row = settings.column, settings.row
    path = cell_path(found, column, row, (-HALF, HALF, -HALF, HALF), ())
    return momentum_map(found, column, row, log=False), path


def words(found: MomentumMap, settings: MomentumSettings) -> str:
    """What theory and the run say of the chosen cell."""
    return cell_words(found, settings.column, settings.row, (STEEP / settings.condition, STEEP))
