"""One step as arrows: its terms head to tail, over lines of equal height around the place."""

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.update import StepTrace
from figures.optimizers.optimizer_style import look
from figures.optimizers.update_caption import arrows_of, describe, table
from figures.optimizers.update_labels import placed
from figures.optimizers.update_rings import REACH, Window, chain, rings_around, window_of
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, VERMILLION, axes

TRAIL = 12  # earlier places that are drawn
SAME_WAY = 0.14  # radians between the step and downhill at which one name is enough
MOST_MOVES = 26
ARROW = {"angleref": "previous", "opacity": 1}
LOOKS = {  # kind of term -> colour and dash
    "gradient": (BLUE, "solid"),
    "kept": (GREEN, "dash"),
    "decay": (PURPLE, "dot"),
    "size": (GREEN, "dash"),
    "limit": (VERMILLION, "dashdot"),
    "move": (BLUE, "solid"),
}
ACROSS, UPWARDS = ("left", "center", "right"), ("bottom", "middle", "top")
Points = dict[str, list[float | None]]


@cached
def update(run: StepTrace) -> Picture:
    """The arrows of every step; one frame a step."""
    windows = [window_of(run, at) for at in range(run.steps)]
    rings = rings_around(run, windows)
    path, chains = run.path.numpy(), [chain(run, at).numpy() for at in range(run.steps)]
    downs, names = _downhill(run, windows), _said(run, chains, windows)
    moments = [
        [rings[at], *_moment(run, path[max(0, at - TRAIL) : at + 1], chains[at], downs[at], windows[at]), names[at]]
        for at in range(run.steps)
    ]
    color = look(run.hparams.name).color
    figure = go.Figure(
        [
            go.Contour(
                **(moments[0][0] if moments else {}),
                contours={"start": 20, "end": 240, "size": 20, "coloring": "none"},
                line={"color": GREY, "width": 0.8},
                showscale=False,
                showlegend=False,
                hoverinfo="skip",
                name="rings",
            ),
            go.Scatter(
                name="steps before",
                mode="lines+markers",
                line={"color": color, "width": 1.5},
                marker={"size": 5},
            ),
            _arrow("downhill", GREY, "dot", 1.5, 11),
            _arrow("the step", GREY, "solid", 7, 22).update(opacity=0.75),
            *(_arrow(name, *LOOKS[kind], 3, 13) for kind, name in arrows_of(run)),
            go.Scatter(
                name="labels",
                mode="text",
                text=[f"<b>{name}</b>" if name == "step" else name for name in _named(run)],
                textfont={"size": 14},
                showlegend=False,
            ),
        ]
    )
    for trace, data in zip(figure.data[1:], moments[0][1:] if moments else (), strict=False):
        trace.update(data)
    frames = [{"data": data, "traces": list(range(len(figure.data)))} for data in moments]
    axes(figure, "change of x in this step", "change of y in this step")
    figure.update_xaxes(zeroline=False, nticks=7)
    figure.update_yaxes(zeroline=False, scaleanchor="x", nticks=7)
    figure.update_layout(height=430)
    caption = describe(run)
    return Picture(
        figure, caption, f"Arrows that show the parts of one step of an optimizer. {caption}", table(run), frames=frames
    )


def _arrow(name: str, color: str, dash: str, width: float, head: float) -> go.Scatter:
    sizes = [0, *[head] * (MOST_MOVES - 1)]
    marker = {"symbol": "arrow", "size": sizes, "color": color} | ARROW
    return go.Scatter(
        name=name, mode="lines+markers", line={"color": color, "width": width, "dash": dash}, marker=marker
    )


def _named(run: StepTrace) -> list[str]:
    return [*(name.split(",")[0] for _, name in arrows_of(run)), "step", "downhill"]


def _points(places: np.ndarray) -> Points:
    if not np.isfinite(places).all():
        return {"x": [None], "y": [None]}
    return _pairs(places)


def _downhill(run: StepTrace, windows: list[Window]) -> np.ndarray:
    """The end of the arrow downhill at each step; (0, 0) where the ground is level."""
    slope = run.gradient[: run.steps].numpy()
    size = np.hypot(slope[:, :1], slope[:, 1:])
    half = np.array([window[2] for window in windows]).reshape(-1, 1)
    return np.where((size > 0) & np.isfinite(size), -slope / np.where(size > 0, size, 1) * 0.6 * half, 0.0)


def _moment(
    run: StepTrace, last: np.ndarray, corners: np.ndarray, down: np.ndarray, window: Window
) -> list[dict[str, object]]:
    """The way here, downhill, the step and its terms.

    Args:
        last: the place and some before it, shape (places, 2). corners: `chain` of this step.
    """
    zero = np.zeros(2)
    terms = [corners] if run.optimizer == "LBFGS" else [corners[i : i + 2] for i in range(len(corners) - 1)]
    return list(map(_points, (_way(last, window), np.stack([zero, down]), np.stack([zero, corners[-1]]), *terms)))


def _way(places: np.ndarray, window: Window) -> np.ndarray:
    """The last places relative to this one, as far as they lie in the picture."""
    half, places = window[2], places - places[-1]
    outside = (np.abs(places - window[:2]) > half * np.array(REACH)).any(axis=1).nonzero()[0]
    if not len(outside):
        return places
    last = int(outside[-1])
    inside = places[last + 1 :]
    if not len(inside):
        return places[-1:]
    way = places[last] - inside[0]
    hparams = inside[0] + way * min(1.0, half / max(np.abs(way).max(), 1e-300))
    return np.concatenate([hparams[None], inside])


def _said(run: StepTrace, chains: list[np.ndarray], windows: list[Window]) -> list[dict[str, object]]:
    """The places of the names at each step."""
    if not run.steps:
        return []
    most = max(map(len, chains))
    corners = np.stack([np.pad(places, ((0, most - len(places)), (0, 0)), mode="edge") for places in chains])
    step, down = corners[:, -1], _downhill(run, windows)
    terms = [corners] if run.optimizer == "LBFGS" else [corners[:, i : i + 2] for i in range(most - 1)]
    turned = step[:, 0] * down[:, 1] - step[:, 1] * down[:, 0], (step * down).sum(axis=1)
    down = np.where((np.abs(np.arctan2(*turned)) > SAME_WAY)[:, None], down, 0.0)
    ends = [np.stack([np.zeros_like(end), end], axis=1) for end in (step, down)]
    places, leans = placed([*terms, *ends], _named(run), np.array(windows), REACH)
    sides = np.array([[f"{up} {along}" for along in ACROSS] for up in UPWARDS])[
        tuple(leans[:, :, k].astype(int) + 1 for k in (1, 0))
    ].tolist()
    return [_pairs(places[at]) | {"textposition": sides[at]} for at in range(run.steps)]


def _pairs(places: np.ndarray) -> Points:
    return {axis: [None if v != v else float(f"{v:.4g}") for v in places[:, k].tolist()] for k, axis in enumerate("xy")}
