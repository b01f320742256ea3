"""32 borders side by side, and the test losses of all networks as a band."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.multilayer_perceptron.data import HALF, samples
from core.multilayer_perceptron.luck import N_SEEDS, SIDE, Luck, borders
from core.multilayer_perceptron.settings import PlaygroundSettings
from figures.axis import log_axis
from figures.multilayer_perceptron.watch import UNITS
from figures.picture import Picture
from figures.style import BLUE, DIVERGING, GREEN, PURPLE, axes, numbers
from figures.words import fmt, listed, plural

COLUMNS, GAP = 8, 9
SHOWN = 40  # points in each square
CELL = SIDE + GAP  # room for a label below each border


@cached
def small_borders(luck: Luck, trained: bool = True) -> Picture:
    """One small map a network, in the order of the seeds, with its score below; before training without one."""
    rows = N_SEEDS // COLUMNS
    canvas = np.full((rows * CELL, COLUMNS * CELL), np.nan, np.float32)
    for i, border in enumerate(borders(luck, -1 if trained else 0)):
        top, left = (i // COLUMNS) * CELL, (i % COLUMNS) * CELL
        canvas[top : top + SIDE, left : left + SIDE] = (border.astype(np.float32) - 128) / 127
    style = {"colorscale": DIVERGING, "zmin": -1, "zmax": 1, "showscale": False, "hoverinfo": "skip"}
    figure = go.Figure(go.Heatmap(z=canvas, **style))
    _add_points(figure, luck.settings)
    x = [(i % COLUMNS) * CELL + SIDE / 2 for i in range(N_SEEDS)]
    y = [(i // COLUMNS) * CELL + SIDE + 4 for i in range(N_SEEDS)]
    figure.add_scatter(
        x=x, y=y, text=labels(luck) if trained else None, mode="text", textfont={"size": 11}, hoverinfo="skip"
    )
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False, "title_standoff": 0}
    axes(figure, "x₁ of each square", "x₂ of each square", showlegend=False)
    figure.update_layout(height=420, margin={"l": 5, "r": 5, "t": 5, "b": 5})
    figure.update_xaxes(bare).update_yaxes(bare | {"autorange": "reversed"})
    first = luck.seeds[0]
    caption = (
        f"Each square is a whole network's answers at its end, with some training points, in the order of the seeds "
        f"from {first} on; click one to watch its run. {outcome(luck)}"
    )
    return Picture(figure, caption, "32 maps of answers over the plane. " + caption, luck_table(luck))


def _add_points(figure: go.Figure, settings: PlaygroundSettings) -> None:
    """Some training points in every square, by the sign of their target: enough to see what the border is to part."""
    data, corners = samples(settings), CELL * np.indices((N_SEEDS // COLUMNS, COLUMNS)).reshape(2, -1, 1)
    places = SIDE * (1 + data.points[: data.n_train][:SHOWN].T.numpy() * [[1], [-1]] / HALF) / 2 - 0.5
    low = (data.target[: data.n_train][:SHOWN] < 0).numpy()
    for these, color in ((low, "#003a5c"), (~low, "#5c2900")):
        x, y = (corners[::-1] + places[:, None, these]).reshape(2, -1).astype(np.float32)
        figure.add_scatter(x=x, y=y, mode="markers", marker={"size": 2.5, "color": color}, hoverinfo="skip")


def labels(luck: Luck) -> list[str]:
    """How good each network is, short enough to stand below its border: test loss, or share of test points right."""
    regression = luck.settings.is_regression
    return ["lost" if s != s else fmt(-s, 2) if regression else f"{s:.0%}" for s in luck.score.tolist()]


def outcome(luck: Luck) -> str:
    """What the seeds decided, in one sentence."""
    lost = f"; {luck.n_diverged} diverged" if luck.n_diverged else ""
    if luck.settings.is_regression:
        good = -luck.score[~luck.score.isnan()]
        if not len(good):
            return "All of them diverged."
        return f"Their test losses reach from {fmt(good.min().item())} to {fmt(good.max().item())}{lost}."
    return f"{luck.n_solved} of {N_SEEDS} name at least 95% of the test points right{lost}."


def differences(settings: PlaygroundSettings) -> str:
    """What a seed changes with these settings, in words."""
    found = ["their first weights"] * (settings.init != "file") + ["the order of their samples"] * settings.shuffle
    return listed(found + ["what dropout leaves out"] * (settings.dropout > 0)) or "nothing"


@cached
def loss_band(luck: Luck) -> Picture:
    """The test loss of every network as training goes on: the middle half as a band, best and worst as lines."""
    losses, n = luck.training.test_loss, len(luck.training.test_loss) - 1
    known = ~losses.isnan().all(dim=1)  # not measured after every epoch, or all have diverged
    epochs, losses = known.nonzero()[:, 0].int().numpy(), losses[known]
    low, middle, high = (torch.nanquantile(losses, q, dim=1) for q in (0.25, 0.5, 0.75))
    figure = go.Figure()
    figure.add_scatter(x=epochs, y=numbers(low), mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip")
    band = {"fill": "tonexty", "fillcolor": "rgba(0,114,178,0.25)", "line": {"width": 0}, "name": "middle half"}
    figure.add_scatter(x=epochs, y=numbers(high), mode="lines", hoverinfo="skip", **band)
    figure.add_scatter(x=epochs, y=numbers(middle), mode="lines", name="median", line={"color": BLUE, "width": 3})
    best, worst = luck.ranking[0], luck.ranking[-1]
    ends = labels(luck)
    for place, name, color, dash in ((best, "best", GREEN, "dash"), (worst, "worst", PURPLE, "dot")):
        line, name = {"color": color, "dash": dash, "width": 2}, f"{name}: seed {luck.seeds[place]} ({ends[place]})"
        figure.add_scatter(x=epochs, y=numbers(losses[:, place]), mode="lines", name=name, line=line)
    unit = UNITS["squared" if luck.settings.is_regression else luck.settings.loss]
    log_axis(axes(figure, "epoch", f"test loss ({unit}, log scale)"), numbers(losses.flatten()))
    end = [fmt(quantile[-1].item()) for quantile in (low, middle, high)]
    left = "" if not luck.n_diverged else " of those that have not diverged"
    caption = (
        f"The networks differ in {differences(luck.settings)}. After {plural(n, 'epoch')} the median "
        f"test loss{left} is {end[1]}, and half of them lie between {end[0]} and {end[2]}."
        if luck.n_diverged < N_SEEDS
        else "All of them diverged."
    )
    table = pd.DataFrame({"epoch": epochs, "quarter": low, "median": middle, "three quarters": high})
    return Picture(figure, caption, "Band of test losses against epochs, on a logarithmic scale. " + caption, table)


def luck_table(luck: Luck) -> pd.DataFrame:
    """One row a network."""
    end = luck.training
    columns = {"seed": luck.seeds, "training loss": end.train_loss[-1], "test loss": end.test_loss[-1]}
    if not luck.settings.is_regression:
        columns["test accuracy"] = end.test_accuracy[-1]
    return pd.DataFrame(columns)


def place_at(x: float, y: float) -> int | None:
    """Which of the small borders has been clicked; None for the gaps between them."""
    column, row = int(x // CELL), int(y // CELL)
    inside = 0 <= column < COLUMNS and 0 <= row < N_SEEDS // COLUMNS
    return row * COLUMNS + column if inside else None
