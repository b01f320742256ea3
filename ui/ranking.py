"""A table in which each row has a coloured mark; plain HTML, so that the third cell wraps and it can be read out."""

from collections.abc import Sequence
from html import escape

import streamlit as st

_CSS = """<style>
.ranking { overflow-x: auto; }
.ranking table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.92rem; }
.ranking th, .ranking td { text-align: left; padding: 0.18rem 0.6rem; border-bottom: 1px solid
  color-mix(in srgb, currentColor 22%, transparent); vertical-align: baseline; }
.ranking td:not(:nth-child(3)) { white-space: nowrap; }
.ranking td:nth-child(3) { min-width: 10.5rem; }
.ranking tr.chosen td { font-weight: 700; }
.ranking svg { width: 1.05rem; height: 1.05rem; margin-right: 0.45rem; vertical-align: -0.16rem; fill-rule: evenodd; }
</style>"""


def ranking(
    header: Sequence[str], rows: Sequence[Sequence[str]], marks: Sequence[tuple[str, str]], chosen: int | None = None
) -> None:
    """Shows the table.

    Args:
        marks: for each row an SVG path in a square of 20 by 20 and its colour, drawn before the row's second cell.
        chosen: the row that is written bold.
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in header)
    body = []
    for i, (cells, (mark, color)) in enumerate(zip(rows, marks, strict=True)):
        sign = f'<svg viewBox="0 0 20 20" aria-hidden="true"><path d="{escape(mark)}" fill="{escape(color)}"/></svg>'
        tds = [f"<td>{sign if k == 1 else ''}{escape(text)}</td>" for k, text in enumerate(cells)]
        body.append(f"<tr{' class=chosen' if i == chosen else ''}>{''.join(tds)}</tr>")
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    st.html(f'{_CSS}<div class="ranking">{table}</div>')
