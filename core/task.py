"""Work that takes longer than a moment, as one object that is done step by step (`ui/long_work.py`)."""

from abc import ABC, abstractmethod
from collections.abc import Hashable

from core.cache import STORE


class Task(ABC):
    """Something to compute: made at no cost, begun at its first step, looked at whenever one wants.

    Attributes:
        key: stands for the result; two tasks with equal keys have the same one.
        total: how many steps there are. done: how many of them have been done.
        cost: about how many seconds of a core all of them take, a guess made before the first.
        title: what to call it where several are done after each other. unit: what a step is, in words.
    """

    key: Hashable
    total: int
    cost: float = 0.0
    done: int = 0
    title: str = ""
    unit: str = "step"
    _begun: bool = False

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self._begun and self.done >= self.total

    @property
    def stored_as(self) -> Hashable:
        """The key of its result in the store (`core/cache.py`)."""
        return ("task", type(self).__qualname__, self.key)

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        return f"{self.unit} {self.done:,} of {self.total:,}"

    def step(self, n: int = 1) -> None:
        """Some more steps, at most as many as are left."""
        if not self._begun:
            self.begin()
            self._begun = True
        for _ in range(n):
            if self.finished:
                return
            self.advance()
            self.done += 1

    def run(self) -> object:
        """All steps at once, for those who need not watch: the result."""
        self.step(max(self.total, 1))
        return self.result()

    def begin(self) -> None:  # noqa: B027  most need it, some do not
        """What is made before the first step."""

    @abstractmethod
    def advance(self) -> None:
        """One step."""

    @abstractmethod
    def result(self) -> object:
        """What there is so far, once it has begun."""


def result_of(task: Task) -> object:
    """The result of a task that somebody has done before, or does now, whole and in one go."""
    try:
        return STORE.get(task.stored_as)
    except KeyError:
        result = task.run()
        STORE.keep(task.stored_as, result)
        return result
