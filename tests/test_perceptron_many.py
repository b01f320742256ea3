"""A thousand problems at once against one by one."""

import numpy as np
import pytest
import torch
from effort import at_most

from core.perceptron.many import N_PROBLEMS, make_problems, mistakes_of, mistakes_one_by_one, run_many
from core.perceptron.settings import ManySettings
from figures.perceptron.many import many_problems

SOME = [
    ManySettings(),
    ManySettings(dimensions=20, n_samples=100, seed=3),
    ManySettings(dimensions=5, n_samples=5, seed=1),
]


def test_a_problem_is_learned_like_a_plain_loop_does():
    yx, _ = make_problems(ManySettings(n_samples=20, seed=9))
    for problem in yx[:5].tolist():
        w, count, faultless = [0.0, 0.0], 0, 0
        while faultless < len(problem):
            for x in problem:
                faultless += 1
                if w[0] * x[0] + w[1] * x[1] <= 0:
                    w, count, faultless = [w[0] + x[0], w[1] + x[1]], count + 1, 0
        assert mistakes_of(torch.tensor([problem], dtype=torch.float64)).item() == count


@pytest.mark.parametrize("settings", SOME, ids=str)
def test_the_batch_makes_the_single_runs_mistakes_below_the_bound_at_margins_as_planted(settings):
    found = run_many(settings)
    assert torch.equal(mistakes_one_by_one(make_problems(settings)[0][:60]), found.mistakes[:60])
    assert len(found.mistakes) == N_PROBLEMS
    assert (found.mistakes <= found.bound).all()
    assert (found.mistakes >= 1).all()
    assert 0.01 < found.gamma.min() < found.gamma.max() <= 0.6
    assert (found.radius <= 1 + 1e-5).all()


def test_the_largest_batch_takes_a_moment():
    with at_most(200):
        run_many.__wrapped__(ManySettings(dimensions=20, n_samples=100))


def test_the_scatter_of_problems_has_all_of_them_and_the_line_is_the_bound():
    found = run_many(ManySettings())
    picture = many_problems(found)
    dots, line = picture.figure.data
    assert len(dots.x) == len(picture.table) == N_PROBLEMS
    assert np.allclose(np.array(line.y), 1 / np.array(line.x) ** 2)
    assert f"{(found.mistakes > found.bound).sum()} of 1,000 dots" in picture.caption
    assert f"{(found.mistakes / found.bound).max():.0%}" in picture.caption
    assert len(picture.caption.split()) <= 45
