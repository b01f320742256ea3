"""A figure together with everything that is said about it."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go


@dataclass(frozen=True)
class Picture:
    """What a page needs to show a figure to everybody.

    Attributes:
        figure: the plotly figure; its frames, if any, are named "0", "1", ... in the order of time. They are written
            as dictionaries, which plotly takes seven times as quickly as its own objects.
        caption: how to read it, and the trend with its numbers.
        alt: what is to be seen, for those who do not see it.
        table: the numbers that are drawn; None where the figure shows them all as text.
    """

    figure: go.Figure
    caption: str
    alt: str
    table: pd.DataFrame | None = None
