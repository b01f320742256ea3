"""Which text augmentations earn their place: the accuracies of ten seeds."""

from core.data_augmentation.compare import NONE, mean
from core.data_augmentation.sentences import Read
from core.data_augmentation.settings import TREATMENTS
from figures.data_augmentation import dots
from figures.picture import Picture

NAMES = {NONE: "no copies"} | TREATMENTS | {"back": "back-translation", "eda": "one of the four"}


def accuracies(found: Read) -> Picture:
    """One row an augmentation, one dot a seed."""
    picture = dots.accuracies(found, NAMES, "sentences", "copies by")
    picture.table["words met, mean"] = [mean(found.words[name]) for name in found.right]
    return picture


def highest(found: Read, among: list[str]) -> list[str]:
    """Those with the highest mean accuracy."""
    means = {name: mean(found.accuracy[name]) for name in among}
    return [name for name in among if means[name] == max(means.values())]


def met(found: Read, name: str) -> str:
    """How many different words were met with an augmentation and without."""
    counts = [f"{mean(found.words[one]):.0f}" for one in (NONE, name)]
    return f"{counts[0]} different words without copies, {counts[1]} with {NAMES[name]}"
