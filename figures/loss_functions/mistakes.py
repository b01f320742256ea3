"""A mistake beside the right way, and the zone in which float32 fails."""

import pandas as pd
import plotly.graph_objects as go

from core.loss_functions.float32 import GAPS, MOST_DIGITS, FailureZone
from core.loss_functions.mistakes import Comparison
from figures.picture import Picture
from figures.style import BLUE, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt


def comparison(found: Comparison) -> Picture:
    """Two curves, with a mark on each where the reader stands."""
    figure, title = go.Figure(), found.mistake.over[2]
    for name, y, at, color, dash, symbol in (
        ("right", found.right, found.right_at, BLUE, "solid", "circle"),
        ("mistake", found.wrong, found.wrong_at, VERMILLION, "dash", "x"),
    ):
        line = {"color": color, "dash": dash, "width": 3}
        mark = {"color": color, "symbol": symbol, "size": 13, "line": {"color": "white", "width": 1.5}}
        figure.add_scatter(x=numbers(found.x), y=numbers(y), name=name, mode="lines", line=line)
        figure.add_scatter(x=[found.at], y=[at], name=name, showlegend=False, mode="markers", marker=mark)
    if found.limit is not None:
        line, name = {"color": GREY, "dash": "dot", "width": 2}, f"never below {fmt(found.limit)}"
        ends = [found.x[0].item(), found.x[-1].item()]
        figure.add_scatter(x=ends, y=[found.limit, found.limit], name=name, mode="lines", line=line)
    axes(figure, title, found.mistake.quantity).update_layout(height=430)
    caption = (
        f"Solid: the right way; dashed: the mistake. At {fmt(found.at)} they give {fmt(found.right_at, 6)} and "
        f"{fmt(found.wrong_at, 6)}."
    )
    columns = {title: numbers(found.x), "right": numbers(found.right), "mistake": numbers(found.wrong)}
    return Picture(figure, caption, f"Two curves over the {title}. {caption}", pd.DataFrame(columns))


def failure(zone: FailureZone, gap: float) -> Picture:
    """Correct digits of three ways over the gap; where the naive way gives nothing usable, the ground is shaded."""
    figure = go.Figure()
    looks = ((VERMILLION, "dash", 6), (BLUE, "dot", 4), (PURPLE, "dashdot", 2.5))
    for (name, digits), (color, dash, width) in zip(zone.digits.items(), looks, strict=True):
        line = {"color": color, "dash": dash, "width": width}
        figure.add_scatter(x=numbers(GAPS), y=numbers(digits), name=name, mode="lines", line=line)
    end, broken = GAPS[-1].item(), "0" if zone.ahead else "−∞"
    figure.add_vrect(x0=zone.breaks_from, x1=end, fillcolor=VERMILLION, opacity=0.16, line_width=0)
    figure.add_vline(x=gap, line={"color": GREY, "width": 1, "dash": "dot"})
    axes(figure, "distance of the two scores", "correct decimal digits", xaxis_range=[0, end])
    figure.update_yaxes(range=[-0.3, MOST_DIGITS + 0.6], dtick=2).update_layout(height=430)
    caption = (
        "How many digits of the right class's log-probability each way gets right in float32. Shaded: from a distance "
        f"of {zone.breaks_from:.5f} on, log(softmax(z)) gives {broken}."
    )
    columns: dict[str, object] = {"distance": numbers(GAPS)}
    for name, values in zone.values.items():
        columns |= {name: numbers(values), f"digits of {name}": numbers(zone.digits[name])}
    return Picture(figure, caption, f"Three curves over the distance of the scores. {caption}", pd.DataFrame(columns))
