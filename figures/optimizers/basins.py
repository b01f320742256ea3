"""The map of all starts: colour says which minimum was reached, shade says how soon.

Every cell holds one whole number, made of where it ended and when. A frame changes nothing but the colours of those
numbers, so that time plays without sending a map for each moment.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from plotly.colors import sample_colorscale
from torch import Tensor
from torch.nn.functional import max_pool2d

from core.optimizers.basins import BOUNCING, LEVEL, LOST, OUTSIDE, STAY, UNDER_WAY, Basins
from core.optimizers.race import Run
from figures.optimizers.stability import in_reach
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, KEPT_FIGURES, PURPLE, VERMILLION, axes, numbers
from figures.words import counted, say

VALLEYS = (BLUE, "#E69F00", GREEN, PURPLE, "#56B4E9", VERMILLION, "#F0E442")  # Okabe and Ito's seven
ENDS = {  # what is no minimum, in the order of the states: greys, none so light or dark that a page swallows it
    UNDER_WAY: ("under way", "#cdd2d6"),
    LEVEL: ("on level ground", "#b0a99a"),
    OUTSIDE: ("outside of the box", "#7d858d"),
    LOST: ("lost", "#3d434a"),
    BOUNCING: ("bouncing", "#9db0c4"),
}
MOMENTS = 50
TINTS = 40  # of the continuous scale
DEEPEST = 50  # cells that are looked for
LEAST_ROOM = 0.035  # of the map's width, from the middle of a region to its edge, for its name to be written there
CLEAR = 0.06  # of the width, around the number of a minimum
FAR = 3.0  # widths of the box beyond which no path is sent to the browser
HEIGHT = 450
FRAME = {"showline": True, "mirror": True, "linecolor": GREY}  # a dark map ends somewhere on a dark page, too


def moments_of(steps: int) -> list[int]:
    """The steps that can be looked at, the early ones more closely: there most is decided."""
    return sorted({round(steps * (i / MOMENTS) ** 1.7) for i in range(MOMENTS + 1)} | {0, steps})


def _hexed(color: str, other: int, share: float) -> str:
    """A colour mixed with black (0) or white (255)."""
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part + share * (other - part)):02x}" for part in parts)


class _Coded:
    """The whole number of each cell, and the colours of these numbers at each moment."""

    def __init__(self, found: Basins, color: str) -> None:
        self.moments = moments_of(found.steps)
        self.each = len(self.moments)
        bins = torch.searchsorted(torch.tensor(self.moments, dtype=torch.int16), found.since)
        self.named = len(found.minima) <= len(VALLEYS)
        values = torch.tensor([point.value for point in found.minima], dtype=torch.float64)
        span = (values[-1] - values[0]).item() if len(values) else 0.0
        self.low, self.high = (values[0].item(), values[-1].item()) if len(values) else (0.0, 0.0)
        tint = (((values - self.low) / max(span, 1e-300)) * (TINTS - 1)).round().long()
        if color == "steps":
            kinds, self.reached = torch.zeros_like(tint), min(len(values), 1)
        elif self.named:
            kinds, self.reached = torch.arange(len(values)), len(values)
        else:
            self.tints, kinds = tint.unique(return_inverse=True)
            self.reached = len(self.tints)
        arrived = bins[found.state >= 0].double()
        ends = (
            torch.quantile(arrived, torch.tensor([0.02, 0.98], dtype=torch.float64)).tolist()
            if len(arrived)
            else [0, 1]
        )
        self.quick, self.slow = ends[0], max(ends[1], ends[0] + 1)
        state = found.state.long()
        kind = torch.where(state >= 0, kinds[state.clamp(min=0)] if len(kinds) else state, self.reached - 1 - state)
        code = kind * self.each + bins
        self.count = (self.reached + len(ENDS)) * self.each
        self.z = code.numpy().astype(np.uint8 if self.count <= 256 else np.uint16)
        self.colors = [self._ramp(kind, color) for kind in range(self.reached)]

    def _ramp(self, kind: int, color: str) -> list[str]:
        """The colour of one kind of end for each moment of arrival."""
        share = [min(max((i - self.quick) / (self.slow - self.quick), 0.0), 1.0) for i in range(self.each)]
        if color == "steps":
            return [_plain(c) for c in sample_colorscale("Cividis", [1 - s for s in share])]
        if not self.named:
            return [_plain(sample_colorscale("Viridis", [1 - self.tints[kind].item() / (TINTS - 1)])[0])] * self.each
        base = VALLEYS[kind]
        return [_hexed(base, 255, 0.5 - 1.2 * s) if s < 0.4 else _hexed(base, 0, (s - 0.4) * 1.1) for s in share]

    def scale(self, moment: int) -> list[list[object]]:
        """The colours at a moment: who has not arrived by then, is under way."""
        grey, found = ENDS[UNDER_WAY][1], []
        for kind, ramp in enumerate(self.colors):
            first = kind * self.each
            if len(set(ramp)) == 1:
                stops = [(0, ramp[0]), (moment + 1, ramp[0])]
            else:  # a stop at every third moment is enough for a smooth ramp
                stops = [(i + 0.5, ramp[i]) for i in sorted({*range(0, moment + 1, 3), moment})]
                stops = [(0, stops[0][1]), *stops, (moment + 1, stops[-1][1])]
            found += [(first + at, tone) for at, tone in stops]
            found += [(first + moment + 1, grey), (first + self.each, grey)] * (moment + 1 < self.each)
        for place, (end, (_, tone)) in enumerate(ENDS.items(), start=self.reached):
            first, last = place * self.each, (place + 1) * self.each
            ended = moment + 1 if end in (OUTSIDE, LOST) else self.each * (moment + 1 == self.each)
            found += [(first, tone), (first + ended, tone)] * (ended > 0)
            found += [(first + ended, grey), (last, grey)] * (first + ended < last)
        return [[at / self.count, tone] for at, tone in found]


def _plain(color: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(float(part)):02x}" for part in color[4:-1].split(","))


@lru_cache(maxsize=KEPT_FIGURES)
def basin_map(found: Basins, run: Run, color: str) -> Picture:
    """One coloured cell a start, the minima over it, and the path of the chosen start; one frame a moment."""
    coded = _Coded(found, color)
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
    figure.frames = [
        {
            "name": str(i),
            "data": [
                {"type": "heatmap", "colorscale": coded.scale(i)},
                {**(names if i == last else {"x": [], "y": [], "text": []})},
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
    caption = _caption(found, color, coded.named)
    return Picture(
        figure,
        caption,
        f"Map of {found.side} x {found.side} starts, coloured by where they end. {caption}",
        shares(found),
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


def _add_bar(figure: go.Figure, coded: _Coded, color: str) -> None:
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


def share(found: Basins, state: int) -> str:
    """The share of the starts that ended so, as a sentence says it."""
    return _percent(found.count(state), found.state.numel())


def _percent(count: int, total: int) -> str:
    return "less than 0.1%" if 0 < count < total / 1000 else f"{count / total:.1%}"


def shares(found: Basins) -> pd.DataFrame:
    """How many starts ended where, and how many steps that took them on average."""
    places = [(number, f"minimum {number + 1}", point) for number, point in enumerate(found.minima)]
    rows = [(name, point.x, point.y, point.value, *_row(found, state)) for state, name, point in places]
    rows += [(name, None, None, None, *_row(found, state)) for state, (name, _) in ENDS.items() if found.count(state)]
    return pd.DataFrame(rows, columns=["where", "x", "y", "f", "starts", "share", "steps on average"])


def _row(found: Basins, state: int) -> tuple[int, float, float | None]:
    count = found.count(state)
    steps = found.mean_steps(state) if count and state not in (UNDER_WAY, LEVEL, BOUNCING) else None
    return count, round(count / found.state.numel(), 4), steps


def label(found: Basins, step: int) -> str:
    """What the scrubber says at a step."""
    then = found.since <= step
    total = found.state.numel()
    parts = [f"{_percent(int((then & (found.state >= 0)).sum()), total)} have arrived"]
    for end in (OUTSIDE, LOST):
        count = int((then & (found.state == end)).sum())
        parts += [f"{_percent(count, total)} are {ENDS[end][0]}"] if count else []
    return f"After {step} of {counted(found.steps)}: {', '.join(parts)}."


def limit_words(found: Basins) -> str:
    """Which minima cannot hold SGD at this lr, and what the map shows of it; empty for other optimizers."""
    entry = found.entry
    if entry.contestant not in ("SGD", "Momentum") or entry.nesterov or entry.dampening:
        return ""
    room = 1 + entry.momentum
    if not 1 <= len(found.minima) <= len(VALLEYS) or any(point.kind == "cusp" for point in found.minima):
        return ""
    limits = [room * point.limit for point in found.minima]
    said = ", ".join(f"{i + 1}: {say(limit, 3)}" for i, limit in enumerate(limits))
    kept = [i for i, limit in enumerate(limits) if entry.lr < limit]
    thrown = [i for i in range(len(limits)) if i not in kept]
    formula = "2·(1 + b)/L" if entry.momentum else "2/L"
    text = f"A minimum holds {entry.contestant} only while lr is below {formula}, which is at minimum {said}."
    if thrown:
        ends = _percent(sum(found.count(i) for i in thrown), found.state.numel())
        text += f" With lr = {say(entry.lr)}, {_listed(thrown)} cannot: {ends} of the starts end there."
    return text


def _listed(minima: list[int]) -> str:
    words = [str(i + 1) for i in minima]
    return "minimum " + words[0] if len(words) == 1 else f"minima {', '.join(words[:-1])} and {words[-1]}"


def start_words(found: Basins, run: Run) -> str:
    """What became of the chosen start."""
    x, y = run.path[0].tolist()
    end_x, end_y = run.path[-1].tolist()
    begun = f"**From ({say(x)}, {say(y)})** "
    if run.lost_at is not None:
        return f"{begun}{run.name} is lost after {counted(run.lost_at)}: {run.lost}."
    for number, point in enumerate(found.minima):
        distance = (run.path - torch.tensor([point.x, point.y], dtype=torch.float64)).norm(dim=1)
        outside = (distance > found.radius).nonzero()
        needed = int(outside[-1]) + 1 if len(outside) else 0
        if needed <= max(run.steps - STAY, 0):
            return f"{begun}{run.name} comes to minimum {number + 1}, f = {say(point.value)}, in {counted(needed)}."
    return f"{begun}{run.name} is at ({say(end_x)}, {say(end_y)}) after {counted(run.steps)}, at no minimum."


def _caption(found: Basins, color: str, named: bool) -> str:
    arrived = found.state >= 0
    total = found.state.numel()
    colors = (
        "The colour says how many steps a start needs: bright is quick, dark is slow"
        if color == "steps"
        else "The colour says which minimum a start reaches, and its shade how soon: light is quick, dark is slow"
        if named
        else "The colour says how low the minimum is that a start reaches: bright is low"
    )
    greys = "what has reached none is told above the map" if any(map(found.count, ENDS)) else "none is left over"
    text = (
        f"{total:,} starts of {found.entry.contestant} with lr = {say(found.entry.lr)}, {counted(found.steps)} each. "
        f"{colors}; {greys}. Arrived means within {say(found.radius)} of a minimum for {STAY} steps or more."
    )
    if arrived.any():
        needed = found.since[arrived].double().mean().item()
        text += f" {_percent(int(arrived.sum()), total)} of the starts arrive, after {say(needed, 3)} steps on average."
    else:
        text += " No start arrives."
    if named and len(found.minima) > 1:
        text += " To " + ", ".join(f"{i + 1}: {share(found, i)}" for i in range(len(found.minima))) + "."
    elif arrived.any() and len(found.minima) > 1:
        values = torch.tensor([point.value for point in found.minima], dtype=torch.float64)
        mean = values[found.state[arrived].long()].mean().item()
        text += (
            f" The minimum that they reach has f = {say(mean)} on average, "
            f"the lowest has {say(values[0].item())} and is reached by {share(found, 0)}."
        )
    others = [f"{share(found, end)} {name}" for end, (name, _) in ENDS.items() if found.count(end)]
    text += f" The rest: {', '.join(others)}." if others else ""
    if found.count(BOUNCING):
        text += " Bouncing: to and fro over the last 40 steps, which do not get clearly shorter."
    return text
