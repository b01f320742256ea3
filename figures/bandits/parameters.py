"""The reward of each strategy over its parameter."""

import pandas as pd
import plotly.graph_objects as go

from core.bandits.parameters import Study, shape
from core.bandits.settings import HALVES, STRATEGIES
from figures.bandits.style import STYLES, SYMBOLS, enough
from figures.picture import Picture
from figures.style import GREY, axes
from figures.words import fmt, plural

MOST_EPSILON = 0.25  # the largest that is tried


def fraction(value: float) -> str:
    """1/8 for 0.125."""
    return f"1/{round(1 / value)}" if value < 1 else f"{value:g}"


def study_picture(found: list[Study]) -> Picture:
    """One line a strategy, with a larger mark at its highest point; a line for those who know the best arm."""
    figure, settings = go.Figure(), found[0].settings
    best = found[0].best.mean().item()
    for study in found:
        color, dash, symbol = STYLES[study.strategy]
        sizes = [15 if place in study.peaks else 7 for place in range(len(study.values))]
        figure.add_scatter(
            x=study.values,
            y=study.means,
            name=named_by_symbol(study.strategy),
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2.5},
            marker={"symbol": symbol, "size": sizes},
        )
    line = {"color": GREY, "dash": "longdash", "width": 2}
    figure.add_scatter(x=[HALVES[0], HALVES[-1]], y=[best, best], name="always the best arm", mode="lines", line=line)
    axes(figure, "parameter (log scale)", f"mean reward over {plural(settings.steps)}")
    figure.update_layout(showlegend=True)
    figure.update_xaxes(type="log", tickvals=HALVES, ticktext=[fraction(value) for value in HALVES])
    top = max(max(study.means) for study in found)
    tops = [at(study, place) for study in found for place in study.peaks if study.means[place] == top]
    of = tops[0] if len(tops) == 1 else f"that of {len(tops)} marks"
    caption = (
        f"Each mark is the average of {plural(settings.runs, 'run')}; large marks are the highest of their line. The "
        f"highest of all is {of}, {fmt(top, decimals=3)} a step."
    )
    columns = {"strategy": [], "parameter": [], "mean reward": []}
    for study in found:
        columns["strategy"] += [named_by_symbol(study.strategy)] * len(study.values)
        columns["parameter"] += study.values
        columns["mean reward"] += study.means
    alt = f"Line chart of the mean reward against the parameter of each strategy. {caption}"
    return Picture(figure, caption, alt, pd.DataFrame(columns))


def named_by_symbol(strategy: str) -> str:
    """UCB (c)."""
    return f"{STRATEGIES[strategy]} ({SYMBOLS[strategy]})"


def at(study: Study, place: int) -> str:
    """UCB with c = 1/2."""
    return f"{STRATEGIES[study.strategy]} with {SYMBOLS[study.strategy]} = {fraction(study.values[place])}"


def epsilon_words(study: Study) -> str:
    """What the reward does from the smallest epsilon to the largest."""
    first, peak, last = (fmt(mean, decimals=3) for mean in (study.means[0], max(study.means), study.means[-1]))
    best = fraction(study.values[study.peaks[0]])
    ends = f"With ε = 1/128 it gets {first} a step, with ε = 1/4 {last}"
    said = {
        "between": f"{ends}, and with ε = {best} {peak}: too little costs, and too much.",
        "rises": f"{ends}: here more exploring pays.",
        "falls": f"{ends}: here every random pull costs more than it teaches.",
        "flat": f"{ends}: the best value is too little ahead to be sure of it.",
    }
    return said[shape(study)]


def by_hand(study: Study) -> str:
    """What too much exploring costs even those who know the best arm."""
    best, average = study.best.mean().item(), study.average.mean().item()
    b, a, most = enough(lambda b, a: (1 - MOST_EPSILON) * b + MOST_EPSILON * a, best, average)
    got = fmt(study.means[-1], decimals=4)
    return (
        f"In these runs the best arm pays {b} a pull on average, a random one {a}. With ε = 1/4 one pull in four is "
        f"random, so knowing the best arm from the start would give 3/4 · {b} + 1/4 · {a} = **{most}**; "
        f"learning it, ε-greedy got {got}."
    )
