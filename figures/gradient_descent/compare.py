"""Four learning rates side by side: a small map each, and their losses in one chart."""

import plotly.graph_objects as go

from core.cache import cached
from core.gradient_descent.bowl import STEEP, BowlRun
from core.gradient_descent.compare import too_low
from core.gradient_descent.settings import CompareSettings
from core.plane.stability import factor, limit
from figures.gradient_descent.bowl import end_words, map_of, path_frames
from figures.line_chart import frame_steps, line_chart
from figures.picture import Picture
from figures.style import SEQUENCE, axes
from figures.words import fmt, plural

CELLS = 41
NAMES = {"low": "too low", "good": "good", "best": "best", "high": "too high"}


def called(name: str, run: BowlRun) -> str:
    """What one of the four is called: the best learning rate is that in the long run, and only without momentum."""
    momentum = run.settings.momentum
    if name == "low" and not too_low(run):
        return f"{fmt(run.settings.lr / limit(STEEP, momentum))} of the limit"
    if name == "best":
        return "best without momentum" if momentum else "best in the long run"
    return NAMES[name]


@cached
def one_of_four(name: str, run: BowlRun, steps: tuple[int, ...]) -> Picture:
    """A small map with one of the four paths; one frame a step."""
    color, dash, marker = SEQUENCE[list(NAMES).index(name)]
    ball = {"color": color, "size": 13, "symbol": marker, "line": {"color": "white", "width": 1.5}}
    traces, changes = path_frames(run, list(steps), {"color": color, "dash": dash, "width": 2.5}, ball)
    ground = map_of(run.function, run.box, 0.0, CELLS, "").update(opacity=0.5, showscale=False)
    figure = go.Figure([ground, *traces])
    axes(figure, "x", "y", showlegend=False)
    figure.update_xaxes(range=run.box[:2])
    figure.update_yaxes(range=run.box[2:], title_standoff=8)
    figure.update_layout(height=230, margin={"l": 40, "r": 5, "t": 12, "b": 5})
    who = called(name, run).capitalize()
    caption = f"**{who}**, lr = {fmt(run.settings.lr, 3)}. {end_words(run)}"
    frames = [{"data": change, "traces": [2]} for change in changes]
    return Picture(figure, caption, f"A small map of the bowl with the path of one run. {caption}", frames=frames)


@cached
def four_losses(runs: tuple[tuple[str, BowlRun], ...]) -> Picture:
    """The heights of the four after each step."""
    first = runs[0][1]
    named = {called(name, run): run.losses.numpy() for name, run in runs}
    caption = f"The heights of all four before each step, from f = {fmt(first.losses[0].item())} at the start."
    return line_chart(named, frame_steps(max(run.steps for _, run in runs)), "f", caption)


def four_label(runs: dict[str, BowlRun], at: int) -> str:
    """What the scrubber says at a step."""
    parts = (f"{called(name, run)} {fmt(run.losses[min(at, run.steps)].item(), 3)}" for name, run in runs.items())
    return f"After {plural(at)}: f {', '.join(parts)}."


def ends_words(runs: dict[str, BowlRun]) -> str:
    """How high each of them ends."""
    ends = (f"{fmt(run.losses[-1].item(), 3)} with lr = {fmt(run.settings.lr)}" for run in runs.values())
    return f"In the end f is {', '.join(ends)}."


def rates_table(settings: CompareSettings, runs: dict[str, BowlRun]) -> str:
    """Why these four, what theory says of a step across the valley and along it, and where they end."""
    flat, b = STEEP / settings.condition, settings.momentum
    why = {
        "low": f"{fmt(settings.low)} of the limit",
        "good": "1/L" if b else "1/L: across, one step is enough",
        "best": "2/(L + L/κ)" if b else "2/(L + L/κ): both shrink alike",
        "high": f"{fmt(settings.high)} times the limit",
    }
    lines = ["| | lr | why | a step across | a step along | f at the end |", "|---|---|---|---|---|---|"]
    for name, run in runs.items():
        lr, end = run.settings.lr, run.losses[-1].item()
        across, along = (f"×{fmt(factor(curvature, lr, b))}" for curvature in (STEEP, flat))
        lines.append(f"| {called(name, run)} | {fmt(lr)} | {why[name]} | {across} | {along} | {fmt(end)} |")
    return "\n".join(lines)
