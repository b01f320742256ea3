"""The lower part of the figure of learning rates: a row for each optimizer, with its good rates, the best, the lost."""

import numpy as np

from core.optimizers.lr_curves import RateCurve
from figures.optimizers.optimizer_style import look
from figures.optimizers.rates_best import bracket, near, span
from figures.style import GREY

EDGE = 2**0.25  # a bar reaches half way to the next rate
OVER = (0.2, 0.48)  # of a row's height: where a bracket's feet and its beam are above the bar's middle


def row(curve: RateCurve, place: int, moment: int) -> list[dict]:
    """What one optimizer's row holds: the good rates, the best and over it those as good, and where they are lost."""
    found = (_bar(curve, place, moment), _bracket(curve, place, moment), _marks(curve, place, moment))
    return [trace | {"yaxis": "y2"} for trace in found]


def _bar(curve: RateCurve, place: int, moment: int) -> dict:
    style, good = look(curve.name), good_rates(curve, moment)
    return {
        "x": [good[0] / EDGE, good[1] * EDGE] if good else [None, None],
        "y": [place, place],
        "mode": "lines",
        "line": {"color": style.color, "width": 4, "dash": style.dash},
        "hovertemplate": None,
        "hoverinfo": "skip",
    }


def _bracket(curve: RateCurve, place: int, moment: int) -> dict:
    ends = bracket(curve, moment) if best_place(curve, moment) is not None else None
    low, high = ends or (None, None)
    feet, beam = (place - part for part in OVER)
    does = "arrives" if curve.arrives(moment) else f"ends {near(curve)}"
    return {
        "x": [low, low, high, high],
        "y": [feet, beam, beam, feet],
        "mode": "lines",
        "name": "bracket",
        "line": {"color": GREY, "width": 2},
        "hovertemplate": f"{curve.name} {does} with lr from {span(ends)}<extra></extra>" if ends else None,
    }


def _marks(curve: RateCurve, place: int, moment: int) -> dict:
    style, best = look(curve.name), best_place(curve, moment)
    return {
        "x": [None if best is None else curve.lr[best].item(), curve.lost_from(moment)],
        "y": [place, place],
        "mode": "markers",
        "marker": {
            "symbol": [style.marker, "x-thin"],
            "size": [12, 8],
            "color": [style.color, GREY],
            "line": {"width": [1, 2], "color": ["white", GREY]},
        },
        "text": [kind(curve, moment), "lost from here on"],
        "hovertemplate": f"{curve.name}, lr %{{x:.4g}}: %{{text}}<extra></extra>",
    }


def kind(curve: RateCurve, moment: int) -> str:
    """What the mark of the best rate is."""
    return "middle of those that arrive" if curve.arrives(moment) else "lowest"


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
