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
from figures.words import bracketed, fmt, full, listed, plural

MOST_TERMS = 8


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
    lines, columns = {}, {"episode": range(len(found.values))}
    for name, errors in found.errors.items():
        low, high = (torch.quantile(errors, q, dim=1).numpy() for q in (0.25, 0.75))
        middle = errors.mean(dim=1).numpy()
        label = f"{found.settings.n}-step" if name == "n_step" else METHODS[name]
        lines[label] = (middle, low, high)
        columns |= {label: middle, f"{label}, a quarter below": low, f"{label}, a quarter above": high}
    figure, frames = curves(lines, "episode", "error (root mean square over the cells)", moments(found))
    figure.update_yaxes(rangemode="tozero")
    ends = [f"{label} {fmt(float(middle[-1]), 3)}" for label, (middle, _, _) in lines.items()]
    caption = (
        f"Lines: the mean over {N_SEEDS} runs that differ only in their seeds; bands: their middle half. At the end: "
        f"{', '.join(ends)}."
    )
    alt = f"Lines with bands of errors against episodes. {caption}"
    return Picture(figure, caption, alt, pd.DataFrame(columns), frames)


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
    terms, G = [], 0.0
    values = [*update.rewards, *([] if update.follow is None else [float(f"{update.follow:.6g}")])]
    for k, value in enumerate(values):
        G += settings.gamma**k * value
        share = "" if k == 0 or settings.gamma == 1 else f"{full(settings.gamma)}^{k} · "
        terms.append(share + (bracketed(value, 6) if k else fmt(value, 6)))
    G = float(f"{G:.6g}")
    shown = terms if len(terms) <= MOST_TERMS else [*terms[:MOST_TERMS], "..."]
    last = "the end" if update.follow is None else place(found.world, update.after)
    new = old + settings.alpha * (G - old)
    total = f"{' + '.join(shown)} = {fmt(G, 6)}" if len(terms) > 1 else fmt(G, 6)
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
