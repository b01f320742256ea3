"""Results that are kept, in one store whose size is bounded in bytes, for all visitors of the process.

    @cached
    def run(settings: RunSettings) -> Run: ...

What was used longest ago is forgotten first. Arguments are hashed, as by `functools.lru_cache`.
"""

import dataclasses
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

P, R = ParamSpec("P"), TypeVar("R")

MOST_BYTES = 48_000_000  # of all that is kept
HOLDER = 450  # bytes that a tensor takes beside its numbers; with ten thousand small ones that is most of a result
LARGEST = MOST_BYTES // 2  # a single result beyond that is not kept; the largest table of a reader's own fits


def size_of(value: object) -> int:
    """About how many bytes a result takes: whatever has `nbytes` (a tensor, an array, a picture), and what holds it."""
    nbytes = getattr(value, "nbytes", None)
    if isinstance(nbytes, int):
        return nbytes + HOLDER
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return HOLDER + sum(map(size_of, vars(value).values()))
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + sum(map(size_of, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return sys.getsizeof(value) + sum(map(size_of, value))
    return sys.getsizeof(value)


class Store:
    """Values by their keys, the last used last."""

    def __init__(self, most_bytes: int = MOST_BYTES, largest: int = LARGEST) -> None:
        self.most_bytes, self.largest, self.nbytes = most_bytes, largest, 0
        self.kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self.lock = threading.RLock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self.kept

    def get(self, key: Hashable) -> object:
        """The value, which is now the last used.

        Raises:
            KeyError: if there is none.
        """
        with self.lock:
            self.kept.move_to_end(key)
            return self.kept[key][0]

    def keep(self, key: Hashable, value: object) -> None:
        """Keeps a value, and forgets others until all fit. One that is too large is not kept."""
        size = size_of(key) + size_of(value)  # arguments live as long as what was made of them
        with self.lock:
            self.forget(key)
            if size > self.largest:
                return
            self.kept[key] = (value, size)
            self.nbytes += size
            while self.nbytes > self.most_bytes:
                self.forget(next(iter(self.kept)))

    def forget(self, key: Hashable) -> None:
        """Forgets one value, if there is one."""
        with self.lock:
            _, size = self.kept.pop(key, (None, 0))
            self.nbytes -= size


STORE = Store()
# Twenty visitors who compute at the same time need twenty times the memory, and on two cores no less time.
_TURNS = threading.Semaphore(2)
_mine = threading.local()
_LOCKS: WeakValueDictionary[Hashable, threading.RLock] = WeakValueDictionary()  # of what is being computed, by its key
_LOCKS_LOCK = threading.Lock()


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """The function, whose results are kept in the one store of the process."""

    @wraps(function)
    def remembering(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (function, args, tuple(sorted(kwargs.items())))
        with suppress(KeyError):
            return STORE.get(key)
        with turn(), _alone(key):
            with suppress(KeyError):  # another visitor has wanted the same meanwhile
                return STORE.get(key)
            value = function(*args, **kwargs)
            STORE.keep(key, value)
            return value

    return remembering


@contextmanager
def turn() -> Iterator[None]:
    """A turn to compute, of which there are few at the same time; what is computed within it needs none of its own."""
    if getattr(_mine, "turn", False):
        yield
        return
    with _TURNS:
        _mine.turn = True
        try:
            yield
        finally:
            _mine.turn = False


@contextmanager
def _alone(key: Hashable) -> Iterator[None]:
    """Only one visitor at a time computes a result; who has a turn waits for nobody who has none."""
    with _LOCKS_LOCK:
        lock = _LOCKS.setdefault(key, threading.RLock())
    with lock:
        yield
