"""The program that measures what the hidden layers make of the points, and the lines that it prints."""

from core.multilayer_perceptron.folded import Folded
from core.multilayer_perceptron.program import playground_program
from core.multilayer_perceptron.watch import Run
from core.program import Program, with_line

NAME = "multilayer_perceptron_folded"
RIGHT_SIDE = "return (fitted * target > 0).double().mean().item()"
EXPLAINED = "return 1 - ((fitted - target).square().sum() / (target - target.mean()).square().sum()).item()"


def folded_program(run: Run, found: Folded, index: int) -> Program:
    """The program that trains until a recorded moment and cuts what each layer answers there."""
    constants = {"SEED": run.settings.seed, "UPDATES": run.updates[found.moments[found.at(index)]]}
    text = playground_program(run.settings, NAME, **constants)
    if run.settings.data == "file":
        text = with_line(text, "plane = points[order]", "plane = rows[:, :2]")
    if run.settings.is_regression:
        text = with_line(text, RIGHT_SIDE, EXPLAINED)
        text = text.replace("its share of points on the right side", "what share of their variance it explains")
    plane, *layers = found.cuts[found.at(index)].tolist()
    said = [f"As layer {number} sees them: {cut:.4f}" for number, cut in enumerate(layers, start=1)]
    return Program(NAME, text, [f"In the plane: {plane:.4f}", *said])
