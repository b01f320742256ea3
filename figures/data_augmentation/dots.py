"""One row an augmentation, one dot a seed, and the band that they span."""

import pandas as pd
import plotly.graph_objects as go

from core.data_augmentation.compare import NONE, Compared, effect, mean
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes
from figures.words import fmt, listed, plural

Style = tuple[str, str]  # colour and marker
EFFECTS = {"helps": (GREEN, "diamond"), "hurts": (VERMILLION, "x"), "unclear": (BLUE, "circle")}


def accuracies(found: Compared, names: dict[str, str], things: str, y: str) -> Picture:
    """One row an augmentation, one dot a seed."""
    rows = {names[name]: values for name, values in found.accuracy.items()}
    figure = dot_rows(rows, effect_styles(rows), f"accuracy on the same {found.n_holdout} unseen {things}", y)
    caption = f"A dot is one seed; the grey band spans those with {names[NONE]}. {says(rows)}"
    table = seed_table(rows, found.settings.seed)
    return Picture(figure, caption, f"Rows of dots, one row an augmentation. {caption}", table)


def dot_rows(rows: dict[str, list[float]], styles: dict[str, Style], quantity: str, y: str) -> go.Figure:
    """Dots and the band that they span; the band of the first row goes through all rows, its mean as a dashed line.

    Args:
        rows: what to call each -> one number a seed. quantity, y: the titles of the axes.
    """
    figure, first = go.Figure(), next(iter(rows.values()))
    figure.add_vrect(x0=min(first), x1=max(first), fillcolor=GREY, opacity=0.25, line_width=0)
    figure.add_vline(x=mean(first), line={"color": GREY, "dash": "dash", "width": 2})
    for name, values in rows.items():
        color, symbol = styles[name]
        band = {"mode": "lines", "line": {"color": color, "width": 8}, "opacity": 0.35, "hoverinfo": "skip"}
        figure.add_scatter(x=[min(values), max(values)], y=[name, name], **band)
        marker = {"color": color, "size": 11, "symbol": symbol, "line": {"color": "white", "width": 1}}
        hover = "%{x:.3f}<extra></extra>"
        figure.add_scatter(x=values, y=[name] * len(values), mode="markers", marker=marker, hovertemplate=hover)
    axes(figure, quantity, y)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return figure.update_layout(height=120 + 46 * len(rows), margin={"t": 10}, showlegend=False)


def effect_styles(rows: dict[str, list[float]]) -> dict[str, Style]:
    """Colour and marker by what the seeds say against the first row, which is grey."""
    base = next(iter(rows))
    return {name: EFFECTS[effect(rows[base], values)] for name, values in rows.items()} | {base: (GREY, "circle")}


def says(rows: dict[str, list[float]]) -> str:
    """Which rows help and which hurt against the first, in one sentence."""
    base, *others = rows
    if not others:
        return "The others are drawn, and said here, after your guess."
    found = {e: [name for name in others if effect(rows[base], rows[name]) == e] for e in ("helps", "hurts")}
    said = [f"{e}: {listed(names)}" for e, names in found.items() if names]
    if not said:
        return f"With {plural(len(rows[base]), 'seed')}, no difference is clear."
    return f"At these seeds, {'; '.join(said)}."


def seed_table(rows: dict[str, list[float]], first_seed: int) -> pd.DataFrame:
    """The numbers of every seed, the mean, and what the seeds say against the first row."""
    lines, against = [], next(iter(rows))
    for name, values in rows.items():
        seeds = {f"seed {first_seed + i}": value for i, value in enumerate(values)}
        says = "" if name == against else effect(rows[against], values)
        lines.append({"row": name} | seeds | {"mean": mean(values), "effect": says})
    return pd.DataFrame(lines)


def mean_by_hand(values: list[float]) -> str:
    """The mean of the numbers of all seeds, digit by digit."""
    total = sum(round(value, 4) for value in values)
    return f"({' + '.join(fmt(value, decimals=4) for value in values)}) / {len(values)} = **{total / len(values):.4f}**"


def by_hand(found: Compared, names: dict[str, str], things: str) -> str:
    """The share at the first seed, and the mean, without augmentation."""
    right, n, values = found.right[NONE][0], found.n_holdout, found.accuracy[NONE]
    return (
        f"At seed {found.settings.seed}, with {names[NONE]}, {right} of {n} {things} are named right: {right} / {n} = "
        f"**{values[0]:.4f}**. The mean over all seeds is {mean_by_hand(values)}."
    )


def means(found: Compared, names: dict[str, str]) -> str:
    """The mean accuracies and what the seeds say, for the reveal of the guess."""
    rows = {names[name]: values for name, values in found.accuracy.items()}
    return f"Mean accuracies: {', '.join(f'{name} {mean(values):.1%}' for name, values in rows.items())}. {says(rows)}"
