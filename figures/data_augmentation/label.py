"""A digit while it is changed, and what the network makes of it."""

import pandas as pd
import plotly.graph_objects as go

from core.data_augmentation.label import Survival
from figures.digits import share
from figures.picture import Picture
from figures.style import BLUE, GREY, PURPLE, VERMILLION, axes
from figures.words import a, fmt

AXIS = {"angle": "angle (degrees)", "width": "width (negative: mirrored)", "scale": "scale"}
MOST_OTHERS = 2
ANSWERS = (1, 2, 3, 4)  # the places of the lines among the traces
DOTS = ((VERMILLION, "dash"), (PURPLE, "dashdot"))


def survival(found: Survival, amount: float) -> Picture:
    """Left the changed digit, right the probabilities of the answers at every amount."""
    s, place = found.settings, found.place(amount)
    figure = go.Figure()
    ink = {"colorscale": "Gray", "zmin": 0, "zmax": 1, "showscale": False, "hoverinfo": "skip"}
    figure.add_heatmap(z=found.images[place].numpy(), xaxis="x2", yaxis="y2", **ink)
    others, (answer, _) = found.others[:MOST_OTHERS], found.answer(amount)
    if answer not in (s.digit, *others):  # what is said below is drawn
        others[-1] = answer
    lines = [(s.digit, BLUE, "solid"), *((c, *style) for c, style in zip(others, DOTS, strict=False))]
    for c, color, dash in lines:
        y, line = found.probabilities[:, c].numpy(), {"color": color, "dash": dash, "width": 3}
        figure.add_scatter(x=found.amounts, y=y, mode="lines", name=a(c), line=line)
    accuracy = {"color": GREY, "dash": "dot", "width": 3}
    figure.add_scatter(
        x=found.amounts, y=found.accuracy.numpy(), mode="lines", name="right, of all 500 digits", line=accuracy
    )
    figure.add_vline(x=found.amounts[place], line={"color": GREY, "width": 2})
    axes(figure, AXIS[s.change], "probability, share")
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False, "constrain": "domain"}
    figure.update_layout(
        xaxis={"domain": [0.42, 1], "anchor": "y", "range": [found.amounts[0], found.amounts[-1]]},
        yaxis={"range": [-0.02, 1.02], "anchor": "x"},
        xaxis2={"domain": [0, 0.27], "anchor": "y2", "title": "8 pixels", **bare},
        yaxis2={"anchor": "x2", "autorange": "reversed", "scaleanchor": "x2", **bare},
    )
    caption = f"{at_amount(found, amount)} The dotted line is the share of all 500 unseen digits that it names right."
    table = pd.DataFrame({AXIS[s.change]: found.amounts})
    for c in range(10):
        table[a(c)] = found.probabilities[:, c].numpy()
    table["right, of all"] = found.accuracy.numpy()
    return Picture(figure, caption, f"A changed digit and lines of the network's answers. {caption}", table)


def at_amount(found: Survival, amount: float) -> str:
    """What the network answers at one amount."""
    s, near = found.settings, found.amounts[found.place(amount)]
    answer, p = found.answer(amount)
    mirrored = " (mirrored)" if near < 0 else ""
    how = {
        "angle": f"Rotated by {near:g}°",
        "width": f"At a width of {fmt(near)}{mirrored}",
        "scale": f"At a scale of {near:g}",
    }
    return f"{how[s.change]}, this {s.digit} is for the network {a(answer)}, with probability {share(p)}."


def by_hand(found: Survival, amount: float) -> str:
    """How many of all unseen digits are named right at this amount."""
    accuracy, n = found.accuracy[found.place(amount)].item(), found.n_holdout
    right = round(accuracy * n)
    return (
        f"Changed like this, the network names {right} of {n} unseen digits right: {right} / {n} = **{right / n:g}**."
    )
