"""One update in tables, a picture and sentences that can be checked by hand."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.training_loop.settings import LoopSettings
from core.training_loop.update import OneUpdate
from figures.picture import Picture
from figures.style import SEQUENCE, axes, numbers
from figures.words import fmt, typeset

ROLES = {
    "forward": ("predictions = model(number_pairs)", "Forward: the network answers every pair of the batch."),
    "loss": ("loss = loss_function(predictions, sums)", "Loss: one number that says how wrong the answers are."),
    "backward": ("loss.backward()", "Backward: every weight gets a gradient, the loss's slope along that weight."),
    "step": ("optimizer.step()", "Step: every weight moves, by the optimizer's rule."),
    "zero_grad": ("optimizer.zero_grad()", "Zero: the gradients are forgotten; else the next would be added to them."),
}


def detail(line: str, update: OneUpdate, settings: LoopSettings) -> str:
    """What a line of the loop had in its hands."""
    if line == "forward":
        (a, b), said, wanted = update.X[0].tolist(), update.predictions[0].item(), update.y[0].item()
        return (
            f"`number_pairs` {tuple(update.X.shape)} → `predictions` {tuple(update.predictions.shape)}. "
            f"The first pair is {fmt(a)}, {fmt(b)}: the answer is {fmt(said, decimals=4)}, the sum {fmt(wanted)}."
        )
    if line == "loss":
        return loss_sentence(update)
    if line == "backward":
        grads = ", ".join(f"`{name}` {tuple(g.shape)}" for name, g in update.gradients.items())
        return f"`.grad` of {grads}."
    return weight_sentence(update, settings) if line == "step" else "`.grad` is `None` again for every weight."


def loss_sentence(update: OneUpdate) -> str:
    """The mean squared error, checked by hand on the first rows."""
    error = (update.predictions - update.y)[:, 0]
    shown = min(3, len(error))
    terms = " + ".join(f"({fmt(e, decimals=3)})²" for e in error[:shown].tolist())
    rest = f" + … {len(error) - shown} more" if len(error) > shown else ""
    total = (error**2).sum().item()
    return f"loss = ({terms}{rest}) / {len(error)} = {fmt(total, 6)} / {len(error)} = **{fmt(update.loss, 6)}**"


def weight_sentence(update: OneUpdate, settings: LoopSettings) -> str:
    """The weight that moved furthest, step by step in numbers, with the optimizer's own formula."""
    if not update.seen_by_step:
        bias = update.weights_before["output_layer.bias"].item()
        return f"`output_layer.bias` stays at {fmt(bias, 6)}: there was no gradient for `step` to use."
    name, place = update.furthest()
    before, after, gradient = (
        tensors[name].flatten()[place].item()
        for tensors in (update.weights_before, update.weights_after, update.seen_by_step)
    )
    tensors = {key: value for key, value in update.optimizer[name].items() if isinstance(value, torch.Tensor)}
    state = {key: value.flatten()[place if value.dim() else 0].item() for key, value in tensors.items()}
    if "exp_avg" in state:
        state["m"] = state["exp_avg"] / (1 - 0.9 ** state["step"])
        state["v"] = state["exp_avg_sq"] / (1 - 0.999 ** state["step"])
    rule, meaning = RULES[settings.optimizer]
    w = before * (1 - settings.lr * 0.01) if settings.optimizer == "AdamW" else before
    index = ", ".join(str(int(i)) for i in np.unravel_index(place, update.weights_before[name].shape))
    return (
        f"The weight that moves furthest is `{name}[{index}]`, with gradient {fmt(gradient, 6)}: "
        f"{typeset(rule.format(w=w, g=gradient, lr=settings.lr, **state))} = **{fmt(after, decimals=7)}** ({meaning})."
    )


ADAM = "{w:.7f} − {lr:g} · ({m:.6g}) / (√{v:.6g} + 1e-8)"
RULES = {  # each optimizer's step in numbers, and what they are
    "Adam": (ADAM, "m / √v: running means of the gradient and of its square, corrected for their start"),
    "AdamW": (ADAM, "the weight, shrunk by lr · 0.01, − lr · m / √v: running means of the gradient and of its square"),
    "RMSprop": ("{w:.7f} − {lr:g} · ({g:.6g}) / (√{square_avg:.6g} + 1e-8)", "√: of its squares' running mean"),
    "Adagrad": ("{w:.7f} − {lr:g} · ({g:.6g}) / (√{sum:.6g} + 1e-10)", "√: of the sum of its squares so far"),
    "SGD": ("{w:.7f} − {lr:g} · ({g:.6g})", "weight − lr · gradient"),
    "SGD_momentum": ("{w:.7f} − {lr:g} · ({momentum_buffer:.6g})", "velocity: 0.9 of that before + gradient"),
}


def batch_table(update: OneUpdate) -> pd.DataFrame:
    """The batch as the first lines see it: inputs, target, answer, error, squared error."""
    predictions, target = update.predictions[:, 0], update.y[:, 0]
    columns = {"a": update.X[:, 0], "b": update.X[:, 1], "target a + b": target, "prediction": predictions}
    columns |= {"error": predictions - target, "squared error": (predictions - target) ** 2}
    return pd.DataFrame({name: numbers(values) for name, values in columns.items()})


def steps(update: OneUpdate) -> Picture:
    """Each weight's step against the gradient that the optimizer has used."""
    figure, rows = go.Figure(), []
    for (name, step), (color, _, marker) in zip(update.steps.items(), SEQUENCE, strict=False):
        gradient = update.seen_by_step.get(name, torch.zeros_like(step)).flatten()
        x, y, style = numbers(gradient), numbers(step.flatten()), {"color": color, "symbol": marker, "size": 8}
        figure.add_scatter(x=x, y=y, name=name, mode="markers", marker=style | {"opacity": 0.8})
        rows.append(pd.DataFrame({"tensor": name, "gradient": x, "step": y}))
    axes(figure, "gradient that step has used", "step (weight after − before)", yaxis_exponentformat="power")
    figure.update_layout(legend={"y": -0.25, "yanchor": "top"}, height=400)
    table = pd.concat(rows, ignore_index=True)
    largest = {column: fmt(np.abs(table[column].to_numpy()).max().item(), 3) for column in ("gradient", "step")}
    caption = (
        f"One mark for each of {len(table):,} weights: how far it moves, against its gradient. The largest gradient is "
        f"{largest['gradient']}, the largest step {largest['step']} (both without sign)."
    )
    if not update.seen_by_step:
        caption = f"One mark for each of {len(table):,} weights: no step has used a gradient, so none of them moves."
    if not update.finite:
        caption = "One mark for each weight whose gradient and step are finite: how far it moves, against its gradient."
    return Picture(figure, caption, "Scatter chart of steps against gradients. " + caption, table)
