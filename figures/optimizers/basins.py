"""The map of all starts: the colour says which minimum is reached from each, or after how many steps.

Every cell holds one whole number, made of where its start ended and when. A frame changes nothing but the colours of
those numbers, so that time plays without sending a map for each step.
"""

from itertools import groupby

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from plotly.colors import sample_colorscale

from core.cache import cached
from core.optimizers.basins import DIVERGED, MOVING, OUTSIDE, Basins
from core.optimizers.race import Run
from core.plane.stability import limit
from figures.optimizers.surface_map import add_path
from figures.picture import Picture
from figures.plane import visible_path
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes
from figures.words import plural

VALLEYS = (BLUE, "#E69F00", GREEN, PURPLE, "#56B4E9", VERMILLION, "#F0E442")  # Okabe and Ito's seven
ENDS = {  # what is no minimum, in the order of the states: greys, none so light or dark that a page swallows it
    MOVING: ("at no minimum", "#cdd2d6"),
    OUTSIDE: ("outside of the box", "#7d858d"),
    DIVERGED: ("diverged", "#3d434a"),
}
FRAMES = 50
TINTS = 40  # of the minima's values, where they are many
HEIGHT = 470


def frame_steps(steps: int) -> list[int]:
    """The steps that can be looked at, the early ones more closely: there most is decided."""
    return sorted({round(steps * (i / FRAMES) ** 1.7) for i in range(FRAMES + 1)} | {0, steps})


@cached
def basin_map(found: Basins, run: Run, color: str) -> Picture:
    """One coloured cell a start, the minima over it, and the path of the chosen start; one frame a step."""
    cells, steps = _Cells(found, color), frame_steps(found.steps)
    x_low, x_high, y_low, y_high = found.box
    across, up = (x_high - x_low) / found.side, (y_high - y_low) / found.side
    figure = go.Figure(
        go.Heatmap(
            x0=x_low + across / 2,
            dx=across,
            y0=y_low + up / 2,
            dy=up,
            z=cells.numbers,
            zmin=-0.5,
            zmax=cells.count - 0.5,
            colorscale=cells.colors(len(steps) - 1),
            showscale=False,
            hoverinfo="skip",
            name="starts",
        )
    )
    path, upto = visible_path(run.path, found.box), [min(step, run.steps) for step in steps]
    add_path(figure, path, "path", "black", 2, upto=upto)
    figure.update_traces(showlegend=False)  # the caption speaks of the path
    marker = {"color": "white", "symbol": "diamond", "size": 13, "line": {"color": "black", "width": 2}}
    figure.add_scatter(x=path[:1, 0], y=path[:1, 1], mode="markers", marker=marker, name="the chosen start")
    _add_minima(figure, found)
    _add_bar(figure, cells, color, steps)
    for name, tone in ENDS.values():  # what the greys say
        marker = {"symbol": "square", "size": 12, "color": tone, "line": {"color": GREY, "width": 1}}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=name)
    frames = [{"data": [{"colorscale": cells.colors(i)}], "traces": [0]} for i in range(len(steps))]
    axes(figure, "x of the start", "y of the start")
    frame = {"showline": True, "mirror": True, "linecolor": GREY, "showgrid": False, "zeroline": False}
    figure.update_xaxes(range=[x_low, x_high], constrain="domain", **frame)
    figure.update_yaxes(range=[y_low, y_high], scaleanchor="x", constrain="domain", constraintoward="top", **frame)
    figure.update_layout(height=HEIGHT, margin_pad=0)
    caption = _caption(found, color, cells.few)
    alt = f"Map of {found.side} x {found.side} starts, coloured by where they end. {caption}"
    return Picture(figure, caption, alt, table(found), frames)


class _Cells:
    """The whole number of each cell, and the colours of these numbers at each frame.

    A number is kind * frames + the first frame at which the start is there for good. Kinds are the minima (tints of
    their values where they are many, or one for all of them where the steps are coloured), then the ENDS.
    """

    def __init__(self, found: Basins, color: str) -> None:
        steps = frame_steps(found.steps)
        self.frames, self.few = len(steps), len(found.minima) <= len(VALLEYS)
        values = torch.tensor([point.value for point in found.minima] or [0.0], dtype=torch.float64)
        self.low, self.high = values[0].item(), values[-1].item()
        tints = ((values - self.low) / max(self.high - self.low, 1e-300) * (TINTS - 1)).round().long()
        if color == "steps":
            kinds, self.tones = torch.zeros_like(tints), [_shades("Cividis", self.frames)]
        elif self.few:
            kinds, self.tones = torch.arange(len(values)), [[tone] * self.frames for tone in VALLEYS[: len(values)]]
        else:
            kinds, self.tones = tints, [[shade] * self.frames for shade in _shades("Viridis", TINTS)]
        state, since = found.state.long(), torch.searchsorted(torch.tensor(steps, dtype=torch.int16), found.since)
        kind = torch.where(state >= 0, kinds[state.clamp(min=0)], len(self.tones) - 1 - state)
        self.tones += [[tone] * self.frames for _, tone in ENDS.values()]
        self.count = len(self.tones) * self.frames
        self.numbers = (kind * self.frames + since).numpy().astype(np.uint8 if self.count <= 256 else np.uint16)

    def colors(self, frame: int) -> list[list[object]]:
        """The colour scale at a frame: who is not yet where it ends is at no minimum."""
        grey, stops = ENDS[MOVING][1], []
        for kind, tones in enumerate(self.tones):
            first = kind * self.frames
            for tone, places in groupby(range(self.frames), lambda i, tones=tones: tones[i] if i <= frame else grey):
                at = list(places)
                stops += [[(first + at[0]) / self.count, tone], [(first + at[-1] + 1) / self.count, tone]]
        return stops


def _shades(scale: str, n: int) -> list[str]:
    """So many colours of a scale from its bright to its dark end."""
    found = sample_colorscale(scale, np.linspace(1, 0, n), colortype="tuple")
    return ["#" + "".join(f"{int(255 * part):02x}" for part in color) for color in found]


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


def _add_bar(figure: go.Figure, cells: _Cells, color: str, steps: list[int]) -> None:
    """The scale of a continuous colour, carried by a mark that is not drawn."""
    if color == "valley" and cells.few:
        return
    marker = {"cmin": cells.low, "cmax": cells.high, "colorscale": "Viridis"}
    bar = {"title": {"text": "f at the minimum", "side": "right"}, "thickness": 14}
    if color == "steps":
        last = len(steps) - 1
        at = sorted({round(i * last / 5) for i in range(6)})
        bar |= {"title": {"text": "steps needed", "side": "right"}}
        bar |= {"tickvals": at, "ticktext": [f"{steps[i]}" for i in at]}
        marker = {"cmin": 0, "cmax": max(last, 1), "colorscale": "Cividis"}
    marker |= {"color": [marker["cmin"]], "reversescale": True, "colorbar": bar, "showscale": True}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, showlegend=False, name="scale")


def _caption(found: Basins, color: str, few: bool) -> str:
    by = "the minimum that it reaches" if few else "how low the minimum is that it reaches, bright is low"
    if color == "steps":
        by = "the steps that it needs to a minimum, bright is few"
    return (
        f"Each cell is a start of {found.hparams.name}, coloured by {by}; the line is the path from the chosen one; "
        f"click to choose. A minimum is reached from {int((found.state >= 0).sum()):,} of {found.state.numel():,} "
        f"starts in {plural(found.steps)}."
    )


def label(found: Basins, step: int) -> str:
    """What the scrubber says at a step."""
    then = found.since <= step
    counts = {"at their minimum": then & (found.state >= 0)}
    counts |= {ENDS[end][0]: then & (found.state == end) for end in (OUTSIDE, DIVERGED)}
    said = [f"{int(which.sum()):,} {name}" for name, which in counts.items() if which.any() or name.endswith("minimum")]
    return f"After {step} of {plural(found.steps)}: of {found.state.numel():,} starts, {', '.join(said)}."


def table(found: Basins) -> pd.DataFrame:
    """How many starts ended where, after how many steps on average; for SGD the limit of its lr at each minimum."""
    hparams, limits = found.hparams, [None] * len(found.minima)
    if hparams.name in ("SGD", "Momentum") and not (hparams.nesterov or hparams.dampening or hparams.weight_decay):
        limits = [limit(point.curvatures[1], hparams.momentum) for point in found.minima]
    rows = []
    for number, point in enumerate(found.minima):
        count = found.count(number)
        needed = found.mean_steps(number) if count else None
        rows.append((f"minimum {number + 1}", point.x, point.y, point.value, limits[number], count, needed))
    rows += [(name, None, None, None, None, found.count(end), None) for end, (name, _) in ENDS.items()]
    frame = pd.DataFrame(rows, columns=["where", "x", "y", "f", "stable below lr", "starts", "steps on average"])
    frame["share"] = (frame["starts"] / found.state.numel()).round(4)
    return frame
