"""The losses of a run against its epochs, and the numbers of its network at a moment."""

import math

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import features
from core.multilayer_perceptron.maps import neuron_names
from core.multilayer_perceptron.networks import parts
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run, is_solved, solved_at
from figures.axis import log_axis
from figures.picture import Picture
from figures.style import BLUE, GREY, HERE, SEQUENCE, VERMILLION, axes, numbers
from figures.words import fmt, plural

TOO_LONG = 1e6  # a weight of more digits than a calculator shows
UNITS = {"cross_entropy": "cross-entropy", "squared": "½ (answer − target)²"}


@cached
def losses(run: Run, pinned: tuple[tuple[str, Run], ...] = ()) -> Picture:
    """Training and test loss after each epoch, and the test losses of pinned runs; one frame a moment."""
    train, test = run.curve("train_loss"), run.curve("test_loss")
    epochs, figure = torch.arange(run.epochs + 1, dtype=torch.int32).numpy(), go.Figure()
    figure.add_scatter(x=epochs, y=numbers(train), name="training", mode="lines", line={"color": BLUE, "width": 3})
    dashed = {"color": VERMILLION, "width": 3, "dash": "dash"}
    figure.add_scatter(x=epochs, y=numbers(test), name="test", mode="lines", line=dashed)
    figure.add_scatter(**cursor(run, -1), name="you are here", mode="markers", marker=HERE)
    for (name, other), (color, dash, _) in zip(pinned, SEQUENCE[2:] + SEQUENCE[:2], strict=False):
        line = {"color": color, "dash": dash, "width": 2}
        x = torch.arange(other.epochs + 1, dtype=torch.int32).numpy()
        figure.add_scatter(x=x, y=numbers(other.curve("test_loss")), name=f"test, {name}", mode="lines", line=line)
    unit = UNITS["squared" if run.settings.is_regression else run.settings.loss]
    axes(figure, "epoch", f"loss ({unit}, log scale)").update_layout(height=260)
    longest = max(other.epochs for other in (run, *(other for _, other in pinned)))
    everything = torch.cat([train, test, *(other.curve("test_loss") for _, other in pinned)])
    log_axis(figure, numbers(everything)).update_xaxes(range=[-0.02 * longest, 1.02 * longest])
    if run.diverged_at is not None:
        at = run.epoch_at(run.diverged_at)
        figure.add_vline(x=at, line={"color": GREY, "dash": "dash"}, annotation_text="diverged")
    frames = [{"data": [cursor(run, i)], "traces": [2]} for i in range(len(run.updates))]
    caption = outcome(run)
    alt = f"Line chart of training and test loss against epochs, on a logarithmic scale. {caption}"
    return Picture(figure, caption, alt, epoch_table(run), frames)


def sides(settings: PlaygroundSettings) -> tuple[str, str]:
    """What the points with a target below 0 and those above are called."""
    return ("target below 0", "target above 0") if settings.is_regression else ("class −1", "class 1")


def outcome(run: Run) -> str:
    """How the run ended, in two sentences."""
    s, epochs = run.settings, plural(run.epochs, "epoch")
    if run.diverged_at is not None:
        return (
            f"At update {run.diverged_at:,} (epoch {run.epoch_at(run.diverged_at):.1f}) a number was no longer finite: "
            f"diverged. The longest gradient before was {fmt(run.largest_gradient)}; try a smaller lr."
        )
    train, test = (run.curve(name)[-1].item() for name in ("train_loss", "test_loss"))
    early, waited = "", plural(s.patience, "epoch")
    if s.patience:
        whole = f"It ran to its end: the test loss never waited {waited} for a new low."
        early = f" It stopped early: {waited} brought no lower test loss." if run.stopped else f" {whole}"
    if s.is_regression:
        return f"After {epochs} the training loss is {fmt(train)} and the test loss {fmt(test)}.{early}"
    right = f"{run.curve('test_accuracy')[-1].item():.1%} of the test points are on the right side after {epochs}"
    since = solved_at(run) if is_solved(run) else None
    return f"{right}{'' if since is None else f', at least 95% from epoch {since} on'}.{early}"


def worth(run: Run, measured: tuple[float, float, float, float]) -> str:
    """How good the run's network is with other weights, as `measured` by `core/multilayer_perceptron/weights.py`."""
    train, _, test, right = measured
    points = "" if run.settings.is_regression else f", and {right:.1%} of the test points are on the right side"
    return f"With the file's weights the loss is {fmt(train)} in training and {fmt(test)} in testing{points}."


def moment(run: Run, index: int) -> str:
    """What a recorded moment is, and how good the network was at the end of the last whole epoch."""
    update = run.updates[index]
    epoch = update // run.per_epoch
    said = f"epoch {run.epoch_at(update):.4g} of {run.epochs:,}" if update else "before the first update"
    whole = epoch * run.per_epoch == update
    if not whole:
        return f"{said[0].upper()}{said[1:]} (update {update:,})"
    values = [run.curve(name)[epoch].item() for name in ("train_loss", "test_loss")]
    if not all(map(math.isfinite, values)):
        return f"{said[0].upper()}{said[1:]}: diverged"
    (train, test), share = map(fmt, values), run.curve("test_accuracy")[epoch].item()
    right = "" if run.settings.is_regression else f", {share:.1%} of test points right"
    return f"{said[0].upper()}{said[1:]}: loss {train} in training, {test} in testing{right}"


def neuron_by_hand(run: Run) -> tuple[str, str, str, str] | None:
    """A neuron of layer 1 at the end and the first training point: its name, weighted sum, the sum, and its answer.

    It is the neuron whose sum is closest to 0, where an activation does most. All is computed from the rounded numbers
    that are shown. None where there is no such neuron.
    """
    if not run.settings.hidden or run.diverged_at is not None or run.weights[-1].abs().max() > TOO_LONG:
        return None
    weight, bias = parts(run.weights[-1][None], run.settings.sizes)[0]
    given = rounded(features(run.data.points[:1], run.settings.features)[0])
    which = int((weight[0] @ given + bias[0, 0]).abs().argmin())
    w, b = rounded(weight[0, which]), rounded(bias[0, 0, which])
    total = rounded(w @ given + b)
    terms = " + ".join(f"{factor(v)} · {factor(u)}" for v, u in zip(w.tolist(), given.tolist(), strict=True))
    answer = ACTIVATIONS[run.settings.hidden[0].activation].forward(total).item()
    return f"h1.{which + 1}", f"{terms} + {factor(b.item())}", fmt(total.item(), decimals=3), fmt(answer, decimals=3)


def rounded(values: torch.Tensor) -> torch.Tensor:
    """Numbers as they read with three decimals."""
    return torch.round(values, decimals=3)


def factor(value: float) -> str:
    """A number with three decimals, in brackets if it is negative."""
    text = fmt(value, decimals=3)
    return f"({text})" if text.startswith("−") else text


def cursor(run: Run, index: int, curves: tuple[str, ...] = ("train_loss", "test_loss")) -> dict[str, list]:
    """Where the reader stands: on these curves, at the last whole epoch."""
    epoch = run.updates[index] // run.per_epoch
    values = [run.curve(name)[epoch].item() for name in curves]
    return {"x": [epoch] * len(curves), "y": [value if value == value else None for value in values]}


def epoch_table(run: Run) -> pd.DataFrame:
    """One row an epoch."""
    names = ["train_loss", "test_loss"] + ([] if run.settings.is_regression else ["train_accuracy", "test_accuracy"])
    columns = {name.replace("_", " "): run.curve(name).numpy() for name in names}
    return pd.DataFrame({"epoch": range(run.epochs + 1)} | columns)


def sample_table(run: Run) -> pd.DataFrame:
    """Every point with its target, and what it is for."""
    x1, x2 = run.data.points.T.tolist()
    kinds = ["training" if i < run.data.n_train else "testing" for i in range(len(x1))]
    return pd.DataFrame({"x1": x1, "x2": x2, "target": run.data.target.tolist(), "for": kinds})


def weight_table(run: Run, index: int) -> pd.DataFrame:
    """Every weight and bias at a recorded moment, one row a neuron that they lead to."""
    names, rows = neuron_names(run.settings), []
    for layer, (weight, bias) in enumerate(parts(run.weights[index][None], run.settings.sizes), start=1):
        for node, (into, b) in enumerate(zip(weight[0].tolist(), bias[0, 0].tolist(), strict=True)):
            rows += [(names[layer][node], source, w) for source, w in zip(names[layer - 1], into, strict=True)]
            rows.append((names[layer][node], "bias", b))
    return pd.DataFrame(rows, columns=["neuron", "from", "weight"])
