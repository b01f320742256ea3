"""A chart with its caption, its description for screen readers, and its numbers as a table."""

from collections.abc import Callable

import streamlit as st

from figures.picture import Picture


def chart(picture: Picture, key: str, on_click: Callable[[object, object], None] | None = None) -> None:
    """Shows a picture.

    Args:
        key: unique on the page; also the name of the table's CSV file.
        on_click: gets x and y of a clicked mark. What the browser sends is not checked: the callback must.
    """

    def clicked() -> None:
        points = st.session_state[key].selection.points
        if points:
            on_click(points[0].get("x"), points[0].get("y"))

    st.plotly_chart(
        picture.figure,
        key=key,
        alt=picture.alt,
        config={"displayModeBar": False},
        on_select=clicked if on_click else "ignore",
        selection_mode="points",
    )
    st.caption(picture.caption)
    if picture.table is not None:
        table(picture.table, key)


def table(frame: object, key: str, label: str = "The numbers as a table") -> None:
    """A data frame behind a closed lid, with a download."""
    lid = st.expander(label, key=f"{key}-table", on_change="rerun")
    if lid.open:
        with lid:
            st.dataframe(frame, hide_index=True, height=min(38 + 35 * len(frame), 300))
            st.download_button(
                "Download as CSV",
                lambda: frame.to_csv(index=False),
                file_name=f"{key}.csv",
                mime="text/csv",
                key=f"{key}-csv",
                on_click="ignore",
            )
