"""Work that takes longer than a moment: run button, progress, stop, and a bounded store of finished results.

A piece of work is an object that advances in small steps (`Work` below). It runs in the visitor's own script, in
slices of a few hundredths of a second. Between slices Streamlit may end the script: that is how Stop, a changed
control or a closed window ends the work, and why nobody else has to wait.
"""

import gc
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

KEPT_RESULTS = 24  # a result is at most about 2 MB
AT_ONCE = 1_000  # updates that start without being asked for
SLICE = 0.04  # seconds between two chances to stop
UNSAID = 0.4  # seconds of work about which nothing is said
SAID_EVERY = 0.2  # seconds between two moves of the progress bar
DRAWN_EVERY = 0.7  # seconds between two pictures of what is not yet finished


class Work(Protocol):
    """How far it is, in numbers and in words; how to go on; what there is so far."""

    total_updates: int
    update: int
    finished: bool
    progress: str

    def advance(self, updates: int) -> None: ...
    def run(self) -> object: ...


@dataclass(frozen=True)
class Job:
    """What to compute: a key that stands for the result, its length in updates, how to begin, what to call it."""

    key: Hashable
    updates: int
    begin: Callable[[], Work]
    title: str = ""


@dataclass
class _Running:
    """The jobs that are being done. The lock keeps a stop from looking at work in the middle of an update."""

    names: list[str]
    places: list[list]
    current: int = 0
    work: Work | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def so_far(self) -> list:
        """Every result that there is, finished or not; None where there is none."""
        found = [place[0] if place else None for place in self.places]
        if self.work is not None and self.work.update:
            found[self.current] = self.work.run()
        return found


@st.cache_resource(max_entries=KEPT_RESULTS, show_spinner=False)
def _kept(name: str) -> list:
    """One place in the bounded store, empty until the result is there. Shared by all visitors."""
    return []


def results(
    jobs: list[Job],
    key: str,
    *,
    run_label: str | None = "Run",
    on_run: Callable[[], None] | None = None,
    watch: Callable[[object], None] | None = None,
) -> list | None:
    """The results of all jobs, or None while the visitor has not asked for them.

    Short work starts by itself, longer work when Run is pressed. Run also repeats what is known already, to be watched.
    Stopped work counts as far as it got.

    Args:
        key: names the widgets, unique on the page.
        run_label: None for work so short that it needs no button; then it starts by itself, however many updates.
        on_run: called when Run is pressed, before anything else.
        watch: draws a result that is not yet finished, in a container of its own.
    """
    names = [repr(job.key) for job in jobs]
    places = [_kept(name) for name in names]
    pressed = bool(run_label) and st.button(run_label, type="primary", key=f"{key}-run", on_click=on_run)
    area = st.empty()  # there whether or not it is needed: the browser keeps what stands below only in its old place
    stopped = st.session_state.get(f"{key}-stopped")
    if stopped and stopped["names"] == names and not pressed:
        how = f"Press **{run_label}** to start over." if run_label else "Change any setting to go on."
        st.warning(f"You stopped at {stopped['progress']}. {how}")
        return None if None in stopped["found"] else stopped["found"]
    st.session_state.pop(f"{key}-stopped", None)
    todo = [i for i, place in enumerate(places) if pressed or not place]
    updates = sum(jobs[i].updates for i in todo)
    if updates > AT_ONCE and run_label and not pressed:
        st.info(f"These settings have not been run yet: {updates:,} updates. Press **{run_label}**.")
        return None
    if todo:
        running = st.session_state[f"{key}-running"] = _Running(names, places)
        _do([(i, jobs[i]) for i in todo], running, area, key, watch)
        st.session_state.pop(f"{key}-running", None)
    return [place[0] for place in places]


def _do(todo: list[tuple[int, Job]], running: _Running, area: DeltaGenerator, key: str, watch: Callable | None) -> None:
    """Does the jobs one after the other and keeps each result."""
    sign = _Sign(area, key, sum(job.updates for _, job in todo), watch)
    for running.current, job in todo:
        running.work = work = job.begin()
        while not work.finished:
            with running.lock:
                work.advance(sign.pace)
            "tick" in st.session_state  # noqa: B015  a point at which Streamlit may end this script
            sign.give(work, job.title)
        running.places[running.current][:] = [work.run()]
        sign.done += job.updates
    area.empty()
    if sign.bar is not None:
        running.work = work = None
        gc.collect()  # networks and their optimizers hold each other in circles: 70 MB until somebody collects


def _stop(key: str) -> None:
    """Keeps what there is. The script that did the work ends by itself, since this click starts another."""
    running = st.session_state.pop(f"{key}-running", None)
    if running is not None and running.work is not None:
        with running.lock:
            st.session_state[f"{key}-stopped"] = {
                "names": running.names,
                "found": running.so_far(),
                "progress": running.work.progress,
            }


class _Sign:
    """Signs of progress, each at its own pace, and the number of updates that make one slice.

    What takes no longer than a moment gets none: they would only flash.
    """

    def __init__(self, area: DeltaGenerator, key: str, total: int, watch: Callable | None) -> None:
        self.area, self.key, self.total, self.watch = area, key, total, watch
        self.bar: DeltaGenerator | None = None
        self.pace, self.done, self.said = 5, 0, 0.0
        self.started = self.drawn = self.before = time.perf_counter()

    def give(self, work: Work, title: str) -> None:
        """Says how far the work is, if it is time to."""
        now = time.perf_counter()
        self.pace = max(1, min(500, int(self.pace * SLICE / max(now - self.before, 1e-4))))
        if self.bar is None and now - self.started > UNSAID:
            self._appear()
        if self.bar is not None and now - self.said > SAID_EVERY:
            self.said = now
            share = min((self.done + work.update) / self.total, 1.0)
            left = (now - self.started) * (1 - share) / max(share, 1e-6)
            self.bar.progress(share, f"{title + ': ' * bool(title)}{work.progress}, about {left:.0f} s left")
        if self.watch and now - self.drawn > DRAWN_EVERY:
            self.drawn = now
            with self.place.container():
                self.watch(work.run())
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
