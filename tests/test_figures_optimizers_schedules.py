"""The figures of the view on schedules say what their runs say."""

import math
import re

import numpy as np
import pytest

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.noisy_runs import RUNS, End, compare, end_of
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stationary_variance import cloud
from figures.optimizers.clouds import clouds
from figures.optimizers.schedules import end_table, height_of, label, noise_words, schedule_losses, theory_words

BEALE = SurfaceSettings()
SGD = hyperparameters_of("SGD")()


def both(surface=BEALE, hparams=SGD, **changes):
    return compare(surface, hparams, ScheduleSettings(optimizer=hparams.name, **changes))


def named(figure, name):
    return next(i for i, trace in enumerate(figure.data) if trace.name == name)


def test_each_frame_holds_the_clouds_and_the_path_up_to_its_moment():
    constant, found = both(steps=120)
    picture = clouds(BEALE, constant, found, cloud(BEALE, SGD, constant))
    figure = picture.figure
    assert len(picture.frames) == len(found.moments)
    for i, frame in enumerate(picture.frames):
        assert [figure.data[trace].name for trace in frame["traces"]] == ["constant lr", "cosine"]
        for data, ensemble in zip(frame["data"], (constant, found), strict=True):
            assert np.array_equal(data["x"], ensemble.clouds[i, :, 0].numpy().astype(np.float32))
            assert len(data["y"]) == RUNS
    path = figure.data[named(figure, "one run")]
    assert np.array_equal(path.x, found.path[:, 0].numpy().astype(np.float32))
    assert path.meta["upto"] == list(found.moments)


def test_the_cursor_stands_on_the_median_and_on_the_lr_of_the_next_step():
    constant, found = both(steps=100)
    picture = schedule_losses(BEALE, constant, found)
    figure = picture.figure
    for moment, frame in zip(found.moments, picture.frames, strict=True):
        loss, lr = frame["data"]
        assert loss["x"][0] == lr["x"][0] == moment
        assert loss["y"][0] == pytest.approx(found.band[moment, 1].item(), rel=1e-6)
        assert lr["y"][0] == found.lr[min(moment, 99)]
    assert figure.data[named(figure, "lr here")].cliponaxis is False  # a mark on the edge is whole
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
    assert "off by about ±4.4 %" in theory


def test_medians_that_are_alike_end_equally_high():
    constant, found = both(hparams=hyperparameters_of("RAdam")())
    caption = schedule_losses(BEALE, constant, found).caption
    one, other = constant.band[-1, 1].item(), found.band[-1, 1].item()
    assert 0 < max(one / other, other / one) - 1 < 0.05
    assert "Both end about equally high." in caption
    assert "times" not in caption


def test_a_run_without_noise_that_is_lost_is_not_a_number_in_the_caption():
    far = SurfaceSettings(x=-20.0, y=-20.0)
    constant, found = both(far, lr=10.0, eta_min=1.0, steps=60)
    caption = schedule_losses(far, constant, found).caption
    assert math.isnan(found.noiseless[-1])
    assert "Without noise the run is lost, too." in caption
    assert "nan" not in caption


@pytest.mark.parametrize("name", ["saddle", "monkey", "mccormick", "typed"])
@pytest.mark.parametrize("lr", [0.01, 50.0])
def test_lost_runs_and_bottomless_ground_are_drawn(name, lr):
    surface = SurfaceSettings(surface=name, text="-exp(x) + y^4")
    constant, found = both(surface, lr=lr, steps=60, noise=100.0)
    for picture in (clouds(surface, constant, found, None), schedule_losses(surface, constant, found)):
        text = picture.json()
        assert len(text) < 1_000_000
        assert re.search(r"\d", picture.caption)
        assert len(picture.alt) >= 40
    if found.diverged:
        assert (
            f"{found.diverged} of {RUNS} runs are lost, the first at step {found.diverged_at}"
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
    assert "| lost | lost to lost | lost | 256 |" in table
    assert "**" not in table


def test_no_noise_and_no_survivor_are_not_called_a_cloud():
    constant, found = both(noise=0.0, steps=40)
    assert cloud(BEALE, SGD, constant) is None
    assert "no cloud" in theory_words(None, constant)
    assert "σ = 0" in noise_words(constant, found)
    steep = SurfaceSettings(x=3.3, y=1.4)
    constant, found = both(steep, schedule="warmup")
    assert f"With the constant lr all {RUNS} runs are lost, with the schedule {found.diverged}" in noise_words(
        constant, found
    )
    picture = schedule_losses(steep, constant, found)
    assert "constant lr: all runs lost; " in picture.caption
    assert "constant lr: all lost" in [trace.name for trace in picture.figure.data]
