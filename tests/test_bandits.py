"""Strategies for bandits: the testbed's known figures, single runs against batches, updates against autograd."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bandits import draws, plain
from core.bandits.one_run import most_pulled, never_pulled, play_one, rank
from core.bandits.parameters import VALUES, Study, StudyTask, shape
from core.bandits.runs import Runs, copies
from core.bandits.settings import N_ARMS, STRATEGIES, OneRunSettings, StrategySettings, StudySettings, WorldSettings
from core.bandits.strategies import CLASSES, Dice, NoBaseline, Thompson, highest
from core.bandits.testbed import SPIKE, CurvesTask, has_spike, leaders
from figures.bandits.parameters import epsilon_words, study_picture
from figures.bandits.style import enough
from figures.bandits.testbed import curves_picture, spike_words
from ui.long_work import AT_ONCE

SHORT, VALUE = WorldSettings(steps=60), StrategySettings().value


def curves(strategy, value, steps=1_000, runs=2_000, **world):
    return CurvesTask(strategy, value, WorldSettings(steps=steps, **world), runs).run()


@pytest.mark.parametrize(
    ("strategy", "value", "reward", "optimal"),
    [
        ("greedy", 0.0, 1.03, 0.35),
        ("epsilon", 0.01, 1.31, 0.59),
        ("epsilon", 0.1, 1.37, 0.80),
        ("ucb", 2.0, 1.49, 0.85),
        ("optimistic", 5.0, 1.50, 0.86),
        ("thompson", 1.0, 1.52, 0.92),
    ],
)
def test_the_testbed_of_sutton_and_barto(strategy, value, reward, optimal):
    found = curves(strategy, value)
    assert found.at_the_end("reward") == pytest.approx(reward, abs=0.04)
    assert found.at_the_end("optimal") == pytest.approx(optimal, abs=0.03)


def test_a_baseline_helps_where_rewards_are_around_4():
    one, other = (curves(name, 0.1, 300, 500, shift=4.0) for name in ("gradient", "no_baseline"))
    assert one.at_the_end("optimal") > other.at_the_end("optimal") + 0.2


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_run_alone_is_what_it_is_among_all_bit_for_bit(strategy):
    """So it is in a batch with other values of the strategy's number."""
    value, other = VALUE(strategy), VALUE(strategy) + 0.5
    rows, values = copies(10, (other, value))
    batches = Runs(strategy, value, SHORT, slice(None)), Runs(strategy, values, SHORT, rows)
    alone = Runs(strategy, value, SHORT, slice(6, 7))
    for _ in range(SHORT.steps):
        every, some, one = *(batch.step() for batch in batches), alone.step()
        assert all(
            torch.equal(a[6:7], c) and torch.equal(b[16:17], c) for a, b, c in zip(every, some, one, strict=True)
        )
    assert torch.equal(batches[0].strategy.values[6], alone.strategy.values[0])


def test_a_textbook_s_loop_pulls_the_same_arms():
    together = Runs("epsilon", 0.1, WorldSettings(), slice(3))
    assert plain(draws(3)) == torch.cat([together.step()[0] for _ in range(1_000)], dim=1).tolist()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=10), st.floats(0, 1, exclude_max=True))
def test_each_of_the_highest_gets_its_share_of_v(scores, v):
    places = [i for i, score in enumerate(scores) if score == max(scores)]
    batch = torch.tensor([scores, [*range(len(scores))]], dtype=torch.float64)  # in the second row the last is highest
    arms = highest(batch, torch.full((2, 1), v, dtype=torch.float64))
    assert arms[:, 0].tolist() == [places[int(v * len(places))], len(scores) - 1]
    assert highest(batch[:1], torch.tensor([[v]], dtype=torch.float64)).item() == arms[0, 0]


@pytest.mark.parametrize("strategy", ["gradient", "no_baseline"])
def test_preferences_go_up_the_gradient_of_the_log_chance(strategy):
    run, dice = CLASSES[strategy](4, 3, 0.3), Dice(0, n_runs=4)
    rewards, seen = torch.randn(5, 4, 1, generator=torch.Generator().manual_seed(1), dtype=torch.float64), []
    for t, reward in enumerate(rewards, start=1):
        H = run.values.clone().requires_grad_()
        arms = run.act(t, dice)
        torch.log_softmax(H, dim=1).gather(1, arms).sum().backward()
        base = 0.0 if strategy == "no_baseline" else torch.stack(seen).mean(0) if seen else reward
        run.learn(arms, reward)
        seen.append(reward)
        assert torch.allclose(run.values, H.detach() + 0.3 * (reward - base) * H.grad, atol=1e-12)
    assert run.counts.sum() == 20
    assert isinstance(run, NoBaseline) == (strategy == "no_baseline")


def test_thompson_believes_what_bayes_says():
    """Prior N(0, 4), noise of variance 1: precision 1/4 + n, mean the sum of the rewards divided by it."""
    run, rewards = Thompson(1, 2, 2.0), torch.tensor([1.0, -0.5, 2.0], dtype=torch.float64)
    for reward in rewards:
        run.learn(torch.tensor([[0]]), reward.reshape(1, 1))
    assert run.values[0].tolist() == pytest.approx([2.5 / 3.25, 0.0])
    draws = torch.stack([run.scores(1, Dice(seed, n_runs=1)) for seed in range(2_000)])[:, 0]
    assert draws.std(dim=0).tolist() == pytest.approx([3.25**-0.5, 2.0], rel=0.06)


def test_ucb_tries_every_arm_once_and_then_spikes():
    """At step 11 the arm with the highest of ten first rewards is pulled: the best one in 43.2% of all bandits."""
    runs = Runs("ucb", 2.0, WorldSettings(), slice(None))
    for _ in range(N_ARMS):
        runs.step()
    assert (runs.strategy.counts == 1).all()
    found = [curves("ucb", 2.0, 30, seed=seed) for seed in range(3)]
    assert sum(each.optimal[SPIKE - 1].item() for each in found) / 3 == pytest.approx(0.432, abs=0.02)
    assert all(map(has_spike, found))
    assert "step 11" in spike_words(found[:1])
    for none in (curves("epsilon", 0.1, 30), curves("ucb", 2.0, 20), curves("ucb", 2.0, 50, 1)):
        assert not has_spike(none)
        assert spike_words([none]) == ""


def test_the_measures_are_those_of_the_runs():
    found, runs = curves("ucb", 2.0, 40, 10), Runs("ucb", 2.0, WorldSettings(), slice(10))
    arms, rewards, regrets = (torch.stack(each)[..., 0] for each in zip(*(runs.step() for _ in range(40)), strict=True))
    best, means = runs.means.argmax(dim=1), runs.means.gather(1, arms.T).T
    assert torch.equal(found.optimal, (arms == best).double().mean(dim=1))
    assert torch.allclose(found.regret, (runs.means.amax(dim=1) - means).mean(dim=1).cumsum(0))
    assert torch.allclose(found.reward, rewards.mean(dim=1))
    assert torch.allclose(found.spread, rewards.std(dim=1, correction=0))
    assert torch.equal(found.one, rewards[:, 0])
    assert (regrets >= 0).all()
    assert curves("ucb", 2.0, 10, 1).spread.max() == 0


@pytest.mark.parametrize("strategy", ["gradient", "no_baseline"])
def test_a_preference_moves_as_the_page_says(strategy):
    run = play_one(OneRunSettings(strategy=strategy), StrategySettings(), SHORT)
    for t in range(1, SHORT.steps + 1):
        arm, reward = run.arms[t - 1], run.rewards[t - 1]
        step = run.value * (reward - run.baseline(t)) * (1 - run.chances[t - 1, arm])
        assert torch.allclose(run.values[t, arm], run.values[t - 1, arm] + step, atol=1e-12)


def test_a_stopped_run_is_the_beginning_of_the_whole_one():
    task, study = CurvesTask("thompson", 1.0, WorldSettings(), 5), StudyTask("ucb", StudySettings(), WorldSettings())
    task.step(20), study.step(7)
    stopped, whole, short = task.result(), task.run(), curves("thompson", 1.0, 20, 5)
    for found in (stopped, whole.until(20)):
        assert found.world == short.world
        assert torch.equal(found.regret, short.regret) and torch.equal(found.reward, short.reward)
    assert study.result().settings.steps == 7
    assert study.result().means == StudyTask("ucb", StudySettings(steps=7), WorldSettings()).run().means


def test_who_leads_and_what_the_picture_says():
    found = [curves(name, VALUE(name), 50, 100) for name in ("greedy", "ucb", "thompson")]
    assert leaders(found, "regret") == [min(found, key=lambda each: each.regret[-1])]
    assert leaders([found[0], replace(found[0])], "reward")[1:]  # equals lead together
    assert "4 strategies lead" in curves_picture(found[:1] * 4, "reward").caption
    for measure in ("reward", "optimal", "regret"):
        picture = curves_picture(found, measure)
        top = leaders(found, measure)[0].at_the_end(measure)
        shown = {"reward": f"{top:.3f}", "optimal": f"{100 * top:.1f}%", "regret": f"{top:.1f}"}[measure]
        assert f" {shown}." in picture.caption
        assert picture.table["step"].tolist() == list(range(1, 51))
        line = picture.figure.data[0]
        assert SPIKE in line.x and line.x[-1] == 50
        shown = torch.tensor(line.y) / (100 if measure == "optimal" else 1)
        assert torch.allclose(shown, getattr(found[0], measure)[torch.tensor(line.x) - 1].float())


def study(*means, noise=0.0):
    """A made-up study of epsilon whose values have these mean rewards."""
    rewards = torch.tensor(means, dtype=torch.float64)[:, None] + noise * torch.randn(
        len(means), 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64
    )
    return Study("epsilon", StudySettings(runs=50), WorldSettings(), rewards, torch.ones(50), torch.zeros(50))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (study(1.0, 1.1, 1.3, 1.2, 1.1, 1.0), "between"),
        (study(1.0, 1.1, 1.2, 1.3, 1.4, 1.5), "rises"),
        (study(1.5, 1.4, 1.3, 1.2, 1.1, 1.0), "falls"),
        (study(1.0, 1.0, 1.0, 1.0, 1.0, 1.0), "flat"),
        (study(1.0, 1.0, 1.01, 1.0, 1.0, 0.5, noise=1.0), "flat"),  # higher inside by chance alone
    ],
)
def test_where_the_best_parameter_lies(made, said):
    assert shape(made) == said
    assert len(made.peaks) == (6 if made.rewards.std() == 0 else 1)
    assert ("6 marks" in study_picture([made]).caption) == (made.rewards.std() == 0)
    assert "0.000" not in epsilon_words(made)


def test_the_parameter_study_has_the_means_of_the_testbed():
    settings = StudySettings(steps=50, runs=20)
    found = [StudyTask(strategy, settings, WorldSettings()).run() for strategy in VALUES]
    for each in found:
        for value, mean in zip(each.values, each.means, strict=True):
            same = curves(each.strategy, value, 50, 20).reward.mean().item()
            assert mean == pytest.approx(same, rel=1e-12)
    picture = study_picture(found)
    assert f"{max(max(each.means) for each in found):.3f}" in picture.caption
    assert len(picture.table) == sum(map(len, VALUES.values()))


def test_figure_2_6_has_its_order_and_its_humps():
    found = {name: StudyTask(name, StudySettings(), WorldSettings()).run() for name in ("epsilon", "ucb", "optimistic")}
    assert {shape(each) for each in found.values()} == {"between"}
    tops = [max(each.means) for each in found.values()]
    assert tops[0] < tops[2] < tops[1] == pytest.approx(1.48, abs=0.05)


def test_what_starts_by_itself_is_short_and_the_longest_bounded():
    world, most = WorldSettings(), StudySettings(runs=500)
    assert sum(CurvesTask(name, 1.0, world, 2_000).cost for name in ("greedy", "epsilon", "ucb", "thompson")) < AT_ONCE
    assert sum(StudyTask(name, StudySettings(), world).cost for name in VALUES) < AT_ONCE
    assert AT_ONCE < sum(StudyTask(name, most, world).cost for name in VALUES) < 5
    assert AT_ONCE < sum(CurvesTask(name, 1.0, world, 2_000).cost for name in STRATEGIES) < 5


def test_what_a_run_did():
    run = play_one(OneRunSettings(strategy="epsilon", run=3), StrategySettings(epsilon=0.5), SHORT)
    for t in range(SHORT.steps):
        assert run.explored[t] == (run.values[t, run.arms[t]] < run.values[t].max())
        paid = run.rewards[: t + 1][run.arms[: t + 1] == run.arms[t]]
        assert run.values[t + 1, run.arms[t]].item() == pytest.approx(paid.mean().item())
    assert run.explored.any() and not play_one(OneRunSettings(), StrategySettings(), SHORT).explored.any()
    assert [rank(run, arm) for arm in run.means.argsort(descending=True)] == list(range(1, 11))
    counts = run.counts.clone()
    counts[-1] = torch.tensor([0, 5, 5, *[1] * 7])
    tied = replace(run, counts=counts)
    assert most_pulled(tied) == [1, 2]
    assert never_pulled(tied) == 1


@given(st.floats(-30, 30), st.floats(-30, 30), st.integers(1, 1_000))
def test_a_step_by_hand_gives_the_digits_that_are_shown(q, r, n):
    def update(q, r, n):
        return q + (r - q) / n

    *inputs, result = (float(text.strip("()").replace("−", "-")) for text in enough(update, q, r, n))
    assert round(update(*inputs), 4) == result
    assert result == pytest.approx(update(q, r, n), abs=6e-5)
