"""A mistake beside the right way, and the zone in which float32 fails."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.loss_functions.float32 import GAPS, MOST_DIGITS, FailureZone, exact
from core.loss_functions.mistakes import Comparison
from figures.loss_functions.words import say
from figures.picture import Picture
from figures.style import BLUE, GREY, PURPLE, SEQUENCE, VERMILLION, axes, numbers


def comparison(found: Comparison) -> Picture:
    """Two curves, with a mark on each where the reader stands."""
    figure = go.Figure()
    for name, y, at, color, dash, marker in (
        ("right", found.right, found.right_at, BLUE, "solid", "circle"),
        ("mistake", found.wrong, found.wrong_at, VERMILLION, "dash", "x"),
    ):
        figure.add_scatter(
            x=numbers(found.x),
            y=numbers(y),
            name=f"{name}: {say(at, 4)}",
            mode="lines",
            line={"color": color, "dash": dash, "width": 3},
        )
        figure.add_scatter(
            x=[found.at],
            y=[at],
            name=name,
            showlegend=False,
            mode="markers",
            marker={"color": color, "symbol": marker, "size": 13, "line": {"color": "white", "width": 1.5}},
        )
    if found.limit is not None:
        figure.add_scatter(
            x=[found.x[0].item(), found.x[-1].item()],
            y=[found.limit, found.limit],
            name=f"never below {say(found.limit, 4)}",
            mode="lines",
            line={"color": GREY, "dash": "dot", "width": 2},
        )
    axes(figure, found.x_title, found.y_title)
    figure.update_layout(height=430)
    caption = (
        f"Solid: the right way. Dashed: the mistake. At {say(found.at)} the right way gives "
        f"{say(found.right_at, 9)}, the mistake {say(found.wrong_at, 9)}."
    )
    table = pd.DataFrame(
        {found.x_title: numbers(found.x), "right": numbers(found.right), "mistake": numbers(found.wrong)}
    )
    return Picture(figure, caption, f"Two curves over the {found.x_title}. {caption}", table)


def failure(zone: FailureZone, gap: float) -> Picture:
    """Correct digits of three ways over the gap; where the naive way gives nothing usable, the ground is shaded."""
    figure = go.Figure()
    for width, (way, (color, dash, _)) in zip((6, 4, 2.5), zip(zone.ways, SEQUENCE[1:], strict=False), strict=True):
        color = {0: VERMILLION, 1: BLUE}.get(zone.ways.index(way), PURPLE)
        figure.add_scatter(
            x=numbers(GAPS),
            y=numbers(way.digits),
            name=way.name,
            mode="lines",
            line={"color": color, "dash": dash, "width": width},
        )
    end = GAPS[-1].item()
    figure.add_vrect(x0=zone.breaks_from, x1=end, fillcolor=VERMILLION, opacity=0.16, line_width=0)
    figure.add_vrect(x0=zone.loses_from, x1=zone.breaks_from, fillcolor=GREY, opacity=0.16, line_width=0)
    figure.add_vline(x=gap, line={"color": GREY, "width": 1, "dash": "dot"})
    broken = "0" if zone.ahead else "−∞"
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=f"log(softmax(z)) is {broken}",
        marker={"symbol": "square", "size": 14, "color": VERMILLION, "opacity": 0.4},
    )
    axes(figure, "distance of the two scores", "correct decimal digits", xaxis_range=[0, end])
    figure.update_yaxes(range=[-0.3, MOST_DIGITS + 0.6], dtick=2)
    figure.update_layout(height=430)
    place = "ahead" if zone.ahead else "behind"
    overflow = (
        ""
        if zone.ahead
        else f"Without taking out the largest score, e^z itself is infinite from {zone.overflows_from:.5f}."
    )
    caption = (
        f"The right class is {place}. Grey: log(softmax(z)) is off by more than a millionth, first at a distance of "
        f"{zone.loses_from:.5f}. Shaded orange: from {zone.breaks_from:.5f} on it gives {broken}; the truth there is "
        f"{say(exact(zone.breaks_from, zone.ahead), 6)}. {overflow}"
    )
    columns: dict[str, object] = {"distance": numbers(GAPS), "truth": [exact(g, zone.ahead) for g in GAPS.tolist()]}
    for way in zone.ways:
        columns |= {way.name: [_cell(v) for v in way.values.tolist()], f"digits of {way.name}": numbers(way.digits)}
    alt = f"Correct digits of three ways to compute a log-probability over the distance of the scores. {caption}"
    return Picture(figure, caption, alt, pd.DataFrame(columns))


def _cell(value: float) -> float | None:
    return value if math.isfinite(value) else None
