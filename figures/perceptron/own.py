"""Your points: what the plane on which they are set shows at each step of the run, and its caption."""

from collections.abc import Sequence

from core.perceptron.curve_labels import HALF
from core.perceptron.learn import PerceptronRun
from core.points import Point
from figures.perceptron.plane import Line, line_of
from figures.words import fmt


def lines_and_rings(run: PerceptronRun) -> tuple[list[Line], list[int]]:
    """The line at each step of the run, and the point that corrects it then; -1 at the end, where there is none."""
    lines = [line_of(run.weights[at], run.samples.bias) for at in run.frame_steps]
    return lines, [int(run.rows[at]) if at < run.updates else -1 for at in run.frame_steps]


def canvas_caption(points: Sequence[Point], labelled: bool = False) -> str:
    """How to read the plane, and how to set points by the keyboard; `labelled` by the curve that is drawn."""
    ones = sum(p.y for p in points)
    curve = " the dotted curve is f(x);" if labelled else ""
    return (
        f"{len(points) - ones} points of class 0 (circles), {ones} of class 1 (crosses);{curve} the ring marks the one "
        "that corrects the weights now. With the keyboard, arrows move a cross-hair, Enter adds, Delete removes."
    )


def label_words(points: Sequence[Point]) -> str:
    """What the button sets; `points` is not empty."""
    above, (x1, x2, _) = sum(p.y for p in points), points[0]
    return (
        f"Of {len(points)} random points with coordinates from {fmt(-HALF)} to {HALF}, the first at ({fmt(x1)}, "
        f"{fmt(x2)}), {above} {'lies' if above == 1 else 'lie'} above f(x): class 1. The others are of class 0."
    )
