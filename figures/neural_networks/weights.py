"""A weights file from its first byte to its last."""

import pandas as pd
import plotly.graph_objects as go

from core.neural_networks.weights import LENGTH, Part
from figures.picture import Picture
from figures.style import BLUE, GREY, axes
from figures.words import plural

ABOUT = 0  # the place of what is not a tensor among the traces
BYTES = {"F32": 4, "I64": 8}  # of one number


def file_map(found: list[Part]) -> Picture:
    """One bar a part, from where it begins to where it ends."""
    figure = go.Figure()
    for name, color, hatching, chosen in (("about the file", GREY, "/", found[:2]), ("numbers", BLUE, "", found[2:])):
        figure.add_bar(
            x=[part.end - part.start for part in chosen],
            base=[part.start for part in chosen],
            y=[part.name for part in chosen],
            orientation="h",
            name=name,
            marker={"color": color, "pattern": {"shape": hatching}, "line": {"color": color, "width": 2}},
            hoverinfo="skip",
        )
    axes(figure, "place in the file (bytes from its beginning)", "part").update_layout(height=150 + 36 * len(found))
    figure.update_yaxes(categoryorder="array", categoryarray=[part.name for part in found], autorange="reversed")
    figure.update_xaxes(range=[0, found[-1].end], tickformat=",").update_layout(barmode="overlay", bargap=0.3)
    numbers = sum(part.end - part.start for part in found[2:])
    caption = (
        f"The file of {found[-1].end:,} bytes from left to right: first a header with names, dtypes and shapes, then "
        f"{numbers:,} bytes of plain numbers, tensor after tensor."
    )
    table = pd.DataFrame(
        {
            "part": [part.name for part in found],
            "first byte": [part.start for part in found],
            "bytes": [part.end - part.start for part in found],
            "dtype": [part.dtype for part in found],
            "shape": [f"{part.shape}" if part.dtype else "" for part in found],
        }
    )
    return Picture(figure, caption, f"Bar chart of the parts of a file. {caption}", table)


def size_by_hand(found: list[Part]) -> str:
    """The size of the file from its parts."""
    header, terms = found[1].end - found[1].start, []
    for dtype, size in BYTES.items():
        total = sum(part.end - part.start for part in found[2:] if part.dtype == dtype)
        terms += [f"{plural(total // size, 'number')} × {size} bytes"] if total else []
    sizes = " + ".join([f"{LENGTH} bytes that say how long the header is", f"{header:,} bytes of header", *terms])
    return f"{sizes} = **{found[-1].end:,} bytes**."
