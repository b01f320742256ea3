"""A mistake beside the right way: what is reported, and what is true on new digits."""

from core.data_augmentation.compare import mean
from core.data_augmentation.mistakes import RIGHT, WRONG, Fooled, gaps, optimistic
from figures.data_augmentation.dots import dot_rows, mean_by_hand, seed_table
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION
from figures.words import a, fmt

WAYS = {"leak": {RIGHT: "split first", WRONG: "augment first"}, "one_class": {RIGHT: "all classes", WRONG: "one class"}}


def both_ways(found: Fooled) -> Picture:
    """One row a way, or two where what is reported is not what is true; one dot a seed."""
    rows, styles = {}, {}
    leak = found.settings.mistake == "leak"
    for way in found.true:
        name, color = WAYS[found.settings.mistake][way], {RIGHT: BLUE, WRONG: VERMILLION}[way]
        if leak:
            rows[f"{name}: new digits"], styles[f"{name}: new digits"] = found.true[way], (GREY, "circle")
            name = f"{name}: reported"
        rows[name], styles[name] = found.reported[way], (color, "diamond" if way == RIGHT else "x")
    quantity = "accuracy" if leak else f"share of other digits, rotated, taken for {a(found.settings.digit)}"
    figure = dot_rows(rows, styles, quantity, "what comes first" if leak else "what is augmented")
    caption = f"A dot is one of five seeds. {says(found)}"
    table = seed_table(rows, found.settings.seed).drop(columns="effect")
    return Picture(figure, caption, f"Rows of dots, with and without the mistake. {caption}", table)


def says(found: Fooled) -> str:
    """What the mistake did here, in one sentence."""
    if WRONG not in found.true:
        return "The mistake has not been made yet."
    if found.settings.mistake == "leak":
        reported, true = mean(found.reported[WRONG]), mean(found.true[WRONG])
        all_seeds = ", and it is too high at every seed" if optimistic(found, WRONG) else ""
        return f"Augmented first, {reported:.1%} is reported on average and {true:.1%} is true{all_seeds}."
    right, wrong = mean(found.reported[RIGHT]), mean(found.reported[WRONG])
    return f"Taken for {a(found.settings.digit)} by mistake: {wrong:.1%} on average, against {right:.1%} the right way."


def by_hand(found: Fooled) -> str:
    """The difference of two means, with their numbers."""
    if found.settings.mistake == "leak":
        reported, true = found.reported[WRONG], found.true[WRONG]
        values = [round(gap, 4) for gap in gaps(found, WRONG)]
        return (
            f"At seed {found.settings.seed}, augmenting first reports {reported[0]:.4f}, and {true[0]:.4f} is true: "
            f"{reported[0]:.4f} − {true[0]:.4f} = **{fmt(round(reported[0], 4) - round(true[0], 4), decimals=4)}**. "
            f"The mean of the five differences is **{fmt(mean(values), decimals=4)}**."
        )
    return f"The share with one class augmented, as a mean over five seeds: {mean_by_hand(found.reported[WRONG])}."
