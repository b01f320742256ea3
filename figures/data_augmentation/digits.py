"""Which augmentations earn their place: the accuracies of all seeds."""

from core.data_augmentation.compare import effect, mean
from core.data_augmentation.digits import NONE, Helped
from core.data_augmentation.settings import AUGMENTATIONS
from figures.data_augmentation.dots import dot_rows, effect_styles, mean_by_hand, says, seed_table
from figures.picture import Picture

NAMES = {NONE: "no augmentation"} | AUGMENTATIONS


def accuracies(found: Helped) -> Picture:
    """One row an augmentation, one dot a seed."""
    rows = {NAMES[name]: values for name, values in found.accuracy.items()}
    quantity = f"accuracy on the same {found.n_holdout} unseen digits"
    figure = dot_rows(rows, effect_styles(rows), quantity, "augmentation")
    caption = f"A dot is one seed; the grey band spans those without augmentation. {says(rows)}"
    table = seed_table(rows, found.settings.seed)
    return Picture(figure, caption, f"Rows of dots, one row an augmentation. {caption}", table)


def helpful(found: Helped) -> list[str]:
    """The augmentations that help."""
    return [name for name in found.settings.augmentations if _effect(found, name) == "helps"]


def _effect(found: Helped, name: str) -> str:
    return effect(found.accuracy[NONE], found.accuracy[name])


def by_hand(found: Helped) -> str:
    """The mean without augmentation."""
    values = found.accuracy[NONE]
    first = f"At seed {found.settings.seed} the network without augmentation names {found.right[NONE][0]} of "
    return (
        f"{first}{found.n_holdout} digits right: {found.right[NONE][0]} / {found.n_holdout} = **{values[0]:g}**. "
        f"The mean over all seeds is {mean_by_hand(values)}."
    )


def why(found: Helped) -> str:
    """The means and what they say, for the reveal of the guess."""
    means = [f"{NAMES[name]} {mean(values):.1%}" for name, values in found.accuracy.items()]
    return f"Mean accuracies: {', '.join(means)}. {says({NAMES[name]: one for name, one in found.accuracy.items()})}"
