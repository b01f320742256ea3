"""The correction as an addition of arrows: old weights, plus lr y x, are the new weights."""

import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.learn import PerceptronRun
from figures.perceptron.geometry import coordinates
from figures.perceptron.plane import ARROW
from figures.perceptron.written import written
from figures.picture import Picture
from figures.style import GREEN, GREY, PURPLE, axes

ARROWS = (
    ("w before", PURPLE, "solid", 5),
    ("+ lr·y·x", GREEN, "dash", 4),
    ("w after", GREY, "solid", 3),
)


@cached
def addition(run: PerceptronRun) -> Picture:
    """Three arrows in the plane of the weights; one frame a moment of the run."""
    first = _moment(run, run.moments[0])
    path = run.weights[:, :2]
    figure = go.Figure(
        [
            go.Scatter(
                d,
                mode="lines+markers",
                name=name,
                line={"color": color, "dash": dash, "width": width},
                marker={"color": color, **ARROW},
            )
            for d, (name, color, dash, width) in zip(first, ARROWS, strict=True)
        ]
    )
    frames = [{"data": _moment(run, at), "traces": [0, 1, 2]} for at in run.moments]
    axes(figure, "first weight w1", "second weight w2")
    low, high = path.amin(0).clamp(max=0), path.amax(0).clamp(min=0)
    half = max(0.6 * (high - low).max().item(), run.settings.lr)
    middle = ((low + high) / 2).tolist()
    figure.update_layout(height=440, margin={"l": 10, "r": 10, "t": 70, "b": 10})
    figure.update_xaxes(range=[middle[0] - half, middle[0] + half], constrain="domain", zeroline=True)
    figure.update_yaxes(range=[middle[1] - half, middle[1] + half], scaleanchor="x", constrain="domain", zeroline=True)
    end = ", ".join(map(written, path[-1].tolist()))
    caption = (
        f"Every correction adds lr·y·x: the wrong sample itself, times lr = {run.settings.lr:g}, towards it for class "
        f"1, away from it for class 0. At the end, after {run.updates:,} of them, (w1, w2) = ({end})."
    )
    return Picture(
        figure, caption, "Plane of the weights with the correction as an addition of arrows. " + caption, frames=frames
    )


def _moment(run: PerceptronRun, at: int) -> list[dict[str, list[float | None]]]:
    old = run.weights[at, :2].tolist()
    if at == run.updates:
        return [_arrow([0.0, 0.0], old), coordinates([]), coordinates([])]
    new = run.weights[at + 1, :2].tolist()
    return [_arrow([0.0, 0.0], old), _arrow(old, new), _arrow([0.0, 0.0], new)]


def _arrow(start: list[float], end: list[float]) -> dict[str, list[float | None]]:
    """From start to end; nothing where both are the same."""
    if start == end:
        return coordinates([])
    return {"x": [start[0], end[0]], "y": [start[1], end[1]]}
