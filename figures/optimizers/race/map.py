"""The race seen from above: every path over the map, one frame after the other."""

import numpy as np
import pandas as pd

from core.cache import cached
from core.optimizers.measures import gradient_norms
from core.optimizers.race import Race
from core.optimizers.time_axis import TimeAxis
from core.plane.surfaces import SURFACES, Box
from figures.optimizers.optimizer_style import heads, style
from figures.optimizers.surface_map import add_path, box_of, surface_map
from figures.picture import Picture
from figures.plane import left_at, visible_path
from figures.words import fmt, plural, point

CELLS = 90
HEIGHT = 430
FADED = 0.55  # of the paths that are not followed


@cached
def race_box(race: Race) -> Box:
    """What is drawn of the plane: the start, the level points, and where runs end unless that is far away."""
    x_low, x_high, y_low, y_high = race.surface.shape.box
    ends = [tuple(run.path[-1].tolist()) for run in race.runs]
    inside = [(x, y) for x, y in ends if x_low <= x <= x_high and y_low <= y <= y_high]
    return box_of(race.surface.shape, [(race.surface.x, race.surface.y), *inside])


@cached
def race_map(race: Race, time: TimeAxis, follow: str) -> Picture:
    """The map with all paths; the followed one thick and named; one frame a moment."""
    box, surface = race_box(race), race.surface.shape
    figure = surface_map(surface, box, CELLS, HEIGHT)
    runs = sorted(race.runs, key=lambda run: run.name == follow)
    paths, upto = [visible_path(run.path, box) for run in runs], [time.indices(run) for run in runs]
    for run, path, last in zip(runs, paths, upto, strict=True):
        followed = run.name == follow
        add_path(
            figure, path, run.name, style(run.name).color, 3.5 if followed else 1.7, 1.0 if followed else FADED, last
        )
    figure.add_scatter(
        x=[race.surface.x],
        y=[race.surface.y],
        mode="markers",
        name="start",
        marker={"symbol": "circle-open", "size": 15, "color": "white", "line": {"width": 3}},
        hoverinfo="name",
    )
    names = [run.name for run in runs]
    shown = [_heads(paths, upto, i) for i in range(len(time.frame_steps))]
    figure.add_scatter(
        **shown[-1],
        mode="markers+text",
        name="here",
        text=[f"<b>{name}</b>" if name == follow else "" for name in names],
        textposition="top center",
        hovertext=names,
        hoverinfo="text",
        cliponaxis=False,
        marker=heads(names, follow, 10),
    )
    frames = [{"data": [data], "traces": [len(figure.data) - 1]} for data in shown]
    caption = (
        f"{SURFACES[surface.name].label} from above, brighter is higher: ★ minimum, ✕ saddle, ▲ maximum, ○ start at "
        f"{point((race.surface.x, race.surface.y))}. **Click anywhere to start there**{_leaving(race, box)}."
    )
    alt = f"A map of heights with the paths of {plural(len(runs), 'optimizer')}. {caption}"
    return Picture(figure, caption, alt, _table(race, follow), frames)


def _heads(paths: list[np.ndarray], upto: list[list[int]], i: int) -> dict[str, np.ndarray]:
    points = np.stack([path[last[i]] for path, last in zip(paths, upto, strict=True)])
    return {"x": points[:, 0], "y": points[:, 1]}


def _leaving(race: Race, box: Box) -> str:
    left = sum(left_at(run.path, box) is not None for run in race.runs)
    return f"; {left} of {plural(len(race.runs), 'run')} end{'s' * (left == 1)} outside of the picture" if left else ""


def _table(race: Race, follow: str) -> pd.DataFrame:
    run = race.of(follow) or race.runs[0]
    return pd.DataFrame(
        {
            f"step of {run.name}": range(run.steps + 1),
            "gradients taken": run.gradients_taken.tolist(),
            "x": run.path[:, 0].tolist(),
            "y": run.path[:, 1].tolist(),
            "f": run.loss.tolist(),
            "length of the gradient": gradient_norms(run).tolist(),
        }
    )


def moment_label(race: Race, time: TimeAxis, count: int, follow: str) -> str:
    """What the scrubber says at a moment."""
    run = race.of(follow) or race.runs[0]
    at = time.index(run, count)
    head = "At the start" if count == 0 else f"After {plural(count, time.unit)}"
    return f"{head}: {run.name} at {point(run.path[at].tolist())}, f = {fmt(run.loss[at].item())}."
