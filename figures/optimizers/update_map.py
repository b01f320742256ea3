"""Where in the plane the explained step is taken."""

import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.settings import SurfaceSettings
from core.optimizers.update import StepTrace
from core.plane.surfaces import Box, box_with, lowest_of, points_of
from figures.optimizers.optimizer_style import look
from figures.optimizers.plane import close_box
from figures.picture import Picture
from figures.plane import contours, critical_marks, height_map, left_at, visible_path
from figures.style import axes
from figures.words import fmt, plural

CELLS = 61
HEIGHT = 330


@cached
def plane(run: StepTrace) -> Picture:
    """The whole path, and where in it the step is; one frame a step."""
    surface, box = run.surface, box_around(run.surface)
    lowest = lowest_of(surface.surface, surface.text)
    style, places = look(run.hparams.name), visible_path(run.path, box)
    figure = go.Figure(contours(height_map(run.function, box, lowest[0].value if lowest else None, CELLS)))
    figure.update_traces(showscale=False)
    figure.add_traces(critical_marks(points_of(surface.surface, surface.text), box))
    upto = {"upto": list(range(run.steps))}
    for name, color, width, meta in (
        ("path", "white", 3, None),
        ("path", style.color, 1.2, None),
        ("so far", "white", 6, upto),
        ("so far", style.color, 3.5, upto),
    ):
        figure.add_scatter(
            x=places[:, 0],
            y=places[:, 1],
            mode="lines",
            name=name,
            line={"color": color, "width": width},
            hoverinfo="skip",
            meta=meta,
        )
    shown = [[f"{v:.5g}" for v in place] for place in places.tolist()]  # five digits: short to send
    moments = [{"x": [float(x)], "y": [float(y)]} for x, y in shown[: max(run.steps, 1)]]
    head = len(figure.data)
    figure.add_scatter(
        **moments[0],
        mode="markers",
        name="place",
        hoverinfo="name",
        marker={"color": style.color, "size": 12, "symbol": style.marker, "line": {"color": "white", "width": 1.5}},
    )
    frames = [{"data": [moment], "traces": [head]} for moment in moments[: run.steps]]
    axes(figure, "x", "y", showlegend=False, dragmode=False)
    figure.update_layout(height=HEIGHT, margin={"l": 5, "r": 5, "t": 5, "b": 5})
    figure.update_xaxes(range=list(box[:2]), constrain="domain", fixedrange=True, title_standoff=2)
    figure.update_yaxes(range=list(box[2:]), scaleanchor="x", constrain="domain", fixedrange=True, title_standoff=2)
    gone = " At its end it is outside of the picture." if left_at(run.path, box) is not None else ""
    ends = f"({fmt(surface.x, 3)}, {fmt(surface.y, 3)})"
    caption = f"The path of {plural(run.steps)} from {ends}, thick so far.{gone} Click to start elsewhere."
    return Picture(
        figure, caption, f"A map of the surface with the path of {run.hparams.name}. {caption}", frames=frames
    )


def box_around(surface: SurfaceSettings) -> Box:
    """What is drawn of the plane, as in the race: around its level places, and the start."""
    return box_with(close_box(surface.surface, surface.text), [(surface.x, surface.y)])
