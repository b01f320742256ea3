"""The figures of gradient descent say what its runs say."""

import json
import math
import re

import numpy as np
import pytest
import torch

from core.gradient_descent.bowl import four, roll
from core.gradient_descent.descend import descend
from core.gradient_descent.momentum_map import momenta, momentum_map, rates, run_cell
from core.gradient_descent.rates import sweep_rates
from core.gradient_descent.regression import all_batches, fit
from core.gradient_descent.settings import (
    BATCHES,
    MAX_STEPS,
    MAX_UPDATES,
    BowlSettings,
    CompareSettings,
    DescentSettings,
    MapSettings,
    RateSettings,
    RegressionSettings,
)
from figures.gradient_descent.bowl import (
    axis_table,
    bowl,
    bowl_losses,
    four_label,
    four_losses,
    moments_of,
    one_of_four,
)
from figures.gradient_descent.curve import curve, heights
from figures.gradient_descent.momentum_map import LEVELS, cell_at, cell_path, cell_words, stability_map
from figures.gradient_descent.rates import u_curve
from figures.gradient_descent.regression import cost_bowl, line_through, moments, stability_words
from figures.gradient_descent.words import by_hand, here, outcome, theory

LONGEST = DescentSettings(steps=MAX_STEPS, lr=0.99)
EXPLODING = DescentSettings(curve="quartic", lr=0.5, start=1.5, steps=50)


@pytest.mark.parametrize("settings", [DescentSettings(), EXPLODING, DescentSettings(curve="abs", steps=1)], ids=str)
def test_each_step_is_a_frame_with_ball_tangent_and_next_step_of_the_run(settings):
    run = descend(settings)
    frames = curve(run).frames
    assert len(frames) == run.steps + 1
    for at, frame in enumerate(frames):
        _, tangent, _, step, ball, _ = frame["data"]
        if not ball["x"]:
            assert run.diverged_at == at or abs(run.x[at]) > 50 * run.half
            continue
        assert (ball["x"], ball["y"]) == ([run.x[at].item()], [run.loss[at].item()])
        rise = (tangent["y"][1] - tangent["y"][0]) / (tangent["x"][1] - tangent["x"][0])
        assert rise == pytest.approx(run.slope[at].item(), rel=1e-6, abs=1e-9)
        if at < run.steps and step["x"]:
            assert (step["x"][1], step["y"][2]) == (run.x[at + 1].item(), run.loss[at + 1].item())


def test_the_axes_stay_readable_when_a_run_flies_out():
    run = descend(EXPLODING)
    figure = curve(run).figure
    assert tuple(figure.layout.xaxis.range) == (-2.5, 2.5)
    assert figure.layout.yaxis.range[1] < 50
    assert "leaves the picture at step 1" in curve(run).caption
    low, high = heights(run).figure.layout.yaxis.range
    assert heights(run).figure.layout.yaxis.dtick >= (high - low) / 10


@pytest.mark.parametrize(
    "picture",
    [
        lambda: curve(descend(LONGEST)),
        lambda: heights(descend(LONGEST)),
        lambda: bowl(roll(BowlSettings(steps=MAX_STEPS))),
        lambda: bowl_losses(roll(BowlSettings(steps=MAX_STEPS))),
        lambda: one_of_four("best", four(CompareSettings(steps=MAX_STEPS))["best"], tuple(moments_of(MAX_STEPS))),
        lambda: four_losses(tuple(four(CompareSettings(steps=MAX_STEPS)).items())),
        lambda: u_curve(sweep_rates(DescentSettings(), RateSettings())),
        lambda: stability_map(momentum_map(MapSettings())),
        lambda: cost_bowl(tuple(all_batches(RegressionSettings(updates=MAX_UPDATES)).items()), "one"),
        lambda: line_through(fit(RegressionSettings(updates=MAX_UPDATES))),
    ],
    ids=["curve", "heights", "bowl", "bowl_losses", "four", "four_losses", "rates", "map", "cost", "line"],
)
def test_the_longest_runs_stay_below_a_megabyte(picture):
    assert len(picture().json()) < 1_000_000


@pytest.mark.parametrize("curve_name", ["quadratic", "quartic", "wells", "ripples", "plateau"])
def test_the_step_written_out_is_the_step_taken(curve_name):
    run = descend(DescentSettings(curve=curve_name, lr=0.05, start=-1.25, steps=8))
    for at in range(8):
        text = by_hand(run, at)
        arithmetic, result = re.search(r"f′\(x\) = (\S+ − \S+·\S+) = \*\*(.*)\*\*", text).groups()
        arithmetic = arithmetic.replace("−", "-").replace("·", "*")
        assert re.fullmatch(r"[\d.e+\-*() ]*", arithmetic)
        assert eval(arithmetic) == pytest.approx(float(result.replace("−", "-")), rel=1e-4, abs=1e-5)
        assert float(result.replace("−", "-")) == pytest.approx(run.x[at + 1].item(), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (DescentSettings(lr=1.1), "above 2/L = 1 of the valley"),
        (DescentSettings(lr=1.0), "Back and forth"),
        (DescentSettings(lr=0.3), "shrink without turning round until nothing moves"),
        (EXPLODING, "|start| > 1/√(2·lr) = 1. Here |start| = 1.5 is above it, so the run diverges"),
        (EXPLODING, "f(x) is infinite"),
        (DescentSettings(curve="quartic", lr=0.5, start=1.0), "not above it, so the run stays"),
        (DescentSettings(curve="abs", lr=0.75, start=2.0), "it goes between −0.25 and 0.5"),
        (DescentSettings(curve="typed", text="log(x)", start=0.5, lr=1.0), "not a number (NaN)"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_the_outcome_is_named_with_its_reason(settings, said):
    assert said in outcome(descend(settings))


@pytest.mark.parametrize(
    ("lr", "said"),
    [(0.2, "below 1/L"), (0.5, "exactly 1/L"), (0.8, "between"), (1.0, "exactly 2/L"), (1.3, "above 2/L")],
)
def test_theory_names_where_lr_lies(lr, said):
    assert said in theory(lr, 2.0)
    assert said in here(descend(DescentSettings(lr=lr)), 0)


def test_no_valley_a_kink_and_a_lost_run_are_said():
    assert "does not curvature upwards" in theory(0.1, -1.0)
    assert "kink" in here(descend(DescentSettings(curve="abs")), 0)
    assert "holds none" in here(descend(DescentSettings(curve="typed", text="exp(x)", lr=0.01)), 0)
    run = descend(EXPLODING)
    assert "lost" in here(run, run.steps) or "ball" in here(run, run.steps)


def test_a_bowl_s_table_measures_what_theory_says():
    run = roll(BowlSettings(lr=1.5))
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in axis_table(run, 3).splitlines()]
    columns = list(zip(lines[0], *lines[2:], strict=True))[1:]
    for row, curvature in zip(columns, (0.1, 1.0), strict=True):
        assert float(row[1]) == pytest.approx(curvature)
        assert float(row[3][1:]) == pytest.approx(abs(1 - 1.5 * curvature), rel=1e-3)
        assert float(row[5][1:]) == pytest.approx(abs(1 - 1.5 * curvature), rel=1e-3)
    assert "**diverges**" in axis_table(roll(BowlSettings(lr=2.1)), 0)
    assert "back and forth" in axis_table(roll(BowlSettings(lr=2.0)), 0)


def test_a_bowl_s_frames_are_the_path_so_far():
    run = roll(BowlSettings())
    for at, frame in enumerate(bowl(run).frames):
        path, ball = frame["data"]
        assert np.array_equal(path["x"], run.p[: at + 1, 0].numpy().astype(np.float32))
        assert ball["y"] == [run.p[at, 1].item()]


@pytest.mark.parametrize("steps", [1, 59, 60, 61, 200])
def test_moments_are_few_and_hold_both_ends(steps):
    found = moments_of(steps)
    assert found[0] == 0
    assert found[-1] == steps
    assert len(found) == len(set(found)) <= 61


def test_the_map_s_colours_are_the_losses_and_its_marks_can_be_found_again():
    found = momentum_map(MapSettings())
    figure = stability_map(found).figure
    level = np.asarray(figure.data[0].z, dtype=float)
    share = (found.loss / found.first).log10().clamp(-16, 4).nan_to_num(nan=4.0).numpy()
    assert np.abs(level / LEVELS * 20 - 16 - share).max() <= 20 / LEVELS
    assert json.loads(figure.to_json())["data"][0]["z"]["dtype"] == "u1"
    marks = figure.data[3]
    assert cell_at(float(marks.x[100]), float(marks.y[100])) == (100 % 48, 100 // 48)
    for bad in ((None, 0.5), ("1", 0.5), (0.123456, 0.5), (math.nan, 0.5), (True, 0.5), (rates()[3].item(), 7.0)):
        assert cell_at(*bad) is None
    assert f"{found.agreement:.2%}" in stability_map(found).caption


def test_a_cell_s_words_and_path_are_its_own():
    settings = MapSettings(column=47, row=0)
    text = cell_words(momentum_map(settings))
    assert "The limit is 2; lr is above it" in text
    assert "leaves the picture at step 1" in cell_path(settings).caption
    calm = MapSettings(column=10, row=0)
    assert "below it" in cell_words(momentum_map(calm))
    assert f"{rates()[10].item():.4g}" in cell_path(calm).caption
    assert momenta()[0] == 0


@pytest.mark.parametrize(
    ("settings", "end"),
    [
        (MapSettings(), r"steps\. It ends at \(0\.00177, −0\.00139\)\."),
        (
            MapSettings(condition=1.0),
            r"It leaves the picture at step 1, is back for good at step 6 and ends at \(0\.00244, −0\.00139\)\.",
        ),
        (MapSettings(column=25, row=0), r"It leaves the picture at step 3 and ends outside of it, at \(.*e25\)\."),
    ],
    ids=["inside", "back", "outside"],
)
def test_a_cell_s_path_is_told_to_its_end(settings, end):
    assert re.search(end, cell_path(settings).caption)
    outside = (run_cell(settings).abs() > 4).any(dim=1).nonzero().flatten().tolist()
    if "back for good" in end:
        assert outside[-1] + 1 == 6


def test_with_momentum_no_rate_of_the_four_is_called_the_best():
    for momentum, name in ((0.0, "best"), (0.99, "best without momentum")):
        runs = four(CompareSettings(momentum=momentum))
        assert name in [trace.name for trace in four_losses(tuple(runs.items())).figure.data]
        assert f"{name.capitalize()}: from " in four_losses(tuple(runs.items())).caption.replace("; best", ". Best")
        assert one_of_four("best", runs["best"], (0, 40)).caption.startswith(f"**{name.capitalize()}**: lr = ")
        assert f", {name} " in four_label(runs, 40)


def test_each_of_the_four_is_told_to_its_end():
    run = four(CompareSettings())["high"]
    caption = one_of_four("high", run, (0, 40)).caption
    assert caption.endswith(f"leaves the picture at step {run.left_at}. After 40 steps: f = {run.loss[-1].item():.3g}.")


def test_a_click_on_the_bowl_has_no_zoom_to_start():
    layout = bowl(roll(BowlSettings())).figure.layout
    assert layout.dragmode is False
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert bowl(roll(BowlSettings())).caption.startswith("**Click anywhere to start there.**")


def test_the_u_curve_s_caption_counts_only_what_there_is():
    said = {steps: u_curve(sweep_rates(DescentSettings(), RateSettings(steps=steps))).caption for steps in (1, 20, 200)}
    assert "crosses" not in said[1]
    assert "no longer finite" not in said[1]
    assert "46 runs end higher than 9e6 (crosses at the top). The" in said[20]
    assert "50 runs end higher than 9e6 (crosses at the top), 24 of them with" in said[200]
    quartic = u_curve(sweep_rates(DescentSettings(curve="quartic"), RateSettings())).caption
    assert "113 runs end higher than 8.1e7 (crosses at the top), all of them with" in quartic


def test_the_u_curve_has_one_mark_a_rate_and_none_is_hidden():
    found = sweep_rates(DescentSettings(), RateSettings(steps=200))
    figure = u_curve(found).figure
    inside, beyond = figure.data[0], figure.data[1]
    assert np.isfinite(inside.y).sum() + len(beyond.x) == 200
    assert (beyond.x > 1).all()
    assert figure.data[2].x[0] == found.lr[found.best].item()
    lost = int((~torch.isfinite(found.loss)).sum())
    assert f"{lost} of them" in u_curve(found).caption
    assert lost > 0


@pytest.mark.parametrize("batch", BATCHES)
def test_the_line_and_its_place_in_the_bowl_move_together(batch):
    runs = all_batches(RegressionSettings(updates=40, lr=0.1))
    run = runs[batch]
    frames, lines = cost_bowl(tuple(runs.items()), batch).frames, line_through(run).frames
    assert len(frames) == len(lines) == len(moments(run))
    low, high = run.rows.x.min().item(), run.rows.x.max().item()
    for at, frame, line in zip(moments(run), frames, lines, strict=True):
        slope, intercept = run.line[at].tolist()
        assert frame["data"][1] == {"x": [slope], "y": [intercept]}
        assert line["data"][0]["y"].tolist() == pytest.approx(
            [slope * low + intercept, slope * high + intercept], rel=1e-5
        )


def test_a_line_that_diverges_is_named():
    runs = all_batches(RegressionSettings(scale="own", lr=1.0, updates=400))
    assert "The run diverged" in stability_words(runs["all"])
    assert "diverged at update" in cost_bowl(tuple(runs.items()), "all").caption
    assert "trembles" in stability_words(fit(RegressionSettings(batch="one", lr=0.01)))
