"""Leaks: what each of them makes of data that hold nothing to be learned."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.leakage import LEAKS, N_REPEATS, Leaks
from figures.picture import Picture
from figures.style import GREEN, GREY, HATCHED, axes, numbers

LEAKING = 0  # the trace that a guess is about


@cached
def leak_bars(found: Leaks) -> Picture:
    """Mean share of right answers with each leak and without it, and where eight of ten data sets lie."""
    figure, names = (
        go.Figure(),
        [words.replace(" with ", "<br>with ").replace(" on ", "<br>on ") for words in LEAKS.values()],
    )
    bars = {
        "leaking": (found.leaking, HATCHED),
        "honest": (found.honest, {"color": GREEN}),
    }
    for name, (values, marker) in bars.items():
        low, middle, high = torch.quantile(values, 0.1, dim=1), values.mean(dim=1), torch.quantile(values, 0.9, dim=1)
        reach = {"array": numbers((high - middle).clamp_min(0)), "arrayminus": numbers((middle - low).clamp_min(0))}
        texts = [f"{share:.0%}" for share in middle.tolist()]
        figure.add_bar(
            x=names,
            y=numbers(middle),
            name=name,
            marker=marker,
            error_y=reach | {"thickness": 2, "color": GREY},
            text=texts,
            textposition="inside",
            insidetextanchor="start",
            textfont={"size": 15, "color": "white"},
        )
    figure.add_hline(y=0.5, line={"color": GREY, "width": 2, "dash": "dot"}, annotation_text="coin flip")
    axes(figure, "what has gone wrong", "share of right holdout answers", barmode="group").update_layout(height=440)
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%")
    points = ", ".join(f"{100 * harm:+.1f}".replace("-", "−") for harm in found.harm.tolist())
    caption = (
        f"Means of {N_REPEATS} data sets without anything to learn, and where eight of ten lie: an honest test says "
        f"50%. The leaks add, in percentage points and from left to right: {points}."
    )
    table = pd.DataFrame(
        {
            "leak": list(LEAKS.values()),
            "leaking": found.leaking.mean(dim=1),
            "honest": found.honest.mean(dim=1),
            "difference": found.harm,
        }
    )
    return Picture(figure, caption, f"Bars: right answers with and without each leak. {caption}", table)


def guess_words(found: Leaks) -> str:
    """What every leak adds."""
    said = [
        f"{words[0].lower()}{words[1:]}: {100 * harm:+.1f}"
        for words, harm in zip(LEAKS.values(), found.harm, strict=True)
    ]
    return f"Added percentage points: {'; '.join(said)}.".replace("-", "−")


def by_hand(found: Leaks) -> str:
    """The choosing of questions in the first data set."""
    n = found.n_holdout
    (wrong, right) = (round(t[1, 0].item() * n) for t in (found.leaking, found.honest))
    return (
        f"In the first data set the questions are chosen with all rows, and {wrong} of {n} holdout answers are right: "
        f"{wrong} / {n} = **{wrong / n:.4g}**. With the training rows alone: {right} / {n} = **{right / n:.4g}**."
    )
