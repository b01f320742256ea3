"""Worker processes that load while the main process trains: a simulated timeline, and a measurement of this server."""

from dataclasses import replace

import streamlit as st

from core.datasets_and_loaders.measure import measure
from core.datasets_and_loaders.program import workers_program
from core.datasets_and_loaders.settings import WorkersSettings
from core.datasets_and_loaders.workers import Timeline, simulate, speed_up
from figures.datasets_and_loaders.workers import by_hand, measured_table, speed_by_workers, timeline, why
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Loading is slow": ("40 ms to load, 20 to train, 2 workers.", {}),
    "No worker": ("Loading and training take turns.", {"workers.num_workers": 0}),
    "Too few workers": ("One worker cannot keep up.", {"workers.num_workers": 1}),
    "Training is slow": ("Then one worker is enough.", {"workers.load_ms": 20, "workers.train_ms": 60}),
    "Uneven loading": ("Batches ahead even out slow ones.", {"workers.uneven": 1.0, "workers.n_batches": 40}),
}
SPEEDS = {"slow": "Less than 1.5 times", "double": "1.5 to 2.2 times", "fast": "More than 2.2 times"}


def show(controls: Controls) -> None:
    st.markdown("**How many workers does a loader need?** Workers load the next batches while the main process trains.")
    layout = view_layout()
    with layout.side:
        controls.show("workers.num_workers", "workers.load_ms", "workers.train_ms", "workers.prefetch_factor")
        controls.show_more("workers.n_batches", "workers.uneven", "workers.start_ms", "workers.seed")
        controls.show_presets(PRESETS, WorkersSettings)
    run = simulate(controls.read(WorkersSettings))
    with layout.stage:
        if not _guess(controls, layout, run):
            alone = simulate(replace(run.settings, num_workers=0))
            said = "Without workers: loading and training take turns. Time runs to the right."
            held_chart(timeline(alone), "timeline", layout.words, said=said)
            return
        chart(timeline(run), "timeline", layout.words)
    with layout.beside:
        chart(speed_by_workers(run), "by_workers")
    with layout.below:
        worked_step(by_hand(run))
        _measured(controls)
        st.markdown(
            "**Find out.** With uneven loading: does a larger `prefetch_factor` help as much as another worker?"
        )
    program_panel(workers_program(run))


def _measured(controls: Controls) -> None:
    """What a loader costs on the server that shows this page."""
    st.markdown(
        "**What does a loader cost by itself?** A measurement of this server, now: 4,000 samples of 64 numbers, "
        "batches of 32, no workers. It is another number each time."
    )

    def taken() -> None:
        controls.unlinked["measured"] = measure()

    st.button("Measure now", on_click=taken, key="datasets_and_loaders-measure")
    if "measured" in controls.unlinked:
        st.dataframe(measured_table(controls.unlinked["measured"]), hide_index=True)


def _guess(controls: Controls, layout: Layout, run: Timeline) -> bool:
    s, ratio = run.settings, speed_up(run.settings)
    if s.num_workers == 0:
        return True
    workers = "1 worker" if s.num_workers == 1 else f"{s.num_workers} workers"
    question = (
        f"Loading a batch takes {s.load_ms} ms, training on it {s.train_ms} ms. With {workers} instead of none, how "
        "many times as fast is the epoch?"
    )
    right = SPEEDS["slow" if ratio < 1.5 else "double" if ratio <= 2.2 else "fast"]
    return prediction(controls, layout, question, list(SPEEDS.values()), [right], why(run), s)
