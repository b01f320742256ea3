"""A table of the reader's own as the data set."""

import pandas as pd
import streamlit as st

from core.training_loop.own_data import (
    SEPARATOR,
    OwnDataSettings,
    Prepared,
    chosen_columns,
    holdout_score,
    own_data_training,
    prepare,
)
from core.training_loop.program import own_data_program
from core.training_loop.table import MAX_BYTES, number_columns, read_table, sample_table
from core.training_loop.train import Training
from figures.training_loop.losses import losses
from figures.training_loop.own_data import holdout
from figures.training_loop.trouble import trouble
from pages.training_loop.runs import time_slider
from ui.chart import chart, table
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel


def show(controls: Controls) -> None:
    controls.show("own.source")
    data, name = _table(controls)
    columns = _columns(controls, data) if data is not None else None
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("own.lr", "own.num_epochs")
        controls.show_more("own.hidden", "own.batch_size", "own.optimizer", "own.task", "own.seed")
        controls.reset_button()
    with picture:
        settings = controls.read_or_explain(OwnDataSettings)
        if settings is None or data is None:
            st.info("Choose a table. The picture and the program follow.")
            return
        if columns is None:
            return
        try:
            prepared = prepare(data, *columns, settings)
            begun = own_data_training(settings, prepared)
        except ValueError as error:
            st.error(str(error))
            return
        _results(controls, settings, prepared, begun, data, name)


def _table(controls: Controls) -> tuple[pd.DataFrame | None, str]:
    """The chosen table and the name of its file; None while there is none."""
    source = controls.values["own.source"]
    if source != "upload":
        return _sample(source), f"{source}.csv"
    file = st.file_uploader(f"CSV file with a header line, at most {MAX_BYTES // 1000:,} kB", type="csv", key="own-csv")
    st.caption("The file stays in this session: a link does not carry it.")
    if file is None:
        return None, ""
    try:
        return read_table(file.getvalue()), file.name
    except ValueError as error:
        st.error(str(error))
        return None, ""


@st.cache_data(max_entries=2, show_spinner=False)
def _sample(name: str) -> pd.DataFrame:
    return sample_table(name)


def _columns(controls: Controls, data: pd.DataFrame) -> tuple[list[str], str] | None:
    """The chosen features and target, with the widgets that choose them; None if the link names other columns."""
    settings, names = controls.read(OwnDataSettings), list(data.columns)
    try:
        features, target = chosen_columns(data, settings)
    except ValueError as error:
        st.error(str(error))
        st.button("Use the usual columns", on_click=_choose, args=(controls, "", []), key="own-usual")
        return None
    key = f"own-{settings.source}-{len(names)}"
    usable = [name for name in number_columns(data) if name != target]
    st.session_state[f"{key}-target"] = target
    st.session_state[f"{key}-{target}-features"] = [name for name in features if name in usable]
    left, right = st.columns([1, 2])
    left.selectbox(
        "Target",
        names,
        key=f"{key}-target",
        on_change=lambda: _choose(controls, st.session_state[f"{key}-target"], []),
    )
    right.multiselect(
        "Features",
        usable,
        key=f"{key}-{target}-features",
        on_change=lambda: _choose(controls, target, st.session_state[f"{key}-{target}-features"]),
    )
    return features, target


def _choose(controls: Controls, target: str, features: list[str]) -> None:
    controls.set(**{"own.target": target, "own.features": SEPARATOR.join(features)})


def _results(
    controls: Controls,
    settings: OwnDataSettings,
    prepared: Prepared,
    begun: Training,
    data: pd.DataFrame,
    name: str,
) -> None:
    identity = (settings, prepared.features, prepared.target, pd.util.hash_pandas_object(data).sum())
    found = results([Job(identity, begun.total_updates, lambda: begun)], "training_loop-own")
    if found is None:
        return
    run = found[0]
    if prepared.dropped:
        st.info(f"{prepared.dropped:,} rows have no value in a chosen column and are left out.")
    if trouble(run):
        st.warning(trouble(run))
    kind, score = holdout_score(run, prepared)
    st.markdown(
        f"{len(prepared.samples):,} rows, {len(prepared.features)} features. On the {len(run.validation):,} rows "
        f"that were kept "
        f"out: **{kind} {score:.4g}**."
    )
    time_slider(controls, run, ["own_losses", "holdout"])
    one, two = st.columns(2)
    with one:
        chart(losses(run), "own_losses")
    with two:
        chart(holdout(run, prepared), "holdout")
    st.code("\n".join(run.lines()[-5:]), language=None)
    table(data, name.removesuffix(".csv"), f"The table: {len(data):,} rows")
    program_panel(
        own_data_program(settings, prepared, name),
        "training_loop_own_data",
        f"It reads `{name}` from its own folder and prints the lines and the {kind} above. "
        + ("Take the sample table from “The table” above." if controls.values["own.source"] != "upload" else ""),
    )
