"""A table of the reader's own as the data set."""

import pandas as pd
import streamlit as st

from core.training_loop.own_data import (
    MAX_BYTES,
    OwnDataSettings,
    Prepared,
    holdout_score,
    number_columns,
    own_data_training,
    prepare,
    read_table,
    sample_table,
)
from core.training_loop.program import own_data_program
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
    left, right = st.columns([1, 2.6], gap="large")
    with left:
        controls.show("own.source")
        data, name = _table(controls)
        columns = _columns(data, controls.values["own.source"]) if data is not None else None
        controls.show("own.lr", "own.num_epochs")
        with st.expander("More settings"):
            controls.show("own.hidden", "own.batch_size", "own.optimizer", "own.task", "own.seed")
        controls.reset_button()
    with right:
        settings = controls.read_or_explain(OwnDataSettings)
        if settings is None or columns is None:
            st.info("Choose a table. The picture and the program follow.")
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


def _columns(data: pd.DataFrame, source: str) -> tuple[list[str], str]:
    names = list(data.columns)
    target = st.selectbox("Target", names, len(names) - 1, key=f"own-target-{source}-{len(names)}")
    candidates = [name for name in number_columns(data) if name != target]
    features = st.multiselect("Features", candidates, candidates, key=f"own-features-{source}-{target}-{len(names)}")
    return features, target


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
    time_slider(controls, run, ["own_losses"])
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
        + ("Take the sample table from the lid above." if controls.values["own.source"] != "upload" else ""),
    )
