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


def said(value: float, measure: str) -> str:
    """A value with its unit."""
    return f"{fmt(100 * value, decimals=1)} %" if measure == "optimal" else fmt(value, decimals=3)


def runs_words(found: list[Curves]) -> str:
    """How many runs were averaged."""
    runs = found[0].runs
    return f"the average of {plural(runs, 'run')}" if runs > 1 else "one single run"


def curves_picture(found: list[Curves], measure: str) -> Picture:
    """One line a strategy."""
    figure, last = go.Figure(), min(LAST, found[0].steps)
    steps = np.arange(1, found[0].steps + 1, dtype=np.int32)
    percent = 100 if measure == "optimal" else 1
    for curves in found:
        color, dash, _ = STYLES[curves.strategy]
        figure.add_scatter(
            x=steps,
            y=percent * numbers(getattr(curves, measure)),
            name=named(curves.strategy, curves.value),
            mode="lines",
            line={"color": color, "dash": dash, "width": 2.5},
        )
    axes(figure, "step", f"{QUANTITIES[measure]}{' (%)' * (percent == 100)}")
    spikes = [curves for curves in found if has_spike(curves)] if measure == "optimal" else []
    if spikes:
        top = max(curves.optimal[SPIKE - 1].item() for curves in spikes)
        note = {"text": f"step {SPIKE}", "showarrow": True, "ax": 40, "ay": -30, "arrowwidth": 2}
        figure.add_annotation(x=SPIKE, y=100 * top, **note)
    names = listed([named(curves.strategy, curves.value) for curves in leaders(found, measure)])
    value = said(leaders(found, measure)[0].at_the_end(measure), measure)
    least = "lowest regret at the end" if measure == "regret" else f"most in the last {plural(last)}"
    caption = f"Each line is {runs_words(found)}, all on the same arms. {names}: {least}, {value}."
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
    figure.add_scatter(x=steps, y=numbers(curves.reward), mode="lines", name=runs_words([curves]), line=line)
    axes(figure, "step", "reward")
    low, high = fmt(curves.one.min().item(), decimals=2), fmt(curves.one.max().item(), decimals=2)
    caption = (
        f"{named(curves.strategy, curves.value)}: the rewards of run 1 lie between {low} and {high}. In one run, "
        "noise hides what a strategy is worth."
    )
    table = pd.DataFrame({"step": steps, "run 1": curves.one.numpy(), "average": curves.reward.numpy()})
    return Picture(figure, caption, f"Dots of one run's rewards around a line. {caption}", table)


def spike_words(found: list[Curves]) -> str:
    """Why some strategies pull the best arm so often at step 11; empty if none does."""
    spikes = [curves for curves in found if has_spike(curves)]
    if not spikes:
        return ""
    names = listed([named(curves.strategy, curves.value) for curves in spikes])
    shares = listed([said(curves.optimal[SPIKE - 1].item(), "optimal") for curves in spikes])
    return (
        f"**The spike at step {SPIKE}.** {names}: in the first {N_ARMS} steps every arm is pulled once. At step "
        f"{SPIKE} the one that paid most is pulled, the best arm in {shares} of the runs. When it then disappoints, "
        "the others get their turn."
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
        f"{named(curves.strategy, curves.value)} at step {curves.steps:,}: over {curves.runs:,} runs the rewards have "
        f"a standard deviation of {spread}. Their average is off by about that divided by √runs: "
        f"{spread} / √{n} = **{error}**"
    )
