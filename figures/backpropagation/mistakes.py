"""A mistake beside the right way: two bars."""

import math

from core.backpropagation.mistakes import LR
from core.tried import Tried
from figures.picture import Picture
from figures.two_bars import right_and_wrong
from figures.words import bracketed, fmt, full


def two_bars(tried: Tried) -> Picture:
    """What comes of either way."""
    return right_and_wrong(tried.quantity, tried.right, tried.wrong, bool(tried.error), said, "compared")


def said(value: float | None) -> str:
    """A number, or None as Python says it."""
    return "None" if value is None else fmt(value, 6)


def by_hand(tried: Tried) -> str:
    """The right way's number, to be redone; with the mistake's where it is a number."""
    s = tried.settings
    w, x = full(s.w), f"({full(s.x)})" if s.x < 0 else full(s.x)
    gradient = 2 * (s.w * s.x - 1) * s.x
    product = f"2 (w x − 1) x = 2 × ({w} × {x} − 1) × {x} = "
    if s.mistake == "no_zero_grad":
        return (
            f"Each pass gives {product}{fmt(gradient, 6)}. Without zero_grad they add up: {s.passes} × "
            f"{bracketed(gradient, 6)} = **{fmt(tried.wrong, 6)}**"
        )
    if s.mistake == "leaf_in_place":
        return (
            f"The gradient is {product}{fmt(gradient, 6)}; w − lr × gradient = {w} − {LR} × "
            f"{bracketed(gradient, 6)} = **{fmt(tried.right, 6)}**"
        )
    if s.mistake == "in_place":
        y = 1 / (1 + math.exp(-s.w * s.x))
        return (
            f"With y = sigmoid(w x) = {fmt(y, 6)}, dE/dw = 2 (y − 1) × y (1 − y) × x = 2 × {bracketed(y - 1, 6)} × "
            f"{fmt(y, 6)} × {fmt(1 - y, 6)} × {x} = **{fmt(tried.right, 5)}**"
        )
    return f"dE/dw = {product}**{fmt(tried.right, 6)}**"
