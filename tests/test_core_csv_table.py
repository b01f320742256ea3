"""Uploaded bytes are read as a table or refused in one sentence; its columns become tensors without leaks."""

import time

import hypothesis
import hypothesis.strategies as st
import pandas as pd
import pytest
import torch

from core.batches import split_rows
from core.csv_table import MAX_BYTES, MAX_CLASSES, MAX_COLUMNS, MAX_ROWS, number_columns, prepare, read_table

ROWS = "".join(f"{i},{i * i},{'xyz'[i % 3]}\n" for i in range(30))


def refusal(content):
    with pytest.raises(ValueError) as error:
        read_table(content)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    return str(error.value)


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_with_or_without_a_mark_at_its_start_whatever_ends_its_lines(start, end):
    read = read_table((start + "a,b,kind\n" + ROWS).replace("\n", end).encode())
    assert read.columns.tolist() == ["a", "b", "kind"]
    assert read.b.tolist() == [i * i for i in range(30)]
    assert number_columns(read) == ["a", "b"]


def test_spaces_around_names_and_values_do_not_count():
    read = read_table((" a , b,kind \n" + ROWS.replace(",", ", ")).encode())
    assert read.columns.tolist() == ["a", "b", "kind"]
    assert read.a.tolist() == list(range(30))
    assert set(read.kind) == set("xyz")


def test_quoted_commas_and_line_ends_are_part_of_a_value():
    read = read_table(('a,"b, in\nmetres"\n' + '1,"x, y"\n' * 10).encode())
    assert read.shape == (10, 2)
    assert set(read.iloc[:, 1]) == {"x, y"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n" + b"1,2\n" * (MAX_BYTES // 4), f"allowed: at most {MAX_BYTES:,}"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not text in UTF-8"),
        ("a,größe\n1,2\n".encode("latin-1"), "not text in UTF-8"),
        (b"a,b\n1,\0\n", "zero bytes"),
        (b"", "not a CSV table with a header line"),
        (b"\n\n\n", "not a CSV table with a header line"),
        (b"\xef\xbb\xbf", "not a CSV table with a header line"),
        (b"a\n" + b"1\n" * 20, "has 1 columns; allowed: 2 to 40, separated by commas"),
        (b"a;b\n" + b"1;2\n" * 20, "separated by semicolons; separate them by commas"),
        (b",".join([b"a"] * 41) + b"\n", "has 41 columns; allowed: 2 to 40"),
        (b"a,b\n" + b"1,2\n" * 9, "has 9 rows; allowed: 10 to 10,000"),
        (b"a,b\n" + b"1,2\n" * 10_001, "has 10,001 rows; allowed: 10 to 10,000"),
        (b"a,b\n" + b"1,2\n" * 20 + b"1,2,3\n", "not a CSV table with a header line ("),
        (b'a,b\n1,"2\n' + b"1,2\n" * 20, "not a CSV table with a header line"),
    ],
)
def test_what_is_not_such_a_table_is_refused_with_the_reason(content, said):
    assert said in refusal(content)


def test_a_table_of_the_largest_size_is_read():
    line, names = b"1," * (MAX_COLUMNS - 1) + b"1\n", ",".join(f"a{i}" for i in range(MAX_COLUMNS))
    assert read_table(f"{names}\n".encode() + line * 10).shape == (10, MAX_COLUMNS)
    assert read_table(b"a,b\n" + b"1,2\n" * MAX_ROWS).shape == (MAX_ROWS, 2)


def test_a_line_that_is_too_short_has_missing_values():
    read = read_table(("a,b,kind\n" + ROWS + "5\n").encode())
    assert read.iloc[-1].isna().tolist() == [False, True, True]


@hypothesis.settings(deadline=None, derandomize=True, max_examples=300)
@hypothesis.given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text('a1,."\n\r\t é-e#;NaN\ufeff', max_size=300).map(lambda rows: b"a,b\n" + rows.encode())
)
def test_any_bytes_are_read_or_refused(content):
    try:
        read = read_table(content)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert 2 <= read.shape[1] <= MAX_COLUMNS


@pytest.mark.parametrize(
    "start", [b"\n", b'"a\n",b', b"a,b\n"], ids=["blank line first", "quoted line end", "wide row"]
)
def test_a_table_of_very_many_columns_is_refused_as_fast_as_a_table_of_its_size_is_read(start):
    def cost(content):
        begin = time.perf_counter()
        try:
            read_table(content)
        except ValueError as error:
            assert len(str(error)) < 400
        return time.perf_counter() - begin

    fair = b"a,b\n" + b"123,4\n" * 1666
    assert cost(start + b"," * 3_000) < 30 * min(cost(fair) for _ in range(5))


def test_lines_with_one_value_more_than_the_header_are_refused():
    refusal(b"a,b\n" + b"1,2,3\n" * 20)


@pytest.mark.parametrize("header", ["a,a,kind", "a ,a,kind", '"a", "a",kind'])
def test_two_columns_of_one_name_are_refused(header):
    assert "have the same name" in refusal(f"{header}\n{ROWS}".encode())


def test_a_very_long_name_of_a_column_is_refused():
    assert "too long; allowed: at most 1,000" in refusal(f"a,{'b' * 1001},kind\n{ROWS}".encode())


def table(n=60, **columns):
    """Two feature columns, a number y and a class kind; further columns as given."""
    usual = {"a": [float(i) for i in range(n)], "b": [i * i % 17 for i in range(n)]}
    return pd.DataFrame({**usual, "y": [3.5 * i - 2 for i in range(n)], "kind": list("pqr") * (n // 3), **columns})


def test_only_columns_of_numbers_can_be_features():
    extra = {"day": ["2024-05-01", "2024-05-02", "x"] * 20, "yes": [True, False] * 30, "gap": [1.0, None] * 30}
    assert number_columns(table(**extra)) == ["a", "b", "y", "gap"]
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
    assert len(prepare(table(), ["a"], "b", "classes", 0.2, 0).classes) == len(set(table().b))
    assert prepare(table(c=[True, False, False] * 20), ["a"], "c", "automatic", 0.2, 0).classes == ("False", "True")


def test_rows_with_missing_values_in_chosen_columns_are_left_out_and_counted():
    gaps = table(gap=[None, 1.0, 2.0] * 20, unused=[None] * 60)
    ready = prepare(gaps, ["a", "gap"], "kind", "automatic", 0.2, 0)
    assert (len(ready.X), ready.dropped) == (40, 20)
    kept = torch.tensor([[a, i % 3] for i, a in enumerate(gaps.a) if i % 3], dtype=torch.float64)
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
    torch.testing.assert_close(back, torch.tensor(table().y.to_numpy("float32")), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e15, 1 / 3])
def test_a_constant_column_becomes_zeros(value):
    ready = prepare(table(c=[value] * 60), ["a", "c"], "y", "automatic", 0.2, 0)
    assert ready.X[:, 1].abs().max() <= 1e-12 * value  # rounding of the mean
