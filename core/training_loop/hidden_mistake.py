"""A mistake hidden in the loop, and what can be read off its tensors."""

from collections.abc import Sequence

import pandas as pd
import torch

from core.training_loop.run import Run
from core.training_loop.update import replay


def hidden(number: int, mistakes: Sequence[str]) -> str:
    """Which of the mistakes the puzzle of this number hides."""
    return mistakes[torch.randint(len(mistakes), (), generator=torch.Generator().manual_seed(number))]


def evidence(run: Run, name: str = "") -> pd.DataFrame:
    """The first three updates: the numbers a of the batch, the largest gradient after `backward`, the largest step."""
    rows = []
    for update in (replay(run, number) for number in (1, 2, 3)):
        gradient, step = (max(v.abs().max().item() for v in p.values()) for p in (update.gradients, update.steps))
        seen = "{:g} to {:g}".format(*update.X[:, 0].aminmax())
        rows.append(
            {"loop": name, "numbers a": seen, "largest |.grad|": float(f"{gradient:.5g}"), "largest step": step}
        )
    return pd.DataFrame(rows)
