"""The page on bandits as its reader uses it, and its programs by themselves."""

import json
import math

import pytest
from programs import printed
from visitor import charts, link_of, visit

from core.bandits import program as programs_of
from core.bandits.one_run import play_one
from core.bandits.parameters import VALUES, StudyTask
from core.bandits.play import best_payer_is_best, make_rewards, play, winner
from core.bandits.settings import (
    LEARNERS,
    STRATEGIES,
    OneRunSettings,
    PlaySettings,
    StrategySettings,
    StudySettings,
    WorldSettings,
)
from core.bandits.testbed import CurvesTask
from figures.bandits.one_run import by_hand, estimates, labels
from figures.bandits.play import standing

VALUE = StrategySettings().value


def test_the_programs_print_what_the_page_says():
    games = [PlaySettings(learner=name, pulls="ABCDAAB" * 5, revealed=name == "ucb") for name in LEARNERS]
    programs = [programs_of.play_program(play(game)) for game in (*games, PlaySettings(arms=10, pulls="J" * 50))]
    for name in STRATEGIES:
        run = play_one(OneRunSettings(strategy=name, run=7), StrategySettings(), WorldSettings(steps=100))
        programs.append(programs_of.one_run_program(run))
    world = WorldSettings(steps=30, shift=2.0, seed=5)
    programs.append(
        programs_of.testbed_program([CurvesTask(name, VALUE(name), world, 50).run() for name in STRATEGIES])
    )
    settings = StudySettings(steps=10, runs=10)
    programs.append(programs_of.parameters_program([StudyTask(name, settings, world).run() for name in VALUES]))
    for program, lines in zip(programs, printed([program.text for program in programs]), strict=True):
        assert lines == list(program.prints), program.name


def test_arms_are_pulled_by_buttons_and_stand_in_the_link():
    at = visit("bandits")
    for arm in "BBD":
        at = at.button(key=f"bandits-arm-{arm}").click().run()
    assert link_of(at) == "play.pulls=BBD"
    game = play(PlaySettings(pulls="BBD"))
    assert any(f"After 3 pulls you have {game.you.totals[-1]:.2f}" in c.value.replace("−", "-") for c in at.caption)
    assert game.you.counts.tolist() == [1, 3, 1, 2]
    assert game.learner.counts.sum() == 7
    same = visit("bandits", **{"play.pulls": "BBD"})
    assert [chart["figure"] for chart in charts(same)] == [chart["figure"] for chart in charts(at)]
    at = at.button(key="bandits-again").click().run()
    assert link_of(at) == ""
    at = at.button(key="bandits-other").click().run()
    assert link_of(at) == "play.seed=10"


def test_the_end_of_a_game():
    at = visit("bandits", **{"play.pulls": "B" * 50})
    assert all(at.button(key=f"bandits-arm-{arm}").disabled for arm in "ABCD")
    assert any("50 pulls" in m.value and "**" in m.value for m in at.markdown)


@pytest.mark.parametrize("key", ["bandits-preset-Four arms", "bandits-reset"])
def test_fewer_arms_begin_a_new_game(key):
    at = visit("bandits", **{"play.arms": "10", "play.seed": "1", "play.pulls": "JJ"})
    at = at.button(key=key).click().run()
    assert not at.error and link_of(at) == ""


def test_a_letter_that_is_no_arm_gets_a_sentence_and_the_last_picture_stays():
    at = visit("bandits", **{"play.pulls": "AB"})
    before = charts(at)[0]["figure"]
    at = at.text_input(key="bandits.play.pulls").set_value("AZ").run()
    assert "There is no arm `Z`; allowed: the letters A to D" in at.error[0].value
    assert charts(at)[0]["figure"] == before
    assert not at.exception
    at = at.text_input(key="bandits.play.pulls").set_value("ab").run()
    assert not at.error and charts(at)[0]["figure"] == before


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_same_pull_pays_both_the_same(learner):
    settings = PlaySettings(learner=learner, pulls="ABCD" * 12)
    game, (means, rewards) = play(settings), make_rewards(settings)
    for player in (game.you, game.learner):
        for arm in range(4):
            paid = player.rewards[[i for i, pulled in enumerate(player.arms) if pulled == arm]]
            assert paid.tolist() == rewards[arm, : len(paid)].tolist()
            assert player.estimates[arm].item() == pytest.approx(paid.mean().item())
    assert game.means.tolist() == means.tolist()
    ahead = (game.you.totals[-1] > game.learner.totals[-1]).item()
    assert winner(game) == ("you" if ahead else "learner")


def test_who_wins_and_whether_the_first_payer_is_best():
    assert winner(play(PlaySettings())) == "same"
    assert "paid most" in standing(play(PlaySettings()))
    assert [best_payer_is_best(PlaySettings(seed=seed)) for seed in range(5)] == [False, False, False, True, True]
    with pytest.raises(ValueError, match="letters A to C"):
        PlaySettings(arms=3, pulls="D")
    with pytest.raises(ValueError, match="There is no arm"):
        PlaySettings(arms=10, pulls="\ufb00" * 50)  # one letter whose capitals are two


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_one_run_has_a_frame_and_a_label_for_each_moment(strategy):
    run = play_one(OneRunSettings(strategy=strategy), StrategySettings(), WorldSettings(steps=300))
    picture = estimates(run)
    assert len(picture.frames) == len(labels(run)) == 301
    assert json.loads(picture.json)["frames"]
    for step in (1, 2, 300):
        assert "= **" in by_hand(run, step)


def test_ucb_s_choice_by_hand_is_the_highest_sum():
    run = play_one(OneRunSettings(strategy="ucb"), StrategySettings(), WorldSettings(steps=50))
    for step in (11, 30, 50):
        highest = (run.values[step - 1] + 2 * (math.log(step) / run.counts[step - 1]).sqrt()).max().item()
        assert f"= **{highest:.4f}**, the highest" in by_hand(run, step)
    assert "highest" not in by_hand(run, 10)  # an arm that was never pulled has no sum
