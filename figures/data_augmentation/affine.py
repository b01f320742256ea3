"""Where the pixels of a rotated digit come from, and the result."""

import pandas as pd
import plotly.graph_objects as go

from core.data_augmentation.affine import Affine
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes
from figures.words import fmt, plural

INK = {"colorscale": "Gray", "zmin": 0, "zmax": 1, "showscale": False}
ANSWERS = (1, 2, 3, 4)  # the places of the result, and of what leads to it, among the traces
PIXELS = {"showgrid": False, "zeroline": False, "constrain": "domain", "tickvals": [0, 2, 4, 6]}


def two_grids(found: Affine) -> Picture:
    """Left the digit with the places that the result's pixels come from, right the result."""
    s, hover = found.settings, "row %{y}, column %{x}: %{z:.4f}<extra></extra>"
    figure = go.Figure()
    figure.add_heatmap(z=found.image.numpy(), hovertemplate=hover, **INK)
    figure.add_heatmap(z=found.by_torch.numpy(), hovertemplate=hover, xaxis="x2", yaxis="y2", **INK)
    x, y = found.origin.flatten(0, 1).T.numpy()
    figure.add_scatter(
        x=x, y=y, mode="markers", marker={"size": 5, "color": BLUE}, name="where pixels come from", hoverinfo="skip"
    )
    x, y = found.origin[s.row, s.column].tolist()
    mark = {"size": 13, "color": VERMILLION, "symbol": "diamond", "line": {"color": "white", "width": 2}}
    figure.add_scatter(x=[x], y=[y], mode="markers", marker=mark, name="where the framed one comes from")
    corners = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (None, None))
    outline = [(column, row, dx, dy) for row, column, _, _ in found.terms for dx, dy in corners]
    figure.add_scatter(
        x=[None if dx is None else column + dx for column, _, dx, _ in outline],
        y=[None if dy is None else row + dy for _, row, _, dy in outline],
        mode="lines",
        line={"color": VERMILLION, "width": 2},
        showlegend=False,
        hoverinfo="skip",
    )
    box = {"x0": s.column - 0.5, "x1": s.column + 0.5, "y0": s.row - 0.5, "y1": s.row + 0.5}
    figure.add_shape(**box, xref="x2", yref="y2", line={"color": VERMILLION, "width": 4})
    axes(figure, "column of the digit", "row (pixels)")
    figure.update_layout(
        xaxis={"domain": [0, 0.48], "range": [-1.5, 8.5], **PIXELS},
        xaxis2={"domain": [0.52, 1], "range": [-1.5, 8.5], "title": "column of the result", "anchor": "y2", **PIXELS},
        yaxis={"range": [8.5, -1.5], "scaleanchor": "x", **PIXELS},
        yaxis2={"range": [8.5, -1.5], "scaleanchor": "x2", "anchor": "x2", "showticklabels": False, **PIXELS},
    )
    caption = (
        f"Left, a dot for each pixel of the result: the place it comes from. The largest difference between kornia's "
        f"result and plain torch's is {fmt(found.largest_difference, 2)}."
    )
    table = pd.DataFrame([(row, column) for row in range(8) for column in range(8)], columns=["row", "column"])
    table["from column"], table["from row"] = found.origin.flatten(0, 1).T.numpy()
    table["plain torch"], table["kornia"] = found.by_torch.flatten().numpy(), found.by_kornia.flatten().numpy()
    table["difference"] = (found.by_torch - found.by_kornia).flatten().numpy()
    return Picture(figure, caption, f"A digit with a turned grid of dots on it, and the result. {caption}", table)


def by_hand(found: Affine) -> str:
    """The chosen pixel as a mixture."""
    s = found.settings
    x, y = found.origin[s.row, s.column].tolist()
    place = f"The framed pixel comes from column {fmt(x, decimals=4)} and row {fmt(y, decimals=4)}"
    if not found.terms:
        return f"{place}. That is outside the digit, where everything counts as **0**."
    terms = [(f"{weight:.4f}", f"{value:.4f}") for _, _, weight, value in found.terms]
    total = sum(float(weight) * float(value) for weight, value in terms)
    sums = " + ".join(f"{weight} · {value}" for weight, value in terms)
    return (
        f"{place}. It takes in {plural(len(terms), 'pixel')} of the digit, each with the weight (1 − distance in "
        f"columns) · (1 − distance in rows): {sums} = **{total:.4f}**."
    )


def matrix(found: Affine) -> str:
    """The map in numbers, as a formula."""
    rows = [" & ".join(fmt(value, decimals=4) for value in row) for row in found.M.tolist()]
    return rf"$M = \begin{{pmatrix}} {rows[0]} \\ {rows[1]} \end{{pmatrix}}$"
