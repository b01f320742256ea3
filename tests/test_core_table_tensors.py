"""The chosen columns of a table become tensors, without leaks; what cannot be used is named."""

import pandas as pd
import pytest
import torch

from core.batches import split_rows
from core.csv_table import number_columns, read_table, table_of
from core.table_tensors import MAX_CLASSES, prepare


def table(n=60, **columns):
    """Two feature columns, a number y and a class kind; further columns as given."""
    usual = {"a": [float(i) for i in range(n)], "b": [i * i % 17 for i in range(n)]}
    frame = {**usual, "y": [3.5 * i - 2 for i in range(n)], "kind": list("pqr") * (n // 3), **columns}
    return table_of(pd.DataFrame(frame))


def test_only_columns_of_numbers_can_be_features():
    extra = {"day": ["2024-05-01", "2024-05-02", "x"] * 20, "yes": [True, False] * 30, "gap": [1.0, None] * 30}
    assert number_columns(table(**extra).frame) == ["a", "b", "y", "gap"]
    for name in ("kind", "day", "yes"):
        with pytest.raises(ValueError, match=f"`{name}` cannot be a feature"):
            prepare(table(**extra), ["a", name], "y", "automatic", 0.2, 0)


@pytest.mark.parametrize(
    ("features", "target", "changes", "said"),
    [
        ([], "y", {}, "No feature is chosen"),
        (["a", "no"], "y", {}, "`no` cannot be a feature"),
        (["a"], "no", {}, "no column `no`"),
        (["a", "y"], "y", {}, "`y` is the target and a feature at once"),
        (["a"], "kind", {"task": "regression"}, "`kind` holds text"),
        (["a"], "same", {}, "`same` has 1 different values; allowed for classes: 2 to 20"),
        (["a"], "y", {"task": "classes"}, "`y` has 60 different values; allowed for classes: 2 to 20"),
        (["a"], "name", {}, "`name` has 60 different values"),
        (["gap"], "y", {}, "Only 5 rows have a value in every chosen column; allowed: at least 10"),
        (["huge"], "y", {}, "infinite or enormous"),
        (["a"], "huge", {"task": "regression"}, "infinite or enormous"),
        (["endless"], "y", {}, "infinite or enormous"),
    ],
)
def test_a_column_that_cannot_be_used_is_named(features, target, changes, said):
    extra = {
        "same": ["s"] * 60,
        "name": [f"n{i}" for i in range(60)],
        "gap": [1.0] * 5 + [None] * 55,
        "huge": [1e16] + [0.0] * 59,
        "endless": [float("inf")] + [0.0] * 59,
    }
    with pytest.raises(ValueError) as error:
        prepare(table(**extra), features, target, changes.get("task", "automatic"), 0.2, 0)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("count", [2, MAX_CLASSES])
def test_a_few_different_values_are_classes_in_their_order(count):
    numbers = [i % count for i in range(60)]
    for values in (numbers, [f"k{i:02}" for i in numbers], [i + 0.5 for i in numbers]):
        ready = prepare(table(c=values), ["a"], "c", "automatic", 0.2, 0)
        assert ready.classes == tuple(str(name) for name in sorted(set(values)))
        assert ready.y.tolist() == numbers


def test_no_two_classes_have_one_short_name():
    long = [f"{'k' * 45}{i % 3}" for i in range(60)]
    assert prepare(table(c=long), ["a"], "c", "automatic", 0.2, 0).classes == tuple(
        f"{i}: {'k' * 40}" for i in range(3)
    )


def test_more_numbers_than_classes_are_allowed_make_a_regression():
    ready = prepare(table(c=[i % (MAX_CLASSES + 1) for i in range(60)]), ["a"], "c", "automatic", 0.2, 0)
    assert (ready.classes, ready.y.shape) == ((), (60, 1))


def test_numbers_can_be_asked_to_be_classes_and_yes_and_no_are():
    assert prepare(table(), ["a"], "b", "regression", 0.2, 0).classes == ()
    assert len(prepare(table(), ["a"], "b", "classes", 0.2, 0).classes) == len(set(table().frame.b))
    assert prepare(table(c=[True, False, False] * 20), ["a"], "c", "automatic", 0.2, 0).classes == ("False", "True")


def test_rows_with_missing_values_in_chosen_columns_are_left_out_and_counted():
    gaps = table(gap=[None, 1.0, 2.0] * 20, unused=[None] * 60)
    ready = prepare(gaps, ["a", "gap"], "kind", "automatic", 0.2, 0)
    assert (len(ready.X), ready.dropped) == (40, 20)
    kept = torch.tensor([[a, i % 3] for i, a in enumerate(gaps.frame.a) if i % 3], dtype=torch.float64)
    train, _ = split_rows(40, 8, 0)
    standard = (kept - kept[train].mean(0)) / kept[train].std(0)
    torch.testing.assert_close(ready.X.double(), standard, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", [0, 7])
def test_features_and_target_have_mean_0_and_spread_1_on_the_training_part_only(seed):
    ready = prepare(table(), ["a", "b"], "y", "automatic", 0.2, seed)
    train, kept_out = split_rows(60, 12, seed)
    for values in (ready.X[train], ready.y[train]):
        torch.testing.assert_close(values.mean(0), torch.zeros(values.shape[1]), rtol=0, atol=1e-5)
        torch.testing.assert_close(values.std(0), torch.ones(values.shape[1]))
    assert ready.X[kept_out].mean(0).abs().min() > 1e-3  # its mean was not used
    back = ready.in_unit(ready.y[:, 0])
    torch.testing.assert_close(back, torch.tensor(table().frame.y.to_numpy("float32")), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e15, 1 / 3])
def test_a_constant_column_becomes_zeros(value):
    ready = prepare(table(c=[value] * 60), ["a", "c"], "y", "automatic", 0.2, 0)
    assert ready.X[:, 1].abs().max() <= 1e-12 * value  # rounding of the mean


def test_of_classes_only_an_empty_cell_is_missing_and_of_numbers_whatever_is_none():
    content = "a,b,grade,y\n" + "".join(f"{i},{i % 7},{('None', 'Mild', 'Severe')[i % 3]},{i / 2}\n" for i in range(90))
    ready = prepare(read_table(content.encode()), ["a", "b"], "grade", "automatic", 0.2, 0)
    assert (ready.classes, ready.dropped) == (("Mild", "None", "Severe"), 0)
    table = read_table(content.replace("5,5,Severe", "5,?,").replace("45.0", "12 kg").encode())
    assert "Row 7, column `b`: `?` is not a number" in table.bad
    for features, target, dropped in ((["a"], "y", 0), (["a", "b"], "y", 1), (["a"], "grade", 1)):
        assert prepare(table, features, target, "automatic", 0.2, 0).dropped == dropped
    assert set(prepare(table, ["a"], "b", "classes", 0.2, 0).classes) == {*"0123456", "?"}
