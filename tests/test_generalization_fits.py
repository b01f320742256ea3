"""Fits to many data sets: batches against single fits, the parts of the error against what is measured."""

from dataclasses import replace

import pytest
import torch
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator

from core.generalization.bias_variance import decompose, grows, parts_of
from core.generalization.double_descent import DoubleSettings, descend, minimum_norm
from core.generalization.fit import fit_all
from core.generalization.learning_curve import learn
from core.generalization.polynomials import (
    GRID,
    basis,
    draw_holdout,
    draw_training,
    fit,
    fit_one_by_one,
    heights,
    true_curve,
)
from core.generalization.settings import CURVES, CurveSettings
from figures.generalization import bias_variance, double_descent, learning_curve
from figures.generalization.fit import curve_fit, degree_errors, guess_words
from pages.generalization.fit import PRESETS

USUAL = CurveSettings()


@pytest.mark.parametrize("degree", [0, 3, 9, 14])
def test_a_batch_of_fits_is_the_fits_one_by_one(degree):
    x, y = draw_training(USUAL, 30, 15, Generator().manual_seed(5))
    torch.testing.assert_close(fit(x, y, degree), fit_one_by_one(x, y, degree), rtol=1e-7, atol=1e-7)


def test_the_basis_is_that_of_chebyshev_and_the_fit_that_of_powers():
    torch.testing.assert_close(basis(GRID, 3)[:, 3], 4 * GRID**3 - 3 * GRID)
    x, y = draw_training(USUAL, 1, 15, Generator().manual_seed(1))
    powers = x[0][:, None] ** torch.arange(5)
    w = torch.linalg.lstsq(powers, y[0][:, None]).solution[:, 0]
    torch.testing.assert_close(heights(fit(x, y, 4), GRID)[0], GRID[:, None] ** torch.arange(5) @ w)


def test_each_part_of_the_range_has_one_training_point():
    x, _ = draw_training(USUAL, 50, 15, Generator().manual_seed(2))
    assert ((x + 1) / 2 * 15).floor().long().tolist() == [list(range(15))] * 50


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(sorted(CURVES)), st.integers(5, 20), st.floats(0, 1), st.integers(0, 999))
def test_bias_variance_noise_and_the_mixed_terms_add_up_to_the_measured_error(curve, n, noise, seed):
    s = CurveSettings(curve=curve, n_samples=n, noise=noise, seed=seed)
    generator = Generator().manual_seed(seed)
    x, y = draw_training(s, 40, n, generator)
    places, epsilon = draw_holdout(s, 40, 60, generator)
    parts = parts_of(s, x, y, places, epsilon)
    for degree, coefficients in enumerate(parts.coefficients):
        mixed = -2 * ((heights(coefficients, places) - true_curve(s, places)) * epsilon).mean()
        assert (parts.total[degree] + mixed).item() == pytest.approx(parts.measured[degree].item(), rel=1e-9, abs=1e-18)


def test_the_sum_is_the_measured_error_of_two_hundred_data_sets():
    parts = decompose(USUAL)
    assert parts.largest_gap < 0.01
    assert parts.noise.item() == pytest.approx(0.09, rel=0.01)
    assert parts.crossing == 5
    assert bool((parts.variance[1:] > parts.variance[:-1]).float().mean() > 0.9)
    assert parts.bias[0] > 50 * parts.variance[0] and parts.variance[11] > 50 * parts.bias[11]


def test_the_variance_of_a_mean_is_that_of_a_textbook():
    """Degree 0 is the mean of n points; around a level curve its variance is σ²/n."""
    x = draw_training(USUAL, 4000, 10, Generator().manual_seed(3))[0]
    noise = 0.3 * torch.randn(x.shape, generator=Generator().manual_seed(4), dtype=torch.float64)
    assert fit(x, noise, 0).var().item() == pytest.approx(0.09 / 10, rel=0.07)


@pytest.mark.parametrize(
    ("curve", "noise", "low", "high", "said"),
    [
        ("sine", 0.3, 1, 9, ["variance"]),
        ("sine", 0.3, 9, 1, ["bias"]),
        ("line", 0.3, 1, 9, ["variance"]),  # the mean of 200 fits is off, but by chance
        ("line", 0.0, 1, 9, []),
        ("sine", 0.0, 3, 1, ["bias"]),
    ],
)
def test_which_part_grows_between_two_degrees(curve, noise, low, high, said):
    assert grows(decompose(CurveSettings(curve=curve, noise=noise)), low, high) == said


def test_bias_that_only_chance_moves_is_said_to():
    straight = decompose(CurveSettings(curve="line", n_samples=5, seed=2))
    assert "0.000924 (by chance)" in bias_variance.guess_words(straight, 1, 2)
    assert "by chance" not in bias_variance.guess_words(decompose(USUAL), 1, 9)


def test_bias_and_variance_are_what_they_are_called():
    """Measured once more on 20,000 other data sets."""
    parts, s, generator = decompose(USUAL), USUAL, Generator().manual_seed(0)
    draw_training(s, 200, 15, generator)
    places, _ = draw_holdout(s, 200, 500, generator)
    x, y = draw_training(s, 20_000, 15, Generator().manual_seed(9))
    fits = heights(fit(x, y, 3), places)
    bias = (fits.mean(dim=0) - true_curve(s, places)).square().mean().item()
    assert parts.bias[3].item() == pytest.approx(bias, rel=0.03)
    assert parts.variance[3].item() == pytest.approx(fits.var(dim=0).mean().item(), rel=0.05)
    assert decompose(CurveSettings(curve="line", noise=0.0)).crossing is None


def test_without_noise_nothing_wrong_is_learned_and_rounding_counts_as_zero():
    fits = fit_all(CurveSettings(curve="line", noise=0.0))
    assert fits.best == 1 and fits.holdout_error[1:].tolist() == [0.0] * 14
    assert fits.equals == list(range(1, 15)) and len(fits.bands) == 3  # no guess is wrong
    assert "noise" not in guess_words(fits) and "degree 1 is the first with" in degree_errors(fits, 3).caption
    assert "error is 0 on the" in curve_fit(fits, 1).caption


def test_the_fit_that_learns_by_heart():
    fits = fit_all(USUAL)
    assert fits.train_error[-1] < 1e-20 < 0.1 < fits.holdout_error[fits.best] < fits.holdout_error[-1] / 1000
    assert bool((fits.train_error[1:] <= fits.train_error[:-1] + 1e-12).all())
    assert fits.bands == ["3 to 7"] and "noise included" in guess_words(fits)
    for best in (0, 14):  # no degree is named twice
        errors = torch.where(torch.arange(15) == best, 0.0, 1.0)
        for words in (guess_words(found := replace(fits, holdout_error=errors)), degree_errors(found, 3).caption):
            assert words.count(f"degree {best}") == 1
    assert "The fit leaves the picture" in curve_fit(fits, 14).caption
    assert f"degree {fits.best} is best" in degree_errors(fits, 3).caption


@pytest.mark.parametrize("n", [5, 12, 20])
def test_every_band_of_the_guess_can_be_right(n):
    fits = fit_all(CurveSettings(n_samples=n))
    for best, band in ((0, "0 to 2"), (3, "3 to 7"), (4, "3 to 7"), (8, "8 or more")):
        if best < n:
            errors = torch.where(torch.arange(n) == best, 0.0, 1.0)
            assert [b.split(":")[0] for b in replace(fits, holdout_error=errors).bands] == [band]


def test_more_points_and_the_errors_meet_at_the_noise():
    found = learn(USUAL, 7)
    assert found.sizes[0] == 8 and found.train_median[0] == 0
    assert learn(USUAL, 19).train_median[0] == 0 and learn(USUAL, 0).sizes[0] == 1
    assert found.train_error_moves == "rises"
    assert found.train_median[-1].item() == pytest.approx(0.09, rel=0.05)
    assert found.holdout_median[-1].item() == pytest.approx(0.09, rel=0.1)
    assert learn(USUAL, 7).holdout_median[-1] < learn(USUAL, 14).holdout_median[-1] < 0.1  # as the presets say
    assert learn(CurveSettings(noise=0.0, curve="line"), 3).train_error_moves == "stays"
    assert "It is 0 with" in learning_curve.guess_words(learn(CurveSettings(noise=0.0, curve="line"), 3))


@pytest.mark.parametrize(("n", "p"), [(12, 5), (12, 12), (12, 30)])
def test_the_shortest_weights_are_those_of_the_pseudoinverse_and_reach_every_sample(n, p):
    generator = Generator().manual_seed(n + p)
    A = torch.randn(4, n, p, generator=generator, dtype=torch.float64)
    y = torch.randn(4, n, generator=generator, dtype=torch.float64)
    w = minimum_norm(A, y)
    torch.testing.assert_close(w, (torch.linalg.pinv(A) @ y[..., None])[..., 0])
    if p >= n:
        torch.testing.assert_close((A @ w[..., None])[..., 0], y)


def test_the_error_has_its_peak_where_features_and_images_are_as_many():
    for n in (20, 40):
        found = descend(DoubleSettings(n_samples=n))
        assert found.sizes[found.peak] == n and found.goes_on == "fewer"
        assert found.mean[found.valley] < found.mean[found.peak] - 0.05
        assert found.mean[-1] < found.mean[found.valley]
        assert found.train_wrong[found.sizes.index(n) :].max() == 0
    assert found.mean.tolist() == [sum(map(round, (1000 * row).tolist())) / 200_000 for row in found.wrong]
    assert f"{found.mean[-1]:.1%} with 400" in double_descent.descents(found).caption
    held = double_descent.descents(found, beyond=False)
    assert max(held.table["features"]) == 40


@pytest.mark.parametrize(("change", "said"), [(0.1, "more"), (0.01, "same"), (-0.1, "fewer")])
def test_what_more_features_do(change, said):
    found = descend(DoubleSettings())
    wrong = torch.full_like(found.wrong, 0.4)
    wrong[-1] += change
    assert replace(found, wrong=wrong).goes_on == said


def test_the_largest_runs_are_a_matter_of_a_moment():
    with at_most(120):
        decompose.__wrapped__(CurveSettings(n_samples=20))
        learn.__wrapped__(USUAL, 19)
        descend.__wrapped__(DoubleSettings(n_samples=80))


def test_the_caption_has_the_numbers_of_the_table():
    parts = decompose(USUAL)
    picture = bias_variance.parts_chart(parts, 3)
    assert (picture.table["bias²"] + picture.table["variance"] + picture.table["noise"]).tolist() == pytest.approx(
        picture.table["sum"].tolist()
    )
    assert "At degree 5, variance first outweighs bias²." in picture.caption
    assert "0.2078" in bias_variance.by_hand(parts, 3)


def test_the_preset_that_is_about_right_has_the_best_degree():
    assert fit_all(CurveSettings()).equals == [PRESETS["About right"][1]["degree"]]
