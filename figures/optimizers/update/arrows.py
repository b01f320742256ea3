"""One step as arrows: its terms head to tail, over lines of equal height around the point."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.update import StepTrace
from figures.optimizers.update.contours import Window, chain, contours_around, window_of
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes
from figures.words import apart, point

MOST_MOVES = 26
TERMS = {  # kind of term -> colour and dash
    "gradient": (BLUE, "solid"),
    "kept": (GREEN, "dash"),
    "decay": (PURPLE, "dot"),
    "size": (GREEN, "dash"),
    "limit": (VERMILLION, "dashdot"),
    "move": (BLUE, "solid"),
}
Points = dict[str, list[float | None]]


@cached
def arrows(trace: StepTrace) -> Picture:
    """The arrows of every step, of which there is at least one; one frame a step."""
    run, chains = trace.run, [chain(trace, at) for at in range(trace.run.steps)]
    windows = [window_of(corners) for corners in chains]
    down = _downhill(trace, windows)
    moments = [
        [around, *_moment(trace, chains[at].numpy(), down[at])]
        for at, around in enumerate(contours_around(trace, windows))
    ]
    lines = {"start": 20, "end": 240, "size": 20, "coloring": "none"}
    figure = go.Figure(
        [
            go.Contour(
                contours=lines,
                line={"color": GREY, "width": 0.8},
                showscale=False,
                showlegend=False,
                hoverinfo="skip",
                name="contours",
            ),
            _arrow("downhill", GREY, "dot", 1.5, 11),
            _arrow("the step", GREY, "solid", 7, 22).update(opacity=0.75),
            *(_arrow(name, *TERMS[kind], 3, 13) for kind, name in arrow_names(trace)),
        ]
    )
    for drawn, data in zip(figure.data, moments[0], strict=True):
        drawn.update(data)
    frames = [{"data": data, "traces": list(range(len(figure.data)))} for data in moments]
    axes(figure, "change of x in this step", "change of y in this step")
    figure.update_xaxes(zeroline=False, nticks=7)
    figure.update_yaxes(zeroline=False, scaleanchor="x", nticks=7)
    figure.update_layout(height=430)
    caption = (
        "From the point, at (0, 0), coloured arrows lead head to tail: the terms of the step; the wide grey one is "
        "their sum. The dotted arrow points straight downhill, across the thin lines of equal height."
    )
    alt = f"Arrows that show the terms of one step of {run.name}. {caption}"
    return Picture(figure, caption, alt, _table(trace), frames=frames)


def arrow_names(trace: StepTrace) -> tuple[tuple[str, str], ...]:
    """Kind and name of each arrow; the moves of L-BFGS share one."""
    return (("move", "moves"),) if trace.optimizer == "LBFGS" else trace.names


def step_label(trace: StepTrace, at: int) -> str:
    """What the scrubber says at a step."""
    run, (before, after) = trace.run, apart(*trace.run.loss[at : at + 2].tolist())
    return (
        f"Step {at + 1} of {run.steps:,}, from {point(run.path[at].tolist())}: by "
        f"{point(trace.step(at).tolist(), 3)}, f from {before} to {after}."
    )


def _arrow(name: str, color: str, dash: str, width: float, head: float) -> go.Scatter:
    sizes = [0, *[head] * (MOST_MOVES - 1)]
    marker = {"symbol": "arrow", "size": sizes, "color": color, "angleref": "previous", "opacity": 1}
    line = {"color": color, "width": width, "dash": dash}
    return go.Scatter(name=name, mode="lines+markers", line=line, marker=marker)


def _downhill(trace: StepTrace, windows: list[Window]) -> np.ndarray:
    """The end of the arrow downhill at each step; (0, 0) where the ground is level."""
    gradient = trace.run.gradient[: trace.run.steps].numpy()
    size = np.hypot(gradient[:, :1], gradient[:, 1:])
    half = np.array([window[2] for window in windows]).reshape(-1, 1)
    return np.where((size > 0) & np.isfinite(size), -gradient / np.where(size > 0, size, 1) * 0.6 * half, 0.0)


def _moment(trace: StepTrace, corners: np.ndarray, down: np.ndarray) -> list[dict[str, object]]:
    """Downhill, the step and its terms.

    Args:
        corners: `chain` of this step. down: the end of the arrow downhill.
    """
    zero = np.zeros(2)
    terms = [corners] if trace.optimizer == "LBFGS" else [corners[i : i + 2] for i in range(len(corners) - 1)]
    return [_points(p) for p in (np.stack([zero, down]), np.stack([zero, corners[-1]]), *terms)]


def _points(points: np.ndarray) -> Points:
    if not np.isfinite(points).all():
        return {"x": [None], "y": [None]}
    return {axis: [float(f"{v:.4g}") for v in points[:, k].tolist()] for k, axis in enumerate("xy")}


def _table(trace: StepTrace) -> pd.DataFrame:
    """Point, gradient and terms of every step, and what they come to."""
    run, n = trace.run, trace.run.steps
    columns = {
        "step": range(1, n + 1),
        "x": run.path[:-1, 0].tolist(),
        "y": run.path[:-1, 1].tolist(),
        "df/dx": run.gradient[:n, 0].tolist(),
        "df/dy": run.gradient[:n, 1].tolist(),
    }
    if trace.optimizer != "LBFGS":
        for i, (_, name) in enumerate(trace.names):
            columns |= {f"{name}, {axis}": [t[i, k].item() for t in trace.terms] for k, axis in enumerate("xy")}
    steps = run.path[1:] - run.path[:-1]
    return pd.DataFrame(columns | {"change of x": steps[:, 0].tolist(), "change of y": steps[:, 1].tolist()})
