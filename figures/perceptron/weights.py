"""The plane of the weights: every point of it is a perceptron."""

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun
from core.perceptron.weights import weight_steps, weight_window, wrong_maps
from figures.perceptron.plane import Square, clipped, coordinates, equal_axes
from figures.picture import Picture
from figures.style import GREEN, VERMILLION
from figures.words import fmt, plural

FOLLOWED = 60  # corrections of the path that are drawn: the last ones are enough to follow


@cached
def weight_space(run: PerceptronRun) -> Picture:
    """How many samples each pair (w1, w2) answers wrongly, at the bias of the moment, and the path of the run."""
    w1, w2 = weight_window(run)
    steps, frame = weight_steps(run), window(run)
    maps = wrong_maps(run, w1, w2, steps)
    frames = [
        {"data": [{"z": counts}, _path(run, at), _here(run, at), border(run, at, frame)], "traces": [0, 1, 2, 3]}
        for counts, at in zip(maps, steps, strict=True)
    ]
    figure = go.Figure(_map(run, w1.numpy(), w2.numpy(), maps[0]))
    _, path, here, edge = frames[0]["data"]
    line, marker = {"color": VERMILLION, "width": 2}, {"size": 5, "color": VERMILLION}
    figure.add_scatter(**path, mode="lines+markers", name="path of w", line=line, marker=marker, hoverinfo="skip")
    marker = {"symbol": "diamond", "size": 16, "color": VERMILLION, "line": {"width": 2, "color": "white"}}
    figure.add_scatter(**here, mode="markers", name="w now", marker=marker)
    line = {"color": GREEN, "width": 4, "dash": "dash"}
    figure.add_scatter(**edge, mode="lines", name="border of the sample that corrects", line=line, hoverinfo="skip")
    equal_axes(figure, frame, "first weight w1", "second weight w2").update_layout(height=540)
    names, at_bias = ("w1, w2, b", " at the bias of the moment") if run.samples.bias else ("w1, w2", "")
    end = ", ".join(fmt(w, 6) for w in run.weights[-1].tolist())
    caption = (
        f"Every point is a pair (w1, w2){at_bias}; its colour says how many of {plural(len(run.samples), 'sample')} it "
        f"answers wrongly. After its last update the run is at ({names}) = ({end}) with {int(run.wrong[-1])} wrong."
    )
    alt = f"Map over pairs of weights of how many samples they answer wrongly. {caption}"
    return Picture(figure, caption, alt, frames=frames)


def window(run: PerceptronRun) -> Square:
    """The pairs of weights that are shown."""
    return Square(*((float(w[0]), float(w[-1])) for w in weight_window(run)))


def border_words(run: PerceptronRun, at: int) -> str:
    """What the next correction does in weight space."""
    if at == run.updates:
        return ""
    row = int(run.rows[at])
    step = ", ".join(fmt(value) for value in (run.settings.lr * run.samples.signed_inputs[row, :2]).tolist())
    if border(run, at, window(run))["x"] == [None]:
        return f"Sample {row} moves (w1, w2) by ({step})."
    return (
        f"Sample {row} moves (w1, w2) by ({step}), at a right angle to its border, the green line across which its sum "
        "changes sign."
    )


def _map(run: PerceptronRun, w1: np.ndarray, w2: np.ndarray, counts: np.ndarray) -> go.Heatmap:
    return go.Heatmap(
        x=w1.astype(np.float32),
        y=w2.astype(np.float32),
        z=counts,
        zmin=0,
        zmax=len(run.samples),
        colorscale="Cividis",
        reversescale=True,
        hovertemplate="(%{x:.2f}, %{y:.2f}): %{z} wrong<extra></extra>",
        colorbar={
            "title": {"text": "samples wrong", "side": "bottom"},
            "orientation": "h",  # below, so that the map keeps the width of a phone
            "y": -0.26,  # under the title of the axis, also where the screen makes the map low
            "yanchor": "top",
            "thickness": 14,
            "dtick": 1 if len(run.samples) <= 10 else None,
        },
    )


def _path(run: PerceptronRun, at: int) -> dict[str, list[float]]:
    part = run.weights[max(0, at - FOLLOWED) : at + 1, :2]
    return {"x": part[:, 0].tolist(), "y": part[:, 1].tolist()}


def _here(run: PerceptronRun, at: int) -> dict[str, list[float]]:
    return {"x": [run.weights[at, 0].item()], "y": [run.weights[at, 1].item()]}


def border(run: PerceptronRun, at: int, frame: Square) -> dict[str, list[float | None]]:
    """Where the sample that corrects the weights next would have the sum 0."""
    if at == run.updates:
        return coordinates([])
    x1, x2 = run.samples.X[run.rows[at]].tolist()
    return coordinates(clipped((x1, x2, run.weights[at, 2].item() if run.samples.bias else 0.0), frame))
