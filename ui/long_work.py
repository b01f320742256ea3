"""Work that takes longer than a moment: run button, progress, stop, and a bounded store of finished results.

A task (`core/task.py`) is done in the visitor's own script, in slices of a few hundredths of a second. Between slices
Streamlit may end the script: that is how Stop, a changed control or a closed window ends the work, and why nobody else
has to wait. What is done is kept by the task's key, so the same work is never done twice, whichever view asks for it.
"""

import gc
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.cache import STORE
from core.task import Task
from ui.memory import give_back

AT_ONCE = 1_000  # steps that usually start without being asked for
SLICE = 0.04  # seconds between two chances to stop
UNSAID = 0.4  # seconds of work about which nothing is said
SAID_EVERY = 0.2  # seconds between two moves of the progress bar
DRAWN_EVERY = 0.7  # seconds between two pictures of what is not yet finished


@dataclass
class _Running:
    """The tasks that are being done. The lock keeps a stop from looking at one in the middle of a step."""

    keys: list[Hashable]
    found: list[object]
    current: Task | None = None
    place: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def so_far(self) -> list:
        """Every result that there is, finished or not; None where there is none."""
        found = list(self.found)
        if self.current is not None and self.current.done:
            found[self.place] = self.current.result()
        return found


def results(
    tasks: list[Task],
    key: str,
    *,
    run_label: str | None = "Run",
    at_once: int = AT_ONCE,
    on_run: Callable[[], None] | None = None,
    watch: Callable[[object], None] | None = None,
) -> list | None:
    """The results of all tasks, or None while the visitor has not asked for them.

    Short work starts by itself, longer work when Run is pressed. Run also repeats what is known already, to be watched.
    Stopped work counts as far as it got.

    Args:
        key: names the widgets, unique on the page.
        run_label: None for work so short that it needs no button; then it starts by itself, however many steps.
        at_once: how many steps start by themselves; those of the defaults where a view would open empty.
        on_run: called when Run is pressed, before anything else.
        watch: draws a result that is not yet finished, in a container of its own.
    """
    keys = [("task", type(task).__qualname__, task.key) for task in tasks]
    found = [_kept(one) for one in keys]
    pressed = bool(run_label) and st.button(run_label, type="primary", key=f"{key}-run", on_click=on_run)
    area = st.empty()  # there whether or not it is needed: the browser keeps what stands below only in its old place
    stopped = st.session_state.get(f"{key}-stopped")
    if stopped and stopped["keys"] == keys and not pressed:
        how = f"Press **{run_label}** to start over." if run_label else "Change any setting to go on."
        st.warning(f"You stopped at {stopped['progress']}. {how}")
        return None if None in stopped["found"] else stopped["found"]
    st.session_state.pop(f"{key}-stopped", None)
    todo = [i for i, one in enumerate(found) if pressed or one is None]
    steps = sum(tasks[i].total for i in todo)
    if steps > at_once and run_label and not pressed:
        st.info(f"These settings have not been run yet: {steps:,} updates. Press **{run_label}**.")
        return None
    if todo:
        running = st.session_state[f"{key}-running"] = _Running(keys, found)
        _do([(i, tasks[i]) for i in todo], running, area, key, watch)
        st.session_state.pop(f"{key}-running", None)
    return running.found if todo else found


def _kept(key: Hashable) -> object:
    try:
        return STORE.get(key)
    except KeyError:
        return None


def _do(
    todo: list[tuple[int, Task]], running: _Running, area: DeltaGenerator, key: str, watch: Callable | None
) -> None:
    """Does the tasks one after the other and keeps each result."""
    sign = _Sign(area, key, sum(task.total for _, task in todo), watch)
    for running.place, task in todo:
        running.current = task
        while not task.finished:
            with running.lock:
                task.step(sign.pace)
            "tick" in st.session_state  # noqa: B015  a point at which Streamlit may end this script
            sign.give(task)
        running.found[running.place] = task.result()
        STORE.keep(running.keys[running.place], running.found[running.place])
        sign.done += task.total
    area.empty()
    if sign.bar is not None:
        running.current = task = None
        gc.collect()  # networks and their optimizers hold each other in circles: 70 MB until somebody collects
        give_back()


def _stop(key: str) -> None:
    """Keeps what there is. The script that did the work ends by itself, since this click starts another."""
    running = st.session_state.pop(f"{key}-running", None)
    if running is not None and running.current is not None:
        with running.lock:
            st.session_state[f"{key}-stopped"] = {
                "keys": running.keys,
                "found": running.so_far(),
                "progress": running.current.progress,
            }


class _Sign:
    """Signs of progress, each at its own pace, and the number of steps that make one slice.

    What takes no longer than a moment gets none: they would only flash.
    """

    def __init__(self, area: DeltaGenerator, key: str, total: int, watch: Callable | None) -> None:
        self.area, self.key, self.total, self.watch = area, key, total, watch
        self.bar: DeltaGenerator | None = None
        self.pace, self.done, self.said = 5, 0, 0.0
        self.started = self.drawn = self.before = time.perf_counter()

    def give(self, task: Task) -> None:
        """Says how far the task is, if it is time to."""
        now = time.perf_counter()
        self.pace = max(1, min(500, int(self.pace * SLICE / max(now - self.before, 1e-4))))
        if self.bar is None and now - self.started > UNSAID:
            self._appear()
        if self.bar is not None and now - self.said > SAID_EVERY:
            self.said = now
            share = min((self.done + task.done) / self.total, 1.0)
            left = (now - self.started) * (1 - share) / max(share, 1e-6)
            self.bar.progress(share, f"{task.title + ': ' * bool(task.title)}{task.progress}, about {left:.0f} s left")
        if self.watch and now - self.drawn > DRAWN_EVERY:
            self.drawn = now
            with self.place.container():
                self.watch(task.result())
        self.before = time.perf_counter()

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
