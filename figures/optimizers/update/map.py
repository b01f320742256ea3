"""Where in the plane the explained step is taken."""

from core.cache import cached
from core.optimizers.settings import SurfaceSettings
from core.optimizers.update import StepTrace
from core.plane.surfaces import Box
from figures.optimizers.optimizer_style import style
from figures.optimizers.surface_map import add_path, box_of, surface_map
from figures.picture import Picture
from figures.plane import left_at, visible_path
from figures.words import plural, point

CELLS = 61
HEIGHT = 330


def update_box(surface: SurfaceSettings) -> Box:
    """What is drawn of the plane: the level points and the start."""
    return box_of(surface.shape, [(surface.x, surface.y)])


@cached
def update_map(trace: StepTrace) -> Picture:
    """The whole path, and where in it the step is; one frame a step, or one where no step is possible."""
    run, box, look = trace.run, update_box(trace.surface), style(trace.run.name)
    figure = surface_map(trace.surface.shape, box, CELLS, HEIGHT)
    figure.update_traces(showscale=False, selector={"type": "contour"})
    path, moments = visible_path(run.path, box), range(max(run.steps, 1))
    add_path(figure, path, "path", look.color, 1.2)
    add_path(figure, path, "so far", look.color, 3.5, upto=list(moments))
    shown = [{"x": path[at : at + 1, 0], "y": path[at : at + 1, 1]} for at in moments]
    figure.add_scatter(
        **shown[0],
        mode="markers",
        name="point",
        hoverinfo="name",
        marker={"color": look.color, "size": 12, "symbol": look.marker, "line": {"color": "white", "width": 1.5}},
    )
    frames = [{"data": [data], "traces": [len(figure.data) - 1]} for data in shown]
    gone = " that ends outside of the picture" if left_at(run.path, box) is not None else ""
    start = point((trace.surface.x, trace.surface.y), 3)
    caption = f"A path of {plural(run.steps)} from {start}{gone}, thick so far. **Click to start elsewhere.**"
    alt = f"A map of the surface with the path of {run.name}. {caption}"
    return Picture(figure, caption, alt, frames=frames)
