"""The complete programs for the settings on screen, and the lines that they print."""

from core.perceptron.bound import margin
from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import weight_rules
from core.perceptron.many import Many
from core.perceptron.pixels import PixelRun
from core.perceptron.samples import Samples
from core.program import Program, source, with_constants

IN_A_LINE = 4  # points
EXAMPLE_POINTS = "    (0.0, 0.0, 0), (0.0, 1.0, 0), (1.0, 0.0, 0), (1.0, 1.0, 1),\n"  # as in examples/perceptron.py


def learn_program(run: PerceptronRun) -> Program:
    """The example with the samples and settings of a run; where the weights go in a circle, it stops as the run did."""
    settings = run.settings
    constants = {
        "BIAS": settings.bias,
        "LR": settings.lr,
        "SHUFFLE": settings.order == "shuffled",
        "SEED": settings.seed,
        "MAX_UPDATES": run.updates if run.outcome == "cycle" else settings.max_updates,
    }
    text = with_constants(source("perceptron"), constants)
    if text.count(EXAMPLE_POINTS) != 1:
        raise ValueError("The example's points must stand in the program once.")
    found, rules = margin(run.samples), {rule: int(w[-1]) for rule, w in weight_rules(run).wrong.items()}
    limit = f"margin = {found.gamma:.4f}, at most {found.bound:.2f} mistakes"
    prints = [
        f"{run.updates} updates, {run.n_passes} passes begun",
        "w = " + ", ".join(f"{value:.4f}" for value in run.weights[-1].tolist()),
        f"wrong of {len(run.samples)}: {rules['last']}, pocket {rules['pocket']}, averaged {rules['averaged']}",
        f"R = {found.radius:.4f}, " + (limit if found.separable else "no weights separate the classes"),
    ]
    return Program("perceptron", text.replace(EXAMPLE_POINTS, _written(run.samples)), prints)


def _written(samples: Samples) -> str:
    points = [(*x, y) for x, y in zip(samples.X.tolist(), samples.y.tolist(), strict=True)]
    rows = [points[i : i + IN_A_LINE] for i in range(0, len(points), IN_A_LINE)]
    return "".join("    " + " ".join(f"{point!r}," for point in row) + "\n" for row in rows)


def many_program(found: Many) -> Program:
    """The program that learns a thousand problems at once."""
    settings, mistakes = found.settings, found.mistakes
    constants = {"N_SAMPLES": settings.n_samples, "DIMENSIONS": settings.dimensions, "SEED": settings.seed}
    prints = [
        f"{len(mistakes)} problems, {mistakes.sum()} mistakes in all, at most {mistakes.max()} in one",
        f"above the bound: {(mistakes > found.bound).sum()}; nearest to it: {(mistakes / found.bound).max():.4f} of it",
    ]
    return Program("perceptron_many", with_constants(source("perceptron_many"), constants), prints)


def pixels_program(run: PixelRun) -> Program:
    """The program that tells two digits apart."""
    settings = run.settings
    constants = {"NUM_PASSES": settings.num_passes, "HOLDOUT": settings.holdout, "SEED": settings.seed}
    text = with_constants(source("perceptron_pixels"), constants)
    text = text.replace("ZERO, ONE = 1, 8", f"ZERO, ONE = {settings.zero}, {settings.one}")
    digits = (settings.zero, settings.one)
    prints = [
        *(f"mistakes in this pass: {count}" for count in run.wrong.tolist()),
        f"{run.n_train} training images: {run.train_accuracy:.4f} right",
        f"{len(run.y)} held-out images: {run.accuracy:.4f} right",
        f"the same with averaged weights: {run.accuracy_averaged:.4f}",
        f"first held-out image: weighted sum {run.scores[0].item():.4f}, "
        f"answered {digits[run.answers[0]]}, labelled {digits[run.y[0]]}",
    ]
    return Program("perceptron_pixels", text, prints)
