"""How much work something is, in units that a busy or slow machine changes as much as the work itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


def _unit() -> float:
    """Processor time of a fixed piece of plain Python, about 10 ms on a machine of today."""
    began = time.thread_time()
    sum(i * i % 7 for i in range(150_000))
    return time.thread_time() - began


@contextmanager
def at_most(units: float) -> Iterator[None]:
    """Fails when the block takes this thread more than so many units, measured before and after it."""
    before, began = _unit(), time.thread_time()
    yield
    spent = time.thread_time() - began
    assert 2 * spent / (before + _unit()) <= units, "this should be a matter of a moment"
