"""Worlds and planning in them, against Gymnasium's tables, published values and what Bellman's operator must do."""

import base64
import io
import json
from collections import Counter

import pytest
import sympy
import torch
from gymnasium.envs.toy_text.cliffwalking import CliffWalkingEnv
from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from visitor import charts, newcomer, sent_by_browser, visit

from core.reinforcement_learning.learning import best_table
from core.reinforcement_learning.loop import arrival, learner_walk, moved_aside, your_walk
from core.reinforcement_learning.map_text import read_map, with_letter
from core.reinforcement_learning.planning import (
    backup,
    endless,
    exact_values,
    greedy,
    plan,
    policy_of,
    value_iteration,
)
from core.reinforcement_learning.prediction import PredictTask, best_method
from core.reinforcement_learning.settings import (
    COIN,
    CORRIDOR,
    MAP,
    SLIPPERY,
    LoopSettings,
    MapSettings,
    PlanningSettings,
    PredictionSettings,
    WorldSettings,
)
from core.reinforcement_learning.world import RULES, build, distances, from_gymnasium, make_world, shortest, trouble
from figures.reinforcement_learning.grid import arrows, cell_at, triangle_map
from figures.reinforcement_learning.loop import loop_picture, return_by_hand, rewards_of
from figures.reinforcement_learning.planning import backup_by_hand, moments, plan_map
from figures.reinforcement_learning.sums import discounted_sum

ENVS = {
    "cliff": lambda slippery: CliffWalkingEnv(is_slippery=slippery),
    "lake": lambda slippery: FrozenLakeEnv(map_name="4x4", is_slippery=slippery),
    "lake8": lambda slippery: FrozenLakeEnv(map_name="8x8", is_slippery=slippery),
}
GRID = WorldSettings(world="map", slip=0.2, step_cost=0.04)
RANDOM = torch.full((12, 4), 0.25, dtype=torch.float64)


@pytest.mark.parametrize("name", ENVS)
@pytest.mark.parametrize("slippery", [False, True])
def test_worlds_are_those_of_gymnasium(name, slippery):
    env, world = ENVS[name](slippery), from_gymnasium(name, SLIPPERY if slippery else 0.0, 0.0)
    assert world.start == env.initial_state_distrib.argmax()
    for cell in range(world.n_cells):
        for a in range(4):
            ours, theirs = Counter(), Counter()
            for found, outcomes in ((ours, world.outcomes(cell, a)), (theirs, env.P[cell][a])):
                for chance, *what in outcomes:
                    found[tuple(what)] += chance
            assert ours == pytest.approx(theirs)
    built = build(world.rows, RULES[name], world.slip)
    for one, other in ((built.next, world.next), (built.reward, world.reward), (built.ends, world.ends)):
        assert torch.equal(one[world.is_open], other[world.is_open])


def test_values_that_are_known_exactly():
    lake = plan(PlanningSettings(slip=0.0, gamma=0.9))
    assert lake.values[-1, 0].item() == pytest.approx(0.9**5)
    slippery = plan(PlanningSettings(gamma=1.0)).values[-1] * 17
    expected = [14, 14, 14, 14, 14, 0, 9, 0, 14, 14, 13, 0, 0, 15, 16, 0]
    assert slippery.tolist() == pytest.approx(expected, abs=1e-5)
    assert plan(PlanningSettings()).values[-1, 0].item() == pytest.approx(0.542025932, abs=1e-7)
    cliff = plan(WorldSettings())
    assert cliff.values[-1, 36].item() == -13
    assert cliff.settled
    # Russell and Norvig, figure of the utilities for a step reward of -0.04.
    grid = plan(GRID).values[-1].tolist()
    assert [round(v, 3) for v in grid] == [0.812, 0.868, 0.918, 0, 0.762, 0, 0.66, 0, 0.705, 0.655, 0.611, 0.388]


values = st.lists(st.floats(-100, 100), min_size=12, max_size=12).map(lambda v: torch.tensor(v, dtype=torch.float64))


@settings(max_examples=30, deadline=None)
@given(values, values, st.floats(0, 1), st.floats(0, 0.9))
def test_the_bellman_operator_is_monotone_and_brings_values_nearer(V, W, gamma, slip):
    world = build(read_map(MAP), RULES["map"], slip, 0.1)
    one, other = (backup(world, x, gamma).amax(dim=1) for x in (V, W))
    assert (one - other).abs().max() <= gamma * (V - W).abs().max() + 1e-9
    lower = backup(world, torch.minimum(V, W), gamma).amax(dim=1)
    assert (lower <= one + 1e-9).all()


def test_a_sweep_more_changes_nothing_once_settled():
    found = plan(PlanningSettings())
    V = found.values[-1]
    again = torch.where(found.world.is_open, backup(found.world, V, 0.99).amax(dim=1), 0.0)
    assert torch.allclose(again, V, atol=1e-8)
    assert not value_iteration(build(("SR",), RULES["map"]), 1.0).settled  # a reward for ever


def test_the_value_of_a_policy_is_exact():
    corridor = make_world(WorldSettings(world="map"), CORRIDOR)
    V = exact_values(corridor, RANDOM[:7], 1.0)
    assert V[1:6].tolist() == pytest.approx([k / 3 - 1 for k in range(1, 6)], abs=1e-12)
    world = make_world(GRID)
    V = torch.zeros(12, dtype=torch.float64)
    for _ in range(2_000):
        V = torch.where(world.is_open, (RANDOM * backup(world, V, 0.9)).sum(dim=1), 0.0)
    assert torch.allclose(exact_values(world, RANDOM, 0.9), V)
    best = plan(GRID)
    assert torch.allclose(exact_values(world, policy_of(best.moves()), 1.0), best.values[-1], atol=1e-6)


def test_a_policy_without_an_end_has_no_value_with_gamma_1():
    world = build(read_map(MAP), RULES["map"])
    left = torch.tensor([0.0, 0, 0, 1], dtype=torch.float64).expand(12, 4)
    assert endless(world, left)[world.start]
    with pytest.raises(ValueError, match="may never end"):
        exact_values(world, left, 1.0)
    assert exact_values(world, left, 0.9)[world.start] == 0
    assert not endless(world, RANDOM).any()
    # A cell that nobody comes to, and from which no way leads out, has no value; all others have theirs.
    walled = build(("S.G", "###", "..."), RULES["map"])
    V = exact_values(walled, torch.full((9, 4), 0.25).double(), 1.0)
    assert V.isnan().tolist() == [False] * 6 + [True] * 3
    assert V[0] == pytest.approx(1)


def test_all_moves_that_tie_are_the_best():
    Q = torch.tensor([[0.0, 0, 0, 0], [1, 1 + 1e-12, 0, 1], [-5, -5, -6, -5.1]], dtype=torch.float64)
    assert greedy(Q).tolist() == [[True] * 4, [True, True, False, True], [True, True, False, False]]
    assert policy_of(Q, 0.2)[1].tolist() == pytest.approx([0.8 / 3 + 0.05] * 2 + [0.05, 0.8 / 3 + 0.05])
    assert arrows(make_world(WorldSettings(world="map"), "S../..G"), Q.repeat(2, 1))[1] == "↑→←"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("S.x/..G", "has `x`"),
        ("S../.G", "from 2 to 3 cells"),
        ("..G/...", "no start"),
        ("S.G/S..", "2 starts"),
        ("S" + "." * 11, "too large"),
        ("/".join(["S."] + [".."] * 9), "too large"),
    ],
)
def test_a_map_that_cannot_be_used(text, said):
    with pytest.raises(ValueError, match=said):
        MapSettings(map=text)


def test_what_keeps_everybody_from_the_goal():
    def of(text):
        return trouble(build(read_map(text), RULES["map"]))

    assert [of(text) for text in ("S.G", "S..", "S#G", "SHG/#..", "S.#G")] == [
        "",
        "no goal",
        "closed in",
        "unreachable",
        "unreachable",
    ]
    world = build(read_map("S.#G/..#."), RULES["map"])
    assert distances(world, 3)[0] == -1
    assert shortest(world) is None
    assert shortest(from_gymnasium("cliff", 0.0, 0.0)) == 13


def test_a_cell_is_set_and_there_is_always_one_start():
    rows = read_map(MAP)
    assert with_letter(rows, 0, "S") == ("S..G", ".#.H", "....")
    assert with_letter(rows, 8, "G") == rows
    assert with_letter(rows, 0, "#")[0] == "#..G"
    world = build(rows, RULES["map"])
    assert [cell_at(world, x, y) for x, y in ((1, 1), (4.4, 3.4), (5, 1), (1, 0.2))] == [0, 11, None, None]


def test_the_reward_to_come_back_for_beats_the_goal():
    found = plan(WorldSettings(world="map", slip=0.2, step_cost=0.04, gamma=0.95), COIN)
    short = plan(WorldSettings(world="map", slip=0.2, step_cost=0.04, gamma=0.5), COIN)
    assert found.values[-1, 8] > 1.5  # more than the goal could ever bring
    assert short.values[-1, 2] > short.values[-1, 9]


def test_a_backup_by_hand_comes_to_the_value_of_the_next_sweep():
    found = plan(GRID)
    for sweep, cell in ((0, 2), (3, 2), (7, 8)):
        shown = backup_by_hand(found, sweep, cell).rpartition("**")[0].rpartition("**")[2].replace("−", "-")
        assert float(shown) == pytest.approx(found.values[sweep + 1, cell].item(), abs=2e-4)
    assert "Nobody stands" in backup_by_hand(found, 0, 5)
    picture = plan_map(found, 8)
    assert len(picture.frames) == len(moments(found))
    assert len(picture.table) == 12


def test_triangles_lie_on_the_side_of_their_move():
    world = make_world(GRID)
    Q = torch.zeros(1, 12, 4, dtype=torch.float64)
    Q[0, :, world.rules.actions.index("right")] = 1
    figure, _ = triangle_map(world, Q, "Q", (0.0, 1.0))
    picture = Image.open(io.BytesIO(base64.b64decode(figure.data[0].source.partition(",")[2])))
    side = picture.height // 3
    at = [(side - 1, side // 2), (0, side // 2), (side // 2, 0), (side // 2, side - 1)]
    assert [picture.getpixel(place) for place in at] == [255, 1, 1, 1]
    clear = picture.convert("RGBA").crop((3 * side, 0, 4 * side, side))  # the goal
    assert clear.getextrema()[3] == (0, 0)


def test_walks():
    yours = your_walk(LoopSettings(moves="urr"))
    assert (yours.cells, yours.total, yours.ended) == ((36, 24, 25, 26), -3, False)
    assert your_walk(LoopSettings(moves="r")).cells == (36, 36)  # into the cliff and back
    assert your_walk(LoopSettings(moves="r")).total == -100
    ended = your_walk(LoopSettings(world="map", moves="uurrru"))
    assert (ended.ended, ended.unused, ended.total) == (True, 1, 1)
    assert arrival(ended) == "shortest"
    learner = learner_walk(LoopSettings())
    assert (learner.total, arrival(learner), moved_aside(learner)) == (-13, "shortest", 0)
    assert arrival(your_walk(LoopSettings(world="map", moves="duurrr"))) == "longer"
    assert discounted_sum(ended.rewards, 0.5)[0] == 0.5**4
    # Whoever makes the same moves with the same seed slips alike.
    slippery = LoopSettings(world="lake", slip=SLIPPERY, moves="ddrrddrrdd")
    assert your_walk(slippery).went[:2] == your_walk(LoopSettings(**vars(slippery) | {"moves": "dd"})).went
    assert moved_aside(your_walk(slippery)) > 0
    assert "3 · (−1) + (−100) = **−103**" in return_by_hand(your_walk(LoopSettings(moves="uldr")), 1.0)
    assert loop_picture(yours, learner).caption.endswith("after 13 moves.")


@pytest.mark.parametrize(("gamma", "n"), [(1.0, 9), (0.9, 3), (0.5, 40), (0.0, 8)])
def test_a_return_can_be_added_up_again(gamma, n):
    total, text = discounted_sum([-1.0] * (n - 1) + [5.0], gamma)
    assert total == pytest.approx(-sum(gamma**k for k in range(n - 1)) + 5 * gamma ** (n - 1))
    plain = text.replace(", the return of the rest,", "").replace("−", "-").replace("·", "*")
    assert float(sympy.sympify(plain)) == pytest.approx(total, rel=1e-5)


def test_moves_that_are_none():
    with pytest.raises(ValueError, match="have `x`"):
        LoopSettings(moves="uux")


def test_the_reader_moves_and_draws():
    at = visit("reinforcement_learning", **{"loop.moves": "u"})
    at.button(key="reinforcement_learning-move-r").click().run()
    assert at.text_input[0].value == "ur"
    at.button(key="reinforcement_learning-Take back").click().run()
    assert at.text_input[0].value == "u"
    link = {"view": "planning", "planning.world": "map", "brush": "wall"}
    at = visit("reinforcement_learning", **link)
    at = sent_by_browser(at, {"chart": {"place": {"axis": "y", "x": 1.2, "y": 0.9}}})
    assert not at.exception
    assert at.text_input[0].value == "#..G/.#.H/S..."
    at = visit("reinforcement_learning", **link, map="#..G/##.H/S###")
    assert "closed in" in at.warning[0].value
    at = visit("reinforcement_learning", **link, map="...G")
    assert "no start" in at.error[0].value
    assert charts(at)


def test_nothing_is_told_of_the_learner_before_the_guess():
    (drawn,) = charts(newcomer("reinforcement_learning"))
    assert drawn["hidden"] == [0]
    assert json.loads(drawn["figure"])["data"][0]["name"] == "the learner"
    assert "learner" not in drawn["alt"]


ODD = {"S": "no goal", "S#G": "closed in", "SHG/#..": "cannot be reached", "S.R/...": "no goal", "G/S/R": ""}


@pytest.mark.parametrize("view", ["planning", "prediction", "learning", "compare", "policy"])
def test_worlds_in_which_nobody_can_arrive_are_shown_with_a_sentence(view):
    endless = ("S", "S#G", "S.R/...")
    for text, said in ODD.items():
        if view == "prediction" and text in endless[::2]:  # one of them is enough, each costs a second
            continue
        link = {"view": view, "map": text, f"{view}.world": "map", f"{view}.gamma": "1.0", f"{view}.step_cost": "0.0"}
        short = {"learning.change": "pit", "learning.episodes": "10", "policy.updates": "2", "prediction.episodes": "2"}
        at = visit("reinforcement_learning", **link, **short, **{"compare.episodes": "10", "compare.seeds": "1"})
        assert not at.exception
        assert charts(at)
        assert any(said in warning.value for warning in at.warning) or not said
        refused = [error.value for error in at.error if "may never end" in error.value]
        assert bool(refused) == (view == "prediction" and text in endless)


def test_what_planning_does_not_settle_is_not_called_exact():
    slow = plan(PlanningSettings(world="lake8", gamma=1.0))  # its values creep, but nothing goes on for ever
    endless = plan(PlanningSettings(world="map", gamma=1.0, step_cost=0.04), "S#/#G")
    assert not slow.settled and slow.is_near and not endless.settled and not endless.is_near
    assert best_table(slow.world, 1.0).isfinite().all() and best_table(endless.world, 1.0).isnan().all()


def test_a_backup_by_hand_says_a_third_as_one():
    found = plan(PlanningSettings())
    assert "1/3 · (0 + 0.99 · 0.55845)" in backup_by_hand(found, len(found.values) - 2, 0)


def test_rewards_in_the_table_of_the_loop_have_the_step_cost_taken_off():
    world = make_world(LoopSettings(step_cost=0.5))
    assert rewards_of(world, 0.5) == "−1.5 a move, −1.5 at the goal, −100.5 in a pit"


def test_a_world_without_exact_values_shows_no_empty_chart_of_the_distance_to_them():
    at = visit(
        "reinforcement_learning",
        view="learning",
        map="S#/#G",
        **{"learning.world": "map", "learning.step_cost": "0.04", "learning.episodes": "10"},
    )
    assert not at.exception and len(charts(at)) == 1 and "no move leads out" in at.warning[0].value


def test_methods_that_differ_by_rounding_alone_are_all_the_best():
    closed = PredictTask(PredictionSettings(gamma=0.9, episodes=100), "S#/#G").run()
    assert best_method(closed) == ["mc", "td", "n_step"]
