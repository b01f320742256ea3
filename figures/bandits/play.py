"""The reader's and the learner's estimates of the same arms, and what each has earned."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.bandits.play import Game, Player, winner
from core.bandits.settings import ARMS, STRATEGIES
from core.cache import cached
from figures.bandits.style import arms_named, enough, true_mean
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes, numbers
from figures.words import fmt, plural

PLAYERS = {"you": ("you", BLUE, "solid", "circle", -0.14), "learner": ("the learner", VERMILLION, "dash", "x", 0.14)}


@cached
def estimates(game: Game) -> Picture:
    """The average reward of each arm so far, with bars of 1 / sqrt(n); the true means where they are asked for."""
    figure, places = go.Figure(), np.arange(len(game.means))
    for name, (label, color, _, symbol, aside) in PLAYERS.items():
        player: Player = getattr(game, name)
        figure.add_scatter(
            x=places + aside,
            y=numbers(player.estimates),
            error_y={"array": numbers(1 / player.counts.sqrt()), "thickness": 2, "width": 5},
            mode="markers",
            name=label,
            marker={"color": color, "symbol": symbol, "size": 11},
            hovertemplate=f"{label}: %{{y:.2f}} ± %{{error_y.array:.2f}}<extra></extra>",
        )
    if game.settings.revealed:
        figure.add_scatter(x=places, y=numbers(game.means), mode="markers", name="true mean", marker=true_mean(34))
    axes(figure, "arm<br>your pulls<br>the learner's pulls", "average reward so far")
    pulls = zip(ARMS, game.you.counts.tolist(), game.learner.counts.tolist(), strict=False)
    figure.update_xaxes(tickvals=places, ticktext=[f"<b>{arm}</b><br>{n}<br>{m}" for arm, n, m in pulls], tickangle=0)
    figure.update_xaxes(range=[-0.5, len(places) - 0.5])
    caption = (
        "Marks are average rewards; after n pulls the bar reaches 1/√n up and down, which is about how far an average "
        f"may be off. {standing(game)}"
    )
    table = pd.DataFrame({"arm": list(ARMS[: len(places)])})
    for name, (label, *_) in PLAYERS.items():
        player = getattr(game, name)
        table[f"{label}: pulls"], table[f"{label}: average"] = player.counts.numpy(), player.estimates.numpy()
    if game.settings.revealed:
        table["true mean"] = game.means.numpy()
    return Picture(figure, caption, f"Chart of the estimates of each arm. {caption}", table)


def standing(game: Game) -> str:
    """Who has earned what."""
    n, learner = len(game.settings.letters), STRATEGIES[game.settings.learner]
    if not n:
        first = game.you.rewards
        paid = [arm for arm in range(len(first)) if first[arm] == first.max()]
        most = f"{arms_named(paid)} paid most, {fmt(first.max().item(), decimals=2)}"
        return f"Every arm has been pulled once, for free: {most}."
    yours, its = (fmt(player.totals[-1].item(), decimals=2) for player in (game.you, game.learner))
    if game.over:
        said = {"you": "You win", "learner": f"The learner ({learner}) wins", "same": "Nobody wins"}[winner(game)]
        return f"{said}: after {plural(n, 'pull')} you have {yours} and the learner has {its}."
    return f"After {plural(n, 'pull')} you have {yours}, the learner ({learner}) has {its}."


@cached
def totals(game: Game) -> Picture:
    """The sum of the rewards after each pull."""
    figure = go.Figure()
    for name, (label, color, dash, symbol, _) in PLAYERS.items():
        sums = getattr(game, name).totals
        figure.add_scatter(
            x=np.arange(len(sums), dtype=np.int32),
            y=numbers(sums),
            name=label,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 3},
            marker={"symbol": symbol, "size": 7},
        )
    axes(figure, "pull", "total reward")
    if not game.settings.pulls:
        figure.update_layout(xaxis_range=[-0.5, 10], yaxis_range=[-5, 5])
    caption = "What you and the learner have earned; the same pull of the same arm pays both the same."
    table = pd.DataFrame({label: getattr(game, name).totals.numpy() for name, (label, *_) in PLAYERS.items()})
    table.insert(0, "pull", range(len(table)))
    return Picture(figure, caption, f"Line chart of total rewards. {caption} {standing(game)}", table)


def by_hand(game: Game) -> str:
    """The reader's last estimate: Q + (R - Q) / n."""
    player, arm = game.you, game.you.arms[-1]
    paid = [reward for place, reward in zip(player.arms, player.rewards.tolist(), strict=True) if place == arm]
    n, reward = len(paid), paid[-1]
    old = sum(paid[:-1]) / max(n - 1, 1)
    q, r, k, new = enough(lambda q, r, n: q + (r - q) / n, old, reward, n)
    return (
        f"Pull {n} of arm {ARMS[arm]} paid R = {r.strip('()')}. The average Q moves toward R by one part in n: "
        f"Q + (R − Q) / n = {q} + ({r} − {q}) / {k} = **{new}**"
    )
