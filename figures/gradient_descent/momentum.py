"""The map of learning rate and momentum in the bowl; both pictures are those of any surface."""

from core.gradient_descent.bowl import STEEP
from core.gradient_descent.momentum import HALF, MUCH, largest_kept, much_momentum
from core.gradient_descent.settings import MomentumSettings
from core.plane.momentum_map import MomentumMap
from figures.momentum_map import cell_path, cell_words, momentum_map
from figures.picture import Picture
from figures.words import fmt


def pictures(found: MomentumMap, settings: MomentumSettings) -> tuple[Picture, Picture]:
    """The map, and the path of the chosen cell."""
    column, row = settings.column, settings.row
    path = cell_path(found, column, row, (-HALF, HALF, -HALF, HALF), ())
    return momentum_map(found, column, row, log=False), path


def words(found: MomentumMap, settings: MomentumSettings) -> str:
    """What theory and the run say of the chosen cell."""
    return cell_words(found, settings.column, settings.row, (STEEP / settings.condition, STEEP))


def border_words(found: MomentumMap) -> str:
    """The largest learning rates that come down, without momentum and with much of it."""
    without, much = (fmt(largest_kept(found, row)) for row in (0, MUCH))
    return (
        f"The largest lr of the map whose run came down is {without} without momentum and {much} with "
        f"b = {fmt(much_momentum(), 3)}."
    )
