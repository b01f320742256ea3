"""All steps of a run side by side: what a unit of gradient was worth in each, or how long its terms were."""

import math

import numpy as np
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.update import StepTrace
from figures.axis import drawn, log_axis
from figures.optimizers.update.arrows import TERMS
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import fmt

HEIGHT = 230
MOST = 1e307  # that the mark's upper end is finite
FEW = 12  # steps whose numbers are drawn as points, too
ONE_RATE = ("SGD", "ASGD", "LBFGS")  # no divisor of its own for each coordinate
Series = dict[str, tuple[np.ndarray, str, str]]  # name -> values, colour, dash


@cached
def history(trace: StepTrace) -> Picture:
    """One or more lines over the steps, of which there is at least one, and a mark that moves; one frame a step."""
    one_rate, figure = trace.optimizer in ONE_RATE, go.Figure()
    title, series = ("length", _lengths(trace)) if one_rate else (trace.rate_formula, _rates(trace))
    shown = {name: drawn(values) for name, (values, _, _) in series.items()}
    good = np.concatenate([values[np.isfinite(values)] for values in shown.values()])
    mode = "lines+markers" if len(good) < FEW * len(shown) else "lines"
    for name, (_, color, dash) in series.items():
        line = {"color": color, "dash": dash, "width": 2}
        figure.add_scatter(x=np.arange(1, trace.run.steps + 1), y=shown[name], name=name, mode=mode, line=line)
    low, high = (float(good.min()) / 1.6, min(float(good.max()), MOST) * 1.6) if len(good) else (0.1, 1.0)
    mark = {"y": [low, high], "mode": "lines", "line": {"color": GREY, "width": 2}, "name": "this step"}
    figure.add_scatter(x=[1, 1], **mark, showlegend=False)
    frames = [{"data": [{"x": [at + 1, at + 1]}], "traces": [len(series)]} for at in range(trace.run.steps)]
    axes(figure, "step", title)
    log_axis(figure, good)
    if len(good) and good.max() / 3 < good.min():
        figure.update_yaxes(range=[math.log10(low) - 0.4, math.log10(high) + 0.4])
    figure.update_layout(height=HEIGHT, margin={"l": 5, "r": 5, "t": 35, "b": 5})
    said = "The length of the step and of its terms" if one_rate else f"What lr becomes for each coordinate, {title}"
    first = ", ".join(f"{name} {fmt(values[0], 3)}" for name, (values, _, _) in series.items())
    caption = f"{said}; the upright line is this step. At the first step: {first}."
    return Picture(figure, caption, f"Lines over the steps of a run. {caption}", frames=frames)


def _rates(trace: StepTrace) -> Series:
    """What a unit of gradient is worth in each coordinate."""
    x, y = trace.rates.numpy().T
    return {"x": (x, BLUE, "solid"), "y": (y, VERMILLION, "dash")}


def _lengths(trace: StepTrace) -> Series:
    """How long the step and its terms are; for L-BFGS all moves together."""
    steps = (trace.run.path[1:] - trace.run.path[:-1]).norm(dim=1).numpy()
    found: Series = {"the step": (steps, GREY, "longdash")}
    if trace.optimizer == "LBFGS":
        moves = np.array([terms.norm(dim=1).sum().item() for terms in trace.terms])
        return found | {"all moves": (moves, *TERMS["move"])}
    for i, (kind, name) in enumerate(trace.names):
        found[name] = (torch.stack([terms[i].norm() for terms in trace.terms]).numpy(), *TERMS[kind])
    return found
