"""The three calculators: steps by hand beside torch in double precision, closed forms, published values, bad tables."""

import math
import re
from dataclasses import asdict, replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.loss_functions import other_losses, regression
from core.loss_functions.calculation import calculate_chosen, problem, read_weights
from core.loss_functions.cross_entropy import (
    cross_entropy,
    cross_entropy_loss,
    gradient_by_hand,
    gradient_formula,
    is_ignored,
    is_plain,
    with_classes,
)
from core.loss_functions.other_losses import pulls, rows_without_sum_one
from core.loss_functions.regression import loss_over_errors
from core.loss_functions.settings import (
    MAX_ROWS,
    OTHER_LOSSES,
    REDUCTIONS,
    REGRESSION_LOSSES,
    CrossEntropySettings,
    OtherLossesSettings,
    RegressionSettings,
)
from core.number_rows import read_rows, write_rows
from figures.loss_functions.calculation import arithmetic
from figures.loss_functions.cross_entropy import formula, gradient, three_steps

TWO = "2,0.5,-1,0;0,3,1,2"
REAL = st.floats(-20, 20, width=32)
SHARE = st.floats(0, 1, width=32)
SIGN = st.sampled_from([1, -1])
CLASS = st.integers(0, 2)


def regression_loss(**chosen):
    return calculate_chosen(regression.LOSSES, RegressionSettings(**chosen))


def other_loss(**chosen):
    return calculate_chosen(other_losses.LOSSES, OtherLossesSettings(**chosen))


@st.composite
def class_settings(draw):
    """Any table that the page allows, with any options."""
    classes = draw(st.integers(2, 6))
    ignored = draw(st.sampled_from([-100, 0]))
    target = st.integers(0, classes - 1) | st.just(ignored)
    rows = draw(st.lists(st.tuples(*[st.floats(-30, 30, width=32)] * classes, target), min_size=1, max_size=MAX_ROWS))
    weights = draw(st.none() | st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5]), min_size=classes, max_size=classes))
    return CrossEntropySettings(
        table=write_rows(rows),
        temperature=draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 10.0])),
        label_smoothing=draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])),
        reduction=draw(st.sampled_from(list(REDUCTIONS))),
        weight="" if weights is None else ",".join(map(str, weights)),
        ignore_index=ignored,
    )


@st.composite
def distribution(draw):
    """Three probabilities above zero that add up to one."""
    parts = [draw(st.integers(1, 50)) for _ in range(3)]
    return [part / sum(parts) for part in parts]


@st.composite
def regression_settings(draw):
    loss, log_input = draw(st.sampled_from(list(REGRESSION_LOSSES))), draw(st.booleans())
    rate = st.floats(-5, 5, width=32) if log_input else st.floats(0, 50, width=32)
    row = {
        "gaussian": st.tuples(REAL, REAL, st.floats(0, 50, width=32)),
        "counts": st.tuples(rate, st.integers(0, 30)),
        "table": st.tuples(REAL, REAL),
    }[regression.LOSSES[loss].table]
    return RegressionSettings(
        loss=loss,
        reduction=draw(st.sampled_from(list(REDUCTIONS))),
        delta=draw(st.sampled_from([0.01, 0.5, 1.0, 5.0])),
        full=draw(st.booleans()),
        log_input=log_input,
        **{regression.LOSSES[loss].table: write_rows(draw(st.lists(row, min_size=1, max_size=MAX_ROWS)))},
    )


@st.composite
def other_settings(draw):
    loss = draw(st.sampled_from(list(OTHER_LOSSES)))
    row = {
        "BCEWithLogitsLoss": (REAL, SHARE),
        "BCELoss": (SHARE, SHARE),
        "NLLLoss": (distribution(), CLASS),
        "CrossEntropyLoss": (REAL,) * 3 + (SHARE,) * 3,
        "KLDivLoss": (distribution(), distribution()),
        "SoftMarginLoss": (REAL, SIGN),
        "HingeEmbeddingLoss": (REAL, SIGN),
        "MarginRankingLoss": (REAL, REAL, SIGN),
        "MultiMarginLoss": (REAL, REAL, REAL, CLASS),
        "CosineEmbeddingLoss": (REAL, REAL, REAL, REAL, SIGN),
        "TripletMarginLoss": (REAL,) * 6,
    }[loss]
    rows = draw(st.lists(st.tuples(*row), min_size=1, max_size=MAX_ROWS))
    flat = [[v for part in parts for v in (part if isinstance(part, list) else [part])] for parts in rows]
    return OtherLossesSettings(
        loss=loss,
        reduction=draw(st.sampled_from(list(REDUCTIONS))),
        kl_reduction=draw(st.sampled_from([*REDUCTIONS, "batchmean"])),
        label_smoothing=draw(st.sampled_from([0.0, 0.1, 1.0])),
        pos_weight=draw(st.sampled_from([0.1, 1.0, 5.0])),
        margin=draw(st.sampled_from([0.2, 1.0, 5.0])),
        cosine_margin=draw(st.sampled_from([-1.0, 0.0, 0.5])),
        p=draw(st.integers(1, 2)),
        norm=draw(st.integers(1, 2)),
        swap=draw(st.booleans()),
        weight=draw(st.sampled_from(["", "1,2,0.5"])),
        **{other_losses.LOSSES[loss].table: write_rows(flat)},
    )


def check(found, close=1e-10):
    """The steps are torch's module in double precision, and its values in float32 are nearly these."""
    typed = [a.tensor(n, torch.float64) for a, n in zip(found.loss.arguments, found.numbers, strict=True)]
    given = [t.log() if a.log else t for a, t in zip(found.loss.arguments, typed, strict=True)]
    given[0] = given[0] / found.loss.temperature
    options = {k: torch.tensor(v, dtype=torch.float64) if isinstance(v, list) else v for k, v in found.options.items()}

    def torch64(reduction):
        return getattr(torch.nn, found.name)(**options, reduction=reduction)(*given)

    each = torch64("none").reshape(len(found.each), -1).sum(dim=1)
    torch.testing.assert_close(found.steps[-1].values, each, rtol=close, atol=close)
    if found.reduction != "none":
        torch.testing.assert_close(
            found.value_by_hand, torch64(found.reduction), rtol=close, atol=close, equal_nan=True
        )
    torch.testing.assert_close(found.each.double(), each, rtol=1e-5, atol=1e-5)
    assert problem(found) == ("" if torch.isfinite(found.value).all() else "divides by 0")
    assert all(slopes.shape == found.each.shape for slopes in found.gradients.values())


@settings(derandomize=True, deadline=None, max_examples=120)
@given(class_settings())
def test_the_steps_of_cross_entropy_arrive_where_torch_does(chosen):
    found = cross_entropy(chosen)
    check(found, close=1e-6)  # torch keeps the smoothing in single precision
    if found.divisor:  # else the mean is 0 / 0, and what autograd makes of it is nobody's rule
        gradient = torch.stack(list(found.gradients.values()), dim=1).double()
        torch.testing.assert_close(gradient, gradient_by_hand(found), rtol=1e-5, atol=1e-5)
    if gradient_formula(found) == "softmax − target":
        short = found.step("softmax") - found.step("target")
        torch.testing.assert_close(gradient_by_hand(found), short)


@settings(derandomize=True, deadline=None, max_examples=120)
@given(regression_settings())
def test_the_steps_of_the_regression_family_arrive_where_torch_does(chosen):
    check(calculate_chosen(regression.LOSSES, chosen))


@settings(derandomize=True, deadline=None, max_examples=180)
@given(other_settings())
def test_the_steps_of_the_others_arrive_where_torch_does(chosen):
    check(calculate_chosen(other_losses.LOSSES, chosen))


# Cross-entropy


def test_the_course_s_dog_costs_log_of_one_plus_e_to_minus_three():
    assert cross_entropy(CrossEntropySettings()).value.item() == pytest.approx(math.log1p(math.exp(-3)), rel=1e-6)
    printed = {"2,5,1": "0.0486", "1.5,1.1,1": "0.9130", "1,5,1": "0.0181"}  # the notes print the last for the first
    assert {t: f"{cross_entropy(CrossEntropySettings(table=t)).value.item():.4f}" for t in printed} == printed


@pytest.mark.parametrize(
    ("options", "each", "value"),
    [
        ({}, [0.2413113, 2.1698460], 1.2055787),
        ({"weight": "1,2,0.5"}, [0.2413113, 0.5 * 2.1698460], 0.8841562),
        ({"label_smoothing": 0.1}, [0.3913113, 2.1365127], (0.3913113 + 2.1365127) / 2),
    ],
)
def test_published_values(options, each, value):
    found = cross_entropy(CrossEntropySettings(table=TWO, **options))
    assert found.each.tolist() == pytest.approx(each, abs=1e-6)
    assert found.value.item() == pytest.approx(value, abs=1e-6)
    assert found.divisor == (1.5 if "weight" in options else 2)


def test_an_ignored_sample_costs_nothing_pulls_nothing_and_is_not_counted():
    found = cross_entropy(CrossEntropySettings(table=TWO + ";1,1,1,-100"))
    assert found.each[2] == 0
    assert all(slopes[2] == 0 for slopes in found.gradients.values())
    assert found.value.item() == pytest.approx(1.2055787, abs=1e-6)
    assert cross_entropy(CrossEntropySettings(table=TWO, ignore_index=2)).value.item() == pytest.approx(0.2413113)


def test_the_gradient_of_a_sample_adds_up_to_zero_and_shrinks_with_the_temperature():
    for t in (0.5, 1.0, 4.0):
        found = cross_entropy(CrossEntropySettings(table=TWO, temperature=t, reduction="sum"))
        gradient = torch.stack(list(found.gradients.values()))
        assert gradient.sum(dim=0).abs().max() < 1e-6 / t
        assert gradient.abs().max() <= 1 / t


def test_a_probability_that_rounds_to_zero_has_a_finite_cost_in_every_step():
    found = cross_entropy(CrossEntropySettings(table="1000,0,1"))
    assert found.step("softmax")[0].tolist() == [1.0, 0.0]
    assert found.step("−log softmax")[0].tolist() == [0.0, 1000.0]
    assert "underflow" in arithmetic(found, 0)
    assert "underflow" not in arithmetic(cross_entropy(CrossEntropySettings()), 0)
    bounds = cross_entropy(CrossEntropySettings(table="10000,-10000,1;-10000,10000,1", temperature=0.1))
    assert bounds.each.tolist() == bounds.steps[-1].values.tolist() == [200000.0, 0.0]


def test_the_steps_by_hand_are_those_of_a_reader_with_a_calculator():
    smoothed = cross_entropy(CrossEntropySettings(label_smoothing=0.05))
    assert smoothed.step("target").tolist() == [[0.025, 0.975]]
    found = [smoothed, *(regression_loss(loss=name, full=True) for name in regression.LOSSES)]
    found += [other_loss(loss=name) for name in other_losses.LOSSES]
    assert {step.values.dtype for one in found for step in one.steps} == {torch.float64}


@settings(derandomize=True, deadline=None, max_examples=30)
@given(class_settings())
def test_only_differences_of_scores_count(chosen):
    torch.testing.assert_close(cross_entropy(chosen).each, cross_entropy(chosen, add=10.0).each, rtol=1e-4, atol=1e-3)


def test_a_class_more_and_a_class_less():
    rows = read_rows("2,5,1", cross_entropy_loss("2,5,1").columns, MAX_ROWS)
    assert with_classes(rows, 3) == [(2, 5, 0, 1)]
    assert with_classes(with_classes(rows, 3), 2) == rows
    assert with_classes([(1.0, 2.0, 3.0, 2)], 2) == [(1.0, 2.0, 1)]
    assert with_classes([(1.0, 2.0, 3.0, -100)], 2) == [(1.0, 2.0, -100)]


@pytest.mark.parametrize("target", [2, -1, 7])
def test_a_target_that_is_not_a_class_is_refused_with_what_is_allowed(target):
    with pytest.raises(ValueError, match=rf"Row 2 has target {target}; allowed: 0 to 1, .*or -100"):
        cross_entropy(CrossEntropySettings(table=f"2,5,1;2,5,{target}"))


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "1,-1", "1,nan", "1,1e9", ",", "1,2;1,2", "x" * 80])
def test_wrong_weights_are_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="allowed: 2 numbers from 0 to 100"):
        read_weights(text, 2)


@pytest.mark.parametrize(
    "table", ["", "1,2", "1,2,3;1,2", "1,nan,0", "1,inf,0", "1,2,0.5", "1e9,1,0", ";".join(["1,2,0"] * 9)]
)
def test_a_table_that_cannot_be_read_is_refused_with_what_is_allowed(table):
    with pytest.raises(ValueError, match="allowed: "):
        cross_entropy(CrossEntropySettings(table=table))


# Why torch returns no finite number


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (cross_entropy(CrossEntropySettings(table="1,2,-100")), "divides by 0"),
        (cross_entropy(CrossEntropySettings(table="1,2,1", weight="1,0", label_smoothing=0.5)), "divides by 0"),
        (other_loss(loss="NLLLoss", weight="0,0,1"), "divides by 0"),
        (cross_entropy(CrossEntropySettings(table="1,2,-100", reduction="sum")), ""),
        (regression_loss(loss="PoissonNLLLoss", counts="1,1;1000,1"), "overflow"),
        (other_loss(loss="SoftMarginLoss", signs="-88.8,1"), "overflow"),
        (other_loss(loss="SoftMarginLoss", signs="-88.7,1"), ""),
    ],
)
def test_what_is_not_a_finite_number_has_a_reason(found, why):
    assert problem(found) == why
    assert found.value_by_hand.isnan() == found.value.isnan()
    assert bool(torch.isfinite(found.value).all()) == (not why)


# Regression


def test_the_course_s_house():
    found = regression_loss()
    assert found.value.item() == found.value_by_hand.item() == 400_000_000.0
    assert found.gradients["predicted"].tolist() == [40_000.0]


def test_the_steps_have_the_digits_of_a_calculator_where_float32_has_not():
    found = regression_loss(table="77135.5,0;0.1,0")
    assert found.steps[-1].values.tolist() == pytest.approx([77135.5**2, 0.1**2], rel=1e-15)
    assert found.each[0].item() != 77135.5**2


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(REAL, REAL), min_size=1, max_size=MAX_ROWS), st.sampled_from(["mean", "sum"]))
def test_the_gradients_are_the_closed_forms(rows, reduction):
    n = len(rows) if reduction == "mean" else 1
    error = torch.tensor([a for a, _ in rows]) - torch.tensor([b for _, b in rows])
    expected = {
        "MSELoss": 2 * error / n,
        "L1Loss": error.sign() / n,
        "HuberLoss": error.clamp(-1, 1) / n,
        "SmoothL1Loss": error.clamp(-1, 1) / n,
    }
    for loss, slope in expected.items():
        found = regression_loss(loss=loss, table=write_rows(rows), reduction=reduction)
        torch.testing.assert_close(found.gradients["predicted"], slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("delta", [0.5, 3.0])
def test_huber_is_delta_times_smooth_l1(delta):
    huber, smooth = (
        regression_loss(loss=loss, table="0,0.2;0,1;0,7;0,-9", delta=delta) for loss in ("HuberLoss", "SmoothL1Loss")
    )
    torch.testing.assert_close(huber.each, delta * smooth.each)


def test_the_best_variance_is_the_squared_error():
    slopes = [
        regression_loss(loss="GaussianNLLLoss", gaussian=f"3,1,{v}").gradients["variance"].item() for v in (2, 4, 8)
    ]
    assert slopes[0] < 0
    assert slopes[1] == pytest.approx(0, abs=1e-7)
    assert slopes[2] > 0


def test_stirling_comes_in_only_above_a_count_of_one():
    with_it, without = (
        regression_loss(loss="PoissonNLLLoss", counts="0,0;0,1;0,2;0,30", full=full).each for full in (True, False)
    )
    extra = (with_it - without).tolist()
    assert extra[:2] == [0.0, 0.0]
    assert extra[3] == pytest.approx(math.lgamma(31), rel=1e-4)


@pytest.mark.parametrize("loss", REGRESSION_LOSSES)
def test_the_curve_passes_through_the_samples(loss):
    found = regression_loss(loss=loss, table="3,0;-6,0", delta=2.0)
    curve = loss_over_errors(found, points=31)  # from -7.5 to 7.5
    assert (curve is None) == (loss in ("GaussianNLLLoss", "PoissonNLLLoss"))
    if curve:
        errors, losses = curve
        assert [losses[errors == at].item() for at in (3, -6)] == found.each.tolist()


# The others


def test_the_gradient_of_yes_or_no_is_sigmoid_minus_target():
    found = other_loss(reduction="sum")
    x, t = map(torch.tensor, found.numbers)
    torch.testing.assert_close(found.gradients["score"], x.sigmoid() - t)


def test_the_published_divergence_and_its_two_means():
    values = {r: other_loss(loss="KLDivLoss", kl_reduction=r).value.item() for r in ("batchmean", "mean", "sum")}
    assert values["batchmean"] == values["sum"] == pytest.approx(0.0851228, abs=1e-7)
    assert values["mean"] == pytest.approx(0.0283743, abs=1e-7)


def test_class_probabilities_that_are_sure_are_class_numbers_and_a_mix_is_the_mix_of_their_losses():
    """But for the mean, which divides by the samples and not by their weights."""
    weights, scores = "1,2,0.5", "2,0.5,-1"
    ways = [
        cross_entropy(CrossEntropySettings(table=f"{scores},{y}", weight=weights, reduction="sum")) for y in range(3)
    ]
    sure = other_loss(
        loss="CrossEntropyLoss", weight=weights, soft=";".join(f"{scores},{t}" for t in ("1,0,0", "0,1,0", "0,0,1"))
    )
    torch.testing.assert_close(sure.each, torch.stack([way.value for way in ways]))
    mixed = other_loss(loss="CrossEntropyLoss", weight=weights, soft=f"{scores},0.7,0.2,0.1")
    torch.testing.assert_close(mixed.value, sure.each @ torch.tensor([0.7, 0.2, 0.1]))
    assert sure.divisor == 3
    assert rows_without_sum_one(other_loss(loss="CrossEntropyLoss", soft="1,2,3,1,0,0;1,2,3,0.5,0,0;1,2,3,1,1,0")) == [
        2,
        3,
    ]
    assert rows_without_sum_one(sure) == []


@settings(derandomize=True, max_examples=50, deadline=None)
@given(class_settings())
def test_a_probability_that_is_written_leads_to_the_loss_that_is_written(chosen):
    found = cross_entropy(chosen)
    for row in range(len(found.each)):
        text = formula(found, row).replace("\\ln", "ln")
        assert ("$$" in text) == is_plain(found, row)
        for p, loss in re.findall(r"-ln ([\d.e-]+) = ([\d.e-]+)\$\$", text):
            assert float(loss) == pytest.approx(-math.log(float(p)), rel=1e-5)
        said = re.search(r"probability (?:e\^\((.*)\)|([\d.e−]+))\.$", three_steps(found, row).caption)
        assert bool(said) != is_ignored(found, row)
        if said:
            power, p = (text and float(text.replace("−", "-")) for text in said.groups())
            cost = found.step("−log softmax")[row, found.numbers[1][row]].item()
            assert cost == pytest.approx(-power if p is None else -math.log(p), rel=1e-5)
        assert ("not a number" in gradient(found, row).caption) == (not found.slopes(row).isfinite().all())


def test_no_logarithm_of_0_where_the_probability_is_rounded_to_0():
    text = formula(cross_entropy(CrossEntropySettings(table="1000,0,1")), 0)
    assert text.endswith("{e^{1000} + e^{0}} = 1000$$")


def test_bce_never_takes_a_logarithm_below_minus_100_and_is_exact_with_logits():
    found = other_loss(loss="BCELoss", probability="0,1;1,0;1e-30,1", reduction="none")
    assert found.value[:2].tolist() == [100.0, 100.0]
    assert found.value[2].item() == pytest.approx(30 * math.log(10), rel=1e-6)
    assert other_loss(logits="-200,1;200,0;200,1", reduction="none").value.tolist() == [200.0, 200.0, 0.0]


def test_a_yes_counts_pos_weight_times():
    plain, heavy = (other_loss(pos_weight=w, reduction="none").value for w in (1.0, 5.0))
    torch.testing.assert_close(heavy, plain * (1 + 4 * torch.tensor([1.0, 1.0, 0.0, 0.0])))


def test_the_weighted_mean_of_nll_divides_by_the_weights():
    found = other_loss(loss="NLLLoss", weight="1,2,0.5")
    assert found.divisor == 3.0
    assert found.value.item() == pytest.approx((-math.log(0.7) - 2 * math.log(0.3)) / 3, rel=1e-6)


def test_vectors_are_pulled_downhill_and_not_at_all_where_nothing_is_missing():
    found = other_loss(loss="CosineEmbeddingLoss")
    for (x, y), (dx, dy) in zip(found.numbers[0], (pulls(found, row)["a"] for row in range(4)), strict=True):
        assert x * dx + y * dy == pytest.approx(0, abs=1e-6), "only the direction counts, not the length"
    rested = other_loss(loss="TripletMarginLoss", triplets="0,0,1,0,9,0")
    assert rested.each.item() == 0
    assert not any(map(any, pulls(rested, 0).values()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"loss": "SoftMarginLoss", "signs": "2,1;2,0"}, "Row 2 has target 0; allowed: 1 or -1"),
        (
            {"loss": "KLDivLoss", "distributions": "0.5,0.3,0.1,0.7,0.2,0.1"},
            "q that add up to 0.9; allowed: a sum of 1",
        ),
        ({"loss": "KLDivLoss", "distributions": "0.5,0.3,0.2,0.7,0.2,0.2"}, "p that add up to 1.1; allowed: a sum of"),
        ({"loss": "KLDivLoss", "distributions": "0.5,0.5,0,0.7,0.2,0.1"}, "allowed: a number from 1e-30 to 1"),
        ({"loss": "NLLLoss", "classes": "0.7,0.2,0.2,0"}, "allowed: a sum of 1"),
        ({"loss": "NLLLoss", "classes": "0.7,0.2,0.1,3"}, "allowed: a whole number from 0 to 2"),
        ({"loss": "BCELoss", "probability": "1.2,1"}, "allowed: a number from 0 to 1"),
        ({"reduction": "batchmean"}, "allowed: one of mean, sum, none"),
        ({"loss": "TripletMarginLoss", "margin": 0.0}, "margin of 0; allowed: more than 0"),
        ({"loss": "MultiMarginLoss", "weight": "1,2"}, "allowed: 3 numbers"),
    ],
)
def test_what_a_loss_does_not_take_is_refused_with_what_is_allowed(change, said):
    with pytest.raises(ValueError, match=said):
        other_loss(**change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"loss": "PoissonNLLLoss", "counts": "1,-2"}, "allowed: a number from 0 to"),
        ({"loss": "PoissonNLLLoss", "counts": "1,2;-1,2", "log_input": False}, "Row 2 predicts a rate of -1; allowed"),
        ({"loss": "GaussianNLLLoss", "gaussian": "1,2,-1"}, "allowed: a number from 0 to"),
        ({"table": "nan,1"}, "allowed: a number from"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_with_what_is_allowed(change, said):
    with pytest.raises(ValueError, match=said):
        regression_loss(**change)


def test_the_code_names_what_differs_from_torch_s_defaults():
    assert regression_loss().code == "nn.MSELoss()"
    assert other_loss(reduction="sum", pos_weight=2.0).code == (
        "nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]), reduction='sum')"
    )
    smoothed = replace(CrossEntropySettings(), label_smoothing=0.1)
    assert cross_entropy(smoothed).code == "nn.CrossEntropyLoss(label_smoothing=0.1)"
    assert asdict(smoothed)["label_smoothing"] == 0.1
