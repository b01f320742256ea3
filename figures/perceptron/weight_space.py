"""The plane of the weights: every point of it is a perceptron."""

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.perceptron.learn import PerceptronRun
from figures.perceptron.geometry import Square, clipped, coordinates
from figures.perceptron.written import written
from figures.picture import Picture
from figures.style import GREEN, VERMILLION, axes

CELLS = 61
MOST_MOMENTS = 50


def weight_moments(run: PerceptronRun) -> list[int]:
    """The updates that this figure has frames for; a map a frame, so fewer than elsewhere."""
    chosen = run.moments
    if len(chosen) <= MOST_MOMENTS:
        return chosen
    places = torch.linspace(0, len(chosen) - 1, MOST_MOMENTS).round().int().tolist()
    return [chosen[i] for i in places]


@cached
def weight_space(run: PerceptronRun) -> Picture:
    """How many samples each pair (w1, w2) answers wrongly, at the moment's bias, and the path of the run."""
    w1, w2 = _window(run)
    moments = weight_moments(run)
    maps = _maps(run, w1, w2, moments)
    edges = _edges(w1, w2)
    figure = _drawn(run, moments[0], maps[0], edges)
    frames = [
        {
            "data": [{"z": counts}, _path(run, at), _here(run, at), _border(run, at, *edges)],
            "traces": [0, 1, 2, 3],
        }
        for counts, at in zip(maps, moments, strict=True)
    ]
    axes(figure, "first weight w1", "second weight w2")
    figure.update_xaxes(range=edges[:2], constrain="domain")
    figure.update_yaxes(range=edges[2:], scaleanchor="x", constrain="domain")
    figure.update_layout(height=540, margin={"l": 10, "r": 10, "t": 70, "b": 10})
    caption = _caption(run)
    return Picture(
        figure, caption, "Map over pairs of weights of how many samples they answer wrongly. " + caption, frames=frames
    )


def _window(run: PerceptronRun) -> tuple[Tensor, Tensor]:
    """The pairs of weights that are shown: the whole path and the origin, with room around."""
    path = run.weights[:, :2]
    low, high = path.amin(0).clamp(max=0), path.amax(0).clamp(min=0)
    half = max(0.9 * (high - low).max().item(), run.settings.lr)
    middle = (low + high) / 2
    steps = torch.linspace(-half, half, CELLS, dtype=torch.float64)
    return middle[0] + steps, middle[1] + steps


def _edges(w1: Tensor, w2: Tensor) -> tuple[float, ...]:
    return float(w1[0]), float(w1[-1]), float(w2[0]), float(w2[-1])


def border_words(run: PerceptronRun, at: int) -> str:
    """What the border of the sample that is wrong shows at this moment, or why there is none."""
    if at >= run.updates:
        if run.outcome == "converged":
            return "At the end no sample is wrong, so there is no border to cross."
        return "Here the run was ended, so no correction follows and no border is drawn."
    row, bias = int(run.rows[at]), run.samples.bias
    if not run.samples.X[row].any():
        total, change = ("b", "changes only b: w stays where it is") if bias else ("0", "changes nothing")
        return (
            f"Sample {row}, which is wrong, lies at (0, 0): its sum is {total} whatever w1 and w2 are. So it has no "
            f"border here, and its correction {change}."
        )
    step = (run.settings.lr * run.samples.yx[row, :2]).tolist()
    moved = (
        f"The correction moves w by ({', '.join(map(written, step))}), at a right angle to "
        "it, to where this sample would be answered better."
    )
    if _border(run, at, *_edges(*_window(run)))["x"] == [None]:
        return f"The border of sample {row}, which is wrong, lies outside this map. {moved}"
    return (
        f"The green border belongs to sample {row}, which is wrong: across it, the sum of this sample changes its "
        f"sign. {moved}"
    )


def _drawn(run: PerceptronRun, at: int, counts: np.ndarray, edges: tuple[float, ...]) -> go.Figure:
    """The map, the path, the weights of the moment and the border, at one moment."""
    return go.Figure(
        [
            go.Heatmap(
                x=np.linspace(*edges[:2], CELLS, dtype=np.float32),
                y=np.linspace(*edges[2:], CELLS, dtype=np.float32),
                z=counts,
                zmin=0,
                zmax=len(run.samples),
                colorscale="Cividis",
                reversescale=True,
                hovertemplate="(%{x:.2f}, %{y:.2f}): %{z} wrong<extra></extra>",
                colorbar={
                    "title": {"text": "samples wrong", "side": "bottom"},
                    "orientation": "h",  # below, so that the map keeps the width of a phone
                    "y": -0.16,
                    "yanchor": "top",
                    "thickness": 14,
                    "dtick": 1 if len(run.samples) <= 10 else None,
                },
            ),
            go.Scatter(
                _path(run, at),
                mode="lines+markers",
                name="path of w",
                line={"color": VERMILLION, "width": 2},
                marker={"size": 5, "color": VERMILLION},
                hoverinfo="skip",
            ),
            go.Scatter(
                _here(run, at),
                mode="markers",
                name="w now",
                marker={"symbol": "diamond", "size": 16, "color": VERMILLION, "line": {"width": 2, "color": "white"}},
            ),
            go.Scatter(
                _border(run, at, *edges),
                mode="lines",
                name="border of the wrong sample",
                line={"color": GREEN, "width": 4, "dash": "dash"},
                hoverinfo="skip",
            ),
        ]
    )


def _maps(run: PerceptronRun, w1: Tensor, w2: Tensor, moments: list[int]) -> np.ndarray:
    """Samples wrong at each (w1, w2), for the bias of each moment; shape (moments, CELLS, CELLS), rows along w2.

    A sample of class 1 is wrong where w1 x1 + w2 x2 <= -b, one of class 0 where -(w1 x1 + w2 x2) <= b. The left sides
    do not change over time, so they are sorted once, and each bias is looked up in them.
    """
    second, first = torch.meshgrid(w2, w1, indexing="ij")
    sums = torch.stack([first.flatten(), second.flatten()], dim=1) @ run.samples.yx[:, :2].T
    bias = run.weights[moments, 2] if run.samples.bias else torch.zeros(len(moments), dtype=torch.float64)
    count = torch.zeros(len(sums), len(moments), dtype=torch.int64)
    for label, sign in ((0, 1.0), (1, -1.0)):
        ordered = sums[:, run.samples.label == label].sort(dim=1).values
        count += torch.searchsorted(ordered, (sign * bias).expand(len(sums), -1).contiguous(), right=True)
    kind = np.uint8 if len(run.samples) < 256 else np.uint16
    return count.T.reshape(len(moments), CELLS, CELLS).numpy().astype(kind)


def _path(run: PerceptronRun, at: int) -> dict[str, list[float]]:
    begin = max(0, at - 60)  # the last corrections are enough to follow
    part = run.weights[begin : at + 1, :2]
    return {"x": part[:, 0].tolist(), "y": part[:, 1].tolist()}


def _here(run: PerceptronRun, at: int) -> dict[str, list[float]]:
    return {"x": [run.weights[at, 0].item()], "y": [run.weights[at, 1].item()]}


def _border(run: PerceptronRun, at: int, left: float, right: float, low: float, high: float) -> dict[str, list[float]]:
    """Where the sample that is wrong would have the sum 0."""
    if at >= run.updates:
        return coordinates([])
    x1, x2 = run.samples.X[run.rows[at]].tolist()
    b = run.weights[at, 2].item() if run.samples.bias else 0.0
    ends = clipped((x1, x2, b), Square((left, right), (low, high)))
    return coordinates(ends)


def _caption(run: PerceptronRun) -> str:
    end = ", ".join(map(written, run.weights[-1].tolist()))
    names = "(w1, w2, b)" if run.samples.bias else "(w1, w2)"
    slice_ = " The map is a slice of three-dimensional space at the bias of the moment." if run.samples.bias else ""
    return (
        f"Every point is a perceptron; its colour says how many of the {len(run.samples)} samples it answers wrongly. "
        f"Each sample cuts the plane in two, and inside a piece nothing changes.{slice_} The run ended at {names} = "
        f"({end}) with {int(run.wrong[-1])} wrong."
    )
