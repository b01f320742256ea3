"""The regression family and the rest: the steps beside torch, for random tables, all options, all reductions."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.loss_functions.calculation import Argument, calculate
from core.loss_functions.more import TABLES, more_loss
from core.loss_functions.numbers import loss_over_errors, number_loss, number_table_of
from core.loss_functions.settings import (
    MAX_ROWS,
    MORE_LOSSES,
    NUMBER_LOSSES,
    REDUCTIONS,
    MoreSettings,
    NumberSettings,
)
from core.number_rows import write_rows

REAL = st.floats(-20, 20, width=32)
SHARE = st.floats(0, 1, width=32)
SIGN = st.sampled_from([1, -1])
EXACT = {"MSELoss", "L1Loss", "HuberLoss", "PoissonNLLLoss", "HingeEmbeddingLoss", "MarginRankingLoss", "NLLLoss"}


def distribution(draw):
    """Three probabilities above zero that add up to one."""
    parts = [draw(st.integers(1, 50)) for _ in range(3)]
    return [part / sum(parts) for part in parts]


@st.composite
def number_settings(draw):
    loss = draw(st.sampled_from(list(NUMBER_LOSSES)))
    log_input = draw(st.booleans())
    row = {
        "GaussianNLLLoss": st.tuples(REAL, REAL, st.floats(0, 50, width=32)),
        "PoissonNLLLoss": st.tuples(
            st.floats(-5, 5, width=32) if log_input else st.floats(0, 50, width=32), st.integers(0, 30)
        ),
    }.get(loss, st.tuples(REAL, REAL))
    chosen = NumberSettings(
        loss=loss,
        reduction=draw(st.sampled_from(list(REDUCTIONS))),
        delta=draw(st.sampled_from([0.01, 0.5, 1.0, 5.0])),
        full=draw(st.booleans()),
        log_input=log_input,
    )
    field, _ = number_table_of(chosen)
    rows = draw(st.lists(row, min_size=1, max_size=MAX_ROWS))
    return NumberSettings(**{**chosen.__dict__, field: write_rows(rows)})


@st.composite
def more_settings(draw):
    loss = draw(st.sampled_from(list(MORE_LOSSES)))
    rows = []
    for _ in range(draw(st.integers(1, MAX_ROWS))):
        rows.append(
            {
                "BCEWithLogitsLoss": lambda: [draw(REAL), draw(SHARE)],
                "BCELoss": lambda: [draw(SHARE), draw(SHARE)],
                "NLLLoss": lambda: [*distribution(draw), draw(st.integers(0, 2))],
                "KLDivLoss": lambda: [*distribution(draw), *distribution(draw)],
                "SoftMarginLoss": lambda: [draw(REAL), draw(SIGN)],
                "HingeEmbeddingLoss": lambda: [draw(REAL), draw(SIGN)],
                "MarginRankingLoss": lambda: [draw(REAL), draw(REAL), draw(SIGN)],
                "MultiMarginLoss": lambda: [draw(REAL), draw(REAL), draw(REAL), draw(st.integers(0, 2))],
                "CosineEmbeddingLoss": lambda: [draw(REAL) for _ in range(4)] + [draw(SIGN)],
                "TripletMarginLoss": lambda: [draw(REAL) for _ in range(6)],
            }[loss]()
        )
    return MoreSettings(
        loss=loss,
        reduction=draw(st.sampled_from([*REDUCTIONS, "batchmean"] if loss == "KLDivLoss" else list(REDUCTIONS))),
        pos_weight=draw(st.sampled_from([0.1, 1.0, 5.0])),
        margin=draw(st.sampled_from([0.2, 1.0, 5.0])),
        cosine_margin=draw(st.sampled_from([-1.0, 0.0, 0.5])),
        p=draw(st.integers(1, 2)),
        norm=draw(st.integers(1, 2)),
        swap=draw(st.booleans()),
        weight=draw(st.sampled_from(["", "1,2,0.5"])),
        **{TABLES[loss][0]: write_rows(rows)},
    )


def check(found):
    by_hand = found.steps[-1].values
    if found.name in EXACT:
        assert torch.equal(by_hand, found.each)
    torch.testing.assert_close(by_hand, found.each, rtol=3e-6, atol=3e-6)
    if found.value.dim() < 2:  # KLDivLoss without reduction keeps its classes
        torch.testing.assert_close(found.value_by_hand, found.value, rtol=3e-6, atol=3e-6)
    else:
        torch.testing.assert_close(found.value.sum(dim=1), found.each)
    for slope in found.gradients.values():
        assert slope.shape == found.each.shape


@settings(derandomize=True, deadline=None, max_examples=120)
@given(number_settings())
def test_the_steps_of_the_regression_family_arrive_where_torch_does(chosen):
    check(number_loss(chosen))


@settings(derandomize=True, deadline=None, max_examples=180)
@given(more_settings())
def test_the_steps_of_the_others_arrive_where_torch_does(chosen):
    check(more_loss(chosen))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(REAL, REAL), min_size=1, max_size=MAX_ROWS), st.sampled_from(["mean", "sum"]))
def test_the_gradients_are_the_closed_forms(rows, reduction):
    table, n = write_rows(rows), len(rows) if reduction == "mean" else 1
    error = torch.tensor([a for a, _ in rows]) - torch.tensor([b for _, b in rows])
    expected = {
        "MSELoss": 2 * error / n,
        "L1Loss": error.sign() / n,
        "HuberLoss": error.clamp(-1, 1) / n,
        "SmoothL1Loss": error.clamp(-1, 1) / n,
    }
    for loss, slope in expected.items():
        found = number_loss(NumberSettings(loss=loss, table=table, reduction=reduction))
        torch.testing.assert_close(found.gradients["predicted"], slope, rtol=1e-6, atol=1e-7)


def test_the_gradient_of_yes_or_no_is_sigmoid_minus_target():
    found = more_loss(MoreSettings(reduction="sum"))
    x, t = (torch.tensor([float(v) for v in a.numbers]) for a in found.arguments)
    torch.testing.assert_close(found.gradients["score"], x.sigmoid() - t)


def test_the_course_s_house():
    found = number_loss(NumberSettings())
    assert found.value.item() == 400_000_000.0
    assert found.gradients["predicted"].tolist() == [40_000.0]


def test_huber_is_delta_times_smooth_l1():
    for delta in (0.5, 3.0):
        table = "0,0.2;0,1;0,7;0,-9"
        huber = number_loss(NumberSettings(loss="HuberLoss", table=table, delta=delta))
        smooth = number_loss(NumberSettings(loss="SmoothL1Loss", table=table, delta=delta))
        torch.testing.assert_close(huber.each, delta * smooth.each)


def test_the_published_divergence_and_its_two_means():
    values = {
        r: more_loss(MoreSettings(loss="KLDivLoss", reduction=r)).value.item() for r in ("batchmean", "mean", "sum")
    }
    assert values["batchmean"] == values["sum"] == pytest.approx(0.0851228, abs=1e-7)
    assert values["mean"] == pytest.approx(0.0283743, abs=1e-7)


def test_bce_never_takes_a_logarithm_below_minus_100():
    found = more_loss(MoreSettings(loss="BCELoss", probability="0,1;1,0;1e-30,1", reduction="none"))
    assert found.value[:2].tolist() == [100.0, 100.0]
    assert found.value[2].item() == pytest.approx(30 * math.log(10), rel=1e-6)


def test_bce_with_logits_is_exact_where_the_sigmoid_is_not():
    found = more_loss(MoreSettings(logits="-200,1;200,0;200,1", reduction="none"))
    assert found.value.tolist() == [200.0, 200.0, 0.0]


def test_a_yes_counts_pos_weight_times():
    plain, heavy = (more_loss(MoreSettings(pos_weight=w, reduction="none")).value for w in (1.0, 5.0))
    target = torch.tensor([1.0, 1.0, 0.0, 0.0])
    torch.testing.assert_close(heavy, plain * (1 + 4 * target))


def test_the_weighted_mean_of_nll_divides_by_the_weights():
    found = more_loss(MoreSettings(loss="NLLLoss", weight="1,2,0.5"))
    assert found.divisor == 3.0
    assert found.value.item() == pytest.approx((-math.log(0.7) - 2 * math.log(0.3)) / 3, rel=1e-6)


def test_the_best_variance_is_the_squared_error():
    slopes = [
        number_loss(NumberSettings(loss="GaussianNLLLoss", gaussian=f"3,1,{v}")).gradients["variance"].item()
        for v in (2, 4, 8)
    ]
    assert slopes[0] < 0
    assert slopes[1] == pytest.approx(0, abs=1e-7)
    assert slopes[2] > 0


def test_stirling_comes_in_only_above_a_count_of_one():
    with_it, without = (
        number_loss(NumberSettings(loss="PoissonNLLLoss", counts="0,0;0,1;0,2;0,30", full=full)).each
        for full in (True, False)
    )
    extra = (with_it - without).tolist()
    assert extra[:2] == [0.0, 0.0]
    assert extra[3] == pytest.approx(math.lgamma(31), rel=1e-4)


@pytest.mark.parametrize("loss", ["MSELoss", "L1Loss", "HuberLoss", "SmoothL1Loss"])
def test_the_curve_passes_through_the_samples(loss):
    chosen = NumberSettings(loss=loss, table="3,0;-6,0", delta=2.0)
    errors, losses = loss_over_errors(chosen, 6.0, points=13)
    found = number_loss(chosen)
    assert losses[errors == 3].item() == found.each[0].item()
    assert losses[errors == -6].item() == found.each[1].item()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"loss": "SoftMarginLoss", "signs": "2,0"}, "Row 1 has target 0; allowed: 1 or -1"),
        ({"loss": "KLDivLoss", "distributions": "0.5,0.3,0.1,0.7,0.2,0.1"}, "add up to 0.9; allowed: a sum of 1"),
        ({"loss": "KLDivLoss", "distributions": "0.5,0.3,0.2,0.7,0.2,0.2"}, "p add up to 1.1; allowed: a sum of 1"),
        ({"loss": "KLDivLoss", "distributions": "0.5,0.5,0,0.7,0.2,0.1"}, "allowed: a number from 1e-30 to 1"),
        ({"loss": "NLLLoss", "classes": "0.7,0.2,0.2,0"}, "allowed: a sum of 1"),
        ({"loss": "NLLLoss", "classes": "0.7,0.2,0.1,3"}, "allowed: a whole number from 0 to 2"),
        ({"loss": "BCELoss", "probability": "1.2,1"}, "allowed: a number from 0 to 1"),
        ({"reduction": "batchmean"}, "no reduction batchmean; allowed: mean, sum, none"),
        ({"loss": "TripletMarginLoss", "margin": 0.0}, "margin of 0; allowed: more than 0"),
        ({"loss": "MultiMarginLoss", "weight": "1,2"}, "allowed: 3 numbers"),
    ],
)
def test_what_a_loss_does_not_take_is_refused_with_what_is_allowed(change, said):
    with pytest.raises(ValueError, match=said):
        more_loss(MoreSettings(**change))


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
        number_loss(NumberSettings(**change))


def test_a_list_among_the_options_becomes_a_tensor_in_the_call_and_in_the_code():
    x = Argument("x", [1.0, 2.0], ("x",), learned=True)
    y = Argument("y", [0.0, 1.0], ("y",))
    found = calculate("BCEWithLogitsLoss", {"pos_weight": [2.0]}, "sum", (x, y), (), unit="nats")
    assert found.code == "nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]), reduction='sum')"
    assert found.value.item() == pytest.approx(math.log1p(math.e) + 2 * math.log1p(math.exp(-2)), rel=1e-6)


def test_soft_margin_overflows_where_bce_with_logits_does_not():
    assert torch.isfinite(more_loss(MoreSettings(loss="SoftMarginLoss", signs="-88.7,1")).value)
    assert torch.isinf(more_loss(MoreSettings(loss="SoftMarginLoss", signs="-88.8,1")).value)
    assert more_loss(MoreSettings(logits="-88.8,1")).value.item() == pytest.approx(88.8)
