"""One update, line by line, with its real tensors."""

import streamlit as st

from core.training_loop.program import program
from core.training_loop.run import Run
from core.training_loop.update import replay
from figures.training_loop.update import ROLES, batch_table, detail, steps
from pages.training_loop.run import run_controls, run_on_screen
from ui.chart import chart, table
from ui.controls import Controls
from ui.layout import view_layout
from ui.program import program_panel
from ui.scrubber import scrubber


def show(controls: Controls) -> None:
    st.markdown("**What does each line of the loop do with the numbers of one batch?**")
    layout = view_layout()
    with layout.side:
        run_controls(controls)
        controls.reset_button()
    run = run_on_screen(controls, layout, "update.at")
    if run is None or not run.updates:
        return
    with layout.stage:
        shown = replay(run, _chosen(controls, run))
        chart(steps(shown), "steps", layout.words)
    with layout.beside:
        if not shown.finite:
            st.markdown("In this update not every number is finite, so there is no arithmetic to check.")
        for n, line in enumerate(shown.order, start=1):
            code, role = ROLES[line]
            st.markdown(f"**{n}.** `{code}`  \n{role}  \n{detail(line, shown, run.settings) if shown.finite else ''}")
    table(batch_table(shown), "batch", f"The whole batch ({len(shown.rows):,}) with answers and errors")
    st.markdown("**Find out.** Compare update 1 with update 200: which shrinks faster, the gradients or the steps?")
    program_panel(program(run.settings, run))


def _chosen(controls: Controls, run: Run) -> int:
    """The update on screen, from 1; every one can be reached."""
    updates = list(range(1, run.updates + 1))
    labels = ["Update {:,}: epoch {}, batch {}".format(update, *run.epoch_of(update)) for update in updates]
    identity = f"{run.settings}{run.first_epoch}{run.updates}update"
    return updates[scrubber(controls, "update.at", updates, labels, [], identity, name="Update")]
