"""Work that takes longer than a moment: run button, progress, stop, and a bounded store of finished results.

A task (`core/task.py`) is done in the visitor's own script, in slices of a few hundredths of a second. Between slices
Streamlit may end the script: that is how Stop, a changed control or a closed window ends the work, and why nobody else
has to wait. What is done is kept by the task's key, so the same work is never done twice, whichever view asks for it.
Visitors who want the same at the same time do it together, a slice each in turn. Whoever wants something else waits
for one of a few lanes: work half done takes memory, and by turns all of it would be finished late.
"""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from weakref import WeakValueDictionary

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.cache import STORE, turn
from core.task import Task
from ui.memory import give_back

AT_ONCE = 2.5  # seconds of work, as its tasks guess them, that start without being asked for
SLICE = 0.04  # seconds between two chances to stop
UNSAID = 0.4  # seconds of work about which nothing is said
SAID_EVERY = 0.2  # seconds between two moves of the progress bar
DRAWN_EVERY = 0.7  # seconds between two pictures of what is not yet finished
SHORT, LONG = threading.Semaphore(2), threading.Semaphore(4)  # lanes; long work never keeps short work waiting


class _Doing:
    """A task that is being done. Only who has the lock touches it: another visitor, or a stop, may want it, too."""

    def __init__(self, task: Task) -> None:
        self.task, self.lock = task, threading.Lock()
        self.whole: object = None

    def slice(self) -> bool:
        """Some steps; returns whether there is more to do. With the last one the result is kept."""
        with self.lock, turn():
            until = time.perf_counter() + SLICE
            while not self.task.finished and time.perf_counter() < until:
                self.task.step()
            if self.task.finished and self.whole is None:
                self.whole = self.task.result()
                STORE.keep(self.task.stored_as, self.whole)
            return not self.task.finished

    def so_far(self) -> object:
        """The result, finished or not; None where there is none yet."""
        with self.lock:
            return self.whole if self.whole is not None else self.task.result() if self.task.done else None


_ALL: WeakValueDictionary = WeakValueDictionary()  # what is being done, by the key of the task
_ALL_LOCK = threading.Lock()


def _doing(task: Task) -> _Doing:
    """The task as another visitor is doing it; else as it is."""
    with _ALL_LOCK:
        return _ALL.setdefault(task.stored_as, _Doing(task))


@dataclass
class _Running:
    """What one visitor is waiting for: the results that there are, and the place of the one that is being done."""

    tasks: list[Task]
    found: list[object]
    current: _Doing | None = None
    place: int = 0

    def so_far(self) -> list:
        """Every result that there is, finished or not; None where there is none."""
        found = list(self.found)
        if self.current is not None:
            found[self.place] = self.current.so_far()
        return found


def results(
    tasks: list[Task],
    key: str,
    *,
    run_label: str | None = "Run",
    at_once: float = AT_ONCE,
    on_run: Callable[[], None] | None = None,
    watch: Callable[[object], None] | None = None,
    place: DeltaGenerator | None = None,
) -> list | None:
    """The results of all tasks, or None while the visitor has not asked for them.

    Short work starts by itself, longer work when Run is pressed. Run also repeats what is known already, to be watched.
    Stopped work counts as far as it got.

    Args:
        key: names the widgets, unique on the page.
        run_label: None for work that is short at most settings; then there is no button unless it is needed.
        at_once: seconds of work that start by themselves; those of the defaults where a view would open empty.
        on_run: called when Run is pressed, before anything else.
        watch: draws a result that is not yet finished, in a container of its own.
        place: of the button, if it is another than that of progress and pictures.
    """
    st.session_state.pop("running", None)  # of work that a changed control has ended
    keys, found = [task.stored_as for task in tasks], [_kept(task) for task in tasks]
    cost = sum(task.cost for task, one in zip(tasks, found, strict=True) if one is None)
    stopped = st.session_state.get(f"{key}-stopped")
    stopped = stopped if stopped and stopped["keys"] == keys else None
    # Both are there whether or not they are needed: the browser keeps what stands below only in its old place.
    button, area, label, pressed = (place or st).empty(), st.empty(), run_label or "Run", False
    if run_label or stopped or cost > at_once:
        pressed = button.button(label, type="primary", key=f"{key}-run", on_click=on_run)
    if stopped and not pressed:
        st.warning(f"You stopped at {stopped['progress']}. Press **{label}** to start over.")
        return None if None in stopped["found"] else stopped["found"]
    st.session_state.pop(f"{key}-stopped", None)
    if cost > at_once and not pressed:
        st.info(f"These settings have not been run yet. It takes about {ceil(cost):,} s. Press **{label}**.")
        return None
    todo = [i for i, one in enumerate(found) if pressed or one is None]
    if todo:
        running = st.session_state["running"] = _Running(tasks, found)
        _do(todo, running, area, key, watch)
        st.session_state.pop("running", None)
        if not run_label:
            button.empty()
    return found


def _kept(task: Task) -> object:
    try:
        return STORE.get(task.stored_as)
    except KeyError:
        return None


def _do(todo: list[int], running: _Running, area: DeltaGenerator, key: str, watch: Callable | None) -> None:
    """Does the tasks one after the other."""
    tasks = [running.tasks[i] for i in todo]
    sign = _Sign(area, key, sum(task.cost for task in tasks), watch)
    for running.place, task in zip(todo, tasks, strict=True):
        doing = running.current = _doing(task)
        with _lane(task, sign):
            while doing.slice():
                "tick" in st.session_state  # noqa: B015  a point at which Streamlit may end this script
                sign.give(doing)
        running.found[running.place] = doing.whole
        sign.done += task.cost
    running.current = doing = None
    area.empty()
    if sign.bar is not None:
        gc.collect()  # networks and their optimizers hold each other in circles: 70 MB until somebody collects
        give_back()


@contextmanager
def _lane(task: Task, sign: "_Sign") -> Iterator[None]:
    """Waits until few others work, and says so."""
    lane, came = LONG if task.cost > AT_ONCE else SHORT, time.perf_counter()
    while not lane.acquire(timeout=SLICE):
        "tick" in st.session_state  # noqa: B015  as above
        sign.say(0.0, "Waiting for the work of other visitors")
    sign.waited += time.perf_counter() - came
    try:
        yield
    finally:
        lane.release()


def _stop(key: str) -> None:
    """Keeps what there is. The script that did the work ends by itself, since this click starts another."""
    running = st.session_state.pop("running", None)
    if running is not None and running.current is not None:
        st.session_state[f"{key}-stopped"] = {
            "keys": [task.stored_as for task in running.tasks],
            "found": running.so_far(),
            "progress": running.current.task.progress,
        }


class _Sign:
    """Signs of progress, each at its own pace. What takes no longer than a moment gets none: they would only flash."""

    def __init__(self, area: DeltaGenerator, key: str, cost: float, watch: Callable | None) -> None:
        self.area, self.key, self.cost, self.watch = area, key, cost, watch
        self.bar: DeltaGenerator | None = None
        self.done, self.said, self.waited = 0.0, 0.0, 0.0
        self.started = self.drawn = time.perf_counter()

    def give(self, doing: _Doing) -> None:
        """Says how far the task is, if it is time to."""
        now, task = time.perf_counter(), doing.task
        share = min((self.done + task.cost * task.done / max(task.total, 1)) / self.cost, 1.0)
        left = (now - self.started - self.waited) * (1 - share) / max(share, 1e-6)
        self.say(share, f"{task.title + ': ' * bool(task.title)}{task.progress}, about {left:.0f} s left")
        if self.watch and now - self.drawn > DRAWN_EVERY:
            self.drawn = now
            with self.place.container():
                self.watch(doing.so_far())

    def say(self, share: float, text: str) -> None:
        """Moves the bar, if it is time to."""
        now = time.perf_counter()
        if self.bar is None and now - self.started > UNSAID:
            self._appear()
        if self.bar is not None and now - self.said > SAID_EVERY:
            self.said = now
            self.bar.progress(share, text)

    def _appear(self) -> None:
        with self.area.container():
            self.bar = st.progress(0.0, "Starting")
            st.button(
                "Stop",
                key=f"{self.key}-stop",
                on_click=_stop,
                args=(self.key,),
                help="Shows what has been done so far.",
            )
            self.place = st.empty()
