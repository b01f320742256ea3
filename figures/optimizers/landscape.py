"""The race over the surface as a landscape, in three dimensions."""

import numpy as np
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.measures import ground
from core.optimizers.race import Race, Run
from core.optimizers.time_axis import TimeAxis
from core.plane.surfaces import SURFACES, Box
from figures.optimizers.optimizer_style import look
from figures.optimizers.plane import view_of
from figures.picture import Picture
from figures.plane import HeightMap, height_map, scale_bar
from figures.style import axes, numbers
from figures.words import fmt, plural

CELLS = 60
LIFT = 0.012  # of the height of the picture, so that a way lies on the ground and not in it


@cached
def terrain(race: Race, clock: TimeAxis, follow: str) -> Picture:
    """The landscape with all ways; one frame a moment."""
    box, known = view_of(race), ground(race)
    found = height_map(race.function, box, known.goals[0].value if known.goals else None, CELLS)
    good = found.z[np.isfinite(found.z)]
    low, high = (float(good.min()), float(good.max())) if len(good) else (0.0, 1.0)
    tall = max(high - low, 1e-6)
    figure = go.Figure(_landscape(found))
    order = sorted(race.runs, key=lambda run: run.name == follow)
    ways = {run.name: _way(run, box, found, LIFT * tall) for run in order}
    moments = {run.name: [clock.index(run, moment) for moment in clock.moments] for run in order}
    for run in order:
        x, y, z = ways[run.name].T
        figure.add_scatter3d(
            x=x,
            y=y,
            z=z,
            mode="lines",
            name=run.name,
            line={"color": look(run.name).color, "width": 9 if run.name == follow else 4},
            hoverinfo="name",
            meta={"upto": moments[run.name]},
        )
    heads = len(figure.data)
    names = [run.name for run in order]
    figure.add_scatter3d(
        **_heads(ways, moments, -1),
        mode="markers",
        name="here",
        hoverinfo="skip",
        marker={
            "color": [look(name).color for name in names],
            "size": [8 if name == follow else 4.5 for name in names],
            "line": {"color": "white", "width": 1},
        },
    )
    frames = [{"data": [_heads(ways, moments, i)], "traces": [heads]} for i in range(len(clock.moments))]
    axes(figure, "x", "y", showlegend=False)
    marks = scale_bar(found)
    figure.update_layout(
        height=300,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        scene={
            "xaxis": {"title": "x", "range": list(box[:2])},
            "yaxis": {"title": "y", "range": list(box[2:])},
            "zaxis": {
                "title": "f",
                "range": [low - 0.03 * tall, high + 0.05 * tall],
                "tickvals": marks.get("tickvals"),
                "ticktext": marks.get("ticktext"),
            },
            "aspectmode": "manual",
            "aspectratio": {"x": 1.25, "y": 1.25, "z": 0.75},
            "camera": {"eye": {"x": 1.35, "y": -1.35, "z": 1.15}},
            "uirevision": "kept",
        },
    )
    caption = _caption(race, order, found)
    return Picture(
        figure, caption, f"The surface as a landscape with the ways of the optimizers on it. {caption}", frames=frames
    )


def _landscape(found: Relief) -> go.Mesh3d:
    """The ground as triangles, which a browser draws three times as quickly as plotly's surface; gaps stay open."""
    x, y = np.meshgrid(found.x, found.y)
    here = np.arange(found.z.size, dtype=np.uint16).reshape(found.z.shape)
    a, b, c, d = (part.ravel() for part in (here[:-1, :-1], here[:-1, 1:], here[1:, :-1], here[1:, 1:]))
    corners = np.concatenate([np.stack([a, b, c]), np.stack([b, d, c])], axis=1)
    z = found.z.ravel()
    i, j, k = corners[:, np.isfinite(z[corners]).all(axis=0)]
    return go.Mesh3d(
        x=x.ravel(),
        y=y.ravel(),
        z=z,
        i=i,
        j=j,
        k=k,
        intensity=z,
        colorscale="Cividis",
        showscale=False,
        hoverinfo="skip",
    )


def _way(run: Run, box: Box, found: HeightMap, lift: float) -> np.ndarray:
    """Places on the ground, shape (steps + 1, 3); NaN outside of the picture."""
    x, y = run.path[:, 0], run.path[:, 1]
    inside = (x >= box[0]) & (x <= box[1]) & (y >= box[2]) & (y <= box[3])
    with np.errstate(over="ignore"):
        places = np.column_stack([numbers(run.path), found.raised(run.loss) + np.float32(lift)])
    places[~inside.numpy()] = np.nan
    return places


def _heads(ways: dict[str, np.ndarray], moments: dict[str, list[int]], i: int) -> dict[str, np.ndarray]:
    places = np.stack([ways[name][upto[i]] for name, upto in moments.items()])
    return dict(zip("xyz", places.T, strict=True))


def _caption(race: Race, order: list[Run], found: Relief) -> str:
    run = order[-1]
    heights = run.loss[torch.isfinite(run.loss)]
    low, high = (heights.min().item(), heights.max().item()) if len(heights) else (float("nan"), float("nan"))
    return (
        f"{SURFACES[race.surface.surface].label} as a landscape; drag to turn it. Its f axis is "
        f"{'even' if found.even else 'logarithmic'}, as the colours of the map. Over all of {plural(run.steps)} "
        f"{run.name} is between f = {fmt(low)} and {fmt(high)}."
    )
