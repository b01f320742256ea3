"""Your points: what the plane on which they are set shows at each step of the run, and its caption."""

from core.perceptron.learn import PerceptronRun
from core.perceptron.own import Point
from figures.perceptron.plane import Line, line_of


def lines_and_rings(run: PerceptronRun) -> tuple[list[Line], list[int]]:
    """The line at each step of the run, and the point that corrects it then; -1 at the end, where there is none."""
    lines = [line_of(run.weights[at], run.samples.bias) for at in run.frame_steps]
    return lines, [int(run.rows[at]) if at < run.updates else -1 for at in run.frame_steps]


def canvas_caption(points: list[Point]) -> str:
    """How to read the plane, and how to set points by the keyboard."""
    ones = sum(p.y for p in points)
    return (
        f"{len(points) - ones} points of class 0 (circles), {ones} of class 1 (crosses); the ring marks the one that "
        "corrects the weights now. With the keyboard, arrows move a cross-hair, Enter adds, Delete removes."
    )
