"""What each layer hands on, as a strip of cells; where train() differs from eval(), one strip below the other."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.neural_networks.run import Run, changed, zeros
from figures.picture import Picture
from figures.style import BLUE, GREEN, VERMILLION, axes, numbers
from figures.words import bracketed, fmt

SIGNED = [[0.0, BLUE], [0.5, "#e8e8e8"], [1.0, VERMILLION]]
MOST_CELLS = 1_024  # of a strip; what is beyond them is in the program
MOST_TERMS = 12  # of a sum that is written out
MOST_PIXELS, IN_A_ROW = 64, 4  # of a side of an image; images in a row, of as many rows
MOST_ROWS = 9  # strips in a picture
FAINT = 0.06  # what the layers hand on that the reader has not come to
STRIP, STEP = 0.5, 1.0  # heights of a strip, and from one to the next


def is_long(run: Run) -> bool:
    """Whether there are too many strips for one picture."""
    return len(run.names) + len(changed(run)) > MOST_ROWS


def strips(run: Run, at: int | None = None) -> Picture:
    """The strips of all layers, one frame a layer: those of later layers are faint.

    Args:
        at: only the strips around this step, without frames; for a run that is long.
    """
    rows = _rows(run, at)
    most = max(y.flatten()[:MOST_CELLS].abs().max().item() for y in (*run.evaluated, *run.trained)) or 1.0
    figure = go.Figure()
    for place, (_, _, y) in enumerate(rows):
        cells = numbers(y.flatten()[:MOST_CELLS])
        low = place * STEP + 0.45
        figure.add_heatmap(
            z=cells[None],
            x=np.linspace(0, 1, len(cells) + 1, dtype=np.float32),
            y=[low, low + STRIP],
            coloraxis="coloraxis",
            hoverinfo="skip",
        )
    words = [_title(run, step, mode, y) for step, mode, y in rows]
    places = {"x": [0.0] * len(rows), "y": [place * STEP + 0.25 for place in range(len(rows))]}
    figure.add_scatter(**places, text=words, mode="text", textposition="middle right", textfont={"size": 13})
    frames = [_frame(rows, step) for step in (range(len(run.names)) if at is None else [at])]
    edge = {"mode": "lines", "line": {"color": GREEN, "width": 4}, "hoverinfo": "skip"}
    figure.add_scatter(**frames[0]["data"][-1], **edge)
    if at is not None:
        for heat, change in zip(figure.data, frames[0]["data"][:-1], strict=False):
            heat.update(change)
    axes(figure, "the numbers of a layer, one cell each", "from the input on top to the output below")
    figure.update_traces(showlegend=False, cliponaxis=False, selector={"type": "scatter"})
    figure.update_xaxes(visible=False, range=[-0.01, 1.01], fixedrange=True)
    figure.update_yaxes(visible=False, range=[len(rows) * STEP + 0.05, -0.05], fixedrange=True)
    bar = {"title": {"text": "value", "side": "top"}, "thickness": 12, "len": 0.9}
    scale = {"colorscale": SIGNED, "cmin": -most, "cmax": most, "colorbar": bar}
    figure.update_layout(coloraxis=scale, height=40 + 62 * len(rows), margin={"t": 5, "b": 5})
    which = "Each strip is what one layer hands on" if at is None else "What the layers around this one hand on"
    caption = f"{which}, one cell a number: blue below 0, orange above. {_modes(run)}"
    alt = f"Strips of coloured cells, layer by layer. {caption}"
    return Picture(figure, caption, alt, _table(run), frames if at is None else ())


def _rows(run: Run, at: int | None) -> list[tuple[int, str, Tensor]]:
    """Step, mode and numbers of every strip, or of those around one, from top to bottom."""
    rows, differ = [], changed(run)
    for step, name in enumerate(run.names):
        if at is not None and not at - 2 <= step <= at + 1:
            continue
        rows.append((step, "eval()" if name in differ else "", run.evaluated[step]))
        if name in differ:
            rows.append((step, "train()", run.trained[step]))
    return rows


def strips_from(run: Run, step: int, at: int | None = None) -> list[int]:
    """The places of the traces that show a step and all later ones."""
    return [place for place, (shown, _, _) in enumerate(_rows(run, at)) if shown >= step]


def _title(run: Run, step: int, mode: str, y: Tensor) -> str:
    more = f", its first {MOST_CELLS:,} numbers" if y.numel() > MOST_CELLS else ""
    return f"<b>{run.names[step]}</b> {tuple(y.shape)}{more}{' in ' if mode else ''}<b>{mode}</b>"


def _frame(rows: list[tuple[int, str, Tensor]], at: int) -> dict[str, list]:
    """The strips up to a step, and an edge around those of the step."""
    data: list[dict[str, object]] = [{"opacity": 1 if step <= at else FAINT} for step, _, _ in rows]
    lows = [place * STEP + 0.45 for place, (step, _, _) in enumerate(rows) if step == at]
    low, high = lows[0], lows[-1] + STRIP
    data.append({"x": [0, 1, 1, 0, 0], "y": [low, low, high, high, low]})
    return {"data": data, "traces": [*range(len(rows)), len(rows) + 1]}


def _modes(run: Run) -> str:
    differ = changed(run)
    if run.trouble:
        return "train() fails."
    if not differ:
        return "This model hands on the same in train() and in eval()."
    first = run.names.index(differ[0])
    trained, evaluated = run.trained[first], run.evaluated[first]
    if run.model.model[first - 1].kind == "Dropout":
        how = f"there {zeros(trained):,} of its {trained.numel():,} numbers are 0, in eval() {zeros(evaluated):,}"
    else:
        how = f"there its numbers lie between {_ends(trained)}, in eval() between {_ends(evaluated)}"
    return f"The first layer that differs in train() is {differ[0]}: {how}."


def _ends(y: Tensor) -> str:
    return f"{fmt(y.min().item(), 3)} and {fmt(y.max().item(), 3)}"


def _table(run: Run) -> pd.DataFrame:
    """Every number that is drawn."""
    parts = []
    for step, name in enumerate(run.names):
        columns = {"in eval()": run.evaluated, "in train()": run.trained}
        drawn = {mode: numbers(y[step].flatten()[:MOST_CELLS]) for mode, y in columns.items() if step < len(y)}
        count = len(drawn["in eval()"])
        parts.append(pd.DataFrame({"layer": [name] * count, "number": range(count)} | drawn))
    return pd.concat(parts, ignore_index=True)


def maps(run: Run, at: int) -> Picture | None:
    """What a layer hands on as images side by side, where its numbers have rows and columns; else None."""
    y = run.evaluated[at]
    if y.dim() < 3 or min(y.shape[-2:]) < 2 or max(y.shape[-2:]) > MOST_PIXELS:
        return None
    images = y.flatten(0, -3)[: IN_A_ROW**2]
    rows = [
        torch.cat([_framed(image) for image in images[i : i + IN_A_ROW]], 1) for i in range(0, len(images), IN_A_ROW)
    ]
    width = max(row.shape[1] for row in rows)
    grid = torch.cat([torch.nn.functional.pad(row, (0, width - row.shape[1]), value=torch.nan) for row in rows])
    most = images.abs().max().item() or 1.0
    bar = {"title": {"text": "value", "side": "top"}, "thickness": 12}
    heat = go.Heatmap(z=numbers(grid), zmin=-most, zmax=most, colorscale=SIGNED, colorbar=bar, hoverinfo="skip")
    figure = axes(go.Figure(heat), "columns", "rows").update_layout(height=60 + 80 * len(rows), margin={"t": 10})
    figure.update_xaxes(visible=False, fixedrange=True, constrain="domain")
    figure.update_yaxes(visible=False, fixedrange=True, autorange="reversed", scaleanchor="x", constrain="domain")
    total, shown = y.flatten(0, -3).shape[0], len(images)
    more = "" if shown == total else f", the first {shown} of {total:,}"
    caption = f"The same numbers of {run.names[at]} in eval() as images of {y.shape[-2]} × {y.shape[-1]}{more}."
    return Picture(figure, caption, f"Images in a grid, in the colours of the strips. {caption}")


def _framed(image: Tensor) -> Tensor:
    """With an empty row below and an empty column beside it."""
    return torch.nn.functional.pad(image, (0, 1, 0, 1), value=torch.nan)


def labels(run: Run) -> list[str]:
    """What to say at each step."""
    said = []
    for name, y in zip(run.names, run.evaluated, strict=True):
        below, n = int((y < 0).sum()), y.numel()
        said.append(f"{name}: {n:,} numbers, {below:,} below 0, {zeros(y):,} exactly 0.")
    return said


def by_hand(run: Run, at: int) -> str:
    """How the first number that a layer hands on comes about, with four digits each; "" where it is too long."""
    if at == 0:
        return ""
    name, layer = run.names[at], run.model.model[at - 1]
    x, y = run.evaluated[at - 1].flatten(), run.evaluated[at].flatten()
    first, result = bracketed(_rounded(x[0])), fmt(y[0].item(), decimals=4)
    if layer.kind == "Linear" and name in run.weights:
        return _sum(run, name, x, y[0].item())
    if layer.kind == "Dropout" and 0 < layer.values["p"] < 1 and at < len(run.trained):
        kept = run.trained[at].flatten().nonzero()
        if len(kept):
            i, p = int(kept[0]), layer.values["p"]
            before = _rounded(run.trained[at - 1].flatten()[i])
            return (
                f"`{name}` in train(): number {i} (from 0) is the first that is not set to 0: {fmt(before)} / "
                f"(1 − {p:g}) = **{fmt(before / (1 - p), decimals=4)}**."
            )
    if layer.kind == "BatchNorm1d" and at < len(run.trained) and run.trained[at].dim() == 2:
        return _normed(name, run.trained[at - 1][:, 0], run.trained[at][0, 0].item())
    if layer.kind == "ReLU":
        return f"`{name}` turns its first number into max(0, {fmt(_rounded(x[0]))}) = **{fmt(_rounded(y[0]))}**."
    if layer.kind in ("Sigmoid", "Tanh"):
        formula = {"Sigmoid": "1 / (1 + e^−{})", "Tanh": "tanh {}"}[layer.kind].format(first)
        return f"`{name}` turns its first number into {formula} = **{result}**."
    return ""


def _normed(name: str, feature: Tensor, result: float) -> str:
    """The first feature of a batch, made to have mean 0 and variance 1."""
    if len(feature) > MOST_TERMS:
        return ""
    values = [_rounded(value) for value in feature]
    rounded = torch.tensor(values, dtype=torch.float64)
    mean = _rounded(rounded.mean())
    variance = _rounded(((rounded - mean) ** 2).mean())
    by_hand = (values[0] - mean) / (variance + 1e-5) ** 0.5
    return (
        f"`{name}` in train(): the first feature of the samples is {', '.join(map(fmt, values))}; mean {fmt(mean)} "
        f"and variance {fmt(variance)}. The first becomes ({fmt(values[0])} − {bracketed(mean)}) / √({fmt(variance)} + "
        f"0.00001) = **{fmt(by_hand, decimals=3)}**; torch, which does not round: {fmt(result, decimals=3)}."
    )


def _rounded(value: Tensor) -> float:
    """With the four digits with which it is shown."""
    return float(f"{value.item():.4g}")


def _sum(run: Run, name: str, x: Tensor, result: float) -> str:
    """The first unit's weighted sum of rounded numbers; many products are only summed up."""
    weight, bias = run.weights[name]
    x, w, b = x[: weight.shape[1]], weight[0], _rounded(bias[0])
    torch_says = f"torch, which does not round: {fmt(result, decimals=4)}."
    if len(w) > MOST_TERMS:
        total = _rounded(torch.dot(w.double(), x.double()))
        return (
            f"The first number of `{name}` is a sum of {len(w)} products, {fmt(total)}, plus the bias "
            f"{bracketed(b)} = **{fmt(total + b, decimals=4)}**; {torch_says}"
        )
    pairs = [(_rounded(one), _rounded(other)) for one, other in zip(x, w, strict=True)]
    terms = " + ".join(f"{fmt(one)} · {bracketed(other)}" for one, other in pairs)
    total = sum(one * other for one, other in pairs) + b
    return (
        f"The first number of `{name}`, inputs times weights plus the bias: {terms} + {bracketed(b)} = "
        f"**{fmt(total, decimals=4)}**; {torch_says}"
    )


def why_zeros(run: Run, place: int) -> str:
    """What a ReLU did to what it was given."""
    before, after, name = run.evaluated[place - 1], run.evaluated[place], run.names[place]
    return (
        f"{int((before < 0).sum())} of the {before.numel():,} numbers before `{name}` are below 0; ReLU turns each of "
        f"them into 0, so {zeros(after)} of its numbers are 0."
    )
