"""Lines over the steps of one or more runs, on a logarithmic scale, with a mark that moves through time."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import SEQUENCE, VERMILLION, axes

MOST_FRAMES = 60


def line_chart(
    lines: dict[str, np.ndarray],
    frame_steps: list[int],
    quantity: str,
    caption: str,
    *,
    unit: str = "step",
    styles: dict[str, tuple[str, str, str]] | None = None,
) -> Picture:
    """One line a run, one frame for each of some steps.

    Args:
        lines: name -> value before each step and at the end; what is not above zero or not finite leaves a gap.
        quantity: the title of the y axis. unit: of the x axis, in the singular.
        styles: name -> colour, dash and marker; those of `SEQUENCE` in their order if None.
    """
    styles = styles or dict(zip(lines, SEQUENCE, strict=False))
    figure, shown = go.Figure(), {name: drawn(values) for name, values in lines.items()}
    for i, (name, values) in enumerate(shown.items()):
        color, dash, _ = styles[name]
        figure.add_scatter(
            x=np.arange(len(values), dtype=np.int32),
            y=values,
            name=name,
            mode="lines",
            line={"color": color, "dash": dash, "width": max(5 - i, 2)},
        )
    cursor = len(figure.data)
    figure.add_scatter(
        **_cursor(shown, frame_steps[0]),
        name="you are here",
        mode="markers",
        marker={"color": VERMILLION, "size": 14, "symbol": "diamond", "line": {"color": "white", "width": 2}},
    )
    frames = [{"data": [_cursor(shown, step)], "traces": [cursor]} for step in frame_steps]
    axes(figure, unit, f"{quantity}, log scale")
    log_axis(figure, np.concatenate(list(shown.values())))
    alt = f"Line chart of {quantity} against the {unit}, on a logarithmic scale. {caption}"
    return Picture(figure, caption, alt, line_table(lines, unit), frames)


def frame_steps(steps: int) -> list[int]:
    """The steps that can be looked at: all, or about sixty of them, the first and the last included."""
    if steps <= MOST_FRAMES:
        return list(range(steps + 1))
    return sorted({round(i * steps / MOST_FRAMES) for i in range(MOST_FRAMES + 1)})


def _cursor(lines: dict[str, np.ndarray], step: int) -> dict[str, list[float | None]]:
    points = [(min(step, len(values) - 1), values[min(step, len(values) - 1)]) for values in lines.values()]
    return {"x": [x for x, _ in points], "y": [None if np.isnan(y) else float(y) for _, y in points]}


def line_table(lines: dict[str, np.ndarray], unit: str = "step") -> pd.DataFrame:
    """The numbers of all lines, one row a step; a line that ends early goes on with NaN."""
    longest = max(map(len, lines.values()))
    columns = {unit: range(longest)}
    return pd.DataFrame(
        columns | {name: np.concatenate([v, np.full(longest - len(v), np.nan)]) for name, v in lines.items()}
    )
