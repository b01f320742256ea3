"""A mistake beside the right way, and the zone in which float32 fails."""

import pandas as pd
import plotly.graph_objects as go

from core.loss_functions.float32 import GAPS, MOST_DIGITS, breaks_from, digits_over_gaps
from core.loss_functions.mistakes import Comparison
from figures.picture import Picture
from figures.style import BLUE, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt


def comparison(found: Comparison) -> Picture:
    """Two curves, with a mark on each where the reader stands."""
    figure, title = go.Figure(), found.mistake.over[2]
    curves = (("right", found.right, BLUE, "solid", "circle"), ("mistake", found.wrong, VERMILLION, "dash", "x"))
    for (name, y, color, dash, symbol), at in zip(curves, found.at, strict=True):
        line = {"color": color, "dash": dash, "width": 3}
        mark = {"color": color, "symbol": symbol, "size": 13, "line": {"color": "white", "width": 1.5}}
        figure.add_scatter(x=numbers(found.x), y=numbers(y), name=name, mode="lines", line=line)
        figure.add_scatter(x=[found.place], y=[at], name=name, showlegend=False, mode="markers", marker=mark)
    if found.limit is not None:
        line, name = {"color": GREY, "dash": "dot", "width": 2}, f"never below {fmt(found.limit)}"
        ends = [found.x[0].item(), found.x[-1].item()]
        figure.add_scatter(x=ends, y=[found.limit, found.limit], name=name, mode="lines", line=line)
    axes(figure, title, found.mistake.quantity).update_layout(height=430)
    leaves = ""
    if found.limit is not None:  # which nobody would see beside the whole height of the right way
        low, high = found.wrong.min().item(), found.wrong.max().item()
        bottom, top = min(low, 0.0), max(2 * high - low, *found.at)
        figure.update_yaxes(range=[bottom - 0.05 * (top - bottom), top + 0.05 * (top - bottom)])
        leaves = ", which leaves the picture" if found.right.max() > top + 0.05 * (top - bottom) else ""
    right, wrong = (fmt(value, 6) for value in found.at)
    caption = f"Solid: the right way{leaves}; dashed: the mistake. At {fmt(found.place)} they give {right} and {wrong}."
    columns = {title: numbers(found.x), "right": numbers(found.right), "mistake": numbers(found.wrong)}
    return Picture(figure, caption, f"Two curves over the {title}. {caption}", pd.DataFrame(columns))


def failure(ahead: bool, gap: float) -> Picture:
    """Correct digits of three ways over the gap; where the naive way gives nothing usable, the ground is shaded."""
    figure, columns = go.Figure(), {"distance": numbers(GAPS)}
    looks = ((VERMILLION, "dash", 6), (BLUE, "dot", 4), (PURPLE, "dashdot", 2.5))
    for (name, digits), (color, dash, width) in zip(digits_over_gaps(ahead).items(), looks, strict=True):
        columns[name] = numbers(digits)
        line = {"color": color, "dash": dash, "width": width}
        figure.add_scatter(x=columns["distance"], y=columns[name], name=name, mode="lines", line=line)
    first, end = breaks_from(ahead), GAPS[-1].item()
    figure.add_vrect(x0=first, x1=end, fillcolor=VERMILLION, opacity=0.16, line_width=0)
    figure.add_vline(x=gap, line={"color": GREY, "width": 1, "dash": "dot"})
    axes(figure, "distance of the two scores", "correct decimal digits", xaxis_range=[0, end])
    figure.update_yaxes(range=[-0.3, MOST_DIGITS + 0.6], dtick=2).update_layout(height=430)
    caption = (
        "How many digits of the right class's log-probability each way gets right in float32. Shaded: from a distance "
        f"of {first:.5f} on, log(softmax(z)) gives {'0' if ahead else '−∞'}."
    )
    return Picture(figure, caption, f"Three curves over the distance of the scores. {caption}", pd.DataFrame(columns))
