"""The loss after each step, on a logarithmic scale, with a cursor that moves through the run."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures.picture import Picture
from figures.style import SEQUENCE, VERMILLION, axes, drawn, log_axis
from figures.words import counted, say


def losses(
    runs: dict[str, np.ndarray], moments: list[int], quantity: str, unit: str = "step", note: str = ""
) -> Picture:
    """One line a run; frames for the moments.

    Args:
        runs: name -> loss before each step and at the end; what is not above zero or not finite leaves a gap.
        quantity: the title of the y axis.
    """
    figure, shown = go.Figure(), {name: drawn(values) for name, values in runs.items()}
    for i, ((name, values), (color, dash, _)) in enumerate(zip(shown.items(), SEQUENCE, strict=False)):
        figure.add_scatter(
            x=np.arange(len(values), dtype=np.int32),
            y=values,
            name=name,
            mode="lines",
            line={"color": color, "dash": dash, "width": 5 - i},
        )
    cursor = len(figure.data)
    figure.add_scatter(
        **_cursor(shown, moments[0]),
        name="you are here",
        mode="markers",
        marker={"color": VERMILLION, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}},
    )
    frames = [{"data": [_cursor(shown, moment)], "traces": [cursor]} for moment in moments]
    axes(figure, unit, f"{quantity}, log scale")
    log_axis(figure, np.concatenate(list(shown.values())))
    caption = _caption(runs, unit, note)
    return Picture(
        figure, caption, f"Line chart of the loss on a logarithmic scale. {caption}", _table(runs, unit), frames=frames
    )


def _cursor(runs: dict[str, np.ndarray], moment: int) -> dict[str, list[float | None]]:
    points = [(min(moment, len(values) - 1), values[min(moment, len(values) - 1)]) for values in runs.values()]
    return {"x": [x for x, _ in points], "y": [None if np.isnan(y) else float(y) for _, y in points]}


def _caption(runs: dict[str, np.ndarray], unit: str, note: str) -> str:
    ends = "; ".join(
        f"{name + ': ' if len(runs) > 1 else ''}from {say(float(values[0]))} to {say(float(values[-1]))} in "
        f"{counted(len(values) - 1, unit)}"
        for name, values in runs.items()
    )
    exact = any((values == 0).any() for values in runs.values())
    zero = " An exact 0 cannot stand on this scale and leaves a gap." if exact else ""
    ends = ends[0].upper() + ends[1:]
    return f"On this scale a straight line means the same factor in every {unit}. {ends}.{zero} {note}".strip()


def _table(runs: dict[str, np.ndarray], unit: str) -> pd.DataFrame:
    longest = max(map(len, runs.values()))
    columns = {unit: range(longest)}
    columns |= {name: np.concatenate([values, np.full(longest - len(values), np.nan)]) for name, values in runs.items()}
    return pd.DataFrame(columns)
