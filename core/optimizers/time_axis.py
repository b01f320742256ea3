"""Time in the race, counted in steps or in gradients: which moments are shown, and where each run is by then."""

from dataclasses import dataclass

import torch

from core.optimizers.race import Race, Run

SLOW = 10  # the first counts, shown one by one: much happens in them
MOST = 50  # frames after those


@dataclass(frozen=True)
class TimeAxis:
    """The moments that can be looked at.

    Attributes:
        axis: "steps" or "gradients", what is counted.
        frame_steps: the counts at which there is a frame, increasing, from 0 to the last.
    """

    axis: str
    frame_steps: tuple[int, ...]

    @property
    def unit(self) -> str:
        """What one of them is called."""
        return "step" if self.axis == "steps" else "gradient"

    def index(self, run: Run, count: int) -> int:
        """The last step of a run that needs no more than that many steps or gradients."""
        if self.axis == "steps":
            return min(count, run.steps)
        return int(torch.searchsorted(run.gradients_taken, count, right=True)) - 1

    def indices(self, run: Run) -> list[int]:
        """The same at every frame."""
        return [self.index(run, count) for count in self.frame_steps]

    def counts(self, run: Run) -> torch.Tensor:
        """What has been counted at each point of a run, shape (steps + 1,)."""
        return torch.arange(run.steps + 1) if self.axis == "steps" else run.gradients_taken


def time_axis(race: Race, axis: str) -> TimeAxis:
    """The moments of a race: the first ten, then about fifty. All have as many as the race has steps.

    In gradients, LBFGS comes less far than in steps: its steps ask for several, and it gets no more than the others.
    """
    first = range(min(SLOW, race.steps) + 1)
    later = {round(SLOW + i * (race.steps - SLOW) / MOST) for i in range(1, MOST + 1)} if race.steps > SLOW else set()
    return TimeAxis(axis, tuple(sorted({*first, *later})))
