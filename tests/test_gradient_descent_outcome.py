"""What a run did, in the words of the page: each outcome is checked again on the raw numbers of the run."""

import math
import random
import re
from dataclasses import replace

import pytest
import torch

from core.gradient_descent.curve import descend
from core.gradient_descent.curves import CURVES
from core.gradient_descent.outcome import (
    OUTCOMES,
    converges_monotonically,
    diverged,
    grows,
    moves,
    oscillates,
    outcome,
    period_two_from,
    turns,
)
from core.gradient_descent.settings import RATES, STARTS, DescentSettings
from core.plane.run import Run
from figures.gradient_descent.words import outcome_words


def run_of(path, losses=None):
    """A run that was at these points; f is x² where it is not given."""
    x = torch.tensor(path, dtype=torch.float64)
    return Run(x, x**2 if losses is None else torch.tensor(losses, dtype=torch.float64), x, None, "")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ([-3.0, -1.0, -0.5, -0.4], "monotone"),
        ([-3.0, -1.0, -0.5, -0.5], "monotone"),
        ([-3.0, 0.0, 0.0], "monotone"),
        ([-3.0, -2.0, 0.0], "other"),  # a longer step
        ([2.0, 0.785, 0.830, 0.867], "other"),  # the wrong valley: one turn
        ([-3.0, 2.0, -1.0, 0.5, 0.5], "oscillating"),
        ([-3.0, 2.0, -1.0, -1.0, 0.0], "other"),  # it moves on after a rest
        ([-3.0, 3.0, -3.0], "period two"),
        ([-3.0, 1.0, 2.0, 1.0, 2.0], "period two"),
        ([-3.0, 3.0], "other"),  # it has not come back yet
        ([-3.0, 3.6], "other"),
        ([-3.0, 3.6, -4.3], "growing"),
        ([0.0, 0.0, 0.0], "other"),
        ([1.0], "other"),
    ],
)
def test_a_run_has_the_outcome_that_its_points_show(path, said):
    assert outcome(run_of(path)) == said


def test_rounding_is_no_move_and_a_small_number_is():
    tail = [0.96 + 1e-16, 0.96 - 1e-16, 0.96]
    assert outcome(run_of([2.0, 1.0, 0.96, *tail])) == "monotone"
    assert moves(run_of([0.96, *tail])).tolist() == [0.0] * 3
    assert outcome(run_of([1.0, 1.0 + 1e-9, 1.0])) == "period two"
    assert outcome(run_of([(-1e-3) ** k for k in range(60)])) == "oscillating"


def test_the_first_step_of_a_period_is_named():
    assert period_two_from(run_of([-3.0, 3.0, -3.0, 3.0])) == 0
    assert period_two_from(run_of([5.0, 4.0, 1.0, 2.0, 1.0])) == 2
    assert period_two_from(run_of([1.0, 2.0, 1.0, 1.0])) is None
    assert turns(run_of([0.0, 1.0, 0.5, 0.7, 0.7, 0.8])) == 2


def words_hold(settings):
    """Checks the outcome and its sentence on plain lists, by definitions of their own; returns the outcome."""
    run = descend.__wrapped__(settings)
    x, f, said, text = run.path.tolist(), run.losses.tolist(), outcome(run), outcome_words(run)
    if not all(map(math.isfinite, x + f)):
        assert (said, "**Diverged.**" in text, diverged(run)) == ("diverged", True, True)
        return said
    steps = [0.0 if abs(b - a) <= 1e-12 * max(abs(a), abs(b)) else b - a for a, b in zip(x, x[1:], strict=False)]
    moved = [d for d in steps if d]
    opposite = [a * b < 0 for a, b in zip(moved, moved[1:], strict=False)]
    pairs = list(zip(map(abs, steps), map(abs, steps[1:]), strict=False))
    shrinking = all(after <= before * 1.000000001 for before, after in pairs)
    alternating = len(steps) >= 2 and steps[-1] and abs(x[-1] - x[-3]) <= 1e-9 * abs(steps[-1])
    growing = len(steps) >= 2 and all(after > before for before, after in pairs) and f[-1] > f[0]
    assert (period_two_from(run) is not None) == bool(alternating)
    assert converges_monotonically(run) == (len(steps) >= 2 and bool(steps[0]) and not any(opposite) and shrinking)
    assert oscillates(run) == (len(moved) >= 2 and all(opposite) and shrinking)
    assert grows(run) == growing or alternating
    if said == "period two":
        first, last = map(int, re.search(r"From step (\d+) to step (\d+)", text).groups())
        assert last == len(steps)
        assert all(abs(x[i + 2] - x[i]) <= 1e-9 * abs(x[i + 1] - x[i]) for i in range(first, last - 1))
    elif moved:
        number = re.search(r"turns round (\d+) times", text)
        assert number is None or int(number[1]) == sum(opposite)
        assert ("rises" in text) <= (f[-1] > f[0])
        assert ("falls" in text) <= (f[-1] < f[0])
    else:
        assert "stays" in text
    return said


def test_the_words_hold_in_500_random_settings_of_the_page_s_own_stops():
    choice, seen = random.Random(7), set()
    named = [name for name in CURVES if name != "typed"]
    for _ in range(500):
        steps = choice.choice([1, 2, 3, choice.randint(4, 40)])
        lr, start = choice.choice(RATES), choice.choice(STARTS)
        seen.add(words_hold(DescentSettings(curve=choice.choice(named), lr=lr, start=start, steps=steps)))
    assert seen == set(OUTCOMES)


def test_theory_and_run_say_the_same_of_a_parabola():
    for lr, said in (
        (0.2, "monotone"),
        (0.5, "monotone"),
        (0.9, "oscillating"),
        (1.0, "period two"),
        (1.1, "growing"),
    ):
        assert words_hold(DescentSettings(lr=lr, steps=12)) == said


def test_two_longer_steps_are_not_called_divergence():
    short = descend(DescentSettings(curve="plateau", lr=1.5, start=0.5, steps=2))
    assert outcome_words(short).startswith("**Growing so far.** In 2 steps every step is longer than the one before")
    assert not diverged(descend(DescentSettings(curve="plateau", lr=1.5, start=0.5, steps=200)))


def test_two_places_in_turn_are_written_apart():
    near = descend(DescentSettings(curve="abs", lr=2e-4, start=3.0, steps=2))
    path = [3.0, 3.00001, 3.0]
    said = outcome_words(replace(near, path=torch.tensor(path, dtype=torch.float64)))
    assert "the ball is at 3.00001 and 3 in turn" in said
