"""The perceptron's figures say what its runs say."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.perceptron.learn import run
from core.perceptron.limits import rescue
from core.perceptron.many import run_many
from core.perceptron.margin import margin
from core.perceptron.pixels import run_pixels
from core.perceptron.settings import DATA, ManySettings, PerceptronSettings, PixelSettings
from figures.perceptron.addition import addition
from figures.perceptron.arithmetic import arithmetic, by_hand, scaling
from figures.perceptron.geometry import Square, clipped, half_plane, value
from figures.perceptron.limits import rules_curve, rules_plane, wrong_curve
from figures.perceptron.many import many_problems
from figures.perceptron.margins import margins
from figures.perceptron.pixels import pixel_product, pixel_sums
from figures.perceptron.plane import plane
from figures.perceptron.squeeze import squeeze
from figures.perceptron.weight_space import CELLS, border_words, weight_moments, weight_space
from figures.perceptron.written import written

MOVING = [plane, addition, rules_plane, rules_curve, wrong_curve, squeeze]
XOR = run(PerceptronSettings(data="xor"))
HEAVIEST = PerceptronSettings(data="overlap", n_samples=300, noise=0.3, order="shuffled", max_updates=2000)
FRAME = Square((-2.0, 2.0), (-1.0, 3.0))
WEIGHT = st.integers(-24, 24).map(lambda i: i / 8)


@pytest.fixture(scope="module", params=DATA)
def shown(request):
    return run(PerceptronSettings(data=request.param))


@pytest.mark.parametrize("draw", MOVING)
def test_there_is_a_frame_for_each_moment_and_the_first_is_what_is_drawn(draw, shown):
    picture = draw(shown)
    assert len(picture.frames) == len(shown.moments)
    first = picture.frames[0]
    for number, change in zip(first["traces"], first["data"], strict=True):
        assert list(change["x"]) == list(picture.figure.data[number].x)


@pytest.mark.parametrize("draw", [*MOVING, weight_space])
def test_the_heaviest_run_stays_below_a_megabyte(draw):
    assert len(draw(run(HEAVIEST)).json()) < 1_000_000


def test_the_ring_is_around_the_sample_that_corrects_and_the_line_is_the_weights_zero(shown):
    for frame, at in zip(plane(shown).frames, shown.moments, strict=True):
        data = dict(zip(frame["traces"], frame["data"], strict=True))
        w1, w2, b = shown.weights[at].tolist()
        for x1, x2 in zip(data[4]["x"], data[4]["y"], strict=True) if data[4]["x"][0] is not None else ():
            assert w1 * x1 + w2 * x2 + b == pytest.approx(0, abs=1e-3 * (1 + abs(w1) + abs(w2)))
        if at < shown.updates:
            assert [data[6]["x"][0], data[6]["y"][0]] == shown.samples.X[shown.rows[at]].tolist()
        else:
            assert data[6]["x"] == [None]


def test_the_arrow_is_perpendicular_to_the_line_and_points_to_class_1(shown):
    for frame, at in zip(plane(shown).frames, shown.moments, strict=True):
        data = dict(zip(frame["traces"], frame["data"], strict=True))
        if data[5]["x"][0] is not None:
            line, arrow = (np.array([np.diff(data[i][axis])[0] for axis in "xy"]) for i in (4, 5))
            assert abs(line @ arrow) < 1e-2 * np.linalg.norm(line) * np.linalg.norm(arrow)
            assert arrow @ shown.weights[at, :2].numpy() > 0


def test_the_three_arrows_add_up(shown):
    for frame, at in zip(addition(shown).frames, shown.moments, strict=True):
        if at == shown.updates:
            continue
        before, step, after = ([data["x"], data["y"]] for data in frame["data"])
        start = [before[0][1], before[1][1]] if len(before[0]) > 1 else [0.0, 0.0]
        added = shown.settings.lr * shown.samples.yx[shown.rows[at], :2]
        if len(step[0]) > 1:
            assert [along[0] for along in step] == start
            assert [along[1] - along[0] for along in step] == pytest.approx(added.tolist())
        end = [after[0][1], after[1][1]] if len(after[0]) > 1 else [0.0, 0.0]
        assert end == shown.weights[at + 1, :2].tolist()


@settings(derandomize=True, deadline=None, max_examples=100)
@given(WEIGHT, WEIGHT, WEIGHT)
def test_the_two_sides_fill_the_square(w1, w2, b):
    line = (w1, w2, b)
    areas = []
    for sign in (1, -1):
        corners = half_plane(line, FRAME, sign)
        assert all(sign * value(line, corner) > -1e-9 for corner in corners)
        x, y = np.array([*corners, *corners[:1]]).T if corners else (np.zeros(1), np.zeros(1))
        areas.append(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)
    assert sum(areas) == pytest.approx(16 if any(line) else 0)
    for place in clipped(line, FRAME):
        assert value(line, place) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("at", [0, 3, 10_000])
def test_the_arithmetic_adds_up(shown, at):
    at = min(at, shown.updates)
    numbers = [
        [float(cell.replace("−", "-")) for cell in line.split("|")[2:-1]]
        for line in arithmetic(shown, at).split("\n")[2:]
    ]
    if at == shown.updates:
        assert numbers == [shown.weights[-1].tolist()]
    else:
        before, _, added, after = map(np.array, numbers)
        assert before + added == pytest.approx(after)
        assert after.tolist() == pytest.approx(shown.weights[at + 1].tolist())


@pytest.mark.parametrize("at", [0, 3, 10_000])
def test_the_written_sum_is_right(shown, at):
    left, right = re.search(r"w·x = (.*) = \*\*(.*)\*\*", by_hand(shown, min(at, shown.updates))).groups()
    left = left.replace("−", "-").replace("·", "*")
    assert re.fullmatch(r"[\d.e+\-*() ]*", left)
    assert eval(left) == pytest.approx(float(right.replace("−", "-")), abs=1e-4)


def test_what_lr_does_is_found_out_from_two_runs():
    assert "every weight is 4 times" not in scaling(run(PerceptronSettings()))
    assert "every weight is 2 times" in scaling(run(PerceptronSettings()))
    assert "every weight is 0.25 times" in scaling(run(PerceptronSettings(lr=4.0)))
    assert "no power of two" in scaling(run(PerceptronSettings(data="and", lr=0.1)))


def test_the_squeeze_s_limits_meet_at_the_bound():
    found = run(PerceptronSettings())
    best, traces = margin(found.samples), {t.name: t for t in squeeze(found).figure.data}
    upper, lower = traces["√k · R: cannot be longer"], traces["k · γ: cannot be shorter"]
    crossing = np.interp(0, np.array(lower.y) - np.array(upper.y), np.log(np.array(upper.x)))
    assert np.exp(crossing) == pytest.approx(best.bound, rel=0.02)
    assert f"= {best.bound:,.4g}" in squeeze(found).caption


def test_the_margin_s_strip_touches_the_nearest_samples():
    found = run(PerceptronSettings())
    best, figure = margin(found.samples), margins(found.samples).figure
    (ringed,) = [t for t in figure.data if t.name == "nearest samples"]
    for x1, x2 in zip(ringed.x, ringed.y, strict=True):
        assert abs(best.u @ torch.tensor([x1, x2, 1.0], dtype=torch.float64)) == pytest.approx(best.gamma, rel=1e-6)
    inside = found.samples.X.norm(dim=1).max().item()
    (circle,) = [t for t in figure.data if t.name == "radius"]
    assert max(circle.x) == pytest.approx(inside)


def test_the_map_of_weight_space_counts_what_each_pair_gets_wrong():
    found = run(PerceptronSettings(data="and"))
    picture = weight_space(found)
    for frame, at in list(zip(picture.frames, weight_moments(found), strict=True))[::5]:
        z, b = frame["data"][0]["z"], found.weights[at, 2].item()
        for i, j in ((0, 0), (10, 50), (CELLS - 1, 3)):
            w1, w2 = picture.figure.data[0].x[j], picture.figure.data[0].y[i]
            sums = [(w1 * x1 + w2 * x2 + b) for x1, x2 in found.samples.X.tolist()]
            wrong = sum(y * s <= 0 for y, s in zip(found.samples.y.tolist(), sums, strict=True))
            assert z[i, j] == wrong


def test_captions_of_the_three_rules_count_what_they_draw():
    found = run(PerceptronSettings(data="overlap"))
    rules = rescue(found)
    said = ", ".join(
        f"{name} {int(rules.wrong[rule][-1])}"
        for rule, name in {"last": "last weights", "pocket": "pocket", "averaged": "averaged"}.items()
    )
    assert said in rules_plane(found).caption
    assert "At the end without a line: last weights and pocket." in rules_plane(XOR).caption


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (XOR.settings, "The average over all visits has between 1 and 2 wrong in the second half of the run"),
        (PerceptronSettings(data="overlap", max_updates=1), "in the second half"),
        (PerceptronSettings(data="overlap"), ""),
        (PerceptronSettings(data="overlap", order="shuffled", noise=0.3), ""),
    ],
)
def test_the_average_settles_only_where_it_does(settings, said):
    found = run(settings)
    half, caption = rescue(found).wrong["averaged"][found.updates // 2 :], rules_curve(found).caption
    assert said in caption
    assert ("settles down" in caption) == (len(set(half.tolist())) == 1 and found.updates > 1)
    if "settles down" in caption:
        since = int(re.search(r"from update ([\d,]+) on", caption)[1].replace(",", ""))
        assert set(rescue(found).wrong["averaged"][since:].tolist()) == {int(half[0])}


def test_a_length_of_zero_is_on_the_chart():
    picture = squeeze(XOR)
    assert picture.figure.layout.xaxis.type != "log"
    assert picture.figure.layout.yaxis.type != "log"
    for frame, at in zip(picture.frames, XOR.moments, strict=True):
        assert frame["data"][0]["x"] == [at]
        assert frame["data"][0]["y"] == pytest.approx([XOR.weights[at].norm().item()])


def test_the_largest_number_of_mistakes_is_the_bound_rounded_down():
    for data, most in {"and": 51, "or": 27, "blobs": 556}.items():
        found = run(PerceptronSettings(data=data))
        assert margin(found.samples).most == most
        assert f"can make more than {most}." in plane(found).caption
    assert margin(XOR.samples).most is None


def test_what_is_said_of_the_border_is_drawn(shown):
    moments = weight_moments(shown)
    for frame, at in zip(weight_space(shown).frames, moments, strict=True):
        drawn, text = frame["data"][3]["x"][0] is not None, border_words(shown, at)
        assert drawn == text.startswith("The green border")
        if at < shown.updates:
            assert f"ample {int(shown.rows[at])}, which is wrong" in text


def test_where_only_the_bias_changes_the_words_say_so():
    assert "changes only b" in border_words(run(PerceptronSettings(data="and")), 0)
    assert "changes nothing" in border_words(run(PerceptronSettings(data="and", bias=False)), 0)


@pytest.mark.parametrize(
    ("value", "form", "text"), [(-0.0, ".6g", "0"), (-0.00001, ".2f", "0.00"), (-0.625, ".6g", "−0.625"), (3, "g", "3")]
)
def test_numbers_have_one_minus_sign_and_zero_has_none(value, form, text):
    assert written(value, form) == text


def test_no_table_or_caption_has_a_hyphen_before_a_number_or_a_zero_below_zero(shown):
    texts = [draw(shown).caption for draw in [*MOVING, weight_space]] + [margins(shown.samples).caption]
    for at in shown.moments:
        texts += [arithmetic(shown, at), by_hand(shown, at), border_words(shown, at)]
    assert not re.search(r"(?<!\w)-\d|−0(?![.\d])", "\n".join(text.replace("|---", "") for text in texts))


def test_the_scatter_of_problems_has_all_of_them_and_the_line_is_the_bound():
    found = run_many(ManySettings())
    dots, line = many_problems(found).figure.data
    assert len(dots.x) == 1000
    assert np.allclose(np.array(line.y), 1 / np.array(line.x) ** 2)
    assert f"Above the bound: {(found.mistakes > found.bound).sum()}." in many_problems(found).caption


def test_pixels_times_weights_are_the_products_and_sum_to_the_score():
    found = run_pixels(PixelSettings())
    pictures = pixel_product(found, 5)
    pixels, weights, products = (np.array(picture.figure.data[0].z) for picture in pictures)
    assert np.allclose(pixels * weights, products, atol=1e-6)
    assert f"the sum is {written(found.scores[5].item(), '.4f')}" in pictures[2].caption
    assert products.sum() + found.weights[64].item() == pytest.approx(found.scores[5].item(), abs=1e-4)


def test_images_on_the_wrong_side_are_counted():
    found = run_pixels(PixelSettings())
    zero, one = pixel_sums(found, 0).figure.data[:2]
    wrong = int((np.array(zero.x) > 0).sum() + (np.array(one.x) <= 0).sum())
    assert wrong > 0
    assert f"{wrong} lie on the wrong side" in pixel_sums(found, 0).caption


@pytest.mark.parametrize("digits", [(1, 8), (0, 1)])
def test_pixel_figures_name_the_digits(digits):
    found = run_pixels(PixelSettings(zero=digits[0], one=digits[1]))
    assert {t.name for t in pixel_sums(found, 0).figure.data} >= {f"a {d}" for d in digits}
    pixels, weights, _ = pixel_product(found, 0)
    assert f"a {digits[int(found.label[0])]}:" in pixels.caption
    assert f"speak for {digits[1]}, blue ones for {digits[0]}" in weights.caption
