"""The lower part of the figure of learning rates: a row for each optimizer, with its good rates and its best."""

import numpy as np

from core.optimizers.rates_curves import RateCurve
from figures.optimizers.look import look
from figures.optimizers.rates_best import as_low_rates
from figures.style import GREY

EDGE = 2**0.25  # a bar reaches half way to the next rate


def row(curve: RateCurve, place: int, moment: int) -> list[dict]:
    """What one optimizer's row holds: the good rates, those as low as the best, the best, and where they are lost."""
    style, best = look(curve.name), best_place(curve, moment)
    good, low = good_rates(curve, moment), as_low_rates(curve, moment) if best is not None else None
    bar = {
        "x": [good[0] / EDGE, good[1] * EDGE] if good else [None, None],
        "mode": "lines",
        "line": {"color": style.color, "width": 5, "dash": style.dash},
        "hoverinfo": "skip",
    }
    span = {
        "x": low or [None, None],
        "mode": "lines+markers",
        "line": {"color": style.color, "width": 2},
        "marker": {"symbol": "line-ns", "size": 11, "line": {"color": style.color, "width": 2}},
        "hovertemplate": f"{curve.name}, lr %{{x:.4g}}: as low up to here<extra></extra>",
    }
    marks = {
        "x": [None if best is None else curve.lr[best].item(), curve.lost_from(moment)],
        "mode": "markers",
        "marker": {
            "symbol": [style.marker, "x-thin"],
            "size": [12, 8],
            "color": [style.color, GREY],
            "line": {"width": [1, 2], "color": ["white", GREY]},
        },
        "text": ["best", "lost from here on"],
        "hovertemplate": f"{curve.name}, lr %{{x:.4g}}: %{{text}}<extra></extra>",
    }
    return [trace | {"y": [place, place], "yaxis": "y2"} for trace in (bar, span, marks)]


def best_place(curve: RateCurve, moment: int) -> int | None:
    """The place of the best rate; None at the start, where all are alike, and where no minimum can be reached."""
    return curve.best(moment) if curve.lowest is not None and moment != 0 else None


def good_rates(curve: RateCurve, moment: int) -> tuple[float, float] | None:
    """The lowest and the highest of the rates in the longest row that came down; None if none did."""
    good = curve.good(moment)
    return (curve.lr[good[0]].item(), curve.lr[good[1]].item()) if good else None


def decades(curve: RateCurve, moment: int) -> float:
    """How wide the bar of an optimizer is, in powers of ten."""
    good = good_rates(curve, moment)
    return float(np.log10(good[1] / good[0] * EDGE**2)) if good else 0.0
