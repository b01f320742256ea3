"""All steps of a run side by side: what a unit of gradient was worth in each, or how long its parts were."""

import math

import numpy as np
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.update import StepTrace
from figures.axis import drawn, log_axis
from figures.optimizers.update import LOOKS
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import fmt

HEIGHT = 230
MOST = 1e307  # that the mark's upper end is finite
FEW = 12  # steps whose numbers are drawn as points, too
ONE_RATE = ("SGD", "ASGD", "LBFGS")  # no divisor of its own for each coordinate
Series = dict[str, tuple[np.ndarray, str, str]]  # name -> values, colour, dash


@cached
def history(run: StepTrace) -> Picture:
    """One or more lines over the steps, and a mark that moves; one frame a step."""
    title, series = ("length", _lengths(run)) if run.optimizer in ONE_RATE else (run.rate_formula, _rates(run))
    steps, figure = np.arange(1, run.steps + 1), go.Figure()
    shown = {name: drawn(values) for name, (values, _, _) in series.items()}
    good = np.concatenate([values[np.isfinite(values)] for values in shown.values()])
    mode = "lines+markers" if len(good) < FEW * len(shown) else "lines"
    for name, (_, color, dash) in series.items():
        figure.add_scatter(
            x=steps, y=shown[name], name=name, mode=mode, line={"color": color, "dash": dash, "width": 2}
        )
    low, high = (float(good.min()) / 1.6, min(float(good.max()), MOST) * 1.6) if len(good) else (0.1, 1.0)
    mark = {"y": [low, high], "mode": "lines", "line": {"color": GREY, "width": 2}, "name": "this step"}
    figure.add_scatter(x=[1, 1], **mark, showlegend=False)
    frames = [{"data": [{"x": [at + 1, at + 1]}], "traces": [len(series)]} for at in range(run.steps)]
    axes(figure, "step", title or "length")
    log_axis(figure, good)
    if len(good) and good.max() < 3 * good.min():
        figure.update_yaxes(range=[math.log10(low) - 0.4, math.log10(high) + 0.4])
    figure.update_layout(height=HEIGHT, margin={"l": 5, "r": 5, "t": 35, "b": 5})
    caption = _caption(run, title, series)
    return Picture(figure, caption, f"Lines over the steps of a run. {caption}", frames=frames)


def _rates(run: StepTrace) -> Series:
    """What a unit of gradient is worth in each coordinate."""
    x, y = run.rates.numpy().T if run.steps else (np.zeros(0), np.zeros(0))
    return {"x": (x, BLUE, "solid"), "y": (y, VERMILLION, "dash")}


def _lengths(run: StepTrace) -> Series:
    """How long the step and its terms are; for L-BFGS all moves together."""
    steps = (run.path[1:] - run.path[:-1]).norm(dim=1).numpy()
    found: Series = {"the step": (steps, GREY, "longdash")}
    if run.optimizer == "LBFGS":
        moves = np.array([terms.norm(dim=1).sum().item() for terms in run.terms])
        return found | {"all moves": (moves, *LOOKS["move"])}
    for i, (kind, name) in enumerate(run.names):
        found[name] = (torch.stack([terms[i].norm() for terms in run.terms]).numpy(), *LOOKS[kind])
    return found


def _caption(run: StepTrace, title: str, series: Series) -> str:
    if not run.steps:
        return "No step was taken: 0 of them can be drawn."
    said = "Lengths of arrows" if title == "length" else f"{title} for each coordinate"
    said = said[0].upper() + said[1:] if said[:3].isalpha() else said
    first = ", ".join(f"{name} {fmt(values[0], 3)}" for name, (values, _, _) in series.items())
    last = ", ".join(f"{name} {fmt(values[-1], 3)}" for name, (values, _, _) in series.items())
    return f"{said}, at step 1: {first}; at step {run.steps:,}: {last}. The upright line is this step."
