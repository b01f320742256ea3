"""Leaks: what each of them makes of data that hold nothing to be learned."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.generalization.leakage import LEAKS, N_REPEATS, Leaks
from figures.picture import Picture
from figures.style import GREEN, GREY, HATCHED, axes, numbers
from figures.words import fmt

LEAKING = (0, 1)  # the traces that a guess is about


@cached
def leak_bars(found: Leaks) -> Picture:
    """Mean share of right answers with each leak and without it, and where eight of ten data sets lie."""
    figure = go.Figure()
    bars = {"leaking": (found.leaking, HATCHED, -0.2), "honest": (found.honest, {"color": GREEN}, 0.2)}
    for name, (values, marker, aside) in bars.items():
        low, middle, high = torch.quantile(values, 0.1, dim=1), values.mean(dim=1), torch.quantile(values, 0.9, dim=1)
        reach = {"array": numbers((high - middle).clamp_min(0)), "arrayminus": numbers((middle - low).clamp_min(0))}
        x = [place + aside for place in range(len(LEAKS))]
        figure.add_bar(
            x=x,
            y=numbers(middle),
            width=0.38,
            name=name,
            marker=marker,
            error_y=reach | {"thickness": 2, "color": GREY},
        )
        texts = [f"{share:.0%}" for share in middle.tolist()]
        above = {"y": numbers(high), "text": texts, "textposition": "top center", "mode": "text", "hoverinfo": "skip"}
        figure.add_scatter(x=x, **above, showlegend=False)
    figure.add_hline(y=0.5, line={"color": GREY, "width": 2, "dash": "dot"}, annotation_text="coin flip")
    axes(figure, "what has gone wrong", "share of right holdout answers").update_layout(height=440)
    names = [words.replace(" with ", "<br>with ").replace(" on ", "<br>on ") for words in LEAKS.values()]
    figure.update_xaxes(tickvals=list(range(len(names))), ticktext=names, showgrid=False, zeroline=False)
    figure.update_yaxes(range=[0, 1.1], tickformat=".0%")
    caption = (
        f"Means of {N_REPEATS} data sets without anything to learn, and where eight of ten lie; a coin is right in "
        f"50%. The leaks add, in percentage points and from left to right: {', '.join(added(found))}."
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
    rows = zip(LEAKS.values(), added(found), strict=True)
    said = [f"{words[0].lower()}{words[1:]}: {points}" for words, points in rows]
    return f"{'' if found.worst else 'None adds more than chance may. '}Added percentage points: {'; '.join(said)}."


def added(found: Leaks) -> list[str]:
    """The percentage points that every leak adds, with their sign."""
    points = [fmt(100 * harm, decimals=1) for harm in found.harm.tolist()]
    return [text if text.startswith("−") or float(text) == 0 else f"+{text}" for text in points]


def by_hand(found: Leaks) -> str:
    """The choosing of questions in the first data set."""
    n = found.n_holdout
    (wrong, right) = (round(t[1, 0].item() * n) for t in (found.leaking, found.honest))
    return (
        f"In the first data set the questions are chosen with all rows, and {wrong} of {n} holdout answers are right: "
        f"{wrong} / {n} = **{wrong / n:.4g}**. With the training rows alone: {right} / {n} = **{right / n:.4g}**."
    )
