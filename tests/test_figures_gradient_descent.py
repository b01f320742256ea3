"""The figures of gradient descent say what its runs say."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.gradient_descent.bowl import roll
from core.gradient_descent.compare import four
from core.gradient_descent.curve import descend
from core.gradient_descent.lr_sweep import sweep
from core.gradient_descent.momentum import momentum_map
from core.gradient_descent.newton import newton_steps
from core.gradient_descent.regression import all_batches, fit
from core.gradient_descent.settings import (
    BATCHES,
    MAX_STEPS,
    MAX_UPDATES,
    BowlSettings,
    CompareSettings,
    DescentSettings,
    MomentumSettings,
    RegressionSettings,
)
from core.plane.momentum_map import momenta
from figures.gradient_descent.bowl import axis_table, bowl, bowl_losses
from figures.gradient_descent.compare import four_losses, one_of_four, rates_table
from figures.gradient_descent.curve import curve, heights
from figures.gradient_descent.lr_sweep import lr_sweep
from figures.gradient_descent.momentum import pictures, words
from figures.gradient_descent.regression import cost_bowl, line_through
from figures.gradient_descent.words import by_hand, theory_table
from figures.line_chart import frame_steps
from figures.momentum_map import DIVERGED, LEVELS, cell_at

EXPLODING = DescentSettings(curve="quartic", lr=0.5, start=1.5, steps=50)
WILD = [
    DescentSettings(curve="typed", text="1/x", start=1.0),
    DescentSettings(curve="typed", text="exp(100*x)"),
    DescentSettings(curve="typed", text="tan(x)", lr=0.1),
    DescentSettings(curve="typed", text="log(x)", start=0.5, lr=1.0),
    DescentSettings(curve="typed", text="5"),
    DescentSettings(curve="plateau", start=20.0),
]


@pytest.mark.parametrize("settings", [DescentSettings(curve="wells", lr=0.05, start=x) for x in (2.0, 2.25)] + WILD)
def test_the_caption_says_when_a_curve_leaves_the_picture(settings):
    run = descend(settings)
    picture = curve(run)
    low, high = picture.figure.layout.yaxis.range
    y = run.function(torch.linspace(-run.half, run.half, 401, dtype=torch.float64))
    y = y[torch.isfinite(y)]
    assert ("the curve leaves the picture" in picture.caption) == bool(((y < low) | (y > high)).any())
    if settings.start == 2.0:
        assert "leaves" not in picture.caption, "the whole curve of the page's own preset is shown"


def every_picture(steps=MAX_STEPS, updates=MAX_UPDATES):
    """Each figure, of a long run."""
    descent, rolled = descend(DescentSettings(steps=steps, lr=0.99)), roll(BowlSettings(steps=steps))
    runs, lines = four(CompareSettings(steps=steps)), all_batches(RegressionSettings(updates=updates))
    return {
        "curve": curve(descent),
        "heights": heights(descent),
        "bowl": bowl(rolled),
        "bowl_losses": bowl_losses(rolled),
        "one_of_four": one_of_four("best", runs["best"], tuple(frame_steps(steps))),
        "four_losses": four_losses(tuple(runs.items())),
        "lr_sweep": lr_sweep(sweep(DescentSettings(), 20)),
        "cost_bowl": cost_bowl(tuple(lines.items()), "one"),
        "line_through": line_through(lines["one"]),
    } | dict(zip(("map", "path"), pictures(momentum_map(10.0, False), MomentumSettings()), strict=True))


def test_the_longest_runs_stay_below_a_megabyte_and_each_caption_is_short():
    for name, picture in every_picture().items():
        assert len(picture.json) < 1_000_000, name
        assert len(picture.caption.split()) <= 45, name
        assert len(re.findall(r"[.!?]( |$)", picture.caption.replace("**Click anywhere to start there.**", ""))) <= 2, (
            name
        )


@pytest.mark.parametrize("settings", [DescentSettings(), EXPLODING, DescentSettings(curve="abs", steps=1)], ids=str)
def test_each_step_is_a_frame_with_ball_tangent_and_next_step_of_the_run(settings):
    run = descend(settings)
    frames = curve(run).frames
    assert len(frames) == run.steps + 1
    for at, frame in enumerate(frames):
        _, tangent, _, step, ball, _, newton = frame["data"]
        if not ball["x"]:
            assert run.diverged_at == at or abs(run.path[at]) > 50 * run.half
            continue
        assert (ball["x"], ball["y"]) == ([run.path[at].item()], [run.losses[at].item()])
        rise = (tangent["y"][1] - tangent["y"][0]) / (tangent["x"][1] - tangent["x"][0])
        assert rise == pytest.approx(run.gradients[at].item(), rel=1e-6, abs=1e-9)
        if at < run.steps and step["x"]:
            assert (step["x"][1], step["y"][2]) == (run.path[at + 1].item(), run.losses[at + 1].item())
        assert newton["x"] == [] or newton["x"][0] == newton_steps(run).x[at].item()


@pytest.mark.parametrize("settings", [*WILD, DescentSettings(), DescentSettings(curve="abs")], ids=str)
def test_the_caption_names_the_marks_that_are_drawn(settings):
    picture = curve(descend(settings))
    drawn = {picture.figure.data[i + 1].name for f in picture.frames for i, part in enumerate(f["data"]) if part["x"]}
    for name, said in (
        ("tangent", "tangent"),
        ("next step", "purple"),
        ("parabola", "dotted"),
        ("Newton's step",) * 2,
    ):
        assert (name in drawn) == (said in picture.caption), name
    asked_for = [trace.name for trace in picture.figure.data if trace.visible == "legendonly"]
    assert asked_for == ["parabola", "Newton's step"]
    assert len(picture.caption.split()) <= 45


@pytest.mark.parametrize("settings", WILD, ids=lambda s: s.text if s.curve == "typed" else s.curve)
def test_a_pole_leaves_the_picture_and_the_start_does_not(settings):
    run = descend(settings)
    picture = curve(run)
    low, high = picture.figure.layout.yaxis.range
    drawn = np.asarray(picture.figure.data[0].y, dtype=float)
    leaves = bool(((drawn < low) | (drawn > high)).any())
    assert leaves == ("the curve leaves" in picture.caption)
    assert leaves == (settings.text in ("1/x", "exp(100*x)", "tan(x)"))
    assert low < run.losses[0] < high
    assert high - low < 100


def test_named_curves_are_drawn_whole_and_a_run_that_flies_out_keeps_the_axes():
    for name in ("quadratic", "quartic", "abs", "wells", "plateau", "ripples"):
        picture = curve(descend(DescentSettings(curve=name, start=1.0)))
        low, high = picture.figure.layout.yaxis.range
        y = picture.figure.data[0].y
        assert low < min(y) < max(y) < high, name
        assert "the curve leaves" not in picture.caption
    run = descend(EXPLODING)
    figure = curve(run).figure
    assert tuple(figure.layout.xaxis.range) == (-2.5, 2.5)
    assert figure.layout.yaxis.range[1] < 50
    assert f"leaves the picture at step {run.left_at}" in curve(run).caption
    low, high = heights(run).figure.layout.yaxis.range
    assert heights(run).figure.layout.yaxis.dtick >= (high - low) / 10


@pytest.mark.parametrize("curve_name", ["quadratic", "quartic", "wells", "ripples", "plateau"])
def test_the_step_written_out_is_the_step_taken(curve_name):
    run = descend(DescentSettings(curve=curve_name, lr=0.05, start=-1.25, steps=8))
    for at in range(8):
        text = by_hand(run, at)
        arithmetic, result = re.search(r"f′\(x\) = (\S+ − \S+·\S+) = \*\*(.*)\*\*", text).groups()
        arithmetic = arithmetic.replace("−", "-").replace("·", "*")
        assert re.fullmatch(r"[\d.e+\-*() ]*", arithmetic)
        assert eval(arithmetic) == pytest.approx(float(result.replace("−", "-")), rel=1e-4, abs=1e-5)
        assert float(result.replace("−", "-")) == pytest.approx(run.path[at + 1].item(), rel=1e-5, abs=1e-9)
        newton = re.search(r"instead: (\S+) − (\S+)/(\S+) = \*\*(\S+)\*\*, the (\W*\w+)", text)
        assert (newton is None) == (curve_name == "abs") == ("which is 0 here: there is none" in text)
        if newton:
            x, slope, bend, to = (float(v.strip("()").replace("−", "-")) for v in newton.groups()[:4])
            assert x - slope / bend == pytest.approx(to, rel=1e-4, abs=1e-4)
            assert newton[5] == ("lowest" if bend > 0 else "**highest")
    assert by_hand(run, 8) == by_hand(run, 7)


def cells(table):
    """The rows of a table below its head, as lists of texts."""
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_table_of_a_curve_speaks_of_the_parabola_at_the_ball_and_of_the_valley():
    run = descend(DescentSettings(curve="quartic", lr=0.1, start=2.25))
    ball, valley = cells(theory_table(run, 0))
    assert float(ball[2]) == pytest.approx(12 * 2.25**2)
    assert float(ball[3]) == pytest.approx(2 / (12 * 2.25**2), rel=1e-3)
    assert (valley[2], valley[3]) == ("0", "none")
    assert cells(theory_table(descend(DescentSettings(curve="abs")), 0))[1][2] == "not defined"
    assert len(cells(theory_table(descend(DescentSettings(curve="typed", text="exp(x)")), 0))) == 1
    lost = descend(DescentSettings(curve="typed", text="log(x)", start=0.5, lr=1.0))
    for gone in (run, lost):
        assert cells(theory_table(gone, gone.steps))[0][2] == "not defined"


@pytest.mark.parametrize("momentum", [0.0, 0.6])
def test_a_bowl_s_table_measures_what_theory_says(momentum):
    run = roll(BowlSettings(lr=1.5, momentum=momentum, steps=150))
    for row, curvature in zip(cells(axis_table(run, 3)), (0.1, 1.0), strict=True):
        assert float(row[1]) == pytest.approx(curvature)
        theory, measured = (float(re.search(r"×(\S+)", cell)[1]) for cell in row[3:])
        assert measured == pytest.approx(theory, rel=1e-3 if not momentum else 0.1)
        if not momentum:
            assert theory == pytest.approx(abs(1 - 1.5 * curvature), rel=1e-3)


def test_the_path_grows_with_the_frames_and_the_ball_is_at_its_head():
    run = roll(BowlSettings())
    picture = bowl(run)
    path = next(trace for trace in picture.figure.data if trace.name == "path")
    assert path.meta["upto"] == list(range(run.steps + 1))
    assert np.array_equal(path.x, run.path[:, 0].numpy().astype(np.float32))
    for at, frame in enumerate(picture.frames):
        (ball,) = frame["data"]
        assert ball["y"] == np.float32(run.path[at, 1].item())
    layout = picture.figure.layout  # a click sets the start, so nothing zooms
    assert (layout.dragmode, layout.xaxis.fixedrange, layout.yaxis.fixedrange) == (False, True, True)


def test_colours_of_a_bowl_are_not_taken_by_a_pole():
    run = roll(BowlSettings(surface="typed", text="1/(x^2 + y^2)"))
    z = np.asarray(bowl(run).figure.data[0].z)
    assert z.max() < 20 * np.median(z)
    lowest = run.function(torch.tensor(4.0), torch.tensor(4.0)).item()
    assert f"heights above {z.max() ** 2 + lowest:.4g} share one colour" in bowl(run).caption
    assert "share" not in bowl(roll(BowlSettings())).caption


@pytest.mark.parametrize("steps", [1, 59, 60, 61, 200])
def test_frame_steps_are_few_and_hold_both_ends(steps):
    found = frame_steps(steps)
    assert (found[0], found[-1]) == (0, steps)
    assert len(found) == len(set(found)) <= 61


def test_the_map_s_colours_are_the_losses_and_its_cells_can_be_found_again():
    found = momentum_map(10.0, False)
    figure = pictures(found, MomentumSettings())[0].figure
    level = np.asarray(figure.data[0].z, dtype=float)
    power = found.loss.clamp_min(1e-18).log10().numpy()
    high = math.log10(found.first) + 4
    low = max(np.nanmin(power), high - 20)
    expected = np.where(np.isnan(power), DIVERGED, (power.clip(low, high) - low) / (high - low) * LEVELS)
    assert np.abs(level - expected).max() <= 0.5
    assert json.loads(figure.to_json())["data"][0]["z"]["dtype"] == "u1"
    best = next(trace for trace in figure.data if trace.name == "lowest f")
    column, row = found.best
    assert (best.x[0], best.y[0]) == (found.plan.lr[column].item(), momenta()[row])
    assert cell_at(found, best.x[0] + 0.01, best.y[0], log=False) == found.best
    assert cell_at(found, 7.0, 0.5, log=False) is None
    assert cell_at(found, 1.0, -3.0, log=False) is None


@pytest.mark.parametrize("cell", [(47, 0), (10, 0), (24, 44), (25, 13)])
def test_a_cell_s_words_and_path_are_its_own(cell):
    found, settings = momentum_map(10.0, False), MomentumSettings(column=cell[0], row=cell[1])
    lr, most = found.plan.lr[cell[0]].item(), found.line[cell[1]].item()
    assert f"lr = {lr:.4g}," in words(found, settings)
    assert ("below the limit" in words(found, settings)) == (lr < most)
    path = pictures(found, settings)[1]
    outside = (path.table[["x", "y"]].abs() > 4).any(axis=1)
    assert ("leaves the picture for good" in path.caption) == bool(outside.iloc[-1])


def test_with_momentum_no_rate_of_the_four_is_called_the_best():
    for momentum, name in ((0.0, "best in the long run"), (0.99, "best without momentum")):
        settings = CompareSettings(momentum=momentum)
        runs = four(settings)
        assert name in [trace.name for trace in four_losses(tuple(runs.items())).figure.data]
        assert [row[0] for row in cells(rates_table(settings, runs))] == ["too low", "good", name, "too high"]


def test_the_u_curve_has_one_mark_a_rate_and_none_is_hidden():
    for steps in (1, 200):
        found = sweep(DescentSettings(), steps)
        picture = lr_sweep(found)
        inside, low, beyond, best = picture.figure.data[:4]
        assert (len(low.x), low.name) == (int((found.loss < 1e-18).sum()), "below 1e−18")
        assert np.isfinite(inside.y).sum() + len(beyond.x) == 200
        assert (np.asarray(beyond.x) > 1).all()
        assert best.x[0] == found.lr[found.best].item()
        assert ("(crosses)" in picture.caption) == bool(len(beyond.x)) == (steps == 200)
        low, high = 10.0 ** np.asarray(picture.figure.layout.yaxis.range)
        assert low < np.nanmin(inside.y) <= np.nanmax([*inside.y, *beyond.y]) < high
    lost = lr_sweep(sweep(DescentSettings(curve="typed", text="log(x) - 1e9*x^8", start=1.0), 20))
    assert "All are no longer finite" in lost.caption


@pytest.mark.parametrize("batch", BATCHES)
def test_the_line_and_its_place_in_the_bowl_move_together(batch):
    runs = all_batches(RegressionSettings(updates=40, lr=0.1))
    run = runs[batch]
    picture, lines = cost_bowl(tuple(runs.items()), batch), line_through(run).frames
    assert len(picture.frames) == len(lines) == len(frame_steps(run.updates))
    low, high = run.rows.x.min().item(), run.rows.x.max().item()
    for at, frame, line in zip(frame_steps(run.updates), picture.frames, lines, strict=True):
        slope, intercept = run.line[at].tolist()
        assert (frame["data"][0]["x"], frame["data"][0]["y"]) == (np.float32(slope), np.float32(intercept))
        ends = [slope * low + intercept, slope * high + intercept]
        assert line["data"][0]["y"].tolist() == pytest.approx(ends, rel=1e-5)
    drawn = [trace.name for trace in picture.figure.data[1:] if trace.mode == "lines+markers"]
    assert drawn == [BATCHES[batch]], "only the chosen way is drawn as a path"


def test_a_line_that_diverges_is_named():
    runs = all_batches(RegressionSettings(scale="own", lr=1.0, updates=400))
    assert "has diverged" in cost_bowl(tuple(runs.items()), "all").caption
    assert "has diverged" not in cost_bowl((("all", fit(RegressionSettings())),), "all").caption
    assert torch.isfinite(torch.tensor(line_through(runs["all"]).frames[0]["data"][0]["y"])).all()


def test_one_update_is_not_each_of_one():
    one = cost_bowl((("all", fit(RegressionSettings(updates=1))),), "all").caption
    assert "in 1 update the cost" in one


def test_runs_that_end_alike_are_counted():
    assert "All 200 end at f(x) = 0." in lr_sweep(sweep(DescentSettings(start=0.0), 20)).caption
    found = sweep(DescentSettings(), 20)
    tied = replace(found, loss=found.loss.clamp(min=found.loss.sort().values[2].item()))
    assert "and 2 others end lowest, at" in lr_sweep(tied).caption


def test_a_share_of_the_limit_above_the_good_rate_is_not_too_low():
    for settings, name in (
        (CompareSettings(low=0.4, momentum=0.8), "0.4 of the limit"),
        (CompareSettings(low=0.4), "too low"),
    ):
        assert cells(rates_table(settings, four(settings)))[0][0] == name
