"""A digit that the reader draws: 64 pixels in the link, in a text, from the browser, and what a network says to it."""

import torch
from torch import Tensor

from core.datasets import BRIGHTEST
from core.nn import Weights, predict
from core.quote import quote

SIDE = 8
LEVELS = "0123456789abcdefg"  # of ink: nothing is 0, as dark as can be g
LONGEST_DRAWING = SIDE * (SIDE + 1)
ALLOWED = (
    f"allowed: {SIDE} rows with points between them, each of {SIDE} signs from 0 (no ink) over 9 and a to g (all ink), "
    "or nothing for an empty square"
)
TWO = "00bgg700.09g9df10.0470ce00.0006g900.002gd000.00bg3000.05gaaa50.09gggg90"


def read_drawing(text: str) -> list[int]:
    """The pixels of a drawing, row by row, each from 0 to 16.

    Raises:
        ValueError: in one sentence, if the text is no drawing.
    """
    rows = text.lower().split(".") if text.strip() else ["0" * SIDE] * SIDE
    if len(rows) != SIDE or any(len(row) != SIDE or set(row) - set(LEVELS) for row in rows):
        raise ValueError(f"The drawing says {quote(text)}; {ALLOWED}")
    return [LEVELS.index(sign) for row in rows for sign in row]


def write_drawing(pixels: list[int]) -> str:
    """The text of a drawing; nothing for an empty square."""
    rows = ["".join(LEVELS[v] for v in pixels[i : i + SIDE]) for i in range(0, SIDE * SIDE, SIDE)]
    return ".".join(rows) if any(pixels) else ""


def drawing_from_browser(sent: object) -> list[int] | None:
    """The pixels that a browser sent, checked one by one; None if they are none."""
    if not isinstance(sent, list) or len(sent) != SIDE * SIDE:
        return None
    if not all(type(value) is int and 0 <= value <= BRIGHTEST for value in sent):
        return None
    return sent


def answers_to(weights: Weights, pixels: list[int]) -> Tensor:
    """The probability that a network gives each digit, shape (10,), float32."""
    X = torch.tensor([pixels], dtype=torch.float32) / BRIGHTEST
    return predict(weights, X)[0].softmax(dim=0)


def surest(probabilities: Tensor) -> list[int]:
    """The most probable digit; several where they are equally probable."""
    return (probabilities == probabilities.max()).nonzero()[:, 0].tolist()
