"""Work that takes longer than a moment: run button, progress, stop, and a bounded store of finished results.

A piece of work is an object that advances in small steps:

    work.total_updates  work.update  work.finished  work.progress   # how far it is, in numbers and words
    work.advance(n)     work.run()                                  # go on; the result so far

It runs in the visitor's own script, in slices of a few hundredths of a second. Between slices Streamlit may end the
script: that is how Stop, a changed control or a closed window ends the work, and why nobody else has to wait.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

KEPT_RESULTS = 24  # a result is at most about 2 MB
AT_ONCE = 1_000  # updates that run without being asked for
SLICE = 0.04  # seconds between two chances to stop
SHOWN_EVERY = 0.15  # seconds between two signs of progress


class Work(Protocol):
    total_updates: int
    update: int
    finished: bool
    progress: str

    def advance(self, updates: int) -> None: ...
    def run(self) -> object: ...


@dataclass(frozen=True)
class Job:
    """What to compute: a key that stands for the result, its length in updates, and how to begin."""

    key: Hashable
    updates: int
    begin: Callable[[], Work]


@st.cache_resource(max_entries=KEPT_RESULTS, show_spinner=False)
def _kept(key: str) -> list:
    """One place in the bounded store; empty until the result is there. Shared by all visitors."""
    return []


def results(
    jobs: list[Job],
    key: str,
    *,
    run_label: str = "Run",
    watch: Callable[[object], None] | None = None,
    at_once: int = AT_ONCE,
) -> list | None:
    """The results of all jobs, or None while the visitor has not asked for them.

    Short work starts by itself, longer work when Run is pressed. Run also repeats what is already known, to be watched.
    What was stopped is returned as far as it got.

    Args:
        key: names the widgets, unique on the page.
        watch: draws a partial result; called a few times a second, inside a container of its own.
        at_once: updates that may start without Run.
    """
    places = [_kept(repr(job.key)) for job in jobs]
    missing = [job for job, place in zip(jobs, places, strict=True) if not place]
    names = tuple(repr(job.key) for job in jobs)
    stopped = st.session_state.get(f"{key}-stopped")
    pressed = st.button(run_label, type="primary", key=f"{key}-run", help="Train now, before your eyes.")
    if stopped and stopped["names"] == names and not pressed:
        return _stopped_results(stopped, places)
    st.session_state.pop(f"{key}-stopped", None)
    if not missing and not pressed:
        return [place[0] for place in places]
    todo = jobs if pressed else missing
    total = sum(job.updates for job in todo)
    if not pressed and total > at_once:
        st.info(f"These settings have not been run yet: {total:,} updates. Press **{run_label}**.")
        return None
    _work_off(todo, places if pressed else [p for p in places if not p], key, names, watch)
    return [place[0] for place in places]


def _work_off(todo: list[Job], places: list[list], key: str, names: tuple, watch: Callable | None) -> None:
    """Does the jobs and puts each result into its place, with signs of progress on the way."""
    area, total = st.empty(), sum(job.updates for job in todo)
    with area.container():
        bar = st.progress(0.0, "Starting")
        st.session_state[f"{key}-partial"] = partial = {"names": names, "results": {}}
        st.button("Stop", key=f"{key}-stop", on_click=_stop, args=(key,), help="Keeps what has been done so far.")
        picture = st.empty()
        done, started, shown, pace = 0, time.perf_counter(), 0.0, 5
        for job, place in zip(todo, places, strict=True):
            work = job.begin()
            partial["work"] = (repr(job.key), work)
            while not work.finished:
                before = time.perf_counter()
                work.advance(pace)
                now = time.perf_counter()
                pace = max(1, min(500, int(pace * SLICE / max(now - before, 1e-4))))
                "tick" in st.session_state  # noqa: B015  a point at which Streamlit may end this script
                if now - shown > SHOWN_EVERY:
                    shown = now
                    share = min((done + work.update) / total, 1.0)
                    left = (now - started) * (1 - share) / max(share, 1e-6)
                    bar.progress(share, f"{work.progress}, {_duration(left)} left")
                    if watch:
                        with picture.container():
                            watch(work.run())
            done += job.updates
            place[:] = [work.run()]
    area.empty()
    st.session_state.pop(f"{key}-partial", None)


def _stop(key: str) -> None:
    partial = st.session_state.pop(f"{key}-partial", None)
    if partial:
        st.session_state[f"{key}-stopped"] = partial


def _stopped_results(stopped: dict, places: list) -> list | None:
    name, work = stopped["work"]
    found = []
    for known, place in zip(stopped["names"], places, strict=True):
        if known == name and work.update and not work.finished:
            found.append(work.run())
        elif place:
            found.append(place[0])
    st.warning(f"You stopped at {work.progress}. Shown is what was done until then; press Run to start over.")
    return found if len(found) == len(places) else None


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
