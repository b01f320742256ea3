"""A thousand problems at once against one by one, and digits against a plain loop and scikit-learn."""

import time

import pytest
import torch
from sklearn.linear_model import Perceptron

from core.perceptron.many import N_PROBLEMS, make_problems, mistakes_of, mistakes_one_by_one, run_many
from core.perceptron.pixels import run_pixels
from core.perceptron.settings import ManySettings, PixelSettings

SOME = [
    ManySettings(),
    ManySettings(dimensions=20, n_samples=100, seed=3),
    ManySettings(dimensions=5, n_samples=5, seed=1),
]


@pytest.mark.parametrize("settings", SOME, ids=str)
def test_the_batch_makes_the_mistakes_of_the_single_runs(settings):
    yx, _ = make_problems(settings)
    assert torch.equal(mistakes_one_by_one(yx[:60]), run_many(settings).mistakes[:60])


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
def test_no_problem_is_above_its_bound_and_margins_are_as_planted(settings):
    found = run_many(settings)
    assert len(found.mistakes) == N_PROBLEMS
    assert (found.mistakes <= found.bound).all()
    assert (found.mistakes >= 1).all()
    assert 0.01 < found.gamma.min() < found.gamma.max() <= 0.6
    assert (found.radius <= 1 + 1e-5).all()


def test_the_largest_batch_takes_less_than_a_second():
    run_many.cache_clear()
    started = time.process_time()
    run_many(ManySettings(dimensions=20, n_samples=100))
    assert time.process_time() - started < 1


def test_two_digits_are_told_apart():
    found = run_pixels(PixelSettings())
    assert found.accuracy > 0.9
    assert found.train_accuracy == 1 or found.wrong[-1] > 0
    assert found.accuracy == (found.answers == found.label).double().mean().item()
    score = sum(p * w for p, w in zip(found.images[0].flatten().tolist(), found.weights.tolist(), strict=False))
    assert found.scores[0].item() == pytest.approx(score + found.weights[64].item())


def test_easy_digits_are_learned_without_a_mistake_left():
    found = run_pixels(PixelSettings(zero=0, one=1))
    assert found.wrong[-1] == 0
    assert found.train_accuracy == 1
    assert found.accuracy == 1


def test_scikit_learn_s_perceptron_ends_with_the_same_weights():
    """It updates on the same condition from zero weights; with coef_ equal, the whole path must have been."""
    settings = PixelSettings(zero=0, one=1)
    found = run_pixels(settings)
    from sklearn.datasets import load_digits

    bunch = load_digits()
    chosen = torch.tensor([i for i, t in enumerate(bunch.target) if t in (0, 1)])
    chosen = chosen[torch.randperm(len(chosen), generator=torch.Generator().manual_seed(0))][len(found.label) :]
    model = Perceptron(shuffle=False, max_iter=len(found.wrong), tol=None, eta0=1.0)
    model.fit(bunch.data[chosen] / 16, bunch.target[chosen])
    assert torch.equal(torch.from_numpy(model.coef_[0]), found.weights[:64])
    assert model.intercept_[0] == found.weights[64].item()


def test_one_digit_twice_is_refused():
    with pytest.raises(ValueError, match="allowed: two different digits"):
        PixelSettings(zero=4, one=4)
