"""The one palette and the one layout of all figures.

Okabe and Ito's colours; each has contrast 3:1 on the light and on the dark background, and each
meaning also has a dash or a marker of its own, so that nothing depends on colour.
"""

import numpy as np
import plotly.graph_objects as go
from torch import Tensor

BLUE, VERMILLION, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#80868c"
SEQUENCE = (  # for runs that are compared: colour, dash and marker together
    (BLUE, "solid", "circle"),
    (VERMILLION, "dash", "x"),
    (GREEN, "dot", "diamond"),
    (PURPLE, "dashdot", "square"),
    (GREY, "longdash", "triangle-up"),
)
TRAIN = {"color": BLUE, "dash": "solid"}
VALIDATION = {"color": PURPLE, "dash": "dashdot"}
HOLDOUT = {"color": VERMILLION, "dash": "dash"}
HATCHED = {"color": VERMILLION, "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": "white", "solidity": 0.12}}
DIVERGING = [[0.0, BLUE], [0.5, "#e8e8e8"], [1.0, VERMILLION]]  # around 0: below it, or class 0, is blue
PALE = ((0, "#fdfcf9"), (1, "#79b3d5"))  # a scale on which black text can be read
HERE = {"symbol": "diamond", "size": 15, "color": "white", "line": {"color": "black", "width": 2}}  # "you are here"
HEIGHT = 360


def axes(figure: go.Figure, x: str, y: str, **layout: object) -> go.Figure:
    """Axis titles, margins and a legend above the plot, where it covers nothing on a phone."""
    figure.update_layout(
        xaxis_title=x,
        yaxis_title=y,
        height=HEIGHT,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        **layout,
    )
    return figure


def numbers(tensor: Tensor) -> np.ndarray:
    """A tensor as plotly takes it, in single precision; infinite beyond 3.4e38, which no axis reaches."""
    with np.errstate(over="ignore"):
        return tensor.detach().numpy().astype(np.float32)
