"""The race over the surface as a landscape, in three dimensions."""

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.race import Race, Run
from core.optimizers.time_axis import TimeAxis
from core.plane.surfaces import SURFACES, Box
from figures.optimizers.optimizer_style import style
from figures.optimizers.race.map import race_box
from figures.picture import Picture
from figures.plane import HeightMap, height_map, scale_bar
from figures.style import axes, numbers
from figures.words import plural

CELLS = 60
LIFT = 0.012  # of the height of the picture, so that a path lies on the ground and not in it


@cached
def race_landscape(race: Race, time: TimeAxis, follow: str) -> Picture:
    """The landscape with all paths; one frame a moment."""
    box, surface = race_box(race), race.surface.shape
    found = height_map(surface.function, box, surface.lowest[0].value if surface.lowest else None, CELLS)
    good = found.z[np.isfinite(found.z)]
    low, high = (float(good.min()), float(good.max())) if len(good) else (0.0, 1.0)
    tall = max(high - low, 1e-6)
    figure = go.Figure(_ground(found))
    runs = sorted(race.runs, key=lambda run: run.name == follow)
    paths, upto = [_path(run, box, found, LIFT * tall) for run in runs], [time.indices(run) for run in runs]
    for run, path, last in zip(runs, paths, upto, strict=True):
        figure.add_scatter3d(
            **_xyz(path),
            mode="lines",
            name=run.name,
            line={"color": style(run.name).color, "width": 9 if run.name == follow else 4},
            hoverinfo="name",
            meta={"upto": last},
        )
    shown = [
        _xyz(np.stack([path[last[i]] for path, last in zip(paths, upto, strict=True)]))
        for i in range(len(time.frame_steps))
    ]
    figure.add_scatter3d(
        **shown[-1],
        mode="markers",
        name="here",
        hoverinfo="skip",
        marker={
            "color": [style(run.name).color for run in runs],
            "size": [8 if run.name == follow else 4.5 for run in runs],
            "line": {"color": "white", "width": 1},
        },
    )
    frames = [{"data": [data], "traces": [len(figure.data) - 1]} for data in shown]
    _scene(figure, box, found, low - 0.03 * tall, high + 0.05 * tall)
    even = "even" if found.even else "logarithmic"
    caption = f"{SURFACES[surface.name].label} as a landscape: drag to turn it. Its f axis is {even}, as on the map."
    alt = f"The surface as a landscape with the paths of {plural(len(runs), 'optimizer')} on it. {caption}"
    return Picture(figure, caption, alt, frames=frames)


def _scene(figure: go.Figure, box: Box, found: HeightMap, low: float, high: float) -> None:
    marks = scale_bar(found)
    axes(figure, "x", "y", showlegend=False)
    figure.update_layout(
        height=300,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        scene={
            "xaxis": {"title": "x", "range": list(box[:2])},
            "yaxis": {"title": "y", "range": list(box[2:])},
            "zaxis": {
                "title": "f",
                "range": [low, high],
                "tickvals": marks.get("tickvals"),
                "ticktext": marks.get("ticktext"),
            },
            "aspectmode": "manual",
            "aspectratio": {"x": 1.25, "y": 1.25, "z": 0.75},
            "camera": {"eye": {"x": 1.35, "y": -1.35, "z": 1.15}},
            "uirevision": "kept",
        },
    )


def _ground(found: HeightMap) -> go.Mesh3d:
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


def _path(run: Run, box: Box, found: HeightMap, lift: float) -> np.ndarray:
    """Points on the ground, shape (steps + 1, 3); NaN outside of the picture."""
    x, y = run.path.T
    inside = (x >= box[0]) & (x <= box[1]) & (y >= box[2]) & (y <= box[3])
    with np.errstate(over="ignore"):
        points = np.column_stack([numbers(run.path), found.raised(run.loss) + np.float32(lift)])
    points[~inside.numpy()] = np.nan
    return points


def _xyz(points: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip("xyz", points.T, strict=True))
