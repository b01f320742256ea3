"""The complete programs for the settings on screen, and the lines that they print."""

import torch

from core.generalization.bias_variance import Parts
from core.generalization.digits import SplitRun
from core.generalization.double_descent import Descent
from core.generalization.fit import Fits
from core.generalization.leakage import LEAKS, Leaks
from core.generalization.learning_curve import LearningCurve
from core.generalization.peeking import Peeks
from core.generalization.polynomials import TRUE
from core.generalization.settings import CurveSettings, PeekingSettings
from core.generalization.training import Training
from core.generalization.width import Widths
from core.program import Program, source, with_constants, with_line
from core.settings import Settings


def _written(name: str, settings: Settings, *fields: str, **others: object) -> str:
    """An example with some fields of the settings, and other constants, written in."""
    return with_constants(source(name), {n.upper(): getattr(settings, n) for n in fields} | others)


def _with_curve(name: str, settings: CurveSettings, *fields: str, **others: object) -> str:
    text = _written(name, settings, "noise", "seed", *fields, **others)
    return with_line(text, f"return {TRUE['sine'][1]}", f"return {TRUE[settings.curve][1]}")


def fit_program(fits: Fits, degree: int) -> Program:
    """Every degree's fit to one data set."""
    degrees = {"chosen": degree, "best on new points": fits.best, "through every point": len(fits.x) - 1}
    prints = [
        f"{name}: degree {d}, training error {fits.train_error[d]:.4f}, holdout error {fits.holdout_error[d]:.4f}"
        for name, d in degrees.items()
    ]
    text = _with_curve("generalization", fits.settings, "n_samples", DEGREE=degree)
    return Program("generalization", text, prints)


def bias_variance_program(parts: Parts) -> Program:
    """The parts of the error of every degree."""
    rows = zip(parts.bias, parts.variance, parts.total, parts.measured, strict=True)
    prints = [
        f"degree {degree}: bias^2 {bias:.4f} + variance {variance:.4f} + noise = {total:.4f}; measured {measured:.4f}"
        for degree, (bias, variance, total, measured) in enumerate(rows)
    ]
    name = "generalization_bias_variance"
    return Program(name, _with_curve(name, parts.settings, "n_samples"), prints)


def double_descent_program(found: Descent) -> Program:
    """The mean error of every number of features."""
    rows = zip(found.sizes, found.train_mean, found.mean, strict=True)
    prints = [f"p = {p}: wrong on training images {a:.4f}, on new ones {b:.4f}" for p, a, b in rows]
    name = "generalization_double_descent"
    text = _written(name, found.settings, "n_samples", "label_noise", "seed")
    return Program(name, text, prints)


def learning_curve_program(found: LearningCurve) -> Program:
    """The middle error of every number of training points."""
    rows = zip(found.sizes, found.train_median, found.holdout_median, strict=True)
    prints = [f"n = {n}: training error {a:.4f}, holdout error {b:.4f}" for n, a, b in rows]
    name = "generalization_learning_curve"
    return Program(name, _with_curve(name, found.settings, DEGREE=found.degree), prints)


def training_program(run: Training) -> Program:
    """The training, and the epoch that the validation images choose."""
    s, stop = run.settings, run.stop
    fields = ("width", "label_noise", "weight_decay", "n_samples", "num_epochs", "lr", "seed")
    prints = [f"{run.n_wrong} of {s.n_samples} training labels are wrong"]
    for name, epoch in (("stop", stop), ("end", s.num_epochs)):
        losses, shares = run.loss[:, epoch], run.accuracy[:, epoch]
        prints += [
            f"{name}, epoch {epoch}: loss {losses[0]:.4f} in training, {losses[1]:.4f} in validation",
            f"  right: {shares[0]:.4f} in training, {shares[1]:.4f} in validation, {shares[2]:.4f} in the holdout",
        ]
    text = _written("generalization_training", s, *fields)
    return Program("generalization_training", text, [] if run.diverged else prints)


def width_program(run: Widths) -> Program:
    """The mean errors of every width, and the best width."""
    rows = zip(run.widths, run.train_mean, run.holdout_mean, strict=True)
    prints = [f"width {width}: training error {a:.4f}, holdout error {b:.4f}" for width, a, b in rows]
    prints.append(f"best on new points: width {run.widths[run.best]}")
    s = run.settings
    text = _with_curve("generalization_width", run.curve, "n_samples", N_SEEDS=s.n_seeds, UPDATES=s.updates, LR=s.lr)
    return Program("generalization_width", text, prints if run.complete else [])


def digits_program(run: SplitRun) -> Program:
    """The split, the training, and the accuracy with its interval."""
    low, high = run.interval
    name, s = "generalization_digits", run.settings
    text = _written(name, s, "holdout", "stratified", "seed", "num_epochs")
    if s.width != 64:
        layers = f"nn.Linear(64, {s.width}), nn.ReLU(), nn.Linear({s.width}, 10)" if s.width else "nn.Linear(64, 10)"
        text = with_line(
            text,
            "model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))",
            f"model = nn.Sequential({layers})",
        )
    prints = [
        f"kept out of each digit: {run.n_holdout.tolist()}",
        f"{run.n_correct} of {len(run.y)} right: {run.accuracy:.4f}, 95% interval {low:.4f} to {high:.4f}",
    ]
    return Program(name, text, prints)


def peeking_program(peeks: Peeks, settings: PeekingSettings) -> Program:
    """All repeats, and what the reader's own openings and the mean say."""
    name, k = "generalization_peeking", settings.openings
    text = _written(name, settings, "openings", "n_holdout", "signal", "seed")
    gap = (peeks.seen[:, k - 1] - peeks.fresh[:, k - 1]).mean()  # added up as the program does
    prints = [
        f"first repeat, best of {k}: holdout {peeks.seen[0, k - 1]:.4f}, new people {peeks.fresh[0, k - 1]:.4f}",
        f"mean of 200 repeats: {100 * gap:.2f} percentage points too much",
    ]
    return Program(name, text, prints)


def leakage_program(found: Leaks) -> Program:
    """The three leaks, wrong and right."""
    name = "generalization_leakage"
    text = _written(name, found.settings, "n_samples", "n_features", "n_chosen", "copies", "seed")
    means = torch.stack([found.leaking.T, found.honest.T], dim=2).mean(dim=0)  # added up as the program does
    rows = [(leak, *pair) for leak, pair in zip(LEAKS, means, strict=True)]
    return Program(name, text, [f"{leak}: leaking {a:.4f}, honest {b:.4f}" for leak, a, b in rows])
