"""Many runs of several strategies: their averages at each step, and one run beside such an average."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.bandits.settings import N_ARMS
from core.bandits.testbed import LAST, SPIKE, Curves, has_spike, leaders
from core.cache import cached
from figures.bandits.style import QUANTITIES, STYLES, enough, named
from figures.picture import Picture
from figures.style import GREY, axes, numbers
from figures.words import fmt, listed, plural

POINTS = 150  # of a line on a logarithmic scale; the table has every step
MODES = ("lines", "markers")  # one step makes no line
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


def said(value: float, measure: str) -> str:
    """A value with its unit."""
    if measure == "optimal":
        return f"{fmt(100 * value, decimals=1)}%"
    return fmt(value, decimals=1 if measure == "regret" else 3)


def runs_words(found: list[Curves]) -> str:
    """How many runs were averaged."""
    runs = found[0].runs
    return f"the average of {plural(runs, 'run')}" if runs > 1 else "one single run"


def curves_picture(found: list[Curves], measure: str) -> Picture:
    """One line a strategy."""
    figure, last = go.Figure(), min(LAST, found[0].steps)
    steps = np.arange(1, found[0].steps + 1, dtype=np.int32)
    percent = 100 if measure == "optimal" else 1
    long = measure == "regret"  # which grows by the same amount in each step, or more and more slowly
    # On a logarithmic scale the last steps lie so close that a dashed line would be a band.
    drawn = steps if long else np.unique(np.geomspace(1, len(steps), POINTS).round().astype(np.int32))
    for curves in found:
        color, dash, _ = STYLES[curves.strategy]
        figure.add_scatter(
            x=drawn,
            y=percent * numbers(getattr(curves, measure))[drawn - 1],
            name=named(curves.strategy, curves.value).replace("Gradient, no", "No"),  # a wide name takes much room
            mode=MODES[len(steps) == 1],
            line={"color": color, "dash": dash, "width": 2.5},
        )
    axes(figure, "step" if long else "step (log scale)", f"{QUANTITIES[measure]}{' (%)' * (percent == 100)}")
    if not long:
        figure.update_xaxes(type="log", tickvals=TICKS, ticktext=[f"{tick:,}" for tick in TICKS])
    share = spike(found)
    if share is not None and measure == "optimal":
        note = {"text": f"step {SPIKE}", "showarrow": True, "arrowcolor": GREY, "ax": -40, "ay": -35, "arrowwidth": 2}
        figure.add_annotation(x=np.log10(SPIKE), y=100 * share, **note)
    top = leaders(found, measure)
    few = listed([named(curves.strategy, curves.value) for curves in top])
    names, value = few if len(top) < 4 else f"{len(top)} strategies", said(top[0].at_the_end(measure), measure)
    where = "at the end, with the lowest regret," if measure == "regret" else f"in the last {plural(last)}, with"
    lead = "leads" if len(top) == 1 else "lead"
    caption = f"Each line is {runs_words(found)}, all on the same arms. {names} {lead} {where} {value}."
    table = pd.DataFrame({"step": steps})
    for curves in found:
        table[named(curves.strategy, curves.value)] = getattr(curves, measure).numpy()
    return Picture(figure, caption, f"Line chart of the {QUANTITIES[measure]} over the steps. {caption}", table)


@cached
def noise_picture(curves: Curves) -> Picture:
    """The rewards of the first run, and the average of all."""
    color, dash, _ = STYLES[curves.strategy]
    figure, steps = go.Figure(), np.arange(1, curves.steps + 1, dtype=np.int32)
    marker = {"color": GREY, "size": 4}
    figure.add_scattergl(x=steps, y=numbers(curves.one), mode="markers", name="run 1", marker=marker)
    line = {"color": color, "dash": dash, "width": 3}
    figure.add_scatter(
        x=steps, y=numbers(curves.reward), mode=MODES[len(steps) == 1], name=runs_words([curves]), line=line
    )
    axes(figure, "step", "reward")
    low, high = fmt(curves.one.min().item(), decimals=2), fmt(curves.one.max().item(), decimals=2)
    caption = (
        f"{named(curves.strategy, curves.value)}: the rewards of run 1 lie between {low} and {high}. In one run, "
        "noise hides what a strategy is worth."
    )
    table = pd.DataFrame({"step": steps, "run 1": curves.one.numpy(), "average": curves.reward.numpy()})
    return Picture(figure, caption, f"Dots of one run's rewards around a line. {caption}", table)


def spike(found: list[Curves]) -> float | None:
    """The share of the runs in which UCB pulls the best arm at step 11, if it spikes there."""
    return next((curves.optimal[SPIKE - 1].item() for curves in found if has_spike(curves)), None)


def spike_words(found: list[Curves]) -> str:
    """Why UCB pulls the best arm so often at step 11; empty if it does not."""
    share = spike(found)
    if share is None:
        return ""
    return (
        f"**The spike at step {SPIKE}.** In its first {N_ARMS} steps UCB pulls every arm once. At step {SPIKE} it "
        f"pulls the one that paid most, which is the best arm in {said(share, 'optimal')} of the runs. Then others get "
        "their turn again."
    )


def by_hand(curves: Curves) -> str:
    """How far off the average at the last step is."""
    if curves.runs == 1:
        return (
            "With 1 run the average of its one reward is that reward: at the last step "
            f"{fmt(curves.one[-1].item(), decimals=3)} / 1 = **{fmt(curves.reward[-1].item(), decimals=3)}**"
        )
    spread, n, error = enough(lambda s, n: s / n**0.5, curves.spread[-1].item(), curves.runs)
    return (
        f"{named(curves.strategy, curves.value)}, step {curves.steps:,}: over {curves.runs:,} runs the rewards have "
        f"a standard deviation of {spread}. Their average is off by about that divided by √runs: "
        f"{spread} / √{n} = **{error}**"
    )
