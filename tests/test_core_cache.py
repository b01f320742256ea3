"""The one store of results: bounded in bytes, the longest unused forgotten first."""

import threading
import time
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from core import cache
from core.cache import Store, cached, size_of


@dataclass(frozen=True, eq=False)
class Result:
    path: Tensor
    name: str = "x"


def test_the_size_of_a_result_is_that_of_its_tensors():
    path = torch.zeros(1000, dtype=torch.float64)
    assert 8_000 <= size_of(Result(path)) < 9_200
    assert size_of([Result(path), {"a": path}]) >= 16_000
    assert size_of([torch.zeros(1)] * 1000) > 400_000  # many small tensors are more than their numbers


def test_what_was_used_longest_ago_is_forgotten_first():
    store = Store(most_bytes=5_000, largest=2_000)
    for name in "abc":
        store.keep(name, torch.zeros(1000, dtype=torch.uint8))
    store.get("a")
    store.keep("d", torch.zeros(1000, dtype=torch.uint8))
    assert [name for name in "abcd" if name in store] == ["a", "c", "d"]
    assert store.nbytes <= 5_000


def test_a_value_that_is_too_large_is_not_kept_and_takes_nothing_away():
    store = Store(most_bytes=3_500, largest=2_000)
    store.keep("a", torch.zeros(1000, dtype=torch.uint8))
    store.keep("b", torch.zeros(2500, dtype=torch.uint8))
    assert "a" in store and "b" not in store


def test_a_cached_function_runs_once_for_equal_arguments(monkeypatch):
    monkeypatch.setattr(cache, "STORE", Store())
    asked = []

    @cached
    def double(x: int, times: int = 1) -> int:
        asked.append(x)
        return 2 * x * times

    assert [double(1), double(1), double(2), double(1, times=3), double(1, times=3)] == [2, 2, 4, 6, 6]
    assert asked == [1, 2, 1]


def test_an_error_is_not_kept(monkeypatch):
    monkeypatch.setattr(cache, "STORE", Store())

    @cached
    def fails() -> None:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            fails()


@pytest.mark.parametrize(("same", "computed", "together"), [(True, 1, 1), (False, 12, 2)])
def test_who_wants_the_same_waits_for_it_and_few_compute_at_the_same_time(same, computed, together):
    """Twelve visitors at once; each result needs another, for which no second turn is taken."""
    busy, most, counting = [], [], threading.Lock()

    @cached
    def inner(number):
        return number + 1

    @cached
    def outer(number):
        with counting:
            busy.append(number)
            most.append(len(busy))
        time.sleep(0.02)
        found = inner(number)
        with counting:
            busy.remove(number)
        return found

    threads = [threading.Thread(target=outer, args=(0 if same else number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == computed and max(most) <= together
