"""The program that follows one training point, and the lines that it prints."""

from torch import Tensor

from core.multilayer_perceptron.program import playground_program
from core.multilayer_perceptron.sample import Lesson, is_finite
from core.multilayer_perceptron.watch import Run
from core.program import Program

NAME = "multilayer_perceptron_sample"


def sample_program(run: Run, found: Lesson, index: int, weight: int) -> Program:
    """The program that trains until a recorded moment and takes the point from there; `weight` is a number from 1."""
    constants = {"UPDATES": run.updates[index], "NUMBER": found.row + 1, "WEIGHT": weight}
    text = playground_program(run.settings, NAME, SEED=run.settings.seed, **constants)
    return Program(NAME, text, printed(run, found, index, weight) if is_finite(found, index) else [])


def printed(run: Run, found: Lesson, index: int, weight: int) -> list[str]:
    """What it prints: losses and one weight around the sums of each layer and, last layer first, their gradients."""
    row, losses = found.row, (found.losses[index], found.new_losses[index])
    values = (vectors[index, weight - 1] for vectors in (found.weights, found.updated))
    before, after = (
        f"Point {row + 1} has the loss {each[row]:.6f}, weight {weight} is {value:.6f}"
        for each, value in zip(losses, values, strict=True)
    )
    sums = [f"Sums: {_joined(layer[index], 4)}" for layer in found.before.sums]
    gradients = [f"Gradient of sums: {_joined(layer[index], 6)}" for layer in reversed(found.before.by_sums)]
    lower = f"Training points with a lower loss: {(losses[1] < losses[0]).sum()} of {run.data.n_train}"
    return [before, *sums, *gradients, after, lower]


def _joined(values: Tensor, decimals: int) -> str:
    return " ".join(f"{value:.{decimals}f}" for value in values.tolist())
