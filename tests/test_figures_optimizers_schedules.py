"""The figures of schedules and matrices say what their runs say."""

import math
import re

import numpy as np
import pytest
import torch

from core.optimizers.ensembles import RUNS, End, compare, end_of
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.matrix import COLUMNS, MATRIX, ROWS, MatrixSettings
from core.optimizers.matrix_runs import contest, run, singular_values
from core.optimizers.newton_schulz import coefficients, rounds
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stationary import cloud
from figures.optimizers.clouds import clouds
from figures.optimizers.matrix import (
    contest_table,
    matrix_label,
    matrix_losses,
    matrix_parts,
    moments_of,
    spectra,
    weight_decay_words,
)
from figures.optimizers.newton_schulz import newton_schulz
from figures.optimizers.schedules import end_table, height_of, label, schedule_losses, theory_words

BEALE = SurfaceSettings()
SGD = hyperparameters_of("SGD")()


def both(surface=BEALE, entry=SGD, **changes):
    return compare(surface, entry, ScheduleSettings(optimizer=entry.contestant, **changes))


def named(figure, name):
    return next(i for i, trace in enumerate(figure.data) if trace.name == name)


def test_each_frame_holds_the_clouds_and_the_path_up_to_its_moment():
    constant, found = both(steps=120)
    figure = clouds(BEALE, constant, found, cloud(BEALE, SGD, constant)).figure
    assert len(figure.frames) == len(found.moments)
    for i, frame in enumerate(figure.frames):
        assert [figure.data[trace].name for trace in frame.traces] == ["constant lr", "cosine", "one run"]
        for data, ensemble in zip(frame.data[:2], (constant, found), strict=True):
            assert np.array_equal(data.x, ensemble.clouds[i, :, 0].numpy().astype(np.float32))
            assert len(data.y) == RUNS
        assert len(frame.data[2].x) == found.moments[i] + 1


def test_the_cursor_stands_on_the_median_and_on_the_lr_of_the_next_step():
    constant, found = both(steps=100)
    figure = schedule_losses(BEALE, constant, found).figure
    for moment, frame in zip(found.moments, figure.frames, strict=True):
        loss, lr = frame.data
        assert loss.x[0] == lr.x[0] == moment
        assert loss.y[0] == pytest.approx(found.band[moment, 1].item(), rel=1e-6)
        assert lr.y[0] == found.lr[min(moment, 99)]
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis2.type == "linear"
    assert f"lr = {found.lr[50].item():.3g}" in label(constant, found, 25)


def test_what_is_said_are_the_numbers_of_the_run():
    constant, found = both()
    caption = schedule_losses(BEALE, constant, found).caption
    times = constant.band[-1, 1].item() / found.band[-1, 1].item()
    assert f"ends {times:.3g} times lower" in caption
    table = end_table(tuple(end_of(BEALE, ensemble) for ensemble in (constant, found)))
    assert f"| **{found.band[-1, 1].item():.3g}** |" in table
    theory = theory_words(cloud(BEALE, SGD, constant), constant)
    assert "At the minimum (3, 0.5), where 256 of 256 runs end" in theory


@pytest.mark.parametrize("name", ["saddle", "monkey", "mccormick", "typed"])
@pytest.mark.parametrize("lr", [0.01, 50.0])
def test_lost_runs_and_bottomless_ground_are_drawn(name, lr):
    surface = SurfaceSettings(surface=name, text="-exp(x) + y^4")
    constant, found = both(surface, lr=lr, steps=60, noise=100.0)
    for picture in (clouds(surface, constant, found, None), schedule_losses(surface, constant, found)):
        text = picture.figure.to_json()
        assert len(text) < 1_000_000
        assert re.search(r"\d", picture.caption)
        assert len(picture.alt) >= 40
    if found.lost:
        assert (
            f"{found.lost} of {RUNS} runs are lost, the first at step {found.lost_at}"
            in clouds(surface, constant, found, None).caption
        )


def test_a_constant_schedule_is_drawn_once():
    constant, found = both(schedule="constant", steps=30)
    assert constant is found
    figure = clouds(BEALE, constant, found, None).figure
    assert [trace.name for trace in figure.data].count("constant lr") == 1
    assert "times lower" not in schedule_losses(BEALE, constant, found).caption


def test_the_height_is_counted_from_the_lowest_minimum_where_there_is_one():
    himmelblau = SurfaceSettings(surface="himmelblau")
    assert height_of(himmelblau, both(himmelblau, steps=20)) == pytest.approx(0, abs=1e-12)
    saddle = SurfaceSettings(surface="saddle")
    assert height_of(saddle, both(saddle, steps=20)) is None


def test_an_end_that_is_lost_is_written():
    table = end_table((End("constant", 1.0, (math.inf, math.inf, math.inf), math.nan, 256),))
    assert "∞" in table


def a_contest(**changes):
    settings = MatrixSettings(**changes)
    return settings, contest(tuple(hyperparameters_of(name)() for name in settings.contestants), settings)


def test_each_frame_holds_the_three_matrices_and_their_singular_values():
    _, runs = a_contest(steps=30)
    muon, moments = runs[-1], tuple(moments_of(30))
    figure = matrix_parts(muon, moments).figure
    for t, frame in zip(moments, figure.frames, strict=True):
        for i, part in enumerate((muon.gradient, muon.memory, muon.update)):
            z, bars = frame.data[2 * i].z, frame.data[2 * i + 1].y
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
    assert len(losses.figure.frames) == len(lines.figure.frames) == len(moments)
    assert losses.caption.index("Adafactor") > losses.caption.index("Momentum")
    assert "Step 10: singular values of the gradient" in matrix_label(runs, runs[-1], 10)
    table = contest_table(runs, settings.condition, settings.seed)
    assert all(f"| {run_.name} |" in table for run_ in runs)


@pytest.mark.parametrize("ns_steps", [1, 5, 12])
def test_the_curve_is_the_polynomial_and_the_marks_are_the_run_s(ns_steps):
    muon = run(hyperparameters_of("Muon")(ns_steps=ns_steps, lr=0.2), 3.0, 0, 10, True)
    picture = newton_schulz(muon, tuple(moments_of(10)))
    curve = picture.figure.data[named(picture.figure, f"after {ns_steps} round{'s' * (ns_steps > 1)}")]
    x = torch.tensor(curve.x, dtype=torch.float64)
    assert np.allclose(curve.y, rounds(x, coefficients(muon.entry), ns_steps).numpy(), atol=1e-3)
    marks = picture.figure.frames[0].data[0]
    expected = rounds(torch.tensor(marks.x, dtype=torch.float64), coefficients(muon.entry), ns_steps)
    clear = marks.x > 0.05
    assert np.abs(marks.y - expected.numpy())[clear].max() < 0.3
    assert f"{3.4445**ns_steps:.3g} times" in picture.caption.replace("e+06", "e+06")


def test_a_lost_run_is_drawn_and_named():
    lost = run(hyperparameters_of("SGD")(lr=1000.0), 100.0, 0, 200, False)
    moments = tuple(moments_of(lost.steps))
    assert f"After {lost.lost_at} steps a number is not finite" in matrix_parts(lost, moments).caption
    for picture in (matrix_parts(lost, moments), matrix_losses((lost,), moments), spectra((lost,), moments)):
        assert len(picture.figure.to_json()) < 1_000_000
    assert "is lost after" in matrix_losses((lost,), moments).caption
    assert "lost" in contest_table((lost,), 100.0, 0)


def test_all_figures_of_the_longest_run_are_small():
    settings, runs = a_contest(steps=200, contestants=MATRIX, rule="own")
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
        assert len(picture.figure.to_json()) < 900_000
        assert re.search(r"\d", picture.caption)
    assert "by default, with λ = 0.1" in weight_decay_words(muon)
