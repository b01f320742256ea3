"""Work that is one step after the other, in the form in which `ui/long_work.py` does it."""

from abc import ABC, abstractmethod


class Stepwise(ABC):
    """Counts the steps. Whoever inherits sets `total_updates`, and looks once before the first step.

    Attributes:
        total_updates: how many steps there are. update: how many are done.
    """

    total_updates: int
    update: int = 0

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self.update >= self.total_updates

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        return f"step {self.update:,} of {self.total_updates:,}"

    def advance(self, updates: int) -> None:
        """Some more steps, at most as many as are left."""
        for _ in range(min(updates, self.total_updates - self.update)):
            self._step()
            self.update += 1
            self._look()

    @abstractmethod
    def _step(self) -> None:
        """One step of every run."""

    @abstractmethod
    def _look(self) -> None:
        """Takes up where every run is now."""
