"""Where weight decay moves the minimum: the paths of three optimizers over the surface."""

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.optimizers.weight_decay import Decayed, decoupled, outcome, way_of_minimum
from core.plane.surfaces import Box
from figures.optimizers.optimizer_style import OptimizerStyle, style
from figures.picture import Picture
from figures.plane import contours, height_map, visible_path
from figures.style import GREEN, axes, numbers
from figures.words import fmt, listed, plural

N_FRAMES = 50
CELLS = 81  # of the map, along each side
HALF = 0.62  # of the picture, in widths of what it shows
HEIGHT = 440
OUTCOMES = {
    "moved": "at a minimum of f + λ/2·(x²+y²)",
    "own": "at a minimum of f",
    "edge": "held at |x|, |y| = 1/λ",
    "neither": "at no minimum",
    "diverged": "diverged",
}


def frame_steps(steps: int) -> list[int]:
    """The steps that can be looked at, the early ones more closely."""
    return sorted({round(steps * (i / N_FRAMES) ** 2) for i in range(N_FRAMES + 1)} | {0, steps})


def style_of(name: str) -> OptimizerStyle:
    """AdamW, which is compared with Adam here, has another colour than it."""
    return replace(style(name), color=GREEN, dash="solid") if name == "AdamW" else style(name)


def _box(found: Decayed) -> Box:
    """A square with the origin, the start, f's minimum and the paths, as far as these stay on the surface's own box."""
    wide, points = found.surface.shape.box, torch.cat([run.path for run in found.runs])
    inside = (points >= torch.tensor(wide[::2])) & (points <= torch.tensor(wide[1::2]))
    marks = [(0.0, 0.0), (found.surface.x, found.surface.y)]
    marks += [(found.minimum.x, found.minimum.y)] if found.minimum else []
    points = torch.cat([points[inside.all(dim=1)], torch.tensor(marks, dtype=torch.float64)])
    low, high = points.amin(dim=0), points.amax(dim=0)
    half = HALF * (high - low).max().item()
    x, y = ((low + high) / 2).tolist()
    return (x - half, x + half, y - half, y + half)


@cached
def decay_plane(found: Decayed) -> Picture:
    """The paths of the three over the surface, the way of the moved minimum, and AdamW's square; one frame a moment."""
    box, steps, lowest = _box(found), frame_steps(found.steps), found.surface.shape.lowest
    level = lowest[0].value if lowest else None
    figure = go.Figure(contours(height_map(found.function, box, level, CELLS)))
    figure.update_traces(colorbar={"orientation": "v", "x": 0.86, "y": 0.5, "yanchor": "middle", "title_side": "top"})
    _add_square(figure, found.weight_decay, box)
    paths = [visible_path(run.path, box) for run in found.runs]
    for run, path in zip(found.runs, paths, strict=True):
        style = style_of(run.name)
        figure.add_scatter(
            x=path[:, 0],
            y=path[:, 1],
            mode="lines",
            name=run.name,
            line={"color": style.color, "dash": style.dash, "width": 3},
            meta={"upto": [min(step, len(path) - 1) for step in steps]},
        )
    styles = [style_of(run.name) for run in found.runs]
    figure.add_scatter(
        **_here(paths, found.steps),
        mode="markers",
        name="you are here",
        showlegend=False,
        marker={
            "color": [style.color for style in styles],
            "symbol": [style.marker for style in styles],
            "size": 13,
            "line": {"color": "white", "width": 1.5},
        },
    )
    frames = [{"data": [_here(paths, step)], "traces": [len(figure.data) - 1]} for step in steps]
    _add_minimum(figure, found)
    axes(figure, "x", "y").update_layout(height=HEIGHT)
    figure.update_xaxes(range=box[:2], constrain="domain", showgrid=False, zeroline=False)
    figure.update_yaxes(range=box[2:], scaleanchor="x", constrain="domain", showgrid=False, zeroline=False)
    caption = _caption(found)
    alt = f"A map of heights with three paths over it. {caption}"
    return Picture(figure, caption, alt, _numbers(found), frames)


def _here(paths: list[np.ndarray], step: int) -> dict[str, np.ndarray]:
    points = np.stack([path[min(step, len(path) - 1)] for path in paths])
    return {"x": points[:, 0], "y": points[:, 1]}


def _add_square(figure: go.Figure, weight_decay: float, box: Box) -> None:
    """Outside of it AdamW cannot rest."""
    edge = 1 / weight_decay if weight_decay else float("inf")
    if edge < max(map(abs, box)):
        line = {"color": "white", "dash": "dot", "width": 2}
        figure.add_shape(type="rect", x0=-edge, y0=-edge, x1=edge, y1=edge, line=line, name="|x|, |y| = 1/λ")
        corner = {"x": min(edge, box[1]), "y": min(edge, box[3]), "xanchor": "right", "yanchor": "top"}
        plate = {"bgcolor": "rgba(0,0,0,0.7)", "font": {"color": "white"}}  # the map below may have any colour
        figure.add_annotation(**corner, text="AdamW: |x|, |y| ≤ 1/λ", showarrow=False, **plate)


def _add_minimum(figure: go.Figure, found: Decayed) -> None:
    """f's own minimum, the way of the minimum as λ grows, and where it is now."""
    if found.minimum is None:
        return
    way, line = way_of_minimum(found), {"color": "white", "width": 3}
    x, y = numbers(way).T
    figure.add_scatter(x=x, y=y, mode="lines", name="way of the minimum", line=line, showlegend=False, hoverinfo="skip")
    for x, y, name, symbol in (
        (0.0, 0.0, "0, to which weight decay pulls", "cross-thin"),
        (found.minimum.x, found.minimum.y, "minimum of f", "circle-open"),
        (*way[-1].tolist(), "minimum of f + λ/2·(x²+y²)", "square-open"),
    ):
        figure.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            name=name,
            marker={"color": "white", "symbol": symbol, "size": 17, "line": line},
            showlegend=False,
            hovertemplate=name + " (%{x:.4g}, %{y:.4g})<extra></extra>",
        )


def _caption(found: Decayed) -> str:
    """How to read it, and where the three end."""
    if found.minimum is None:
        how = "f has no minimum in the picture."
    elif torch.isfinite(way_of_minimum(found)[-1]).all():
        how = "White: (0, 0) (cross); f's minimum (circle) moves, as λ grows, to that of f + λ/2·(x²+y²) (square)."
    else:
        how = "White circle: f's minimum, whose valley weight decay has filled."
    ends: dict[str, list[str]] = {}
    for run in found.runs:
        ends.setdefault(OUTCOMES[outcome(found, run)], []).append(run.name)
    return f"{how} In the end: " + "; ".join(f"{listed(names)} {where}" for where, names in ends.items()) + "."


def label(found: Decayed, step: int) -> str:
    """What the scrubber says at a step."""
    parts = []
    for run in found.runs:
        x, y = run.path[min(step, len(run.path) - 1)].tolist()
        gone = run.diverged and step >= len(run.path) - 1
        parts.append(f"{run.name} " + ("diverged" if gone else f"({fmt(x, 3)}, {fmt(y, 3)})"))
    return f"After {step:,} of {plural(found.steps)}: {', '.join(parts)}."


def end_words(found: Decayed) -> str:
    """Where the three end."""
    ends = [f"{run.name} {'diverges' if run.diverged else f'ends at {_pair(run.end)}'}" for run in found.runs]
    return f"{listed(ends)}."


def balance_table(found: Decayed) -> str:
    """Where the three are at the end and what pulls at them: the terms cancel where they are balanced."""
    lines = ["| | ends at | what pulls down f | what pulls to 0 | left over |", "|---|---|---|---|---|"]
    for run in found.runs:
        if run.diverged:
            lines.append(f"| {run.name} | diverged after {plural(len(run.path) - 1)}: {run.diverged} | | | |")
            continue
        what = "−m/(√v + ε)" if decoupled(run.hparams) else "−∇f"
        lines.append(
            f"| {run.name} | {_pair(run.end)} | {what} = {_pair(run.downhill)} | −λp = {_pair(run.decay)} | "
            f"{_pair(run.downhill + run.decay)} |"
        )
    return "\n".join(lines)


def _pair(values: Tensor) -> str:
    x, y = (0.0 if abs(value) < 5e-7 else value for value in values.tolist())
    return f"({fmt(x, 3)}, {fmt(y, 3)})"


def _numbers(found: Decayed) -> pd.DataFrame:
    """The ends and the minima, with f there."""
    points = {run.name: run.end for run in found.runs}
    if found.minimum is not None:
        points["minimum of f"] = torch.tensor([found.minimum.x, found.minimum.y], dtype=torch.float64)
        points["minimum of f + λ/2·(x²+y²)"] = way_of_minimum(found)[-1]
    rows = [(name, *p.tolist(), found.function(p[0], p[1]).item()) for name, p in points.items()]
    return pd.DataFrame(rows, columns=["where", "x", "y", "f"])
