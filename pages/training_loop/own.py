"""A table of the reader's own as the data set."""

import streamlit as st

from core.csv_dialect import MAX_BYTES
from core.csv_table import Table, text_columns
from core.sample_tables import sample_table
from core.table_columns import Columns
from core.table_tensors import Prepared
from core.task import Task
from core.training_loop.own import holdout_score, own_training, prepare_own, scored
from core.training_loop.program import own_program
from core.training_loop.run import Run
from core.training_loop.settings import OwnSettings
from figures.training_loop.own import holdout
from figures.training_loop.trouble import trouble
from figures.training_loop.watch import losses
from figures.words import plural
from pages.training_loop.run import time_slider
from ui.chart import chart, table
from ui.column_choice import column_choice
from ui.controls import Controls
from ui.csv_upload import dialect_controls, uploaded_table
from ui.last_good import last_good
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.program import program_panel

FILE = "own-csv"
LABEL = f"CSV file, at most {MAX_BYTES // 1000:,} kB, with or without a first line of names"


def show(controls: Controls) -> None:
    st.markdown("**What can the same loop learn from a table?**")
    layout = view_layout()
    with layout.side:
        controls.show("own.source")
        source = controls.values["own.source"]
        if source == "upload":
            data, name = uploaded_table(controls, FILE, LABEL)
            _how_it_was_read(data)
        else:
            data, name = sample_table(source), f"{source}.csv"
        columns = None if data is None else column_choice(controls, "own", data.frame)
        controls.show("own.lr", "own.num_epochs")
        controls.show_more("own.hidden", "own.batch_size", "own.optimizer", "own.task", "own.seed")
        controls.reset_button()
        settings = controls.read_or_last(OwnSettings)
    if columns is None:
        return
    with layout.stage:
        try:
            settings, (prepared, task) = last_good(controls, settings, lambda one: _prepared(one, data, columns))
        except ValueError:  # nothing can be learned from this table, which the screen says
            return
        found = results([task], "training_loop-own", place=layout.run)
        if found is None:
            return
    _pictures(controls, layout, found[0], prepared)
    st.markdown("**Find out.** Leave out one feature at a time: which does the score need most, and which not at all?")
    table(data.frame, settings.source, f"The table: {plural(len(data.frame), 'row')}")
    program_panel(own_program(settings, prepared, name, data.dialect, found[0]))
    what = "your file" if settings.source == "upload" else f"`{name}`, which “The table” above downloads,"
    st.markdown(f"The program reads {what} from its own folder.")


def _prepared(settings: OwnSettings, data: Table, columns: Columns) -> tuple[Prepared, Task]:
    prepared = prepare_own(settings, data, columns)
    return prepared, own_training(settings, prepared)


def _how_it_was_read(data: Table | None) -> None:
    dialect_controls(FILE)
    if data is not None:
        st.markdown(f"Read as {data.said} {text_columns(data)}")
        if data.bad:
            st.warning(data.bad)


def _pictures(controls: Controls, layout: Layout, run: Run, prepared: Prepared) -> None:
    kind, score = holdout_score(run, prepared)
    found = f"**{kind} {score:.4g}**" if scored(run, prepared) else "not every answer is a finite number"
    with layout.words:
        st.markdown(
            f"{len(prepared.X):,} rows, {plural(len(prepared.features), 'feature')}. On the {len(run.X_validation):,} "
            f"rows that were kept out, at the end: {found}."
        )
        if prepared.dropped:
            st.info(f"Left out for want of a value in a chosen column: {plural(prepared.dropped, 'row')}.")
        if trouble(run):
            st.warning(trouble(run))
    with layout.stage:
        time_slider(controls, run, ["own_losses", "holdout"])
        chart(losses(run), "own_losses", layout.words)
    with layout.beside:
        chart(holdout(run, prepared), "holdout")
