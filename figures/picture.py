"""A figure together with everything that is said about it, and as the text that the browser draws from."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

EMPTY = 60_000  # bytes of a figure without data, with its table
TYPED = frozenset(map(np.dtype, ("f8", "f4", "i4", "u4", "i2", "u2", "i1", "u1")))  # what JavaScript has arrays of


@dataclass(frozen=True)
class Picture:
    """What a page needs to show a figure to everybody.

    Attributes:
        figure: the plotly figure.
        caption: how to read it, and the trend with its numbers.
        alt: what is to be seen, for those who do not see it.
        table: the numbers that are drawn; None where the figure shows them all as text.
        frames: what changes over time, one dictionary a moment, in the order of time. Its "traces" are the places of
            some traces in the figure, its "data" their new attributes, one dictionary a trace, nested as plotly nests
            them: {"marker": {"size": 9}}. They hold arrays, lists, strings and numbers. They do not pass through
            plotly, which would check every array of every moment, so nothing finds a misspelled attribute.
    """

    figure: go.Figure
    caption: str
    alt: str
    table: pd.DataFrame | None = None
    frames: Sequence[dict[str, list]] = ()

    @cached_property
    def json(self) -> str:
        """The figure and its frames as strict JSON; what is not finite in a list is null, in an array as it is."""
        drawn = self.figure.to_dict() | {"frames": self.frames}
        return json.dumps(drawn, cls=_Encoder, separators=(",", ":"))

    @property
    def nbytes(self) -> int:
        """About how much memory it takes: plotly keeps everything once more, as objects."""
        table = 0 if self.table is None else int(self.table.memory_usage(deep=False).sum())
        return EMPTY + 3 * len(self.json) + table


class _Encoder(PlotlyJSONEncoder):
    """Writes arrays in the form that plotly.js decodes: their bytes, little end first, in base 64.

    An array of a kind that JavaScript lacks becomes a list, and so does an empty one, as plotly does it.
    """

    def default(self, obj: object) -> object:
        if not isinstance(obj, np.ndarray) or obj.dtype not in TYPED or not obj.size:
            return super().default(obj)
        shape = {"shape": ", ".join(map(str, obj.shape))} if obj.ndim > 1 else {}
        return {"dtype": obj.dtype.str[1:], "bdata": base64.b64encode(obj.tobytes()).decode("ascii")} | shape
