"""The clouds of two ensembles over the ground, with one run's path."""

import numpy as np
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.noisy_runs import RUNS, Ensemble
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stationary_variance import Cloud, ellipse
from core.plane.critical_points import CriticalPoint
from core.plane.surfaces import box_of, function_of, lowest_of, points_of
from figures.optimizers.schedules import HEIGHT, pairs_of
from figures.picture import Picture
from figures.style import axes, numbers
from figures.words import fmt

CELLS = 71
MOST_STARS = 12
ROOM = 0.08  # of the cloud's width, between it and the edge
OUTSIDE = 0.01  # of the places may lie outside of the picture
FAR = 3.0  # boxes of the surface that the picture may be wide
HIDDEN = 50.0  # pictures away from which nothing is sent to the browser
GROUND = ((0.0, "#ffffff"), (1.0, "#b9c6d3"))  # light in both themes: the marks lie on it


@cached
def clouds(surface: SurfaceSettings, constant: Ensemble, found: Ensemble, theory: Cloud | None) -> Picture:
    """Both clouds over the rings of equal height, with one run's path; one frame a moment."""
    x_range, y_range = _view(surface, (constant, found))
    figure = go.Figure([_rings(surface, x_range, y_range)])
    minima = _stars(surface)
    if theory is not None:
        edge = numbers(ellipse(theory))
        line = {"color": "black", "width": 2, "dash": "dot"}
        figure.add_scatter(x=edge[:, 0], y=edge[:, 1], name="theory", mode="lines", line=line)
    pairs = pairs_of(constant, found)
    place = len(figure.data)
    for (label, _, style), data in zip(pairs, _frame(pairs, x_range, y_range, 0), strict=True):
        figure.add_scatter(**data, name=label, mode="markers", marker=style["marker"], hoverinfo="skip")
    path, line = _near(found.path, x_range, y_range), {"color": "#3c4247", "width": 1}
    figure.add_scatter(**path, name="one run", mode="lines", line=line, meta={"upto": list(found.moments)})
    traces = list(range(place, place + len(pairs)))
    frames = [{"data": _frame(pairs, x_range, y_range, i), "traces": traces} for i in range(len(found.moments))]
    star = {"symbol": "star", "size": 13, "color": "white", "line": {"color": "black", "width": 1.5}}
    figure.add_scatter(x=[p.x for p in minima], y=[p.y for p in minima], name="minimum", mode="markers", marker=star)
    axes(figure, "x", "y")
    figure.update_xaxes(range=x_range)
    figure.update_yaxes(range=y_range)
    # Black signs: the legend is as light as the map, and its words are black with it.
    figure.update_layout(
        height=HEIGHT, legend={"itemsizing": "constant", "bgcolor": GROUND[0][1], "font": {"color": "black"}}
    )
    caption = _cloud_caption(constant, found, theory)
    return Picture(figure, caption, f"Rings of equal height with two clouds of {RUNS} marks. {caption}", frames=frames)


def _stars(surface: SurfaceSettings) -> list[CriticalPoint]:
    """The minima that are marked: all, or where they are many the lowest."""
    minima = [p for p in points_of(surface.surface, surface.text) if p.kind in ("minimum", "cusp")]
    return minima if len(minima) <= MOST_STARS else list(lowest_of(surface.surface, surface.text))


def _frame(pairs: list, x_range: list[float], y_range: list[float], i: int) -> list[dict[str, np.ndarray]]:
    """Both clouds at a moment."""
    return [_near(ensemble.clouds[i], x_range, y_range) for _, ensemble, _ in pairs]


def _near(places: torch.Tensor, x_range: list[float], y_range: list[float]) -> dict[str, np.ndarray]:
    """Places as plotly takes them; what is far outside of the picture is a gap."""
    x, y = places[:, 0], places[:, 1]
    reach_x, reach_y = HIDDEN * (x_range[1] - x_range[0]), HIDDEN * (y_range[1] - y_range[0])
    near = ((x - x_range[0]).abs() < reach_x) & ((y - y_range[0]).abs() < reach_y)
    return {"x": numbers(torch.where(near, x, torch.nan)), "y": numbers(torch.where(near, y, torch.nan))}


def _view(surface: SurfaceSettings, shown: tuple[Ensemble, ...]) -> tuple[list[float], list[float]]:
    """The part of the plane in which nearly all places of all moments lie, and the start; not much beyond the box."""
    box, ranges = box_of(surface.surface, surface.text), []
    for axis, start in enumerate((surface.x, surface.y)):
        low, high = box[2 * axis], box[2 * axis + 1]
        wide = high - low
        most = [min(low - (FAR - 1) / 2 * wide, start), max(high + (FAR - 1) / 2 * wide, start)]
        places = torch.cat([ensemble.clouds[..., axis].flatten() for ensemble in shown])
        path = shown[-1].path[:, axis]
        path = path[torch.isfinite(path)].clamp(*most)
        places = places[torch.isfinite(places)].clamp(*most).sort().values
        first, last = (
            places[int(OUTSIDE * (len(places) - 1))].item(),
            places[int((1 - OUTSIDE) * (len(places) - 1))].item(),
        )
        first, last = min(first, start, *path.tolist()), max(last, start, *path.tolist())
        room = ROOM * (last - first) + 0.02 * wide
        ranges.append([first - room, last + room])
    return ranges[0], ranges[1]


def _rings(surface: SurfaceSettings, x_range: list[float], y_range: list[float]) -> go.Contour:
    """The rings: at equal steps of the fourth root of the height, so that a valley's floor has some, too."""
    x, y = (torch.linspace(*limits, CELLS, dtype=torch.float64) for limits in (x_range, y_range))
    above, right = torch.meshgrid(y, x, indexing="ij")
    z = function_of(surface.surface, surface.text)(right, above)
    z = torch.where(torch.isfinite(z), z, torch.nan)
    lowest = z[torch.isfinite(z)].min() if torch.isfinite(z).any() else torch.tensor(0.0)
    return go.Contour(
        x=numbers(x),
        y=numbers(y),
        z=numbers((z - lowest) ** 0.25),
        colorscale=GROUND,
        ncontours=28,
        line={"width": 0.6, "color": "#8d99a5"},
        hoverinfo="skip",
        showscale=False,
        showlegend=False,
    )


def _cloud_caption(constant: Ensemble, found: Ensemble, theory: Cloud | None) -> str:
    s = found.settings
    text = (
        f"Each mark is one of {RUNS} runs of {s.optimizer} after the same number of steps, each with noise of its own "
        f"(σ = {fmt(s.noise)}). Darker ground is higher, stars are minima; a click starts there."
    )
    for label, ensemble, _ in pairs_of(constant, found):
        if ensemble.diverged_at is not None:
            text += (
                f" With {label}, {ensemble.diverged} of {RUNS} runs are lost, the first at step {ensemble.diverged_at}."
            )
    if theory is not None:
        text += (
            f" Dotted: where theory expects 90 % of the constant cloud, {fmt(theory.expected[0].item(), 3)} by "
            f"{fmt(theory.expected[1].item(), 3)} wide (standard deviations)."
        )
    return text
