"""A network's training step: what becomes of each weight, and of the error."""

import pandas as pd

from core.backpropagation.network import TrainingStep, effect
from figures.words import bracketed, fmt, full

ENDS = {
    "lower": "lower than before",
    "higher": "higher than before: the step was too long",
    "same": "the same as before",
}


def step_table(step: TrainingStep) -> pd.DataFrame:
    """Each weight before the step, its gradient, and the weight after it."""
    return pd.DataFrame(
        {
            "weight": step.names,
            "before": step.before.tolist(),
            "gradient dE/dw": step.gradients.tolist(),
            "lr × gradient": (step.before - step.after).tolist(),
            "after": step.after.tolist(),
        }
    )


def step_words(step: TrainingStep) -> str:
    """What the step does to the error."""
    return f"The error E was {fmt(step.loss, 9)} and is {fmt(step.new_loss, 9)} after the step, {ENDS[effect(step)]}."


def update_by_hand(step: TrainingStep, name: str) -> str:
    """The update of a weight in numbers."""
    i = step.names.index(name)
    old, gradient, new = step.before[i].item(), step.gradients[i].item(), step.after[i].item()
    if name.startswith("b") and not step.settings.biases:
        return f"{name} is not trained: it stays **{fmt(new, 7)}**"
    return (
        f"{name} ← {name} − lr × dE/d{name} = {fmt(old, 9)} − {full(step.settings.lr)} × {bracketed(gradient, 9)} = "
        f"**{fmt(round(new, 6), 12)}**"
    )
