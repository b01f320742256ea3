"""Estimates of a policy's values beside the exact ones, and how wrong each method is after each episode."""

import numpy as np
import pandas as pd
import torch

from core.cache import cached
from core.reinforcement_learning.prediction import LONGEST, N_SEEDS, Predicted, best_method
from core.reinforcement_learning.settings import METHODS
from core.reinforcement_learning.world import place
from figures.line_chart import frame_steps
from figures.picture import Picture
from figures.reinforcement_learning.curves import curves
from figures.reinforcement_learning.grid import said, value_map
from figures.reinforcement_learning.sums import discounted_sum
from figures.words import bracketed, fmt, full, listed, plural


def moments(found: Predicted) -> list[int]:
    """The episodes after which the estimates can be looked at."""
    return frame_steps(len(found.values) - 1)


@cached
def estimates(found: Predicted) -> Picture:
    """The chosen method's values of the first run, with the exact ones below them; one frame an episode."""
    world, steps = found.world, moments(found)
    exact = torch.where(found.asked, found.exact, torch.nan)
    values = torch.where(found.asked, found.values[steps], torch.nan)
    largest = max(exact[found.asked].abs().max().item(), values[:, found.asked].abs().max().item())

    def words(V: list[float]) -> list[str]:
        return ["" if v != v else f"{said(v, largest)}<br>({said(e, largest)})" for v, e in zip(V, exact, strict=True)]

    figure, frames = value_map(world, values, [words(V) for V in values.tolist()], "estimate")
    error = found.errors[found.settings.method][-1, 0].item()
    n = len(found.values) - 1
    cut = f"; {found.cut:,} of {N_SEEDS * n:,} episodes were cut off after {LONGEST} moves" if found.cut else ""
    caption = (
        f"Each cell: what {METHODS[found.settings.method]} makes of one run, and in brackets the exact value of moving "
        f"like this. After {plural(n, 'episode')} they differ by {fmt(error, 3)} (root mean square){cut}."
    )
    cells = found.asked.nonzero().flatten().tolist()
    table = pd.DataFrame(
        {
            "cell": [place(world, cell) for cell in cells],
            "estimate at the end": found.values[-1][cells].numpy(),
            "exact value": exact[cells].numpy(),
        }
    )
    return Picture(figure, caption, f"Map of cells with two values each. {caption}", table, frames)


@cached
def error_chart(found: Predicted) -> Picture:
    """The error of each method over the episodes, a band over the runs."""
    names = METHODS | {"n_step": f"{found.settings.n}-step"}
    lines = {names[name]: (errors, errors.mean(dim=1)) for name, errors in found.errors.items()}
    title = "error (root mean square over the cells)"
    figure, frames, table = curves(lines, "episode", title, moments(found))
    figure.update_yaxes(rangemode="tozero")
    ends = [f"{label} {fmt(float(middle[-1]), 3)}" for label, (_, middle) in lines.items()]
    caption = (
        f"Lines: the mean over {N_SEEDS} runs that differ only in their seeds; bands: their middle half. At the end: "
        f"{', '.join(ends)}."
    )
    alt = f"Lines with bands of errors against episodes. {caption}"
    return Picture(figure, caption, alt, table, frames)


def labels(found: Predicted) -> list[str]:
    """What to say at each moment."""
    errors = found.errors[found.settings.method][:, 0].tolist()
    return [f"After {plural(step, 'episode')}: error {fmt(errors[step], 3)}." for step in moments(found)]


def update_by_hand(found: Predicted, episode: int) -> str:
    """The last update of an episode, V(s) ← V(s) + α [G − V(s)]."""
    if episode == 0:
        return "Before the first episode every estimate is = **0**."
    update, settings = found.updates[episode - 1], found.settings
    old = float(f"{update.old:.6g}")
    follow = [] if update.follow is None else [float(f"{update.follow:.6g}")]
    values = [*update.rewards, *follow]
    G, text = discounted_sum(values, settings.gamma)
    G = float(f"{G:.6g}")
    total = fmt(G, 6) if len(values) == 1 else f"{text} = {fmt(G, 6)}"
    last = "the end" if update.follow is None else place(found.world, update.after)
    new = old + settings.alpha * (G - old)
    return (
        f"The last update of episode {episode}, at {place(found.world, update.cell)}, as far as {last}: G = {total}; "
        f"V ← {fmt(old, 6)} + {full(settings.alpha)} · [{fmt(G, 6)} − {bracketed(old, 6)}] = **{fmt(new, 5)}**."
    )


def why_best(found: Predicted) -> str:
    """The errors at the end, and what a method waits for."""
    names = {"mc": "Monte Carlo", "td": "TD(0)", "n_step": f"{found.settings.n}-step"}
    ends = {name: float(np.mean(errors[-1].numpy())) for name, errors in found.errors.items()}
    told = ", ".join(f"{names[name]} {fmt(end, 3)}" for name, end in ends.items())
    return (
        f"Mean errors at the end: {told}; smallest: {listed([names[name] for name in best_method(found)])}. Monte "
        "Carlo waits for the whole return, with all its chance; TD(0) takes one reward and the next estimate, which "
        "is wrong at first."
    )
