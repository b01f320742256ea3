"""A mistake beside the right way: two bars."""

from core.neural_networks.mistakes import UNITS, same_masks
from core.tried import Tried
from figures.picture import Picture
from figures.two_bars import right_and_wrong
from figures.words import fmt, plural


def two_bars(tried: Tried) -> Picture:
    """How many in either way."""
    return right_and_wrong(tried.quantity, tried.right, tried.wrong, bool(tried.error))


def by_hand(tried: Tried) -> str:
    """A number of the mistake, to be redone; "" where there is nothing to calculate."""
    s, each = tried.settings, UNITS * UNITS + UNITS
    if s.mistake == "plain_list":
        return (
            f"The list holds {s.n_layers} × ({UNITS} × {UNITS} + {UNITS}) = {s.n_layers * each:,} numbers, the output "
            f"layer {UNITS} + 1 = {UNITS + 1}; the right way finds {s.n_layers * each:,} + {UNITS + 1} = "
            f"**{tried.right:,}**."
        )
    if s.mistake == "no_eval":
        same, chance = s.p**2 + (1 - s.p) ** 2, same_masks(s.p)
        return (
            f"Two calls treat a hidden number alike with probability {fmt(s.p)}² + {fmt(1 - s.p)}² = {fmt(same)}, and "
            f"all 64 of them with {fmt(same)}^64 = **{fmt(chance, 3)}**."
        )
    if s.mistake == "in_features":
        return (
            f"64 numbers come in, for {s.in_features} weights a unit: 64 − {s.in_features} = **{64 - s.in_features}**."
        )
    if s.mistake == "forward":
        return (
            f"{plural(s.calls, 'call')} × 1 hook = **{tried.right}**; by `forward` {s.calls} × 0 = **{tried.wrong}**."
        )
    return ""
