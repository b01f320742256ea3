"""When no line fits: the lines of three rules, the states of a cycle, and the reason in two inequalities."""

import plotly.graph_objects as go

from core.cache import cached
from core.perceptron.bound import margin
from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import HullIntersection, hull_intersection, weight_rules
from figures.perceptron.outcome import no_margin
from figures.perceptron.plane import clipped, coordinates, equal_axes, line_of, samples_traces, square
from figures.perceptron.wrong_curve import RULES
from figures.picture import Picture
from figures.style import GREY
from figures.words import fmt, plural

MOST_STATES = 8


@cached
def rules_plane(run: PerceptronRun) -> Picture:
    """The lines of the three rules, and the point that is a mix of either class; one frame a step of the run."""
    found, frame, star = weight_rules(run), square(run.samples), hull_intersection(run.samples)

    def lines(at: int) -> list[dict[str, list[float | None]]]:
        return [coordinates(clipped(line_of(found.weights[rule][at], run.samples.bias), frame)) for rule in RULES]

    figure = go.Figure(samples_traces(run.samples))
    for ends, (name, color, dash, _, width) in zip(lines(run.frame_steps[0]), RULES.values(), strict=True):
        line = {"color": color, "dash": dash, "width": width}
        figure.add_scatter(**ends, mode="lines", name=name, line=line, hoverinfo="skip")
    frames = [{"data": lines(at), "traces": [2, 3, 4]} for at in run.frame_steps]
    if star:
        _draw_star(figure, run, star)
    equal_axes(figure, frame)
    wrong = ", ".join(f"{name} {int(found.wrong[rule][-1])}" for rule, (name, *_) in RULES.items())
    caption = (
        "Each rule's line at the moment on the slider (none where w1 = w2 = 0)"
        f"{'; the star is a mix of samples of either class' if star else ''}. "
        f"Wrong at the end, of {plural(len(run.samples), 'sample')}: {wrong}."
    )
    return Picture(figure, caption, f"Plane with the samples and the lines of three rules. {caption}", frames=frames)


def _draw_star(figure: go.Figure, run: PerceptronRun, star: HullIntersection) -> None:
    """The point, and what it is mixed from."""
    p1, p2 = star.point.tolist()
    x, y = [], []
    for row in star.rows[0] + star.rows[1]:
        x1, x2 = run.samples.X[row].tolist()
        x, y = [*x, x1, p1, None], [*y, x2, p2, None]
    thin = {"color": GREY, "width": 1}
    figure.add_scatter(x=x, y=y, mode="lines", name="mixed", showlegend=False, line=thin, hoverinfo="skip")
    marker = {"symbol": "star", "size": 16, "color": GREY}
    figure.add_scatter(x=[p1], y=[p2], mode="markers", name="both classes' mix", marker=marker, hoverinfo="skip")


def cycle_words(run: PerceptronRun) -> str:
    """The states that the weights go through, one by one where they are few; nothing without a cycle."""
    if not run.cycle:
        return ""
    start, length = run.cycle.start, run.cycle.length
    states = run.weights[start : start + length].tolist()
    distinct = len(set(map(tuple, states)))
    text = f"**A cycle of {plural(length, 'correction')} through {plural(distinct, 'distinct state')}**"
    if length > MOST_STATES:
        return f"{text}."
    names = "(w1, w2, b)" if run.samples.bias else "(w1, w2)"
    return f"{text}, {names}:  \n{' → '.join(map(_tuple, [*states, states[0]]))}"


def reason(run: PerceptronRun) -> str:
    """Two inequalities that contradict each other, with the numbers of these samples; or why there are none."""
    found, star = margin(run.samples), hull_intersection(run.samples)
    if found.separable:
        return (
            f"A line does separate these {plural(len(run.samples), 'sample')}, with margin {fmt(found.gamma)}: nothing "
            "has to go in a circle. Choose XOR, or mix points of both classes under “Your points”."
        )
    if not found.inseparable:
        return f"As far as is known here, {no_margin(found)}: a line may do it or not."
    if star is None:
        return (
            "Without a bias the line must pass through the origin (0, 0), and a mix of the sign·x of these samples is "
            "0. The weighted sum of 0 is 0, but it would have to be above 0. With a bias it may be another matter."
        )
    mixes = {label: _mix(run, star, label) for label in (0, 1)}
    return (
        f"The point p = {_tuple(star.point.tolist())}, the star in the figure, is a mix of samples of **both** "
        f"classes:\n\n- of class 1: p = {mixes[1]}\n- of class 0: p = {mixes[0]}\n\n"
        "The weighted sum of a mix is the same mix of the weighted sums. So if all of class 1 had sums above 0 and all "
        "of class 0 below:\n\n"
        "1. w·p + b **> 0**, as a mix of class 1\n"
        "2. w·p + b **< 0**, as a mix of class 0\n\nNo w and b can do both."
    )


def _mix(run: PerceptronRun, star: HullIntersection, label: int) -> str:
    parts = zip(star.rows[label], star.shares[label], strict=True)
    return " + ".join(f"{fmt(share, 3)}·{_tuple(run.samples.X[row].tolist())}" for row, share in parts)


def _tuple(values: list[float]) -> str:
    return f"({', '.join(map(fmt, values))})"
