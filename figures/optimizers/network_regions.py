"""Which class the network names at each place of the plane, moment by moment."""

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.network import Comparison
from core.optimizers.network_data import split
from core.optimizers.network_learner import EDGE, SIDE
from figures.picture import Picture
from figures.style import BLUE, GREEN, VERMILLION, axes, numbers
from figures.words import fmt, plural

CLASSES = ((BLUE, "circle", "#9fc9e6"), (VERMILLION, "x", "#f2bf96"), (GREEN, "diamond", "#9bd8c3"))


@cached
def regions(found: Comparison, follow: str) -> Picture:
    """The regions of the followed optimizer's first seed, their borders, and the training points."""
    run = found.of(follow)
    maps = run.regions.numpy()
    side = np.linspace(-EDGE, EDGE, SIDE, dtype=np.float32)
    figure = go.Figure(
        [
            go.Heatmap(
                x=side,
                y=side,
                z=maps[-1],
                zmin=-0.5,
                zmax=2.5,
                colorscale=_steps([tint for _, _, tint in CLASSES]),
                showscale=False,
                hoverinfo="skip",
            ),
            go.Scatter(_borders(maps[-1], side), mode="lines", line={"color": "black", "width": 1.5}, showlegend=False),
        ]
    )
    data = split(found.settings.data, found.settings.seed)
    for number, (color, symbol, _) in enumerate(CLASSES):
        points = numbers(data.x[data.y == number])
        figure.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            name=f"class {number}",
            mode="markers",
            hoverinfo="skip",
            marker={"color": color, "symbol": symbol, "size": 6, "line": {"color": "white", "width": 0.5}},
        )
    frames = [{"data": [{"z": found_map}, _borders(found_map, side)], "traces": [0, 1]} for found_map in maps]
    axes(figure, "x₁", "x₂")
    figure.update_xaxes(range=[-EDGE, EDGE], constrain="domain", showgrid=False, zeroline=False)
    figure.update_yaxes(range=[-EDGE, EDGE], scaleanchor="x", constrain="domain", showgrid=False, zeroline=False)
    seed = found.settings.seed
    caption = (
        f"What the network of {run.name} (seed {seed}) answers at each place, with the {len(data.x)} training points. "
        f"After {plural(found.moments[-1])} its training loss is {fmt(run.loss[0, -1].item(), 3)} and it names "
        f"{100 * run.accuracy[0, -1].item():.1f} % of the validation points right."
    )
    return Picture(figure, caption, f"A square divided into the regions of three classes. {caption}", frames=frames)


def _steps(colors: list[str]) -> list[list[object]]:
    """A colour scale without transitions."""
    n = len(colors)
    return [[share / n, color] for i, color in enumerate(colors) for share in (i, i + 1)]


def _borders(found: np.ndarray, side: np.ndarray) -> dict[str, np.ndarray]:
    """The edges between cells of different classes, as pieces of a line with gaps between them."""
    half = (side[1] - side[0]) / 2
    up, right = np.nonzero(found[:, 1:] != found[:, :-1])
    x = np.stack([side[right] + half, side[right] + half, np.full(len(right), np.nan)], axis=1)
    y = np.stack([side[up] - half, side[up] + half, np.full(len(up), np.nan)], axis=1)
    above, along = np.nonzero(found[1:] != found[:-1])
    x_flat = np.stack([side[along] - half, side[along] + half, np.full(len(along), np.nan)], axis=1)
    y_flat = np.stack([side[above] + half, side[above] + half, np.full(len(above), np.nan)], axis=1)
    return {
        "x": np.concatenate([x, x_flat]).ravel().astype(np.float32),
        "y": np.concatenate([y, y_flat]).ravel().astype(np.float32),
    }
