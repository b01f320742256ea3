"""The figures of the loss page show what torch says, and their captions name numbers of the run."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.loss_functions import other_losses, regression
from core.loss_functions.calculation import calculate_chosen
from core.loss_functions.constant import LOSSES, best_constants, sweep_outlier
from core.loss_functions.cross_entropy import cross_entropy, gradient_by_hand
from core.loss_functions.curve import curves, surface
from core.loss_functions.float32 import breaks_from, digits_over_gaps
from core.loss_functions.mistakes import compare
from core.loss_functions.settings import (
    MISTAKES,
    OTHER_LOSSES,
    REGRESSION_LOSSES,
    ConstantSettings,
    CrossEntropySettings,
    CurveSettings,
    MistakeSettings,
    OtherLossesSettings,
    RegressionSettings,
)
from figures.loss_functions.calculation import arithmetic
from figures.loss_functions.constant import FRAME_STEPS, follow_the_outlier, label, search
from figures.loss_functions.cross_entropy import gradient, three_steps
from figures.loss_functions.curve import curves_and_slopes, two_scores
from figures.loss_functions.mistakes import comparison, failure
from figures.loss_functions.other_losses import sample_picture
from figures.loss_functions.regression import NEAR, losses_on_curve, shared_labels

THREE = CrossEntropySettings(
    table="2,0.5,-1,0;0,3,1,2;1,1,1,-100", label_smoothing=0.1, weight="1,2,0.5", temperature=2.0
)


def of_regression(**chosen):
    return calculate_chosen(regression.LOSSES, RegressionSettings(**chosen))


def of_others(**chosen):
    return calculate_chosen(other_losses.LOSSES, OtherLossesSettings(**chosen))


def every_picture():
    """One picture of each kind, at settings that are not the defaults."""
    yield from (draw(cross_entropy(THREE), row) for row in range(3) for draw in (three_steps, gradient))
    yield from (losses_on_curve(of_regression(loss=loss, table="3,1;-2,2"), 0) for loss in REGRESSION_LOSSES)
    yield from (sample_picture(of_others(loss=loss), 0) for loss in OTHER_LOSSES)
    yield from (curves_and_slopes(curves(CurveSettings(shape=shape, at=0.0))) for shape in ("numbers", "yes_no"))
    yield from (two_scores(surface(CurveSettings(shape=shape))) for shape in ("map", "surface"))
    yield from (search(best_constants(ConstantSettings())), follow_the_outlier(sweep_outlier("1;2", 1.0, 0.9), 5.0))
    yield from (comparison(compare(MistakeSettings(mistake=m))) for m in MISTAKES if m != "naive_log")
    yield from (failure(ahead, 100.0) for ahead in (False, True))


def test_captions_are_short_and_payloads_small():
    for picture in every_picture():
        assert len(picture.caption.split()) <= 45, picture.caption
        assert len(re.findall(r"\.(?= |$)", picture.caption)) <= 2, picture.caption
        assert len(picture.json) < 500_000


@pytest.mark.parametrize("row", [0, 1, 2])
def test_the_bars_are_torch_s_numbers_and_the_strokes_the_closed_form(row):
    found = cross_entropy(THREE)
    scores, p, paid = (trace for trace in three_steps(found, row).figure.data if trace.type == "bar")
    assert list(scores.x) == found.numbers[0][row]
    assert np.array_equal(p.x, found.step("softmax")[row].float().numpy())
    assert sum(paid.x) == pytest.approx(found.each[row].item(), rel=1e-5)
    (target,) = (trace for trace in three_steps(found, row).figure.data if trace.name == "target")
    assert np.array_equal(target.x[::3], found.step("target")[row].float().numpy())
    bars, _, closed = gradient(found, row).figure.data
    assert list(bars.x) == [slopes[row].item() for slopes in found.gradients.values()]
    assert np.array_equal(closed.x[::3], gradient_by_hand(found)[row].float().numpy())
    assert ("is ignored" in three_steps(found, row).caption) == (row == 2)


def test_values_stand_above_bars_and_strokes():
    for picture in (three_steps(cross_entropy(THREE), 0), gradient(cross_entropy(THREE), 0)):
        for axis in {trace.xaxis for trace in picture.figure.data}:
            own = {
                trace.type if trace.type == "bar" else trace.mode: trace
                for trace in picture.figure.data
                if trace.xaxis == axis
            }
            top = np.array(own["bar"].y) - own["bar"].width / 2  # the axis points down
            assert (np.array(own["text"].y) < top - 0.05).all()
            assert "lines" not in own or np.array(own["lines"].y[::3]) == pytest.approx(top)


def test_the_caption_names_the_probability_of_the_right_class():
    picture = three_steps(cross_entropy(CrossEntropySettings()), 0)
    assert "dog, gets the probability 0.952574127" in picture.caption
    assert picture.table["softmax of dog (1)"][0] == pytest.approx(0.952574127, abs=1e-9)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_every_sample_is_named_once_and_labels_stand_apart(errors):
    x, y = np.array(errors), np.array(errors) ** 2
    labels = shared_labels(x, y, y.max())
    assert sorted(", ".join(filter(None, labels)).split(", ")) == [str(i + 1) for i in range(len(x))]
    shown = [i for i, label in enumerate(labels) if label]
    width, height = NEAR[0] * max(np.abs(x).max(), 1e-9), NEAR[1] * max(y.max(), 1e-9)
    for i in shown:
        assert all(abs(x[i] - x[j]) >= width or abs(y[i] - y[j]) >= height for j in shown if j < i)


def numbers_in(text):
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.replace("−", "-").replace("∞", "inf"))
    return [float(number) for number in re.findall(r"-?(?:\d+\.?\d*(?:e-?\d+)?|inf)", plain)]


CALLS = [
    *(
        of_regression(loss=loss, table="77135.5,1;-2,2", reduction=r)
        for loss in REGRESSION_LOSSES
        for r in ("mean", "sum")
    ),
    *(of_others(loss=loss, reduction=r) for loss in OTHER_LOSSES for r in ("mean", "sum")),
    of_others(loss="KLDivLoss", kl_reduction="mean"),
    of_others(loss="NLLLoss", weight="1,2,0.5"),
    cross_entropy(replace(THREE, reduction="sum")),
    cross_entropy(THREE),
]


@pytest.mark.parametrize("found", CALLS, ids=lambda found: f"{found.name}-{found.reduction}")
def test_a_reader_with_a_calculator_gets_the_digits_of_the_last_step(found):
    text = arithmetic(found, 0)
    assert all(f"**{step.name}**" in text for step in found.steps)
    (line,) = re.findall(rf"\*\*reduction {found.reduction}\*\*: (.*)", text)
    left, _, right = line.partition(" = ")
    *parts, divisor = numbers_in(left) if " / " in left else [*numbers_in(left), 1.0]
    assert sum(parts) / divisor == pytest.approx(numbers_in(right)[0], rel=1e-7)
    assert divisor == found.divisor
    assert numbers_in(text.splitlines()[-1].split(": ")[1])[0] == pytest.approx(found.value.item(), rel=1e-8)


def test_the_two_divisors_of_kl_are_named():
    assert "not the definition" not in arithmetic(of_others(loss="KLDivLoss"), 0)
    assert "not the definition" in arithmetic(of_others(loss="KLDivLoss", kl_reduction="mean"), 0)


@pytest.mark.parametrize("loss", REGRESSION_LOSSES)
def test_the_samples_of_the_regression_family_are_drawn_where_torch_says(loss):
    found = of_regression(loss=loss, table="3,1;-2,2;0,0.5")
    picture = losses_on_curve(found, 1)
    drawn = picture.figure.data[0 if loss in ("GaussianNLLLoss", "PoissonNLLLoss") else 1]
    assert np.array_equal(drawn.y, found.each.numpy())
    slopes = [trace.y for trace in picture.figure.data if trace.name in found.gradients]
    assert np.array_equal(slopes, [s.numpy() for s in found.gradients.values()])


@pytest.mark.parametrize("loss", OTHER_LOSSES)
def test_the_other_losses_are_drawn_as_torch_says(loss):
    found = of_others(loss=loss)
    picture = sample_picture(found, 0)
    (drawn,) = [trace for trace in picture.figure.data if trace.type == "bar" and not trace.name]
    assert np.array_equal(drawn.y, found.each.numpy())
    assert np.array_equal(picture.table["loss (torch)"], found.each.numpy())
    assert numbers_in(picture.caption)[-1] == pytest.approx(found.each[0].item(), rel=1e-5)


def arrows(picture):
    return [trace for trace in picture.figure.data if trace.type == "scatter" and trace.marker.symbol == "arrow"]


@pytest.mark.parametrize("row", [0, 1, 2])
@pytest.mark.parametrize("norm", [1, 2])
def test_a_negative_outside_of_the_outline_costs_nothing(row, norm):
    found = of_others(loss="TripletMarginLoss", norm=norm)
    picture = sample_picture(found, row)
    outline, *_ = picture.figure.data
    anchor, _, negative = (typed[row] for typed in found.numbers)
    radius = max(outline.x) - anchor[0]
    inside = np.linalg.norm(np.subtract(negative, anchor), ord=norm) < radius - 1e-5
    assert inside == (found.each[row].item() > 1e-5)
    assert len(arrows(picture)) == (3 if inside else 0)
    assert ("gradient is 0" in picture.caption) != inside


def test_with_swap_the_negative_should_be_far_from_the_positive_too():
    found = of_others(loss="TripletMarginLoss", swap=True, triplets="0,0,2,0,3.5,0")
    outline = sample_picture(found, 0).figure.data[0]
    assert list(outline.x).count(None) == 1
    assert found.each.item() == pytest.approx(1.5, abs=1e-4), "3.5 from the anchor, but only 1.5 from the positive"


@pytest.mark.parametrize("shape", ["numbers", "yes_no"])
@pytest.mark.parametrize("at", [-6.0, 0.25, 2.0, 6.0])
def test_the_curves_are_torch_s_and_their_marks_inside_the_picture(shape, at):
    found = curves(CurveSettings(shape=shape, at=at))
    picture = curves_and_slopes(found)
    figure, (said, _, _) = picture.figure, picture.caption.partition(". At")
    ends = figure.layout.yaxis.range[1], figure.layout.yaxis2.range[1]
    for i, name in enumerate(found.at):
        inside = found.losses[name].max() <= ends[0] and found.slopes[name].abs().max() <= ends[1]
        assert inside == (name not in said), "which lines leave the picture"
        loss, here, slope, steep = figure.data[4 * i : 4 * i + 4]
        assert np.array_equal(loss.y, found.losses[name].numpy())
        assert np.array_equal(slope.y, found.slopes[name].numpy())
        assert (here.y[0], steep.y[0]) == found.at[name]
        for value, (low, high) in zip(
            found.at[name], (figure.layout.yaxis.range, figure.layout.yaxis2.range), strict=True
        ):
            assert low <= value <= high


@pytest.mark.parametrize(
    "chosen",
    [
        CurveSettings(shape="map", at=2.0, second=5.0),
        CurveSettings(shape="map", at=-6.0, second=6.0, temperature=0.1),  # so sure that float32 knows no slope
        CurveSettings(shape="surface", at=2.0, second=5.0),
    ],
)
def test_the_surface_stands_where_torch_says(chosen):
    found = surface(chosen)
    picture = two_scores(found)
    grid, mark, *arrow = picture.figure.data
    assert np.array_equal(grid.z, found.losses.numpy())
    assert (mark.x[0], mark.y[0]) == (chosen.at, chosen.second)
    assert len(arrow) == (chosen.shape == "map" and found.gradient != (0, 0))
    assert all((way.x[1] - way.x[0]) * found.gradient[0] < 0 for way in arrow), "downhill"
    assert ("arrow" in picture.caption) == bool(arrow)


def test_every_frame_of_the_search_holds_the_constants_of_its_step():
    found = best_constants(ConstantSettings())
    picture = search(found)
    assert list(picture.table["step"]) == list(FRAME_STEPS)
    for i, (frame, step) in enumerate(zip(picture.frames, FRAME_STEPS, strict=True)):
        assert np.array_equal(frame["data"][0]["x"], found.path[step].numpy())
        assert np.array_equal(picture.table.iloc[i, 1:], found.path[step].numpy())
        assert picture.figure.data[frame["traces"][0]].name == "constant so far"
    assert np.array_equal(picture.figure.data[-1].x, found.path[-1].numpy()), "at first it shows the end"
    assert "MSELoss 22" in label(found, 100)


def test_the_lines_over_the_outlier_are_the_searches_ends():
    swept = sweep_outlier("1;2;3;4", 1.0, 0.9)
    for i, trace in enumerate(follow_the_outlier(swept, 100.0).figure.data):
        assert trace.name == LOSSES[i]
        assert np.array_equal(trace.y, swept[:, i].numpy())


@pytest.mark.parametrize("mistake", [m for m in MISTAKES if m != "naive_log"])
def test_a_mistake_is_drawn_beside_the_right_way(mistake):
    found = compare(MistakeSettings(mistake=mistake))
    picture = comparison(found)
    right, at_right, wrong, at_wrong, *limit = picture.figure.data
    assert np.array_equal(right.y, found.right.numpy())
    assert np.array_equal(wrong.y, found.wrong.numpy())
    assert (at_right.y[0], at_wrong.y[0]) == found.at
    assert numbers_in(picture.caption) == pytest.approx([found.place, *found.at], rel=1e-5)
    assert [trace.y[0] for trace in limit] == ([] if found.limit is None else [found.limit])


@pytest.mark.parametrize("ahead", [False, True])
def test_the_failure_zone_is_shaded_from_where_it_begins(ahead):
    picture = failure(ahead, 100.0)
    assert f"{breaks_from(ahead):.5f}" in picture.caption
    assert picture.figure.layout.shapes[0].x0 == breaks_from(ahead)
    for trace, digits in zip(picture.figure.data, digits_over_gaps(ahead).values(), strict=True):
        assert np.array_equal(trace.y, digits.numpy())


@pytest.mark.parametrize("mistake", ["softmax_twice", "probabilities_nll"])
@pytest.mark.parametrize("gap", [-20.0, 0.0, 5.0, 20.0])
def test_the_limit_of_a_mistake_can_be_seen_and_what_leaves_the_picture_is_said(mistake, gap):
    found = compare(MistakeSettings(mistake=mistake, gap=gap, classes=10))
    picture = comparison(found)
    low, high = picture.figure.layout.yaxis.range
    shown = [found.limit, *found.at, *found.wrong.tolist()]
    assert low <= min(shown) and max(shown) <= high <= max(4.0, 1.1 * found.at[0])
    assert ("leaves the picture" in picture.caption) == (found.right.max().item() > high)
