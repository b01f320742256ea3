"""Agent and environment as a loop above the world, with the numbers of the last move, and two ways through it."""

import pandas as pd
import plotly.graph_objects as go

from core.cache import cached
from core.reinforcement_learning.loop import Walk, arrival, moved_aside
from core.reinforcement_learning.world import World, place
from figures.picture import Picture
from figures.reinforcement_learning.grid import add_kinds, empty_grid, towards, way_of, xy
from figures.reinforcement_learning.sums import discounted_sum
from figures.style import BLUE, GREY, VERMILLION
from figures.words import fmt, full, plural

LEARNER = 0  # the place of the learner's way among the traces
DIAGRAM = 130  # pixels above the map
GOES = {
    "shortest": "it came to the goal by the shortest way there is",
    "longer": "it came to the goal, by more moves than the shortest way has",
    "never": "it did not come to the goal",
}


@cached
def loop_picture(yours: Walk, learner: Walk, shows_learner: bool = True) -> Picture:
    """The loop, and below it the world with both ways."""
    world = yours.world
    figure = empty_grid(world)
    dashed = {"color": VERMILLION, "width": 3, "dash": "dash"}
    figure.add_scatter(**way_of(world, learner.cells, 0.09), mode="lines", line=dashed, name="the learner")
    solid = {"color": BLUE, "width": 3}
    figure.add_scatter(**way_of(world, yours.cells, -0.09), mode="lines", line=solid, name="you")
    x, y = xy(world, yours.cells[-1])
    figure.add_scatter(x=[x - 0.09], y=[y - 0.09], mode="markers", marker={"color": BLUE, "size": 16}, name="you")
    add_kinds(figure, world, 0.3)
    _diagram(figure, yours)
    figure.update_traces(hoverinfo="skip", cliponaxis=False, selector={"type": "scatter"})
    yours_said = f"You (blue) have made {plural(len(yours.rewards), 'move')}; your return is {fmt(yours.total)}."
    caption = (
        f"{yours_said} The learner's (dashed) is {fmt(learner.total)}, after {plural(len(learner.rewards), 'move')}."
    )
    if not shows_learner:
        caption = yours_said
    alt = f"A loop of two boxes, agent and environment, above a map of cells with two ways. {caption}"
    return Picture(figure, caption, alt, _table(yours))


def _diagram(figure: go.Figure, walk: Walk) -> None:
    """Two boxes, the action from one to the other, reward and state back."""
    rows, columns = walk.world.shape
    tall = figure.layout.height - 75
    unit = DIAGRAM * rows / tall  # of the diagram's height, in cells
    figure.update_yaxes(range=[rows + 0.5, 0.5 - unit], tickvals=list(range(1, rows + 1)))
    figure.update_layout(height=figure.layout.height + DIAGRAM)

    def at(across: float, up: float) -> tuple[float, float]:
        return 0.5 + across * columns, 0.5 - up * unit

    boxes = []
    for name, left, right in (("Agent", 0.0, 0.18), ("Environment", 0.75, 1.0)):
        (x0, y0), (x1, y1) = at(left, 0.15), at(right, 0.9)
        boxes.append({"type": "rect", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": {"color": GREY, "width": 2}})
        x, y = at((left + right) / 2, 0.52)
        figure.add_annotation(x=x, y=y, text=f"<b>{name}</b>", showarrow=False)
    figure.layout.shapes = [*figure.layout.shapes, *boxes]
    cell = place(walk.world, walk.cells[-1])
    if walk.rewards:
        action, reward = towards(walk.actions[-1]), fmt(walk.rewards[-1])
        slipped = "" if walk.actions[-1] == walk.went[-1] else f" (slipped {walk.went[-1]})"
        told = f"action: <b>{action}</b>{slipped}", f"reward: <b>{reward}</b>, state: <b>{cell}</b>"
    else:
        told = "action: <b>yours to choose</b>", f"state: <b>{cell}</b>"
    for up, begin, end, words in ((0.7, 0.19, 0.74, told[0]), (0.3, 0.74, 0.19, told[1])):
        (x0, y), (x1, _) = at(begin, up), at(end, up)
        ends = {"x": x1, "y": y, "ax": x0, "ay": y, "axref": "x", "ayref": "y", "xref": "x", "yref": "y"}
        figure.add_annotation(**ends, text="", showarrow=True, arrowhead=2, arrowwidth=2, arrowcolor=GREY)
        figure.add_annotation(x=at(0.465, 0)[0], y=y, text=words, showarrow=False, yanchor="bottom", yshift=1)


def _table(walk: Walk) -> pd.DataFrame:
    """One row a move."""
    return pd.DataFrame(
        {
            "move": range(1, len(walk.rewards) + 1),
            "state": [place(walk.world, cell) for cell in walk.cells[:-1]],
            "action": walk.actions,
            "went": walk.went,
            "reward": walk.rewards,
            "next state": [place(walk.world, cell) for cell in walk.cells[1:]],
        }
    )


def rewards_of(world: World, step_cost: float) -> str:
    """What a move brings by where it leads, the step cost taken off."""
    rules = world.rules
    kinds = {"a move": rules.floor, "at the goal": rules.goal, "in a pit": rules.pit}
    kinds |= {"at a reward": rules.coin} if "R" in world.letters else {}
    return ", ".join(f"{fmt(reward - step_cost)} {where}" for where, reward in kinds.items())


def return_by_hand(walk: Walk, gamma: float) -> str:
    """The return of the reader's moves as a sum."""
    if not walk.rewards:
        return "No move yet: the return, the sum of all rewards, is = **0**."
    total, text = discounted_sum(walk.rewards, gamma)
    name = "Your return, the sum of all rewards"
    if gamma < 1:
        name = f"Your discounted return: each reward counts γ = {full(gamma)} times as much as one a move earlier"
    return f"{name}: {text} = **{fmt(total)}**."


def why_learner(learner: Walk) -> str:
    """How the learner went."""
    slips = moved_aside(learner)
    aside = f" {plural(slips, 'move')} of {len(learner.rewards)} slipped." if slips else ""
    return (
        f"With {plural(len(learner.rewards), 'move')} {GOES[arrival(learner)]}; its return is "
        f"{fmt(learner.total)}.{aside}"
    )
