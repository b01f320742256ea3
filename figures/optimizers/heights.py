"""Losses on a scale that shows what there is: heights above the lowest minimum, or f itself where nothing is lowest."""

import numpy as np
import plotly.graph_objects as go

from figures.axis import MOST_MARKS
from figures.words import fmt

FLOOR = 1e-18  # what is lower is drawn there


def scaled(loss: np.ndarray, lowest: float | None) -> np.ndarray:
    """The power of ten of the height; without a lowest value, f by its sign and the power of ten of 1 + |f|.

    NaN and infinity, which are no heights, become NaN.
    """
    with np.errstate(all="ignore"):
        if lowest is None:
            power = np.sign(loss) * np.log10(1 + np.abs(loss))
        else:
            power = np.log10(np.maximum(loss - lowest, FLOOR))
    return np.where(np.isfinite(loss), power, np.nan)


def title(lowest: float | None) -> str:
    """What the scale counts."""
    if lowest is None:
        return "f, log scale to both sides of 0"
    return "f, log scale" if lowest == 0 else "f above the lowest minimum, log scale"


def ticks(low: float, high: float, lowest: float | None) -> tuple[list[float], list[str]]:
    """Places and words of the marks between two powers."""
    step = max(1, int(np.ceil((high - low) / MOST_MARKS)))
    places = list(range(int(np.ceil(low / step)) * step, int(np.floor(high)) + 1, step))
    if lowest is not None:
        return places, [f"10<sup>{fmt(place)}</sup>" for place in places]
    words = ["0" if not place else f"{'−' if place < 0 else ''}10<sup>{abs(place)}</sup>" for place in places]
    return places, words


def height_axis(figure: go.Figure, low: float, high: float, lowest: float | None) -> None:
    """Gives the y axis these marks and ends."""
    places, words = ticks(low, high, lowest)
    figure.update_yaxes(tickvals=places, ticktext=words, range=[low, high])
