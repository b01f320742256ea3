"""One update in tables, a picture and sentences."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.training_loop.one_update import OneUpdate
from core.training_loop.settings import LoopSettings
from figures.picture import Picture
from figures.style import SEQUENCE, axes, numbers

ROLES = {
    "forward": ("predictions = model(number_pairs)", "Forward: the network answers every pair of the batch."),
    "loss": ("loss = loss_function(predictions, sums)", "Loss: one number that says how wrong the answers are."),
    "backward": ("loss.backward()", "Backward: every weight gets a gradient, the loss's slope along that weight."),
    "step": ("optimizer.step()", "Step: every weight moves, by the optimizer's rule."),
    "zero_grad": ("optimizer.zero_grad()", "Zero: the gradients are forgotten; otherwise the next would be added."),
}


def batch_table(update: OneUpdate) -> pd.DataFrame:
    """The batch as the first lines see it: inputs, target, answer, error, squared error."""
    predictions, targets = update.predictions[:, 0], update.targets[:, 0]
    return pd.DataFrame(
        {
            "a": numbers(update.features[:, 0]),
            "b": numbers(update.features[:, 1]),
            "target a + b": numbers(targets),
            "prediction": numbers(predictions),
            "error": numbers(predictions - targets),
            "squared error": numbers((predictions - targets) ** 2),
        }
    )


def weight_table(update: OneUpdate) -> pd.DataFrame:
    """Each tensor of the network: its shape, and how long its gradient and its step are."""
    rows = []
    for name, before in update.weights_before.items():
        gradient = update.gradients.get(name)
        rows.append(
            {
                "tensor": name,
                "shape": str(tuple(before.shape)),
                "length of the gradient": float("nan") if gradient is None else gradient.norm().item(),
                "length of the step": (update.weights_after[name] - before).norm().item(),
                "largest step": (update.weights_after[name] - before).abs().max().item(),
            }
        )
    return pd.DataFrame(rows)


def steps(update: OneUpdate, settings: LoopSettings) -> Picture:
    """Each weight's step against its gradient."""
    figure = go.Figure()
    rows = []
    for (name, before), (color, _, marker) in zip(update.weights_before.items(), SEQUENCE, strict=False):
        gradient = update.gradients.get(name, torch.zeros_like(before)).flatten()
        step = (update.weights_after[name] - before).flatten()
        figure.add_scatter(
            x=numbers(gradient),
            y=numbers(step),
            name=name,
            mode="markers",
            marker={"color": color, "symbol": marker, "size": 8, "opacity": 0.8},
        )
        rows.append(pd.DataFrame({"tensor": name, "gradient": numbers(gradient), "step": numbers(step)}))
    axes(figure, "gradient", "step (weight after − before)", yaxis_exponentformat="power")
    figure.update_layout(legend={"y": -0.25, "yanchor": "top"}, height=400)
    caption = f"One mark for each of {sum(map(len, rows)):,} weights. {steps_sentence(update, settings)}"
    return Picture(figure, caption, "Scatter chart of steps against gradients. " + caption, pd.concat(rows))


def steps_sentence(update: OneUpdate, settings: LoopSettings) -> str:
    """What the optimizer made of the gradients in this update."""
    step = torch.cat([(update.weights_after[n] - w).flatten() for n, w in update.weights_before.items()])
    if not torch.isfinite(step).all():
        return "Some steps are not finite numbers: the run has diverged."
    if not update.seen_by_step:
        return (
            "No weight moved: `step` found no gradient when it ran."
            if "step" in update.order
            else "No weight moved: there is no `step` in this loop."
        )
    gradient = torch.cat([g.flatten() for g in update.seen_by_step.values()])
    moving = step[step != 0]
    spread = f"{gradient.abs().max():.3g}"
    largest = moving.abs().max().item() if len(moving) else 0.0
    name = settings.optimizer.replace("_", " with ")
    if settings.optimizer == "SGD":
        return (
            f"SGD's step is the gradient times minus the learning rate, so the marks lie on a line of slope "
            f"−{settings.lr:g}. The largest gradient is {spread}, the largest step {largest:.3g}."
        )
    return (
        f"The largest gradient is {spread}, yet {name} moves no weight by more than {largest:.3g} "
        f"({largest / settings.lr:.2g} times the learning rate): it divides by how large the gradients have been. "
        f"{_MEMORY.get(settings.optimizer, '')}"
        if settings.optimizer != "SGD_momentum"
        else f"The largest gradient is {spread}, the largest step {largest:.3g}: momentum adds up nine tenths of "
        "each step before."
    )


def loss_sentence(update: OneUpdate) -> str:
    """The mean squared error, checked by hand on the first rows."""
    error = (update.predictions - update.targets)[:, 0]
    shown = min(3, len(error))
    terms = " + ".join(f"({e:.3f})²" for e in error[:shown].tolist())
    rest = f" + … {len(error) - shown} more" if len(error) > shown else ""
    total = (error**2).sum().item()
    return f"loss = ({terms}{rest}) / {len(error)} = {total:.6g} / {len(error)} = **{update.loss:.6g}**"


def weight_sentence(update: OneUpdate, settings: LoopSettings) -> str:
    """The weight that moved furthest, step by step in numbers, with the optimizer's own formula."""
    if not update.seen_by_step:
        bias = update.weights_before["output_layer.bias"].item()
        return f"`output_layer.bias` stays at {bias:.6g}: there was no gradient for `step` to use."
    moved = {n: (update.weights_after[n] - w).abs().flatten() for n, w in update.weights_before.items()}
    name = max(moved, key=lambda n: moved[n].nan_to_num(nan=-1).max().item())
    place = int(moved[name].nan_to_num(nan=-1).argmax())
    before, after, gradient = (
        tensors[name].flatten()[place].item()
        for tensors in (update.weights_before, update.weights_after, update.seen_by_step)
    )
    state = {key: value.flatten()[place if value.dim() else 0].item() for key, value in update.optimizer[name].items()}
    formula = _FORMULAS[settings.optimizer](before, gradient, settings.lr, state)
    index = ", ".join(str(int(i)) for i in np.unravel_index(place, update.weights_before[name].shape))
    return (
        f"The weight that moves furthest is `{name}[{index}]`, with gradient {gradient:.6g}: "
        f"{formula} = **{after:.7f}**. {_READ[settings.optimizer]}"
    )


def _adam(w: float, g: float, lr: float, s: dict) -> str:
    m, v = s["exp_avg"] / (1 - 0.9 ** s["step"]), s["exp_avg_sq"] / (1 - 0.999 ** s["step"])
    return f"{w:.7f} − {lr:g} · ({m:.6g}) / (√{v:.6g} + 1e-8)"


_MEMORY = dict.fromkeys(
    ("Adam", "AdamW"),
    "It follows a running mean of the gradients, so a weight may for a while move with its newest gradient.",
)
_READ = {  # what the numbers of the formula are
    "Adam": "Above the line the running mean of its gradients, below it the root of the running mean of their squares.",
    "AdamW": "First the weight shrinks by lr · 0.01; above the line the running mean of its gradients, below it the "
    "root "
    "of the running mean of their squares.",
    "RMSprop": "Below the line stands the root of the running mean of its squared gradients.",
    "Adagrad": "Below the line stands the root of the sum of all its squared gradients so far.",
    "SGD": "The weight before, minus the learning rate times the gradient.",
    "SGD_momentum": "In brackets the velocity: nine tenths of the one before, plus the gradient.",
}
_FORMULAS = {
    "Adam": _adam,
    "AdamW": lambda w, g, lr, s: _adam(w * (1 - lr * 0.01), g, lr, s),
    "RMSprop": lambda w, g, lr, s: f"{w:.7f} − {lr:g} · ({g:.6g}) / (√{s['square_avg']:.6g} + 1e-8)",
    "Adagrad": lambda w, g, lr, s: f"{w:.7f} − {lr:g} · ({g:.6g}) / (√{s['sum']:.6g} + 1e-10)",
    "SGD": lambda w, g, lr, s: f"{w:.7f} − {lr:g} · ({g:.6g})",
    "SGD_momentum": lambda w, g, lr, s: f"{w:.7f} − {lr:g} · ({s['momentum_buffer']:.6g})",
}
