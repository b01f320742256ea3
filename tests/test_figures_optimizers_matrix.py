"""The figures of the view on matrices say what their runs say."""

import re

import numpy as np
import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.matrices import COLUMNS, MATRIX, ROWS, MatrixSettings, problem
from core.optimizers.matrices_runs import contest, run, singular_values
from core.optimizers.newton_schulz import coefficients, rounds
from figures.optimizers.matrices import matrix_parts, moments_of
from figures.optimizers.matrix_lines import matrix_losses, spectra
from figures.optimizers.matrix_words import contest_table, gradient_words, matrix_label, weight_decay_words
from figures.optimizers.newton_schulz import newton_schulz
from figures.words import fmt


def named(figure, name):
    return next(i for i, trace in enumerate(figure.data) if trace.name == name)


def a_contest(**changes):
    settings = MatrixSettings(**changes)
    return settings, contest(tuple(hyperparameters_of(name)() for name in settings.optimizers), settings)


def test_each_frame_holds_the_three_matrices_and_their_singular_values():
    _, runs = a_contest(steps=30)
    muon, moments = runs[-1], tuple(moments_of(30))
    for t, frame in zip(moments, matrix_parts(muon, moments).frames, strict=True):
        for i, part in enumerate((muon.gradient, muon.memory, muon.update)):
            z, bars = frame["data"][2 * i]["z"], frame["data"][2 * i + 1]["y"]
            assert z.shape == (ROWS, COLUMNS)
            assert np.abs(z).max() == pytest.approx(1)
            sizes = singular_values(part[t - 1])
            assert np.allclose(bars, (sizes / sizes[0]).numpy(), rtol=1e-5)


def test_losses_and_spectra_are_those_of_the_runs():
    settings, runs = a_contest(steps=30)
    moments = tuple(moments_of(30))
    losses, lines = matrix_losses(runs, moments), spectra(runs, moments)
    for run_, trace in zip(runs, losses.figure.data, strict=False):
        assert np.allclose(trace.y, run_.loss.numpy(), rtol=1e-6)
        assert f"{run_.name} " in losses.caption
    assert len(losses.frames) == len(lines.frames) == len(moments)
    assert losses.caption.index("Adafactor") > losses.caption.index("Momentum")
    assert "Step 10: singular values of the gradient" in matrix_label(runs[-1], 10)
    table = contest_table(runs, settings.condition, settings.seed)
    assert all(f"| {run_.name} |" in table for run_ in runs)


@pytest.mark.parametrize("ns_steps", [1, 5, 12])
def test_the_curve_is_the_polynomial_and_the_marks_are_the_run_s(ns_steps):
    muon = run(hyperparameters_of("Muon")(ns_steps=ns_steps, lr=0.2), 3.0, 0, 10, True)
    picture = newton_schulz(muon, tuple(moments_of(10)))
    curve = picture.figure.data[named(picture.figure, f"after {ns_steps} round{'s' * (ns_steps > 1)}")]
    x = torch.tensor(curve.x, dtype=torch.float64)
    assert np.allclose(curve.y, rounds(x, coefficients(muon.hparams), ns_steps).numpy(), atol=1e-3)
    marks = picture.frames[0]["data"][0]
    expected = rounds(torch.tensor(marks["x"], dtype=torch.float64), coefficients(muon.hparams), ns_steps)
    clear = marks["x"] > 0.05
    assert np.abs(marks["y"] - expected.numpy())[clear].max() < 0.3
    assert f"{fmt(3.4445**ns_steps, 3)} times" in picture.caption


def test_a_lost_run_is_drawn_and_named():
    lost = run(hyperparameters_of("SGD")(lr=1000.0), 100.0, 0, 200, False)
    moments = tuple(moments_of(lost.steps))
    assert f"After {lost.diverged_at} steps a number is not finite" in matrix_parts(lost, moments).caption
    for picture in (matrix_parts(lost, moments), matrix_losses((lost,), moments), spectra((lost,), moments)):
        assert len(picture.json()) < 1_000_000
    assert "is lost after" in matrix_losses((lost,), moments).caption
    assert "lost" in contest_table((lost,), 100.0, 0)


def test_all_figures_of_the_longest_run_are_small():
    settings, runs = a_contest(steps=200, optimizers=MATRIX, rule="own")
    moments = tuple(moments_of(200))
    assert len(moments) <= 51
    muon = runs[-1]
    pictures = (
        matrix_parts(muon, moments),
        matrix_losses(runs, moments),
        spectra(runs, moments),
        newton_schulz(muon, moments),
    )
    for picture in pictures:
        assert len(picture.json()) < 900_000
        assert re.search(r"\d", picture.caption)
    data = problem(settings.condition, settings.seed)
    assert "by default, with λ = 0.1" in weight_decay_words(muon, data)


def test_the_words_on_decay_and_directions_are_the_run_s():
    settings, runs = a_contest()
    data, muon = problem(settings.condition, settings.seed), runs[-1]
    text = weight_decay_words(muon, data)
    assert f"|W| is {(muon.W.norm() / data.solution.norm()).item():.5g} times |solution|" in text
    stretch = (16 / 12) ** 0.5 * singular_values(muon.update).max().item()
    assert f"can exceed {stretch:.3g}/λ = {stretch / 0.1:.3g}; the solution's largest is 2.14" in text
    assert singular_values(muon.W)[0] <= stretch / 0.1
    assert "leaves the weak directions" in gradient_words(runs[0], 100.0)
    _, round_ = a_contest(condition=1.0, steps=20)
    assert "equally far in all directions" in gradient_words(round_[0], 1.0)
    assert "leaves the weak" not in gradient_words(round_[0], 1.0)
