"""Where each element of a tensor is drawn."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Layout:
    """Where each element of a tensor is drawn.

    Attributes:
        rows, columns: of each element in reading order, int arrays. height, width: of the whole, in cells.
        across, down: where the middle of each matrix is, in cells, and the indices that lead there; empty for a
            single matrix.
    """

    rows: np.ndarray
    columns: np.ndarray
    height: int
    width: int
    across: dict[float, str]
    down: dict[float, str]


def layout(shape: tuple[int, ...]) -> Layout:
    """The last dimension runs across, the one before it down, and so on in turns, with a gap that grows each time."""
    rows, columns = np.zeros((), dtype=int), np.zeros((), dtype=int)
    height = width = 1
    for back, length in enumerate(reversed(shape), start=1):
        across = back % 2 == 1
        step = (width if across else height) + (0 if back < 3 else back // 2)
        offsets = np.arange(length).reshape((length,) + (1,) * rows.ndim) * step
        rows = rows[None] + (0 if across else offsets) + 0 * offsets
        columns = columns[None] + (offsets if across else 0) + 0 * offsets
        if across:
            width = max(step * (length - 1) + width, 1)
        else:
            height = max(step * (length - 1) + height, 1)
    across_marks: dict[float, str] = {}
    down_marks: dict[float, str] = {}
    if len(shape) > 2 and math.prod(shape):
        for index in np.ndindex(*shape[:-2]):
            turns = [str(i) for i in reversed(index)]  # dimension -3 runs across, -4 down, -5 across, -6 down
            across_marks[float(columns[(*index, 0, 0)]) + (shape[-1] - 1) / 2] = _label(turns[0::2])
            down_marks[float(rows[(*index, 0, 0)]) + (shape[-2] - 1) / 2] = _label(turns[1::2])
    return Layout(rows.ravel(), columns.ravel(), height, width, across_marks, down_marks)


def lines(length: int) -> Layout:
    """A long row, broken into lines as text is, of as many places as can be counted in the head."""
    width = next(n for n in (10, 20, 50, 100) if length <= n * max(n, 20) or n == 100)
    rows, columns = np.divmod(np.arange(length), width)
    return Layout(rows, columns, max(-(-length // width), 1), max(min(length, width), 1), {}, {})


def _label(turns: list[str]) -> str:
    return "[" + ", ".join(reversed(turns)) + "]" if turns else ""
