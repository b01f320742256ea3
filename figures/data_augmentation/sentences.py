"""Which text augmentations earn their place: the accuracies of ten seeds."""

from core.data_augmentation.compare import mean
from core.data_augmentation.sentences import NONE, Read
from core.data_augmentation.settings import TREATMENTS
from figures.data_augmentation.dots import dot_rows, effect_styles, mean_by_hand, says, seed_table
from figures.picture import Picture

NAMES = {NONE: "no copies"} | TREATMENTS | {"back": "back-translation", "eda": "one of the four"}


def accuracies(found: Read) -> Picture:
    """One row an augmentation, one dot a seed."""
    rows = {NAMES[name]: values for name, values in found.accuracy.items()}
    figure = dot_rows(
        rows, effect_styles(rows), f"accuracy on the same {found.n_holdout} unseen sentences", "copies by"
    )
    caption = f"A dot is one seed; the grey band spans those without copies. {says(rows)}"
    table = seed_table(rows, found.settings.seed)
    table["words met, mean"] = [mean(counts) for counts in found.words.values()]
    return Picture(figure, caption, f"Rows of dots, one row an augmentation. {caption}", table)


def highest(found: Read, among: list[str]) -> list[str]:
    """Those with the highest mean accuracy."""
    means = {name: mean(found.accuracy[name]) for name in among}
    return [name for name in among if means[name] == max(means.values())]


def why(found: Read) -> str:
    """The means, and how many words were met, for the reveal of the guess."""
    means = [f"{NAMES[name]} {mean(values):.1%}" for name, values in found.accuracy.items()]
    return f"Mean accuracies: {', '.join(means)}."


def by_hand(found: Read) -> str:
    """The share at the first seed, and the mean without copies."""
    right, values = found.right[NONE][0], found.accuracy[NONE]
    return (
        f"At seed {found.settings.seed}, without copies, {right} of {found.n_holdout} sentences are read right: "
        f"{right} / {found.n_holdout} = **{values[0]:.4f}**. The mean over the ten seeds is {mean_by_hand(values)}."
    )


def met(found: Read, name: str) -> str:
    """How many different words were met with an augmentation and without."""
    counts = [f"{mean(found.words[one]):.0f}" for one in (NONE, name)]
    return f"{counts[0]} different words without copies, {counts[1]} with {NAMES[name]}"
