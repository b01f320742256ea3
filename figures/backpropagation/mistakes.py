"""A mistake beside the right way: two bars."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.backpropagation.mistakes import LR, Tried
from figures.picture import Picture
from figures.style import BLUE, VERMILLION, axes
from figures.words import bracketed, fmt, full

WRONG = 1  # the place of the mistake's bar among the traces


def two_bars(tried: Tried) -> Picture:
    """What comes of either way."""
    figure = go.Figure()
    bars = (("the right way", tried.right, BLUE, ""), ("the mistake", tried.wrong, VERMILLION, "/"))
    for name, value, color, hatching in bars:
        marker = {"color": color, "pattern": {"shape": hatching}}
        text = {"text": [said(value)], "textposition": "outside", "textfont": {"size": 16}, "cliponaxis": False}
        figure.add_bar(x=[value or 0], y=[name], orientation="h", marker=marker, name=name, hoverinfo="skip", **text)
    axes(figure, tried.quantity, "way").update_layout(height=260, showlegend=False, barmode="overlay", bargap=0.35)
    ends = [value or 0 for value in (tried.right, tried.wrong)]
    low, high = min(0, *ends), max(0, *ends)
    room = 0.2 * (high - low or 1)
    figure.update_xaxes(range=[low - room, high + room], exponentformat="power")
    figure.update_yaxes(categoryorder="array", categoryarray=[bar[0] for bar in bars], autorange="reversed")
    end = "and ends in the error below" if tried.error else "and raises no error"
    caption = (
        f"What is compared: {tried.quantity}. The right way gives {said(tried.right)}; the mistake "
        f"{said(tried.wrong)}, {end}."
    )
    table = pd.DataFrame({"way": [bar[0] for bar in bars], tried.quantity: [bar[1] for bar in bars]})
    return Picture(figure, caption, f"Two bars. {caption}", table)


def said(value: float | None) -> str:
    """A number, or None as Python says it."""
    return "None" if value is None else fmt(value)


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
