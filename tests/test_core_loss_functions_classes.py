"""Cross-entropy: torch's value, the steps beside it, and the gradient, for every option."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.loss_functions.classes import (
    class_columns,
    cross_entropy,
    loss_after_adding,
    read_weights,
    with_one_class_less,
    with_one_class_more,
)
from core.loss_functions.settings import MAX_ROWS, ClassSettings
from core.number_rows import read_rows, write_rows

TWO = "2,0.5,-1,0;0,3,1,2"


@st.composite
def class_settings(draw):
    """Any table that the page allows, with any options."""
    classes = draw(st.integers(2, 6))
    score = st.floats(-30, 30, width=32)
    target = st.integers(0, classes - 1) | st.just(-100)
    rows = draw(st.lists(st.tuples(*[score] * classes, target), min_size=1, max_size=MAX_ROWS))
    weights = draw(st.none() | st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.5]), min_size=classes, max_size=classes))
    return ClassSettings(
        table=write_rows(rows),
        temperature=draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 10.0])),
        label_smoothing=draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])),
        reduction=draw(st.sampled_from(["mean", "sum", "none"])),
        weight="" if weights is None else ",".join(map(str, weights)),
    )


@settings(derandomize=True, deadline=None, max_examples=120)
@given(class_settings())
def test_the_steps_arrive_where_torch_does(chosen):
    found = cross_entropy(chosen)
    close = {"rtol": 3e-6, "atol": 3e-6, "equal_nan": True}
    torch.testing.assert_close(found.each_by_hand, found.each, **close)
    torch.testing.assert_close(found.value_by_hand, found.value, **close)
    if found.kept.any():  # else the mean is 0 / 0, and what autograd makes of it is nobody's rule
        torch.testing.assert_close(found.gradient_by_hand, found.gradient, **close)
    assert torch.isnan(found.value).any() == (chosen.reduction == "mean" and not found.kept.any())


@settings(derandomize=True, deadline=None, max_examples=60)
@given(class_settings())
def test_the_value_is_that_of_a_plain_call_of_the_module(chosen):
    found = cross_entropy(chosen)
    module = torch.nn.CrossEntropyLoss(
        weight=found.weight, label_smoothing=chosen.label_smoothing, reduction=chosen.reduction
    )
    assert torch.equal(module(found.logits / chosen.temperature, found.target).nan_to_num(), found.value.nan_to_num())


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=6), st.data())
def test_without_options_it_is_logsumexp_minus_the_target_s_score(scores, data):
    y = data.draw(st.integers(0, len(scores) - 1))
    found = cross_entropy(ClassSettings(table=write_rows([(*scores, y)])))
    top = max(scores)
    true = top + math.log(math.fsum(math.exp(z - top) for z in scores)) - scores[y]
    assert found.value.item() == pytest.approx(true, rel=1e-5, abs=1e-5)
    target = torch.eye(len(scores))[y]
    torch.testing.assert_close(found.gradient[0], torch.tensor(scores).softmax(0) - target, rtol=1e-5, atol=1e-6)


def test_the_course_s_dog_costs_log_of_one_plus_e_to_minus_three():
    assert cross_entropy(ClassSettings()).value.item() == pytest.approx(math.log1p(math.exp(-3)), rel=1e-6)
    assert f"{cross_entropy(ClassSettings()).value.item():.4f}" == "0.0486"
    assert f"{cross_entropy(ClassSettings(table='1.5,1.1,1')).value.item():.4f}" == "0.9130"


def test_the_notes_number_belongs_to_other_scores():
    assert f"{cross_entropy(ClassSettings(table='1,5,1')).value.item():.4f}" == "0.0181"


@pytest.mark.parametrize(
    ("options", "each", "value"),
    [
        ({}, [0.2413113, 2.1698460], 1.2055787),
        ({"weight": "1,2,0.5"}, [0.2413113, 0.5 * 2.1698460], 0.8841562),
        ({"label_smoothing": 0.1}, [0.3913113, 2.1365127], (0.3913113 + 2.1365127) / 2),
    ],
)
def test_published_values(options, each, value):
    found = cross_entropy(ClassSettings(table=TWO, **options))
    assert found.each.tolist() == pytest.approx(each, abs=1e-6)
    assert found.value.item() == pytest.approx(value, abs=1e-6)


def test_the_weighted_mean_divides_by_the_weights_and_not_by_the_count():
    found = cross_entropy(ClassSettings(table=TWO, weight="1,2,0.5"))
    assert found.divisor == 1.5
    assert found.value.item() == pytest.approx(found.each.sum().item() / 1.5)


def test_an_ignored_sample_costs_nothing_pulls_nothing_and_is_not_counted():
    found = cross_entropy(ClassSettings(table=TWO + ";1,1,1,-100", reduction="mean"))
    assert found.each[2] == 0
    assert (found.gradient[2] == 0).all()
    assert found.value.item() == pytest.approx(1.2055787, abs=1e-6)
    other = cross_entropy(ClassSettings(table=TWO, ignore_index=2))
    assert other.value.item() == pytest.approx(0.2413113, abs=1e-6)


def test_the_gradient_of_a_sample_adds_up_to_zero_and_shrinks_with_the_temperature():
    for t in (0.5, 1.0, 4.0):
        found = cross_entropy(ClassSettings(table=TWO, temperature=t, reduction="sum"))
        assert found.gradient.sum(dim=1).abs().max() < 1e-6 / t
        assert found.gradient.abs().max() <= 1 / t


@pytest.mark.parametrize("target", [2, -1, 7])
def test_a_target_that_is_no_class_is_refused_with_what_is_allowed(target):
    with pytest.raises(ValueError, match=rf"Row 2 has target {target}; allowed: 0 to 1, .*torch says: Target {target}"):
        cross_entropy(ClassSettings(table=f"2,5,1;2,5,{target}"))


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "1,-1", "1,nan", "1,1e9", ",", "x" * 80])
def test_wrong_weights_are_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="allowed: 2 numbers from 0 to 100"):
        read_weights(text, 2)


@pytest.mark.parametrize(
    "table", ["", "1,2", "1,2,3;1,2", "1,nan,0", "1,inf,0", "1,2,0.5", "1e9,1,0", ";".join(["1,2,0"] * 9)]
)
def test_a_table_that_cannot_be_read_is_refused_with_what_is_allowed(table):
    with pytest.raises(ValueError, match="allowed: "):
        cross_entropy(ClassSettings(table=table))


def test_a_class_more_and_a_class_less():
    rows = read_rows("2,5,1", class_columns("2,5,1"), MAX_ROWS)
    more = with_one_class_more(rows)
    assert more == [(2, 5, 0, 1)]
    assert with_one_class_less(more) == rows
    assert with_one_class_less([(1.0, 2.0, 3.0, 2)]) == [(1.0, 2.0, 1)]
    assert with_one_class_less([(1.0, 2.0, 3.0, -100)]) == [(1.0, 2.0, -100)]


def test_scores_at_the_bounds_stay_finite():
    found = cross_entropy(ClassSettings(table="10000,-10000,1;-10000,10000,1", temperature=0.1))
    assert found.each.tolist() == [200000.0, 0.0]
    assert torch.isfinite(found.gradient).all()


@settings(derandomize=True, deadline=None, max_examples=30)
@given(class_settings())
def test_only_differences_of_scores_count(chosen):
    found = cross_entropy(chosen)
    for row in range(len(found.each)):
        moved = loss_after_adding(found, row, 10.0)
        assert moved == pytest.approx(found.each[row].item(), rel=1e-4, abs=1e-3)
