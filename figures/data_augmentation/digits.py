"""Which augmentations earn their place."""

from core.data_augmentation.compare import NONE, Compared, effect
from core.data_augmentation.settings import AUGMENTATIONS

NAMES = {NONE: "no augmentation"} | AUGMENTATIONS
DRAWN = NAMES, "digits", "augmentation"


def helpful(found: Compared) -> list[str]:
    """The augmentations that help."""
    return [name for name, values in found.accuracy.items() if effect(found.accuracy[NONE], values) == "helps"]
