"""Where the rows of a table went: left out, kept out, in batches."""

from itertools import accumulate

import pandas as pd
import plotly.graph_objects as go

from core.csv_table import Table
from core.datasets_and_loaders.own import Loaded
from figures.picture import Picture
from figures.style import BLUE, GREY, PURPLE, VERMILLION, axes
from figures.words import fmt, plural

PREVIEW = 5  # rows
MOST_DRAWN = 60  # batches, one by one
MOST_COLUMNS = 8  # of a batch that is shown


def where_rows_went(loaded: Loaded) -> Picture:
    """One bar of all rows, in parts."""
    in_batches = loaded.train - loaded.left_out
    parts = (
        ("in batches", in_batches, BLUE, ""),
        ("left out by drop_last", loaded.left_out, GREY, "x"),
        ("kept out by random_split", loaded.validation, PURPLE, "\\"),
        ("without a value", loaded.prepared.dropped, VERMILLION, "/"),
    )
    figure, table, begin = go.Figure(), pd.DataFrame([part[:2] for part in parts], columns=["rows", "count"]), 0
    for name, count, color, hatching in parts:
        if count:
            marker = {"color": color, "pattern": {"shape": hatching}}
            sizes = [count]
            if name == "in batches" and loaded.n_batches <= MOST_DRAWN:
                sizes = [
                    min(loaded.settings.batch_size, count - at) for at in range(0, count, loaded.settings.batch_size)
                ]
                marker["line"] = {"color": "white", "width": 2}
            bases = [begin, *(begin + end for end in accumulate(sizes[:-1]))]
            bar = {"x": sizes, "base": bases, "y": ["rows"] * len(sizes), "orientation": "h", "hoverinfo": "skip"}
            figure.add_bar(**bar, name=f"{name}: {count:,}", marker=marker)
            begin += count
    axes(figure, f"rows of the table, {loaded.rows:,} in all", "").update_layout(barmode="overlay", height=210)
    figure.update_yaxes(title="table", showticklabels=False)
    figure.update_xaxes(range=[0, loaded.rows])
    size = loaded.settings.batch_size
    last = plural(in_batches - size * (loaded.n_batches - 1), "row")
    how = f", the last of {last}" * (loaded.n_batches > 1)
    caption = (
        f"Where each of the {plural(loaded.rows, 'row')} goes in one epoch. {plural(in_batches, 'row')} in "
        f"{plural(loaded.n_batches, 'batch', 'batches')}{how}."
    )
    if not loaded.n_batches:
        caption = (
            f"Where each of the {plural(loaded.rows, 'row')} goes. {plural(loaded.train, 'row')} to train on cannot "
            f"fill a batch of {size:,}, and drop_last drops what is not full: there is no batch."
        )
    return Picture(figure, caption, f"A bar in parts. {caption}", table)


def first_batch(loaded: Loaded) -> pd.DataFrame | None:
    """The first rows of the first batch as the loop gets them."""
    if loaded.first is None:
        return None
    X, y = loaded.first
    names = list(loaded.prepared.features[:MOST_COLUMNS])
    table = pd.DataFrame(X[:PREVIEW, :MOST_COLUMNS].numpy(), columns=names)
    target = "y"
    while target in names:
        target += "′"
    return table.assign(**{target: y[:PREVIEW].flatten().numpy()})


def preview(table: Table) -> pd.DataFrame:
    """The first rows as they stand in the file."""
    return table.texts.head(PREVIEW)


def by_hand(loaded: Loaded) -> str:
    """The number of batches."""
    s, n = loaded.settings, loaded.train
    how = "rounded down" if s.drop_last else "rounded up"
    length = (
        "the loader has no `len()`, since the stream has none"
        if loaded.length is None
        else f"`len(loader)` = {loaded.length}"
    )
    return (
        f"{loaded.rows:,} rows − {loaded.prepared.dropped:,} without a value − {loaded.validation:,} kept out = {n:,}. "
        f"{n:,} / {s.batch_size:,} = {fmt(n / s.batch_size)}, {how}: "
        f"**{loaded.n_batches:,}** {'batch' if loaded.n_batches == 1 else 'batches'}; {length}."
    )
