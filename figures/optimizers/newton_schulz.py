"""What each round of Newton-Schulz makes of a singular value, and what the real update has."""

import numpy as np
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.matrices_runs import MatrixRun
from core.optimizers.newton_schulz import before_and_after, coefficients, rounds
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, PURPLE, axes, numbers
from figures.words import fmt, plural

LOWEST = 1e-5
BFLOAT16 = 2.0**-8  # half a unit in its last place, of a number near 1


@cached
def newton_schulz(found: MatrixRun, moments: tuple[int, ...]) -> Picture:
    """The polynomial after one round and after all, and the directions of Muon's run; one frame a moment."""
    muon = found.hparams
    abc, n = coefficients(muon), muon.ns_steps
    x = torch.logspace(np.log10(LOWEST), 0, 400, dtype=torch.float64)
    looks = {0: (GREY, "dot"), 1: (BLUE, "dash"), n: (PURPLE, "solid")}
    figure = go.Figure()
    figure.add_scatter(
        x=[LOWEST, BFLOAT16, BFLOAT16, LOWEST],
        y=[-0.1, -0.1, 1.4, 1.4],
        fill="toself",
        fillcolor="rgba(128, 134, 140, 0.16)",
        line={"width": 0},
        mode="lines",
        name="drowns in bfloat16",
        hoverinfo="skip",
    )
    for k, (color, dash) in looks.items():
        name = "before" if k == 0 else f"after {plural(k, 'round')}"
        y = numbers(rounds(x, abc, k).clamp(-10, 10))
        figure.add_scatter(
            x=numbers(x), y=y, name=name, mode="lines", line={"color": color, "dash": dash, "width": 2.5}
        )
    pairs = [_points(found, t) for t in moments]
    marker = {"color": GREEN, "symbol": "diamond", "size": 10, "line": {"color": "white", "width": 1.2}}
    figure.add_scatter(**pairs[0], name="Muon's update in this step", mode="markers", marker=marker)
    last = len(figure.data) - 1
    frames = [{"data": [pair], "traces": [last]} for pair in pairs]
    axes(figure, "singular value that goes in, log scale", "singular value of the update")
    figure.update_xaxes(type="log", range=[np.log10(LOWEST), 0.05], dtick=1, exponentformat="power")
    figure.update_yaxes(range=[-0.1, 1.4])
    caption = _caption(found)
    return Picture(
        figure, caption, f"Curves of singular values out against singular values in. {caption}", frames=frames
    )


def _points(found: MatrixRun, t: int) -> dict[str, np.ndarray]:
    here = min(t, found.steps) - 1
    parts = found.gradient[here], found.memory[here], found.update[here]
    if not all(torch.isfinite(part).all() for part in parts):
        return {"x": np.array([], dtype=np.float32), "y": np.array([], dtype=np.float32)}
    before, after = before_and_after(*parts, found.hparams)
    return {"x": numbers(before), "y": numbers(after)}


def _caption(found: MatrixRun) -> str:
    a, b, c = coefficients(found.hparams)
    n, slope = found.hparams.ns_steps, coefficients(found.hparams)[0] ** found.hparams.ns_steps
    x = torch.logspace(-2, 0, 400, dtype=torch.float64)
    high = rounds(x, (a, b, c), n)
    minus = ["−" if value < 0 else "+" for value in (b, c)]
    low, most = fmt(high.min().item(), 3), fmt(high.max().item(), 3)
    return (
        f"One round makes {fmt(a)}·x {minus[0]} {fmt(abs(b))}·x³ {minus[1]} {fmt(abs(c))}·x⁵ of a singular value x. "
        f"After {plural(n, 'round')} everything from 0.01 to 1 lies between {low} and {most}; what is tiny has grown "
        f"{fmt(slope, 3)} times."
    )
