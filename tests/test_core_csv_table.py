"""Uploaded bytes are read as the table that was written, in whatever dialect, or refused in one sentence."""

import codecs
import csv
import io
import math
import time
import tracemalloc

import hypothesis
import hypothesis.strategies as st
import pytest

from core.csv_dialect import LINE, MAX_BYTES, MAX_COLUMNS, MISSING, SEPARATORS, Dialect, find_dialect
from core.csv_table import MAX_ROWS, number_columns, read_table

ROWS = "".join(f"{i},{i * i},{'xyz'[i % 3]}\n" for i in range(30))
NAME = st.text('abz ü;,|"\t\n.', min_size=1, max_size=6).map(lambda text: "n" + text).map(str.strip)
TEXT = st.text('abz ü;,|"\t\n.', max_size=6).map(lambda text: f"k{text}z") | st.just("")
NUMBER = st.integers(-999, 999).map(str) | st.floats(-1e9, 1e9).map(repr)
MARK = st.sampled_from(["", "?", "NA", "n/a", "-", "null", "NULL", "None"])


@st.composite
def tables(draw):
    """Names or None, rows of texts with a decimal point, the places of numbers, and a dialect."""
    kinds = draw(st.lists(st.booleans(), min_size=2, max_size=5))
    kinds[draw(st.integers(0, len(kinds) - 1))] = True  # at least one column of numbers
    count = draw(st.integers(10, 14))
    columns = []
    for is_number in kinds:
        cells = draw(st.lists(NUMBER if is_number else TEXT, min_size=count, max_size=count))
        if is_number and draw(st.booleans()):
            cells[draw(st.integers(1, count - 1))] = draw(MARK)
        if not any(cells):  # a column without a name or anything in it is left out
            cells[0] = "kz"
        columns.append(cells)
    columns[kinds.index(True)][1:3] = ["0.5", "12.75"]  # so that the decimal mark can be seen
    names = draw(st.none() | st.lists(NAME, min_size=len(kinds), max_size=len(kinds), unique=True))
    decimal = draw(st.sampled_from(".,"))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    return names, list(zip(*columns, strict=True)), kinds, decimal, draw(st.sampled_from(list(SEPARATORS))), encoding


def written(names, rows, kinds, decimal, separator, encoding, end="\r\n", trailing=0):
    """The file that a spreadsheet would write."""
    place, extra = io.StringIO(), [""] * trailing
    writer = csv.writer(place, delimiter=separator, lineterminator=end)
    if names:
        writer.writerow([*names, *extra])
    for row in rows:
        cells = (cell.replace(".", decimal) if number else cell for cell, number in zip(row, kinds, strict=True))
        writer.writerow([*cells, *extra])
    return place.getvalue().encode(encoding)


@hypothesis.settings(deadline=None, derandomize=True, max_examples=100)
@hypothesis.given(tables(), st.sampled_from(["\n", "\r\n"]), st.integers(0, 2))
def test_a_table_is_read_as_it_was_written_in_whatever_dialect(table, end, trailing):
    names, rows, kinds, decimal, separator, _ = table
    content = written(*table, end, trailing)
    read = read_table(content)
    assert (read.dialect.separator, read.dialect.header, read.dialect.decimal) == (
        separator,
        names is not None,
        decimal,
    )
    assert read.frame.columns.tolist() == (names or [f"column {i + 1}" for i in range(len(kinds))])
    for i, (name, number) in enumerate(zip(read.frame, kinds, strict=True)):
        cells = [row[i] for row in rows]
        if number:
            expected = [math.nan if cell.lower() in MISSING else float(cell) for cell in cells]
            assert name in number_columns(read.frame)
            assert str(read.frame[name].tolist()) == str(expected)
        else:
            assert [" ".join(cell.split()) for cell in read.texts[name]] == [" ".join(cell.split()) for cell in cells]
    assert ("is not a number" in read.bad) == any(
        number and cell.lower() in MISSING - {""} for row in rows for cell, number in zip(row, kinds, strict=True)
    )


def refusal(content, dialect=None):
    with pytest.raises(ValueError) as error:
        read_table(content, dialect)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n" + b"1,2\n" * (MAX_BYTES // 4), f"allowed: at most {MAX_BYTES:,}"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text"),
        (b"a,b\n1,\0\n", "not a text"),
        (codecs.BOM_UTF16_LE + b"a", "not a text"),
        (b"", "holds no row"),
        (b"\n \n\n", "holds no row"),
        (codecs.BOM_UTF8, "holds no row"),
        (b"a\n" + b"1\n" * 20, "has 1 column; allowed: 2 to 40"),
        (b",".join([b"a"] * 41) + b"\n", "has 41 columns; allowed: 2 to 40"),
        (b"a,b\n" + b"1,2\n" * 9, "has 9 rows; allowed: 10 to 10,000"),
        (b"a,b\n" + b"1,2\n" * 10_001, "has 10,001 rows; allowed: 10 to 10,000"),
        (b"a,b\n\n" + b"1,2\n" * 20 + b"1,2,3\n", "Row 23 has 3 cells, the first row 2"),
        (b'a,b\n1,"2\n' + b"1,2\n" * 20, "check its double quotes"),
        (f"a,{'b' * 1001},kind\n{ROWS}".encode(), "too long; allowed: at most 1,000"),
    ],
)
def test_what_is_not_such_a_table_is_refused_with_the_reason(content, said):
    assert said in refusal(content)


def test_it_says_how_it_read_the_file_and_takes_a_correction():
    content = b"x;y;t;;\n" + b"".join(b"%d,5;1,25;a;;\n" % i for i in range(59)) + b"?;12 kg;b\n"
    read = read_table(content)
    assert read.said == (
        "60 rows, 3 columns; separator `;`, decimal comma, first line taken as names, 2 empty columns left out."
    )
    assert read.bad.startswith("Row 61, column `x`: `?` is not a number, and so is 1 more.")
    corrected = read_table(content, Dialect("utf-8-sig", ";", False, "."))
    assert "61 rows" in corrected.said and "first line taken as values" in corrected.said
    assert number_columns(corrected.frame) == []


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a,a,kind", ["a column 1", "a column 2", "kind"]),
        ('"a", a ,', ["a column 1", "a column 2", "column 3"]),
        (" a , ,kind", ["a", "column 2", "kind"]),
    ],
)
def test_a_column_without_a_name_of_its_own_has_its_number_in_it(header, names):
    read = read_table(f"{header}\n{ROWS}".encode())
    assert read.texts.columns.tolist() == names
    assert read.frame.iloc[:, 1].tolist() == [i * i for i in range(30)]


@pytest.mark.parametrize(
    ("line", "decimal", "separator"),
    [
        ("0,5;1;25;a", ",", ";"),
        ("0,5;a;b;c;d", ",", ";"),
        ('"1,234",x', ".", ","),  # more likely thousands
        ('"1,2","2,25"', ",", ","),
        ("1,x;y,2", ".", ","),
    ],
)
def test_the_dialect_that_a_person_would_see_is_found(line, decimal, separator):
    found = find_dialect(f"{line}\n".encode() * 20)
    assert (found.decimal, found.separator) == (decimal, separator)


def test_a_line_that_is_too_short_has_missing_values_and_empty_lines_count_as_rows_of_the_file():
    read = read_table(("a,b,kind\n\n" + ROWS + "5\n").encode())
    assert read.frame.iloc[-1].isna().tolist() == [False, True, False]
    assert read.texts.iloc[-1].tolist() == ["5", "", ""]
    assert read.texts.index.tolist() == [*range(3, 34)]


def test_a_table_of_the_largest_size_is_read():
    line, names = b"1," * (MAX_COLUMNS - 1) + b"1\n", ",".join(f"a{i}" for i in range(MAX_COLUMNS))
    assert read_table(f"{names}\n".encode() + line * 10).frame.shape == (10, MAX_COLUMNS)
    assert read_table(b"a,b\n" + b"1,2\n" * MAX_ROWS).frame.shape == (MAX_ROWS, 2)


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
        assert 2 <= read.frame.shape[1] <= MAX_COLUMNS


@pytest.mark.parametrize(
    "start", [b"\n", b'"a\n",b', b"a,b\n"], ids=["blank line first", "quoted line end", "wide row"]
)
def test_a_table_of_very_many_columns_is_refused_as_fast_as_a_table_of_its_size_is_read(start):
    def cost(content):
        begin = time.perf_counter()
        try:
            read_table.__wrapped__(content)
        except ValueError as error:
            assert len(str(error)) < 400
        return time.perf_counter() - begin

    fair = b"a,b\n" + b"123,4\n" * 1666
    assert cost(start + b"," * 3_000) < 30 * min(cost(fair) for _ in range(5))


@hypothesis.given(st.text('a,"\r\n\x0b\u2028'))
def test_lines_end_where_a_file_s_do(text):
    assert [line[0] for line in LINE.finditer(text)] == list(io.StringIO(text, newline=""))


def test_a_table_is_read_in_little_memory():
    """Python's objects alone; Arrow's come to about the size of the file."""
    content = b"a,b,c,d,e,f,g,y\n" + b"0.123,0.234,0.456,0.567,0.678,0.789,0.891,0.912\n" * 5_000
    tracemalloc.start()
    read_table(content, Dialect("utf-8-sig", ",", True, "."), (10, 5_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16.5 * len(content)
