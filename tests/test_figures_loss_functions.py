"""The figures of the loss page say what torch says."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.loss_functions.classes import cross_entropy
from core.loss_functions.constant import LOSSES, best_constants, sweep_outlier
from core.loss_functions.curve import curves, surface
from core.loss_functions.float32 import failure_zone
from core.loss_functions.mistakes import compare
from core.loss_functions.more import more_loss
from core.loss_functions.numbers import loss_over_errors, number_loss
from core.loss_functions.settings import (
    MISTAKES,
    MORE_LOSSES,
    NUMBER_LOSSES,
    SHAPES,
    ClassSettings,
    ConstantSettings,
    CurveSettings,
    MistakeSettings,
    MoreSettings,
    NumberSettings,
)
from figures.loss_functions import classes, constant, curve, mistakes, one_call, plane
from figures.loss_functions.words import as_torch_prints, say, short, trouble

THREE = ClassSettings(table="2,0.5,-1,0;0,3,1,2;1,1,1,-100", label_smoothing=0.1, weight="1,2,0.5", temperature=2.0)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_the_bars_are_torch_s_numbers_and_the_strokes_the_closed_form(row):
    found = cross_entropy(THREE)
    bars, target, gradient, closed = classes.probabilities_and_gradient(found, row).figure.data
    assert np.array_equal(bars.y, found.probabilities[row].numpy())
    assert np.array_equal(target.y[::3], found.soft_target[row].numpy())
    assert np.array_equal(gradient.y, found.gradient[row].numpy())
    assert np.array_equal(closed.y[::3], found.gradient_by_hand[row].numpy())
    assert max(np.diff(closed.x[:2])) < 0.8, "narrower than its bar"


@pytest.mark.parametrize("classes_", range(2, 7))
def test_what_stands_below_the_bars_fits_on_a_phone(classes_):
    scores = ",".join(f"{-4.321 * i}" for i in range(classes_))
    figure = classes.probabilities_and_gradient(cross_entropy(ClassSettings(table=f"{scores},1")), 0).figure
    for axis in (figure.layout.xaxis, figure.layout.xaxis2):
        assert axis.tickangle == 0
        widest = max(len(line) for text in axis.ticktext for line in text.split("<br>"))
        assert widest * classes_ <= 16


def test_a_number_is_written_as_short_as_it_must_be():
    assert [short(0.02322, most) for most in (7, 5)] == ["0.02322", "0.023"]
    assert short(-0.93691, 5) == "−0.94"
    assert short(1_234_000.0, 7) == "1.23e6"


def test_equal_slopes_are_all_called_equal():
    houses = "320000,300000;250000,260000;410000,405000;900000,300000"
    l1 = one_call.losses_and_gradient(number_loss(NumberSettings(table=houses, loss="L1Loss"))).caption
    assert "all are equally steep, 0.25 up or down." in l1
    mse = one_call.losses_and_gradient(number_loss(NumberSettings(table=houses))).caption
    assert "steepest is that by predicted of sample 4, 300,000." in mse
    none = one_call.losses_and_gradient(number_loss(NumberSettings(table="1,1;2,2"))).caption
    assert "all are 0." in none


@pytest.mark.parametrize("at", [-6.0, 2.0, 6.0])
def test_what_lies_beyond_the_chart_is_named_at_its_edge(at):
    found = curves(CurveSettings(at=at))
    picture = curve.curves_and_slopes(found)
    said = {a.yref: a.text.split("<br>") for a in picture.figure.layout.annotations if a.text}
    losses, slopes = picture.figure.layout.yaxis.range, picture.figure.layout.yaxis2.range
    for line in found.lines:
        for value, axis, (low, high) in zip(line.at, ("y", "y2"), (losses, slopes), strict=True):
            inside = low <= value <= high
            text = f"{line.name.split(',')[0]} {say(value, 4)}"
            assert inside != (text in said.get(axis, []))
    assert ("the slope of MSELoss" in picture.caption) == bool(said)
    assert slopes[1] < 2, "the three lines that end at 1 can be told apart"


def test_the_caption_names_the_right_class_and_its_probability():
    caption = classes.probabilities_and_gradient(cross_entropy(ClassSettings()), 0).caption
    assert "dog is right and gets probability 0.9526, which is the largest" in caption
    wrong = classes.probabilities_and_gradient(cross_entropy(ClassSettings(table="1.5,1.1,1")), 0).caption
    assert "is not the largest (cat has" in wrong
    ignored = classes.probabilities_and_gradient(cross_entropy(THREE), 2).caption
    assert "which is ignored" in ignored


def test_a_target_that_is_reached_by_smoothing_is_said_to_raise_the_loss():
    found = cross_entropy(ClassSettings(table="0,20,1", label_smoothing=0.1))
    assert "a higher score raises the loss" in classes.probabilities_and_gradient(found, 0).caption


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("row", [0, 1])
def test_the_written_steps_of_a_class_add_up(reduction, row):
    found = cross_entropy(replace(THREE, reduction=reduction, temperature=1.0))
    text = classes.arithmetic(found, row).replace("−", "-")
    left, right = re.search(rf"loss of sample {row + 1}\*\*: (.*) = ([\d.]+)", text).groups()
    assert sum(float(a) * float(b) for a, b in (t.split(" · ") for t in left.split(" + "))) == pytest.approx(
        float(right), rel=1e-4
    )
    assert float(right) == pytest.approx(found.each[row].item(), rel=1e-6)
    if reduction == "mean":
        total, divisor, value = re.search(r"reduction mean\*\*: \((.*)\) / ([\d.]+) = ([\d.]+)", text).groups()
        assert sum(map(float, total.split(" + "))) / float(divisor) == pytest.approx(float(value), rel=1e-4)
        assert float(value) == pytest.approx(found.value.item(), rel=1e-6)


@pytest.mark.parametrize("loss", NUMBER_LOSSES)
def test_the_samples_of_the_regression_family_are_drawn_where_torch_says(loss):
    chosen = NumberSettings(loss=loss, table="3,1;-2,2;0,0.5")
    found = number_loss(chosen)
    over = loss_over_errors(chosen, 5.0)
    picture = one_call.losses_and_gradient(found, over)
    assert (over is None) == (loss in ("GaussianNLLLoss", "PoissonNLLLoss"))
    drawn = picture.figure.data[0 if over is None else 1]
    assert np.array_equal(drawn.y, found.each.numpy())
    slopes = [trace.y for trace in picture.figure.data if trace.name in found.gradients]
    assert np.array_equal(slopes, [s.numpy() for s in found.gradients.values()])


@pytest.mark.parametrize("loss", MORE_LOSSES)
def test_the_other_losses_are_drawn_as_torch_says(loss):
    found = more_loss(MoreSettings(loss=loss))
    picture = one_call.losses_and_gradient(found)
    assert np.array_equal(picture.figure.data[0].y, found.each.numpy())
    assert np.array_equal(picture.table["loss (torch)"], found.each.numpy())
    assert len(picture.figure.data) == 1 + len(found.gradients)
    dearest = int(found.each.argmax())
    assert f"sample {dearest + 1} costs the most, {say(found.each[dearest].item())}" in picture.caption


@pytest.mark.parametrize("loss", MORE_LOSSES)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_the_written_reduction_adds_up(loss, reduction):
    found = more_loss(MoreSettings(loss=loss, reduction=reduction))
    text = one_call.arithmetic(found, 0).replace("−", "-").replace(",", "")
    assert all(step.name in one_call.arithmetic(found, 0) for step in found.steps)
    if reduction != "none":
        value = float(re.findall(r"= (-?[\d.e-]+)(?:;|$)", text)[-1])
        assert value == pytest.approx(found.value.item(), rel=1e-6)


@pytest.mark.parametrize("row", [0, 1, 2])
@pytest.mark.parametrize("norm", [1, 2])
def test_a_negative_outside_of_the_outline_costs_nothing(row, norm):
    found = more_loss(MoreSettings(loss="TripletMarginLoss", norm=norm))
    picture = plane.in_the_plane(found, row)
    outline, anchor, positive, negative, bars = picture.figure.data
    assert np.array_equal(bars.y, found.each.numpy())
    d = np.array([negative.x[0] - anchor.x[0], negative.y[0] - anchor.y[0]])
    radius = max(outline.x) - anchor.x[0]
    inside = np.linalg.norm(d, ord=norm) < radius - 1e-5
    assert inside == (found.each[row].item() > 1e-5)
    assert len(picture.figure.layout.annotations) == (3 if inside else 0)
    assert ("Nothing is pulled" in picture.caption) != inside


def test_with_swap_the_negative_should_be_far_from_the_positive_too():
    found = more_loss(MoreSettings(loss="TripletMarginLoss", swap=True, triplets="0,0,2,0,3.5,0"))
    outline = plane.in_the_plane(found, 0).figure.data[0]
    assert list(outline.x).count(None) == 1
    assert found.each.item() == pytest.approx(1.5, abs=1e-4), "3.5 from the anchor, but only 1.5 from the positive"


def test_vectors_that_should_agree_are_pulled_at_right_angles():
    found = more_loss(MoreSettings(loss="CosineEmbeddingLoss"))
    picture = plane.in_the_plane(found, 0)
    (a, b, _), arrows = picture.figure.data, picture.figure.layout.annotations
    for vector, arrow in zip((a, b), arrows, strict=True):
        along = vector.x[1] * (arrow.x - arrow.ax) + vector.y[1] * (arrow.y - arrow.ay)
        assert along == pytest.approx(0, abs=1e-6), "only the direction counts, not the length"


def test_the_two_divisors_of_kl_are_named():
    mean = more_loss(MoreSettings(loss="KLDivLoss"))
    assert "/ 3 = " in one_call.arithmetic(mean, 0)
    assert "not the definition" in one_call.arithmetic(mean, 0)
    assert "/ 1 = 0.0851228" in one_call.arithmetic(more_loss(MoreSettings(loss="KLDivLoss", reduction="batchmean")), 0)


@pytest.mark.parametrize("shape", ["numbers", "yes_no"])
def test_the_curves_and_their_marks_are_torch_s(shape):
    found = curves(CurveSettings(shape=shape, at=-2.5))
    picture = curve.curves_and_slopes(found)
    for i, line in enumerate(found.lines):
        loss, here, slope, steep = picture.figure.data[4 * i : 4 * i + 4]
        assert np.array_equal(loss.y, line.losses.numpy())
        assert np.array_equal(slope.y, line.slopes.numpy())
        assert (here.y[0], steep.y[0]) == line.at
        assert f"{line.name}: {say(line.at[0])}, slope {say(line.at[1])}" in picture.caption


@pytest.mark.parametrize("shape", ["map", "surface"])
def test_the_surface_stands_where_torch_says(shape):
    found = surface(CurveSettings(shape=shape, at=2.0, second=5.0))
    picture = curve.two_scores(found)
    assert np.array_equal(picture.figure.data[0].z, found.losses.numpy())
    assert "= 0.0485873" in picture.caption
    mark = picture.figure.data[1]
    assert (mark.x[0], mark.y[0]) == (2.0, 5.0)


def test_every_frame_of_the_search_holds_the_constants_of_its_step():
    found = best_constants(ConstantSettings())
    picture = constant.search(found)
    assert len(picture.frames) == len(constant.MOMENTS)
    for frame, step in zip(picture.frames, constant.MOMENTS, strict=True):
        assert np.array_equal(frame["data"][0]["x"], found.path[step].numpy())
        assert picture.figure.data[frame["traces"][0]].name == "constant so far"
    assert np.array_equal(picture.figure.data[-1].x, found.path[-1].numpy()), "at first it shows the end"
    assert "MSELoss 22" in constant.label(found, 100)


def test_a_median_that_is_an_interval_is_said_to_be_one():
    found = best_constants(ConstantSettings(table="1;2;3", outlier=10.0))
    assert "every number from 2 to 3 is as good" in constant.search(found).caption


def test_the_lines_over_the_outlier_are_the_searches_ends():
    chosen = ConstantSettings()
    swept = sweep_outlier(chosen.table, chosen.delta, chosen.quantile)
    picture = constant.follow_the_outlier(swept, chosen)
    for i, trace in enumerate(picture.figure.data):
        assert trace.name == LOSSES[i]
        assert np.array_equal(trace.y, swept.constants[:, i].numpy())


@pytest.mark.parametrize("mistake", [m for m in MISTAKES if m != "naive_log"])
def test_a_mistake_is_drawn_beside_the_right_way(mistake):
    found = compare(MistakeSettings(mistake=mistake))
    picture = mistakes.comparison(found)
    right, at_right, wrong, at_wrong = picture.figure.data[:4]
    assert np.array_equal(right.y, found.right.numpy())
    assert np.array_equal(wrong.y, found.wrong.numpy())
    assert (at_right.y[0], at_wrong.y[0]) == (found.right_at, found.wrong_at)
    assert say(found.wrong_at, 9) in picture.caption
    if found.limit is not None:
        assert picture.figure.data[4].y[0] == found.limit


@pytest.mark.parametrize("ahead", [False, True])
def test_the_failure_zone_names_its_limits(ahead):
    zone = failure_zone(ahead)
    picture = mistakes.failure(zone, 100.0)
    assert f"{zone.breaks_from:.5f}" in picture.caption
    assert f"{zone.loses_from:.5f}" in picture.caption
    assert [shape.x0 for shape in picture.figure.layout.shapes][:2] == [zone.breaks_from, zone.loses_from]


@pytest.mark.parametrize("shape", SHAPES)
def test_payloads_are_small(shape):
    found = CurveSettings(shape=shape)
    pictures = [
        constant.search(best_constants(ConstantSettings())),
        curve.curves_and_slopes(curves(found)) if shape in ("numbers", "yes_no") else curve.two_scores(surface(found)),
    ]
    assert all(len(picture.json()) < 500_000 for picture in pictures)


def test_numbers_are_written_plainly():
    assert say(400_000_000.0) == "400,000,000"
    assert say(-0.0) == "0"
    assert say(float("-inf")) == "−∞"
    assert say(float("nan")) == "NaN"
    assert say(-1.5) == "−1.5"
    assert as_torch_prints(torch.tensor(0.0485873297)) == "tensor(0.0486)"


def test_a_loss_that_is_no_number_is_explained():
    nothing_counts = cross_entropy(ClassSettings(table="1,2,-100"))
    assert "NaN" in trouble(nothing_counts.value, nothing_counts.each)
    huge = number_loss(NumberSettings(loss="PoissonNLLLoss", counts="1,1;1000,1"))
    assert "loss of sample 2 is infinite" in trouble(huge.value, huge.each)
    assert trouble(torch.tensor(1.0), torch.tensor([1.0])) == ""
