"""How the cells of the map of starts are coloured, now and at every moment."""

import numpy as np
import torch
from plotly.colors import sample_colorscale

from core.optimizers.basins import BOUNCING, LEVEL, LOST, OUTSIDE, UNDER_WAY, Basins
from figures.style import BLUE, GREEN, PURPLE, VERMILLION

VALLEYS = (BLUE, "#E69F00", GREEN, PURPLE, "#56B4E9", VERMILLION, "#F0E442")  # Okabe and Ito's seven
ENDS = {  # what is no minimum, in the order of the states: greys, none so light or dark that a page swallows it
    UNDER_WAY: ("under way", "#cdd2d6"),
    LEVEL: ("on level ground", "#b0a99a"),
    OUTSIDE: ("outside of the box", "#7d858d"),
    LOST: ("lost", "#3d434a"),
    BOUNCING: ("bouncing", "#9db0c4"),
}
MOMENTS = 50
TINTS = 40  # of the continuous scale


def moments_of(steps: int) -> list[int]:
    """The steps that can be looked at, the early ones more closely: there most is decided."""
    return sorted({round(steps * (i / MOMENTS) ** 1.7) for i in range(MOMENTS + 1)} | {0, steps})


def hexed(color: str, other: int, share: float) -> str:
    """A colour mixed with black (0) or white (255)."""
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part + share * (other - part)):02x}" for part in parts)


class Coded:
    """The whole number of each cell, and the colours of these numbers at each moment."""

    def __init__(self, found: Basins, color: str) -> None:
        self.moments = moments_of(found.steps)
        self.each = len(self.moments)
        bins = torch.searchsorted(torch.tensor(self.moments, dtype=torch.int16), found.since)
        self.named = len(found.minima) <= len(VALLEYS)
        values = torch.tensor([point.value for point in found.minima], dtype=torch.float64)
        span = (values[-1] - values[0]).item() if len(values) else 0.0
        self.low, self.high = (values[0].item(), values[-1].item()) if len(values) else (0.0, 0.0)
        tint = (((values - self.low) / max(span, 1e-300)) * (TINTS - 1)).round().long()
        if color == "steps":
            kinds, self.reached = torch.zeros_like(tint), min(len(values), 1)
        elif self.named:
            kinds, self.reached = torch.arange(len(values)), len(values)
        else:
            self.tints, kinds = tint.unique(return_inverse=True)
            self.reached = len(self.tints)
        arrived = bins[found.state >= 0].double()
        ends = (
            torch.quantile(arrived, torch.tensor([0.02, 0.98], dtype=torch.float64)).tolist()
            if len(arrived)
            else [0, 1]
        )
        self.quick, self.slow = ends[0], max(ends[1], ends[0] + 1)
        state = found.state.long()
        kind = torch.where(state >= 0, kinds[state.clamp(min=0)] if len(kinds) else state, self.reached - 1 - state)
        code = kind * self.each + bins
        self.count = (self.reached + len(ENDS)) * self.each
        self.z = code.numpy().astype(np.uint8 if self.count <= 256 else np.uint16)
        self.colors = [self._ramp(kind, color) for kind in range(self.reached)]

    def _ramp(self, kind: int, color: str) -> list[str]:
        """The colour of one kind of end for each moment of arrival."""
        share = [min(max((i - self.quick) / (self.slow - self.quick), 0.0), 1.0) for i in range(self.each)]
        if color == "steps":
            return [plain(c) for c in sample_colorscale("Cividis", [1 - s for s in share])]
        if not self.named:
            return [plain(sample_colorscale("Viridis", [1 - self.tints[kind].item() / (TINTS - 1)])[0])] * self.each
        base = VALLEYS[kind]
        return [hexed(base, 255, 0.5 - 1.2 * s) if s < 0.4 else hexed(base, 0, (s - 0.4) * 1.1) for s in share]

    def scale(self, moment: int) -> list[list[object]]:
        """The colours at a moment: who has not arrived by then, is under way."""
        grey, found = ENDS[UNDER_WAY][1], []
        for kind, ramp in enumerate(self.colors):
            first = kind * self.each
            if len(set(ramp)) == 1:
                stops = [(0, ramp[0]), (moment + 1, ramp[0])]
            else:  # a stop at every third moment is enough for a smooth ramp
                stops = [(i + 0.5, ramp[i]) for i in sorted({*range(0, moment + 1, 3), moment})]
                stops = [(0, stops[0][1]), *stops, (moment + 1, stops[-1][1])]
            found += [(first + at, tone) for at, tone in stops]
            found += [(first + moment + 1, grey), (first + self.each, grey)] * (moment + 1 < self.each)
        for place, (end, (_, tone)) in enumerate(ENDS.items(), start=self.reached):
            first, last = place * self.each, (place + 1) * self.each
            ended = moment + 1 if end in (OUTSIDE, LOST) else self.each * (moment + 1 == self.each)
            found += [(first, tone), (first + ended, tone)] * (ended > 0)
            found += [(first + ended, grey), (last, grey)] * (first + ended < last)
        return [[at / self.count, tone] for at, tone in found]


def plain(color: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(float(part)):02x}" for part in color[4:-1].split(","))
