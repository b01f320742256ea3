"""Networks of several widths: the stacked training against single ones, what is said of a run, and its presets."""

from dataclasses import replace
from functools import cache

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn

from core.generalization.settings import WIDTHS, CurveSettings, WidthSettings
from core.generalization.width import CHUNK, WidthTask
from core.nn import linear
from figures.generalization.width import by_hand, guess_words, learned, width_curves, width_errors
from pages.generalization.width import PRESETS

SHORT = WidthSettings(updates=100, n_seeds=3)


@cache
def trained(curve=CurveSettings(), settings=SHORT):  # noqa: B008  frozen
    return WidthTask(curve, settings).run()


@cache
def preset(name):
    return trained(CurveSettings(**{k: v for k, v in PRESETS[name][1].items() if k != "hidden"}), WidthSettings())


@pytest.mark.parametrize(("place", "seed"), [(0, 0), (3, 2), (6, 1)])
def test_each_seed_is_trained_as_it_would_be_alone(place, seed):
    run, generator = trained(), Generator().manual_seed(seed)
    layers = [linear(a, b, generator, torch.float64) for a, b in ((1, WIDTHS[place]), (WIDTHS[place], 1))]
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1])
    x, y = run.points.x[:, None], run.points.y[:, None]
    optimizer = torch.optim.Adam(model.parameters(), lr=SHORT.lr)
    for _ in range(SHORT.updates):
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
    for alone, stacked in zip(model.parameters(), run.weights[place], strict=True):
        torch.testing.assert_close(stacked[seed], alone.detach(), rtol=1e-9, atol=1e-9)
    assert run.train_error[place, seed].item() == pytest.approx(F.mse_loss(model(x), y).item(), rel=1e-9)
    assert sum(p.numel() for p in model.parameters()) == learned(WIDTHS[place])


def test_stopped_in_the_middle_there_are_the_widths_that_are_done():
    task = WidthTask(CurveSettings(), SHORT)
    task.step(SHORT.updates // CHUNK - 1)
    assert task.result() is None and task.progress == "width 1, update 50 of 100"
    task.step(1 + 2 * SHORT.updates // CHUNK)
    part = task.result()
    assert part.widths == (1, 2, 4) and not part.complete and part.band == []
    torch.testing.assert_close(part.holdout_error, trained().holdout_error[:3])
    assert "Width 4 learns 13 numbers" in width_curves(part, 64).caption
    assert "From width 1 to 4 " in width_errors(part, 64).caption


@pytest.mark.parametrize(
    ("means", "best", "band", "widest"),
    [
        ((7, 6, 5, 4, 3, 2, 1), 64, "32 or 64", "best"),
        ((9, 9, 9, 9, 10, 10, 9.8), 1, "1 or 2", "close"),
        ((9, 9, 9, 8, 9, 9, 9), 8, "4 to 16", "worse"),
        ((0, 0, 0, 0, 0, 0, 0), 1, "1 or 2", "close"),
    ],
)
def test_what_is_said_of_the_widest(means, best, band, widest):
    errors = torch.tensor(means, dtype=torch.float64)[:, None].expand(-1, 3)
    run = replace(trained(), holdout_error=errors)
    assert (run.widths[run.best], run.widest) == (best, widest)
    assert [b.split(":")[0] for b in run.band] == [band]
    assert {"best": "is the best", "close": "at most 10%", "worse": "1.12 times"}[widest] in guess_words(run)


def test_the_presets_show_what_they_say():
    wave, line, noise, five = (preset(name) for name in PRESETS)
    assert wave.widest in ("best", "close") and wave.train_mean[-1] < wave.train_mean[0] / 10
    assert line.widths[line.best] == 2 and line.widest == "worse" and line.train_mean[-1] < line.train_mean[1] / 4
    assert noise.widths[noise.best] == 8 and noise.widest == "worse"
    assert (noise.train_mean[4:] < noise.train_mean[3:-1]).all() and noise.train_mean[-1] < 0.6 * noise.train_mean[3]
    assert five.widths[five.best] == 64


def test_a_reader_can_redo_the_mean():
    words = by_hand(preset("A wave"), 8)
    assert "3 · 8 + 1 = **25**" in words
    terms, (sum_, mean) = words.split("(")[1].split(")")[0].split(" + "), words.split(") / 5 = ")[1].split(" / 5 = ")
    assert sum(map(float, terms)) == pytest.approx(float(sum_), abs=1e-9)
    assert float(mean.split("**")[1]) == pytest.approx(float(sum_) / 5, abs=1e-4)
    assert float(mean.split("**")[1]) == pytest.approx(preset("A wave").holdout_mean[3].item(), rel=2e-3)
