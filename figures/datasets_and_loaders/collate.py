"""Batches of sentences as cells: words, and what fills short ones up."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.datasets_and_loaders.collate import Collated, cells, other_items
from figures.picture import Picture
from figures.style import axes
from figures.words import drawn_text, plural

INK = "#16191d"
FILLED, WORD = "#d3d7dc", "#9cc4e4"  # pale, so that dark letters keep their contrast in both themes
PADDING_TEXT = "0"


def batch_cells(found: Collated) -> Picture:
    """One row a sentence, an empty row between batches; words with their numbers, and padding."""
    width = max(len(found.rows[i]) for batch in found.batches for i in batch)
    rows, texts, names = [], [], []
    for number, batch in enumerate(found.batches):
        if number:
            rows, texts, names = [*rows, [np.nan] * width], [*texts, [""] * width], [*names, ""]
        long = found.ids[number].shape[1] if number < len(found.ids) else 0
        for i in batch:
            n = len(found.rows[i])
            rows.append([1.0] * n + [0.0] * max(long - n, 0) + [np.nan] * (width - max(long, n)))
            said = [f"{drawn_text(w)}<br>{x}" for w, x in zip(found.sentences[i], found.rows[i].tolist(), strict=True)]
            texts.append(said + [PADDING_TEXT] * max(long - n, 0) + [""] * (width - max(long, n)))
            names.append(f"batch {number}" if i == batch[0] else "")
    heat = go.Heatmap(z=np.array(rows, dtype=np.float32), text=texts, texttemplate="%{text}", zmin=0, zmax=1)
    heat.update(colorscale=[[0, FILLED], [1, WORD]], showscale=False, xgap=2, ygap=2, hoverinfo="skip")
    heat.update(hoverongaps=False, textfont={"color": INK})
    figure = axes(go.Figure(heat), "word", "sentences")
    figure.update_xaxes(showgrid=False, zeroline=False, dtick=1, side="top", range=[-0.5, width - 0.5])
    ticks = {"tickvals": [i for i, name in enumerate(names) if name], "ticktext": [name for name in names if name]}
    figure.update_yaxes(showgrid=False, zeroline=False, autorange="reversed", **ticks)
    figure.update_layout(height=90 + 42 * len(rows), margin={"t": 50})
    caption = f"A row is a sentence, a blue cell a word with its number, a grey cell padding. {_said(found)}"
    return Picture(figure, caption, f"Cells in rows, batch by batch. {caption}", _table(found))


def _said(found: Collated) -> str:
    total, padding = cells(found)
    if found.error:
        came = plural(len(found.ids), "batch", "batches")
        return f"{came} came; then one of uneven sentences ended the epoch with an error."
    return f"Cells: {total}, of which padding: {padding}."


def _table(found: Collated) -> pd.DataFrame:
    rows = []
    for number, batch in enumerate(found.batches):
        for i in batch:
            shown = found.ids[number][i - batch[0]].tolist() if number < len(found.ids) else found.rows[i].tolist()
            mask = "".join("1" if place < len(found.rows[i]) else "0" for place in range(len(shown)))
            rows.append((number, " ".join(found.sentences[i]), " ".join(map(str, shown)), len(found.rows[i]), mask))
    return pd.DataFrame(rows, columns=["batch", "sentence", "numbers", "length", "mask"])


def others_table() -> pd.DataFrame:
    """What default collate makes of other items."""
    found = other_items()
    return pd.DataFrame({"three items": list(found), "the batch": list(found.values())})


def by_hand(found: Collated) -> str:
    """The padding of the batch with the most of it; "" where none came."""
    if not found.ids:
        return ""
    wasted = [
        ids.numel() - sum(len(found.rows[i]) for i in batch)
        for batch, ids in zip(found.batches, found.ids, strict=False)
    ]
    number = wasted.index(max(wasted))
    lengths = [len(found.rows[i]) for i in found.batches[number]]
    n, longest = len(lengths), max(lengths)
    return (
        f"Batch {number}: sentences × words of the longest = {n} × {longest} = {n * longest} cells. Without the words, "
        f"{n * longest} − {' − '.join(map(str, lengths))} = **{wasted[number]}** of padding."
    )


def lengths_of_first(found: Collated) -> str:
    """The lengths in the first batch."""
    lengths = ", ".join(str(len(found.rows[i])) for i in found.batches[0])
    return f"The lengths of the sentences in batch 0, in words: {lengths}."
