"""The map of all starts: colour says which minimum was reached, shade says how soon.

Every cell holds one whole number, made of where it ended and when. A frame changes nothing but the colours of those
numbers, so that time plays without sending a map for each moment.
"""

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from core.cache import cached
from core.optimizers.basins import LOST, Basins
from core.optimizers.race import Run
from figures.optimizers.basins_colors import ENDS, VALLEYS, Coded
from figures.optimizers.basins_words import caption_of, shares
from figures.optimizers.stability_path import in_reach
from figures.picture import Picture
from figures.style import GREY, axes, numbers

DEEPEST = 50  # cells that are looked for
LEAST_ROOM = 0.035  # of the map's width, from the middle of a region to its edge, for its name to be written there
CLEAR = 0.06  # of the width, around the number of a minimum
FAR = 3.0  # widths of the box beyond which no path is sent to the browser
HEIGHT = 450
FRAME = {"showline": True, "mirror": True, "linecolor": GREY}  # a dark map ends somewhere on a dark page, too


@cached
def basin_map(found: Basins, run: Run, color: str) -> Picture:
    """One coloured cell a start, the minima over it, and the path of the chosen start; one frame a moment."""
    coded = Coded(found, color)
    x_low, x_high, y_low, y_high = found.box
    last = coded.each - 1
    figure = go.Figure(
        go.Heatmap(
            x0=x_low + (x_high - x_low) / found.side / 2,
            dx=(x_high - x_low) / found.side,
            y0=y_low + (y_high - y_low) / found.side / 2,
            dy=(y_high - y_low) / found.side,
            z=coded.z,
            zmin=-0.5,
            zmax=coded.count - 0.5,
            colorscale=coded.scale(last),
            showscale=False,
            hoverinfo="skip",
            name="starts",
        )
    )
    names = _names(found)
    figure.add_scatter(**names, mode="text", textfont={"size": 13}, showlegend=False, hoverinfo="skip", name="names")
    for name, style in (
        ("path", {"color": "white", "width": 4.5}),
        ("the chosen start's path", {"color": "black", "width": 2}),
    ):
        figure.add_scatter(**_path(found, run, found.steps), mode="lines", line=style, name=name, showlegend=False)
    place = len(figure.data) - 3
    figure.add_scatter(
        x=[run.path[0, 0].item()],
        y=[run.path[0, 1].item()],
        mode="markers",
        marker={"color": "white", "symbol": "diamond", "size": 13, "line": {"color": "black", "width": 2}},
        name="the chosen start",
        showlegend=False,
        hoverinfo="skip",
    )
    _add_minima(figure, found)
    frames = [
        {
            "data": [
                {"colorscale": coded.scale(i)},
                names if i == last else {"x": [], "y": [], "text": []},
                _path(found, run, step),
                _path(found, run, step),
            ],
            "traces": [0, place, place + 1, place + 2],
        }
        for i, step in enumerate(coded.moments)
    ]
    _add_bar(figure, coded, color)
    _add_legend(figure, found)
    axes(figure, "x of the start", "y of the start")
    figure.update_xaxes(range=[x_low, x_high], constrain="domain", showgrid=False, zeroline=False, **FRAME)
    figure.update_yaxes(
        range=[y_low, y_high],
        scaleanchor="x",
        constrain="domain",
        constraintoward="top",
        showgrid=False,
        zeroline=False,
        **FRAME,
    )
    figure.update_layout(height=HEIGHT, margin={"l": 10, "r": 10, "t": 34, "b": 10, "pad": 0})
    caption = caption_of(found, color, coded.named)
    return Picture(
        figure,
        caption,
        f"Map of {found.side} x {found.side} starts, coloured by where they end. {caption}",
        shares(found),
        frames,
    )


def _add_minima(figure: go.Figure, found: Basins) -> None:
    """A numbered mark at each minimum; without a number where there are many."""
    few = len(found.minima) <= len(VALLEYS)
    figure.add_scatter(
        x=[point.x for point in found.minima],
        y=[point.y for point in found.minima],
        text=[str(number + 1) for number in range(len(found.minima))] if few else None,
        mode="markers+text" if few else "markers",
        textfont={"color": "black", "size": 13},
        marker={"color": "white", "size": 21 if few else 5, "line": {"color": "black", "width": 1.5}},
        customdata=[point.value for point in found.minima],
        hovertemplate="minimum at (%{x:.4g}, %{y:.4g}): f = %{customdata:.5g}<extra></extra>",
        showlegend=False,
        name="minima",
    )


def _names(found: Basins) -> dict[str, list]:
    """The name of each end that is no minimum, in the middle of its largest region if it has room there."""
    x_low, x_high, y_low, y_high = found.box
    names: dict[str, list] = {"x": [], "y": [], "text": []}
    y, x = torch.meshgrid(
        torch.linspace(y_low, y_high, found.side), torch.linspace(x_low, x_high, found.side), indexing="ij"
    )
    free = torch.ones_like(x, dtype=torch.bool)  # of the numbers of the minima
    for point in found.minima[: len(VALLEYS)]:
        free &= ((x - point.x) / (x_high - x_low)) ** 2 + ((y - point.y) / (y_high - y_low)) ** 2 > CLEAR**2
    for end, (name, _) in ENDS.items():
        row, column, room = heart((found.state == end) & free)
        if room >= LEAST_ROOM * found.side:
            names["x"].append(x_low + (column + 0.5) / found.side * (x_high - x_low))
            names["y"].append(y_low + (row + 0.5) / found.side * (y_high - y_low))
            ink = "white" if end == LOST else "black"
            names["text"].append(f'<span style="color:{ink}">{name}</span>')
    return names


def heart(mask: Tensor) -> tuple[int, int, int]:
    """Row, column and depth of the cell that lies deepest in a region: so many cells around it belong to it, too."""
    inside, room, place = mask.float()[None], 0, 0
    while inside.any() and room < DEEPEST:
        place, room = int(inside.flatten().argmax()), room + 1
        inside = 1 - max_pool2d(1 - inside, 3, stride=1, padding=1)
        if room == 1:  # the map's edge is an edge of the region, too
            inside[:, [0, -1]] = inside[:, :, [0, -1]] = 0
    return place // mask.shape[1], place % mask.shape[1], room


def _path(found: Basins, run: Run, step: int) -> dict[str, np.ndarray]:
    """The way of the chosen start up to a step; where it goes far away, only up to there."""
    x_low, x_high, y_low, y_high = found.box
    places = run.path[: step + 1]
    middle = torch.tensor([(x_low + x_high) / 2, (y_low + y_high) / 2], dtype=torch.float64)
    places = in_reach(places, middle, FAR * max(x_high - x_low, y_high - y_low))
    return {"x": numbers(places[:, 0]), "y": numbers(places[:, 1])}


def _add_bar(figure: go.Figure, coded: Coded, color: str) -> None:
    """The scale of a continuous colour, carried by a mark that is not drawn."""
    if color == "valley" and coded.named:
        return
    if color == "steps":
        at = np.linspace(coded.quick, coded.slow, 5)
        said = [f"{np.interp(i, range(coded.each), coded.moments):.0f}" for i in at]
        bar = {"title": "steps needed", "tickvals": at.tolist(), "ticktext": said}
        marker = {"cmin": coded.quick, "cmax": coded.slow, "colorscale": "Cividis", "reversescale": True}
    else:
        bar = {"title": "f at the minimum"}
        marker = {"cmin": coded.low, "cmax": coded.high, "colorscale": "Viridis", "reversescale": True}
    bar = bar | {"title": {"text": bar["title"], "side": "right"}, "thickness": 14}
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        marker=marker | {"color": [marker["cmin"]], "colorbar": bar, "showscale": True},
        showlegend=False,
        hoverinfo="skip",
        name="scale",
    )


def _add_legend(figure: go.Figure, found: Basins) -> None:
    """What the greys on the map say."""
    for end, (name, tone) in ENDS.items():
        if found.count(end):
            figure.add_scatter(
                x=[None],
                y=[None],
                mode="markers",
                marker={"symbol": "square", "size": 12, "color": tone, "line": {"color": GREY, "width": 1}},
                name=name,
                showlegend=True,
            )
