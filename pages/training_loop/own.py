"""A table of the reader's own as the data set."""

import pandas as pd
import streamlit as st

from core.csv_table import MAX_BYTES, Prepared, number_columns, read_table
from core.quote import literal
from core.task import Task
from core.training_loop.own import chosen_columns, holdout_score, own_training, prepare_own, sample_table, scored
from core.training_loop.program import own_program
from core.training_loop.run import Run
from core.training_loop.settings import SEPARATOR, OwnSettings
from figures.training_loop.own import holdout
from figures.training_loop.trouble import trouble
from figures.training_loop.watch import losses
from figures.words import plural
from pages.training_loop.run import time_slider
from ui.chart import chart, table
from ui.controls import Controls
from ui.last_good import last_good
from ui.long_work import results
from ui.program import program_panel
from ui.upload import upload


def show(controls: Controls) -> None:
    st.markdown("**What can the same loop learn from a table?**")
    controls.show("own.source")
    data, name = _table(controls)
    if data is not None:
        _columns(controls, data)
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("own.lr", "own.num_epochs")
        controls.show_more("own.hidden", "own.batch_size", "own.optimizer", "own.task", "own.seed")
        controls.reset_button()
    settings = controls.read_or_last(OwnSettings)
    if data is None:
        return
    with picture:
        try:
            settings, (prepared, task) = last_good(controls, settings, lambda one: _prepared(one, data))
        except ValueError:  # nothing can be learned from this table, which the screen says
            return
        found = results([task], "training_loop-own")
        if found is None:
            return
        _pictures(controls, found[0], prepared)
    table(data, name.removesuffix(".csv"), f"The table: {plural(len(data), 'row')}")
    program_panel(own_program(settings, prepared, name, found[0]))
    st.markdown(f"The program reads {literal(name)} from its own folder. “The table” above can be downloaded.")


def _prepared(settings: OwnSettings, data: pd.DataFrame) -> tuple[Prepared, Task]:
    prepared = prepare_own(settings, data)
    return prepared, own_training(settings, data, prepared)


def _table(controls: Controls) -> tuple[pd.DataFrame | None, str]:
    """The chosen table and the name of its file; None while there is none."""
    source = controls.values["own.source"]
    if source != "upload":
        return sample_table(source), f"{source}.csv"
    label = f"CSV file with a header line, at most {MAX_BYTES // 1000:,} kB"
    found = upload(controls, label, ["csv"], "own-csv", read_table)
    if found is None:
        st.info("Choose a table. The picture and the program follow.")
    return found or (None, "")


def _columns(controls: Controls, data: pd.DataFrame) -> None:
    """The widgets that choose the target and the features; where the link names others, the way back."""
    settings, names = controls.read(OwnSettings), list(data.columns)

    def choose(target: str, features: list[str]) -> None:
        try:
            controls.set(**{"own.target": target, "own.features": SEPARATOR.join(features)})
        except ValueError:
            controls.problems["own.target"] = "These names are too long for a link. Give the columns shorter ones."

    for name in ("own.target", "own.features"):
        controls.show_problem(name)
    try:
        features, target = chosen_columns(data, settings)
    except ValueError:  # said where the picture would be
        st.button("Use the usual columns", on_click=choose, args=("", []), key="own-usual")
        return
    key = f"own-{settings.source}-{len(names)}-target"
    several = f"{key}-{target}"
    usable = [name for name in number_columns(data) if name != target]
    st.session_state[key] = target
    st.session_state[several] = [name for name in features if name in usable]
    left, right = st.columns([1, 2])
    left.selectbox("Target", names, key=key, on_change=lambda: choose(st.session_state[key], []))
    right.multiselect("Features", usable, key=several, on_change=lambda: choose(target, st.session_state[several]))


def _pictures(controls: Controls, run: Run, prepared: Prepared) -> None:
    if prepared.dropped:
        st.info(f"Left out for want of a value in a chosen column: {plural(prepared.dropped, 'row')}.")
    if trouble(run):
        st.warning(trouble(run))
    kind, score = holdout_score(run, prepared)
    found = f"**{kind} {score:.4g}**" if scored(run, prepared) else "not every answer is a finite number"
    st.markdown(
        f"{len(prepared.X):,} rows, {plural(len(prepared.features), 'feature')}. On the {len(run.X_validation):,} rows "
        f"that were kept out: {found}."
    )
    time_slider(controls, run, ["own_losses", "holdout"])
    one, two = st.columns(2)
    with one:
        chart(losses(run), "own_losses")
    with two:
        chart(holdout(run, prepared), "holdout")
