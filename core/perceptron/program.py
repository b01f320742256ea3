"""The complete programs for the settings on screen, and the lines that they print."""

from core.perceptron.data import Samples
from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import rescue
from core.perceptron.many import Many
from core.perceptron.margin import margin
from core.perceptron.pixels import PixelRun
from core.perceptron.settings import ManySettings, PixelSettings
from core.program import source, with_constants

IN_A_LINE = 4  # points
EXAMPLE_POINTS = "    (0.0, 0.0, 0), (0.0, 1.0, 0), (1.0, 0.0, 0), (1.0, 1.0, 1),\n"  # as in examples/perceptron.py


def program(run: PerceptronRun) -> str:
    """The example with the samples and settings of a run; where the weights go in a circle, it stops as the run did."""
    settings = run.settings
    text = with_constants(
        source("perceptron"),
        {
            "BIAS": settings.bias,
            "LR": settings.lr,
            "SHUFFLE": settings.order == "shuffled",
            "SEED": settings.seed,
            "MAX_UPDATES": run.updates if run.outcome == "cycle" else settings.max_updates,
        },
    )
    if text.count(EXAMPLE_POINTS) != 1:
        raise ValueError("The example's points must stand in the program once.")
    return text.replace(EXAMPLE_POINTS, _written(run.samples))


def _written(samples: Samples) -> str:
    points = [(*x, label) for x, label in zip(samples.X.tolist(), samples.label.tolist(), strict=True)]
    rows = [points[i : i + IN_A_LINE] for i in range(0, len(points), IN_A_LINE)]
    return "".join("    " + " ".join(f"{point!r}," for point in row) + "\n" for row in rows)


def lines(run: PerceptronRun) -> list[str]:
    """What `program` prints."""
    found, rules = margin(run.samples), {rule: int(w[-1]) for rule, w in rescue(run).wrong.items()}
    radius = f"R = {found.radius:.4f}, "
    return [
        f"{run.updates} updates, {run.n_passes} passes begun",
        "w = " + ", ".join(f"{value:.4f}" for value in run.weights[-1].tolist()),
        f"wrong of {len(run.samples)}: {rules['last']}, pocket {rules['pocket']}, averaged {rules['averaged']}",
        radius + f"margin = {found.gamma:.4f}, at most {found.bound:.2f} mistakes"
        if found.separable
        else radius + "no weights separate the classes",
    ]


def many_program(settings: ManySettings) -> str:
    """The program that learns a thousand problems at once."""
    return with_constants(
        source("perceptron_many"),
        {"N_SAMPLES": settings.n_samples, "DIMENSIONS": settings.dimensions, "SEED": settings.seed},
    )


def many_lines(found: Many) -> list[str]:
    """What `many_program` prints."""
    return [
        f"{len(found.mistakes)} problems, {found.mistakes.sum()} mistakes in all, "
        f"at most {found.mistakes.max()} in one",
        f"above the bound: {(found.mistakes > found.bound).sum()}; nearest to it: "
        f"{(found.mistakes / found.bound).max():.4f} of it",
    ]


def pixel_program(settings: PixelSettings) -> str:
    """The program that tells two digits apart."""
    text = with_constants(
        source("perceptron_pixels"),
        {"NUM_PASSES": settings.num_passes, "HOLDOUT": settings.holdout, "SEED": settings.seed},
    )
    return text.replace("ZERO, ONE = 1, 8", f"ZERO, ONE = {settings.zero}, {settings.one}")


def pixel_lines(run: PixelRun) -> list[str]:
    """What `pixel_program` prints."""
    digit = run.settings.one if run.label[0] else run.settings.zero
    return [
        *(f"mistakes in this pass: {count}" for count in run.wrong.tolist()),
        f"{run.n_train} training images: {run.train_accuracy:.4f} right",
        f"{len(run.label)} held-out images: {run.accuracy:.4f} right",
        f"the same with averaged weights: {run.accuracy_averaged:.4f}",
        f"first held-out image: weighted sum {run.scores[0].item():.4f}, a {digit}",
    ]
