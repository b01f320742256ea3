"""Uploaded bytes are read as a table or refused in one sentence, whatever they are."""

import time

import hypothesis
import hypothesis.strategies as st
import pytest

from core.training_loop.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, number_columns, read_table

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
    line = b"1," * (MAX_COLUMNS - 1) + b"1\n"
    assert read_table(line.replace(b"1", b"a") + line * 10).shape == (10, MAX_COLUMNS)
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


def test_columns_of_the_same_name_are_told_apart():
    read = read_table(("a,a,kind\n" + ROWS).encode())
    assert len(set(read.columns)) == 3


def test_columns_whose_names_differ_only_in_spaces_are_told_apart_or_refused():
    try:
        read = read_table(("a ,a,kind\n" + ROWS).encode())
    except ValueError:
        return
    assert len(set(read.columns)) == 3
