"""The world that a reader draws, as a text: rows of letters with / between them."""

from core.quote import quote

MOST_ROWS, MOST_COLUMNS = 9, 11
LETTERS = {"S": "start", "G": "goal", "H": "pit", "#": "wall", "R": "reward", ".": "floor"}


def read_map(text: str) -> tuple[str, ...]:
    """The rows of a map.

    Raises:
        ValueError: if it is empty, too large, not a rectangle, has an unknown letter, or not exactly one start.
    """
    rows = tuple(row.strip() for row in text.strip().strip("/").split("/"))
    unknown = [letter for row in rows for letter in row if letter not in LETTERS]
    if not rows[0]:
        raise ValueError("The map is empty; write rows such as `S.G` with / between them.")
    if unknown:
        raise ValueError(f"The map has {quote(unknown[0])}; allowed are the letters {', '.join(LETTERS)}.")
    if len({len(row) for row in rows}) > 1:
        sizes = sorted({len(row) for row in rows})
        raise ValueError(f"The rows of the map have from {sizes[0]} to {sizes[-1]} cells; all need the same number.")
    if len(rows) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS:
        raise ValueError(f"The map is too large; at most {MOST_ROWS} rows of {MOST_COLUMNS} cells fit.")
    starts = sum(row.count("S") for row in rows)
    if starts != 1:
        raise ValueError(f"The map has {'no start' if not starts else f'{starts} starts'}; write S in one cell.")
    return rows


def with_letter(rows: tuple[str, ...], cell: int, letter: str) -> tuple[str, ...]:
    """The map with another letter in one cell; a new start takes the place of the old one, which nothing else does."""
    letters, width = list("".join(rows)), len(rows[0])
    if letter == "S":
        letters[letters.index("S")] = "."
    elif letters[cell] == "S":
        return rows
    letters[cell] = letter
    return tuple("".join(letters[i : i + width]) for i in range(0, len(letters), width))
