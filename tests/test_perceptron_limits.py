"""Pocket and average against their definitions, and the reason why no line separates."""

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from perceptron_runs import HEAVIEST, POINTS, RUNS, check_frames, checked, own, plain, random_samples
from visitor import shown, visit

from core.perceptron.bound import margin
from core.perceptron.learn import run
from core.perceptron.limits import hull_intersection, weight_rules
from core.perceptron.samples import make_samples
from core.perceptron.settings import PerceptronSettings
from figures.perceptron.limits import cycle_words, reason, rules_plane
from figures.perceptron.wrong_curve import wrong_curve


@checked
@given(POINTS, st.sampled_from(["fixed", "shuffled"]))
def test_pocket_and_average_are_what_their_definitions_say(points, order):
    found = run(own(points, order=order, max_updates=40))
    rules = weight_rules(found)
    for at in range(found.updates + 1):
        best = min(range(at + 1), key=lambda i: (int(found.wrong[i]), i))
        assert torch.equal(rules.weights["pocket"][at], found.weights[best])
    counts = found.visits.clone()
    counts[-1] += 1  # the visit that made the last weights
    counts[0] -= 1  # after the first visit the weights are no longer zero
    average = (counts[:, None] * found.weights).sum(0) / counts.sum()
    assert torch.allclose(rules.weights["averaged"][-1], average, atol=1e-12)


@checked
@given(random_samples())
def test_the_hulls_intersect_in_a_mix_of_either_class(samples):
    assume(samples.bias)
    star = hull_intersection(samples)
    assert (star is None) == margin(samples).separable
    for label in (0, 1) if star else ():
        shares = torch.tensor(star.shares[label], dtype=torch.float64)
        assert set(samples.y[star.rows[label]].tolist()) == {label}
        assert shares.min() >= 0
        assert shares.sum().item() == pytest.approx(1)
        assert (shares @ samples.X[star.rows[label]]).tolist() == pytest.approx(star.point.tolist(), abs=1e-6)


def test_the_point_is_in_the_middle_of_xor_and_takes_few_samples():
    assert hull_intersection(make_samples(PerceptronSettings(data="xor"))).point.tolist() == pytest.approx([0.5, 0.5])
    star = hull_intersection(make_samples(PerceptronSettings(data="overlap", n_samples=300)))
    assert sum(len(rows) for rows in star.rows.values()) <= 4  # Radon and Caratheodory: d + 2 points in d dimensions


@pytest.mark.parametrize("chosen", [*(r.settings for r in RUNS), HEAVIEST], ids=str)
def test_captions_count_what_is_drawn(chosen):
    found = run(chosen)
    rules = weight_rules(found)
    end = [int(rules.wrong[rule][-1]) for rule in ("pocket", "averaged", "last")]
    said = "pocket {} average {} last weights {}.".format(*end)
    for picture in (rules_plane(found), wrong_curve(found)):
        check_frames(picture, found.frame_steps)
        assert plain(picture.caption).endswith(said)
    assert wrong_curve(found).table.iloc[-1].tolist() == [found.updates, *end]
    alone = wrong_curve(found, ("last",))
    check_frames(alone, found.frame_steps)
    assert alone.table["wrong, last weights"].tolist() == found.wrong.tolist()


def test_states_are_counted_where_some_come_twice():
    """AND without a bias: four corrections, but only three states."""
    text = cycle_words(run(PerceptronSettings(data="and", bias=False)))
    assert "4 corrections through 3 distinct states" in text
    assert text.count("→") == 4
    assert cycle_words(run(PerceptronSettings())) == ""


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (PerceptronSettings(data="overlap", seed=8), "A line does separate"),  # no point reaches across
        (PerceptronSettings(data="overlap"), "w·p + b **> 0**"),
        (PerceptronSettings(data="and", bias=False), "With a bias it may be another matter"),
    ],
)
def test_the_reason_is_the_margin_s(chosen, said):
    assert reason(run(chosen)).count(said) == 1
    assert margin(make_samples(chosen)).separable == said.startswith("A line")


def test_xor_s_four_states_and_two_inequalities_are_written_out():
    text = "\n".join(shown(visit("perceptron", view="limits")))
    assert "(0, 0, 0) → (0, 0, −1) → (0, 1, 0) → (1, 1, 1) → (0, 0, 0)" in text
    assert "w·p + b **> 0**" in text
    assert "w·p + b **< 0**" in text
    assert "p = (0.5, 0.5)" in text
