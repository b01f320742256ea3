"""A table of the reader's own as a dataset and a loader: where each row went."""

import streamlit as st

from core.csv_dialect import MAX_BYTES
from core.csv_table import Table
from core.csv_table import text_columns as said_text_columns
from core.datasets_and_loaders.own import (
    ROWS,
    Loaded,
    Texts,
    column_types,
    first_missing,
    has_constant,
    load_own,
    numbered,
    text_columns,
    torch_shapes,
)
from core.datasets_and_loaders.program import own_program
from core.datasets_and_loaders.settings import OwnSettings
from core.quote import literal
from core.sample_tables import sample_table
from figures.datasets_and_loaders.own import by_hand, first_batch, preview, where_rows_went
from figures.words import plural
from ui.chart import chart, table
from ui.column_choice import column_choice
from ui.controls import Controls
from ui.csv_upload import dialect_controls, uploaded_table
from ui.last_good import last_good
from ui.layout import view_layout
from ui.program import program_panel
from ui.worked_step import worked_step

FILE = "loaders-csv"
LABEL = f"CSV file, at most {MAX_BYTES // 1_000_000} MB and {ROWS[1]:,} rows, with or without a first line of names"


def show(controls: Controls) -> None:
    st.markdown("**How does a table of your own become batches?** And where does each of its rows go?")
    layout = view_layout()
    with layout.side:
        controls.show("own.source")
        source = controls.values["own.source"]
        if source == "upload":
            data, name = uploaded_table(controls, FILE, LABEL, ROWS)
            dialect_controls(FILE)
        else:
            data, name = sample_table(source), f"{source}.csv"
        typed, texts = _with_types(controls, data)
        columns = None if typed is None else column_choice(controls, "own", typed.frame)
        controls.show("own.kind", "own.batch_size")
        controls.show_more("own.task", "own.validation", "own.shuffle", "own.drop_last", "own.seed")
        controls.reset_button()
        settings = controls.read_or_last(OwnSettings)
    if columns is None:
        return
    with layout.stage:
        try:
            settings, loaded = last_good(controls, settings, lambda one: load_own(one, typed, columns))
        except ValueError:  # no dataset can be made of this table, which the screen says
            return
        chart(where_rows_went(loaded), "rows", layout.words)
    with layout.words:
        if loaded.prepared.dropped:
            rows = plural(loaded.prepared.dropped, "row")
            st.info(
                f"Without a value in a chosen column, and so left out: {rows}. {first_missing(typed, loaded.prepared)}."
            )
    with layout.below:
        _batch(loaded)
        worked_step(by_hand(loaded))
        st.markdown("**Find out.** Which of the three kinds of dataset has no length, and which cannot be shuffled?")
    with st.expander(f"The table: the first of {plural(len(data.frame), 'row')}, and what each column holds"):
        st.dataframe(preview(data), hide_index=True)
        st.dataframe(column_types(typed, texts), hide_index=True)
    table(data.frame, settings.source, f"The whole table: {plural(len(data.frame), 'row')}")
    program_panel(own_program(loaded, name, data.dialect, texts))
    what = "your file" if settings.source == "upload" else f"`{name}`, which “The whole table” above downloads,"
    st.markdown(f"The program reads {what} from its own folder.")


def _batch(loaded: Loaded) -> None:
    """The first batch, and what this kind of dataset cannot do."""
    if (found := first_batch(loaded)) is not None:
        st.markdown(
            f"The first batch, as the loop gets it: `X, y` of {torch_shapes(loaded)}; its first rows. Every feature "
            f"has mean 0 and spread 1 over the rows to train on{', but for constant ones' * has_constant(loaded)}."
        )
        st.dataframe(found, hide_index=True)
    if loaded.prepared.values:
        shown = loaded.prepared.classes[:8]
        st.markdown(f"The target is a class number: {', '.join(f'{i} is {literal(c)}' for i, c in enumerate(shown))}.")
    for error in loaded.errors:
        st.code(error, language=None, wrap_lines=True)


def _with_types(controls: Controls, data: Table | None) -> tuple[Table | None, Texts]:
    """The table with its text columns as numbers, where the reader wants that."""
    if data is None:
        return None, {}
    target = controls.values["own.target"] or data.frame.columns[-1]
    if set(text_columns(data)) - {target}:
        controls.show("own.numbered")
    data, texts = numbered(data) if controls.values["own.numbered"] else (data, {})
    if data.said:
        st.markdown(f"Read as {data.said} {said_text_columns(data)}")
    if data.bad:
        st.warning(data.bad)
    return data, texts
