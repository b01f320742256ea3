"""Samples answered wrongly, correction after correction, by one or more rules of choosing the weights."""

import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import weight_rules
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, axes

RULES = {  # rule -> name, colour, dash, marker, width; the wider lines are drawn first
    "pocket": ("pocket", GREEN, "dash", "diamond", 6),
    "averaged": ("average", PURPLE, "solid", "square", 3),
    "last": ("last weights", GREY, "dot", "circle", 2),
}
FEW = 60  # updates; more of them are not marked one by one


@cached
def wrong_curve(run: PerceptronRun, rules: tuple[str, ...] = tuple(RULES)) -> Picture:
    """One line a rule, and a mark on the last weights; one frame a step of the run."""
    wrong = {rule: weight_rules(run).wrong[rule].tolist() for rule in rules}
    figure = go.Figure()
    for rule in rules:
        name, color, dash, symbol, width = RULES[rule]
        figure.add_scatter(
            x=list(range(run.updates + 1)),
            y=wrong[rule],
            mode="lines+markers" if run.updates < FEW else "lines",
            name=name,
            line={"color": color, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": 8},
        )
    figure.add_scatter(
        x=[0],
        y=[wrong["last"][0]],
        mode="markers",
        name="you are here",
        cliponaxis=False,
        marker={"symbol": "diamond-open", "size": 16, "color": BLUE, "line": {"width": 3}},
    )
    frames = [{"data": [{"x": [at], "y": [wrong["last"][at]]}], "traces": [len(rules)]} for at in run.frame_steps]
    axes(figure, "update", "samples answered wrongly")
    figure.update_yaxes(rangemode="tozero", tickformat="d", dtick=1 if len(run.samples) <= 10 else None)
    figure.update_xaxes(tickformat="d", dtick=1 if run.updates <= 10 else None)
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 70, "b": 10})
    ends = [f"{RULES[rule][0]} {wrong[rule][-1]}" for rule in rules]
    end = ", ".join(ends) if len(rules) > 1 else f"{wrong[rules[0]][-1]}"
    caption = f"Samples answered wrongly, of {len(run.samples)}, after each correction. At the end: {end}."
    table = pd.DataFrame(
        {"update": range(run.updates + 1)} | {f"wrong, {RULES[rule][0]}": wrong[rule] for rule in rules}
    )
    return Picture(figure, caption, f"Line chart of wrong answers against updates. {caption}", table, frames)
