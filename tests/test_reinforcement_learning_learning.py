"""Learning from episodes: every update's arithmetic, many runs against single ones, and what is known of the cliff."""

from dataclasses import replace

import pytest
import torch
from effort import at_most
from programs import printed
from visitor import visit

from core.reinforcement_learning.compare import Many, ManyTask, better, settings_of
from core.reinforcement_learning.draws import Streams
from core.reinforcement_learning.learning import (
    arrives,
    best_table,
    distance,
    goes_along_pits,
    learn,
    mean_value,
    never_learned,
    route,
    worth,
)
from core.reinforcement_learning.planning import exact_values, plan
from core.reinforcement_learning.policy import (
    N_SEEDS,
    PolicyTask,
    calmer,
    run_batch,
    value_at_start,
)
from core.reinforcement_learning.prediction import (
    Episodes,
    PredictTask,
    best_method,
    learn_from,
    run_episodes,
)
from core.reinforcement_learning.program import (
    compare_program,
    learning_program,
    loop_program,
    planning_program,
    policy_program,
    prediction_program,
)
from core.reinforcement_learning.settings import (
    ALGORITHMS,
    CORRIDOR,
    MAP,
    SLIPPERY,
    CompareSettings,
    LearningSettings,
    LoopSettings,
    PlanningSettings,
    PolicySettings,
    PredictionSettings,
)
from core.reinforcement_learning.world import make_world
from figures.reinforcement_learning.compare import returns_chart
from figures.reinforcement_learning.learning import distance_chart, labels, moments, table_map, update_by_hand
from figures.reinforcement_learning.policy import gradient_by_hand, policy_map, return_chart
from figures.reinforcement_learning.prediction import error_chart, estimates
from figures.reinforcement_learning.prediction import update_by_hand as prediction_by_hand

LAKE = LearningSettings(world="lake", gamma=0.95, episodes=40)
SLIPPERY_LAKE = replace(LAKE, slip=SLIPPERY, alpha=0.1)


def shown(text):
    """The last bold number of a calculation."""
    return float(text.rpartition("**")[0].rpartition("**")[2].replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("world", [{}, {"world": "lake", "slip": SLIPPERY, "gamma": 0.95}, {"world": "map"}])
def test_many_runs_at_once_are_the_single_ones_bit_for_bit(algorithm, world):
    settings = settings_of(CompareSettings(episodes=20, **world), algorithm)
    many = ManyTask(settings, 4).run()
    for i in range(4):
        run = learn(replace(settings, seed=i))
        assert torch.equal(run.returns, many.returns[:, i])
        assert torch.equal(run.tables([run.updates])[0][0], many.Q[i])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_update_is_what_it_says(algorithm):
    settings = LearningSettings(algorithm=algorithm, episodes=30, alpha=0.3, gamma=0.9)
    run = learn(settings)
    assert torch.equal(run.new, run.old + 0.3 * (run.reward + 0.9 * run.follow - run.old))
    assert (run.follow[run.ends] == 0).all()
    n = run.updates
    tables, visits = run.tables(list(range(n + 1)))
    assert visits[-1].sum() == n
    for t in range(n):
        assert tables[t, run.cell[t], run.action[t]] == run.old[t]
        assert tables[t + 1, run.cell[t], run.action[t]] == run.new[t]
        if not run.ends[t]:
            values = tables[t, run.after[t]]
            follow = {
                "q_learning": values.max().item(),
                "expected": mean_value(values.tolist(), 0.1),
                "sarsa": values[run.action[min(t + 1, n - 1)]].item(),
            }[algorithm]
            assert run.follow[t].item() == follow
    total = torch.zeros(30, dtype=torch.float64).index_add_(0, run.episode - 1, run.reward)
    assert torch.equal(total, run.returns)
    for step in (1, 7, n):
        assert shown(update_by_hand(run, step)) == pytest.approx(run.new[step - 1].item(), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("algorithm", "mean", "within", "edge"),
    [("q_learning", -50, 8, True), ("sarsa", -27, 6, False), ("expected", -21, 2, False)],
)
def test_what_is_known_of_the_cliff(algorithm, mean, within, edge):
    runs = [learn(LearningSettings(algorithm=algorithm, seed=seed)) for seed in range(8)]
    last = torch.stack([run.returns[-100:].mean() for run in runs]).mean().item()
    assert last == pytest.approx(mean, abs=within)
    ways = [route(run.world, run.tables([run.updates])[0][0]) for run in runs]
    arrived = [way for way in ways if arrives(runs[0].world, way)]
    assert len(arrived) >= (8 if edge else 4)  # a greedy way of SARSA may go round
    assert all(goes_along_pits(runs[0].world, way) == edge for way in arrived)
    if edge:
        assert {len(way) - 1 for way in ways} == {13}


def test_500_episodes_on_the_cliff_are_a_matter_of_a_moment():
    with at_most(20):  # about 0.2 s
        learn.__wrapped__(LearningSettings(seed=999))


@pytest.mark.parametrize(("ties", "never"), [("first", 6), ("random", 0)])
def test_ties_by_the_first_index_never_learn(ties, never):
    episodes = 100 if ties == "first" else 400
    runs = [learn(replace(SLIPPERY_LAKE, ties=ties, seed=seed, episodes=episodes)) for seed in range(6)]
    assert sum(map(never_learned, runs)) == never
    if ties == "first":
        assert "every Q is still 0" in table_map(runs[0], 1).caption
        at = visit("reinforcement_learning", view="learning", **{"learning.world": "lake", "learning.ties": "first"})
        assert "break ties at random" in at.warning[0].value


def test_a_change_turns_the_way():
    run = learn(LearningSettings(change="goal"))
    assert run.world.letters.index("G") == 0  # the far corner
    before, after = (run.tables([step])[0][0] for step in (run.changed_at, run.updates))
    assert arrives(run.first_world, route(run.first_world, before))
    assert route(run.world, after) == [36, 24, 12, 0]
    assert "Q*" in distance_chart(run, 1).caption
    run = learn(LearningSettings(change="pit"))
    (pit,) = [i for i, letter in enumerate(run.world.letters[:36]) if letter == "H"]
    assert pit in route(run.first_world, run.tables([run.changed_at])[0][0])
    assert pit not in route(run.world, run.tables([run.updates])[0][0])
    assert run.world_at(run.changed_at) is run.first_world
    assert run.world_at(run.updates) is run.world


def test_what_a_table_is_worth_with_slips():
    world = make_world(SLIPPERY_LAKE)
    best = best_table(world, 0.95)
    now, most = worth(world, best, 0.95)
    assert now == pytest.approx(most, abs=1e-6)
    assert most == pytest.approx(plan(PlanningSettings(gamma=0.95)).values[-1, 0].item())
    assert worth(make_world(LAKE), torch.tensor([[1.0, 0, 0, 0]] * 16).double(), 1.0) == (-torch.inf, 1.0)


def test_moments_reach_every_update_around_the_one_that_is_looked_at():
    run = learn(LAKE)
    found = moments(run, 200)
    assert set(range(195, 206)) <= set(found)
    assert (found[0], found[-1]) == (0, run.updates)
    assert len(labels(run, 200)) == len(found) == len(table_map(run, 200).frames)
    assert moments(run, 100_000)[-1] == run.updates


def test_a_world_without_an_end_is_run_to_its_limit_and_no_further():
    settings = LearningSettings(world="map", episodes=1000, epsilon=0.5)
    run = learn(settings, "S.#/..#/##G")
    assert run.cut
    assert run.updates == 50_000
    assert len(run.returns) == 249
    assert run.tables([run.updates])[0].isfinite().all()
    best = best_table(run.world, 0.9)
    assert distance(run.world, best, best) == 0


def test_a_greedy_way_that_goes_round_ends():
    world = make_world(LAKE)
    Q = torch.zeros(16, 4, dtype=torch.float64)
    Q[0, 2], Q[1, 0] = 1, 1  # right and left again
    assert route(world, Q) == [0, 1, 0]
    assert not arrives(world, [0, 1, 0])
    assert goes_along_pits(world, [0, 1, 2, 6, 10, 14, 15])
    assert not goes_along_pits(world, [0, 4])


def test_which_algorithm_collects_more():
    def returns(*means):
        values = torch.tensor(means, dtype=torch.float64).expand(120, len(means))
        return Many(None, None, values, None)

    assert better(returns(1, 1.1, 0.9), returns(2, 2.1, 1.9)) == "other"
    assert better(returns(1, 3, 2), returns(2, 2.1, 1.9)) == "same"
    assert better(returns(2, 2), returns(1, 1)) == "one"
    assert better(returns(torch.nan), returns(1)) == "same"


def plain(episodes, V, n, alpha, gamma):
    """n-step TD on one episode after the other, as a book writes it."""
    for cells, rewards in episodes:
        for t in range(len(rewards)):
            until = min(t + n, len(rewards))
            G = sum(gamma**k * reward for k, reward in enumerate(rewards[t:until]))
            if until < len(rewards):
                G += gamma ** (until - t) * V[cells[until]]
            V[cells[t]] += alpha * (G - V[cells[t]])


def test_estimates_are_those_of_one_run_after_the_other():
    settings = PredictionSettings(gamma=0.9, slip=0.2)
    task = PredictTask(settings)
    streams, steps = Streams([3, 4]), (1, 3, 200)
    V = torch.zeros(3, 2, 12, dtype=torch.float64)
    alone = [[[0.0] * 12 for _ in range(2)] for _ in steps]
    for _ in range(5):
        found = run_episodes(task.world, task.policy, streams)
        assert found.ended.all()
        learn_from(found, V, steps, 0.1, 0.9)
        for seed in range(2):
            n = int(found.length[seed])
            episode = found.cells[: n + 1, seed].tolist(), found.rewards[:n, seed].tolist()
            for method, n_steps in enumerate(steps):
                plain([episode], alone[method][seed], n_steps, 0.1, 0.9)
    assert torch.allclose(V, torch.tensor(alone, dtype=torch.float64), atol=1e-12)


def test_an_episode_that_was_cut_off_goes_on_with_an_estimate():
    found = Episodes(torch.tensor([[0], [1]]), torch.tensor([[2.0]]).double(), torch.tensor([1]), torch.tensor([False]))
    V = torch.tensor([[[0.0, 10.0]]], dtype=torch.float64)
    (update,) = learn_from(found, V, [1], 0.5, 0.9)
    assert V[0, 0, 0] == 0.5 * (2 + 0.9 * 10)
    assert (update.follow, update.new) == (10, 5.5)


def test_estimates_come_near_to_the_exact_values():
    corridor = PredictionSettings(step_cost=0.0, episodes=60)
    found = PredictTask(corridor, CORRIDOR).run()
    assert found.exact[1:6].tolist() == pytest.approx([k / 3 - 1 for k in range(1, 6)])
    errors = {name: each.mean(dim=1) for name, each in found.errors.items()}
    assert errors["td"][-1] < 0.15 < errors["mc"][-1]
    assert best_method(found) == ["td"]
    assert found.cut == 0
    episode = 7
    assert shown(prediction_by_hand(found, episode)) == pytest.approx(found.updates[episode - 1].new, rel=1e-4)
    # Without chance and with α = 1, one episode says everything about its way.
    sure = PredictTask(PredictionSettings(policy="best", alpha=1.0, episodes=1, method="mc")).run()
    way = sure.values[-1] != 0
    assert torch.allclose(sure.values[-1][way], sure.exact[way])
    with pytest.raises(ValueError, match="may never end"):
        PredictTask(PredictionSettings(policy="best", step_cost=0.0), "S.#G")


def test_the_gradient_of_a_batch_is_its_closed_form():
    """dL/dz = −(1/N) Σ A (one-hot(a) − π), summed over the moves that were made in the cell."""
    settings = PolicySettings(updates=1, batch_size=5, lr=0.7, baseline="off", gamma=1.0)
    task = PolicyTask(settings, n_seeds=2)
    task.step()
    uniform, generators = torch.full((2, 12, 4), 0.25).double(), [torch.Generator().manual_seed(i) for i in range(2)]
    batch = run_batch(task.world, uniform, 5, 1.0, generators)
    for i in range(2):
        parts = (part[:, i][batch.going[:, i]].tolist() for part in (batch.cells, batch.actions, batch.follow))
        expected = torch.zeros(12, 4, dtype=torch.float64)
        for cell, move, gain in zip(*parts, strict=True):
            expected[cell] += 0.7 / 5 * gain * (torch.eye(4, dtype=torch.float64)[move] - 0.25)
        assert torch.allclose(task.model.weight.detach()[i].T, expected)


@pytest.mark.parametrize("baseline", ["on", "off"])
def test_policies_side_by_side_are_those_of_single_runs(baseline):
    settings = PolicySettings(updates=12, baseline=baseline, batch_size=4, lr=3.0, seed=3)
    many = PolicyTask(settings, n_seeds=3).run()
    for i in range(3):
        alone = PolicyTask(replace(settings, seed=3 + i), n_seeds=1).run()
        torch.testing.assert_close(many.returns[:, i], alone.returns[:, 0], rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(many.spreads[:, i], alone.spreads[:, 0], rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(many.policies, PolicyTask(settings, n_seeds=1).run().policies, rtol=1e-9, atol=1e-12)


def test_reinforce_learns_and_the_baseline_calms_it():
    on, off = (PolicyTask(PolicySettings(baseline=name)).run() for name in ("on", "off"))
    assert value_at_start(on, 0) == pytest.approx(exact_values(on.world, torch.full((12, 4), 0.25).double(), 0.95)[8])
    assert value_at_start(on) > 0.7 > 0.6 > value_at_start(on, 5)
    assert on.returns.shape == on.spreads.shape == (60, N_SEEDS)
    assert value_at_start(on) < plan(PlanningSettings(world="map", slip=0.2, gamma=0.95)).values[-1, 8]
    assert calmer(on, off) == "on"
    assert (calmer(off, on), calmer(on, on)) == ("off", "same")
    share = on.shares[9]
    step = 3.0 * (share.gain - share.baseline) * (1 - share.chance) / 8
    assert shown(gradient_by_hand(on, 10)) == pytest.approx(step, rel=5e-3, abs=1e-6)


def test_the_programs_print_what_the_page_says():
    grid = {"world": "map", "slip": 0.2, "step_cost": 0.04}
    text = "..RG/.#.H/S..."
    plans = [PlanningSettings(), PlanningSettings(world="lake8", step_cost=0.01), PlanningSettings(**grid, gamma=0.9)]
    programs = [planning_program(plan(s, text), s, text) for s in plans]
    programs += [
        loop_program(s, text)
        for s in (LoopSettings(), LoopSettings(**grid), LoopSettings(world="lake", slip=SLIPPERY, moves="ddr", seed=4))
    ]
    programs += [
        learning_program(learn(s, text), text)
        for s in (
            LearningSettings(episodes=60),
            LearningSettings(episodes=60, algorithm="sarsa", change="goal", **grid),
            replace(SLIPPERY_LAKE, algorithm="expected", ties="first", change="pit"),
            LearningSettings(episodes=40, change="pit", seed=5),
        )
    ]
    for settings in (CompareSettings(episodes=20, seeds=3, seed=7), CompareSettings(other="expected", **grid, seeds=2)):
        one, other = (
            ManyTask(settings_of(replace(settings, episodes=20), name), settings.seeds, text).run()
            for name in (settings.one, settings.other)
        )
        programs.append(compare_program(one, other, text))
    for settings in (
        PredictionSettings(episodes=10),
        PredictionSettings(episodes=5, world="cliff", policy="mixed", slip=0.1, n=3, seed=2),
        PredictionSettings(episodes=5, world="lake", policy="best", gamma=0.9),
    ):
        programs.append(prediction_program(PredictTask(settings, text).run(), text))
    for settings in (PolicySettings(updates=5), PolicySettings(world="lake", updates=3, baseline="off", seed=1)):
        programs.append(policy_program(PolicyTask(settings, MAP).run(), MAP))
    said = printed(program.text for program in programs)
    for program, lines in zip(programs, said, strict=True):
        assert lines == list(program.prints), program.name


def test_runs_that_do_not_finish_are_counted_and_left_out(monkeypatch):
    monkeypatch.setattr("core.reinforcement_learning.compare.PATIENCE", 2_000)
    slow = CompareSettings(alpha=0.01, epsilon=0.5, episodes=500, seeds=1)
    many = ManyTask(settings_of(slow, "sarsa"), 1).run()
    assert many.unfinished == 1
    assert many.returns[0].isfinite().all()


def test_what_was_stopped_is_shown_without_the_lines_of_a_whole_run():
    on, off = PolicyTask(PolicySettings()), PolicyTask(PolicySettings(baseline="off"))
    on.step(9)
    off.step(4)
    stopped = on.result(), off.result()
    assert len(return_chart(*stopped, stopped[1]).table) == 9
    assert len(policy_map(stopped[0]).frames) == 10
    task = PredictTask(PredictionSettings())
    task.step(3)
    predicted = task.result()
    assert len(estimates(predicted).frames) == len(error_chart(predicted).frames) == 4
    many = ManyTask(settings_of(CompareSettings(), "sarsa"), 2)
    many.step(12)
    compared = many.result()
    assert returns_chart(compared, compared).caption
    programs = (
        policy_program(stopped[0], MAP),
        prediction_program(predicted, MAP),
        compare_program(compared, compared, MAP),
    )
    assert [list(program.prints) for program in programs] == [[], [], []]
