"""The program panel: the complete script for the settings on screen, to copy, download and run."""

import ast
from collections.abc import Sequence

import nbformat
import streamlit as st

from core.program import Program

MOST_LINES, FEW = 14, 3  # printed lines that are shown, and how many of each end where there are more


def program_panel(program: Program) -> None:
    """Shows what the script prints, then the script itself with copy button and downloads as `.py` and `.ipynb`."""
    name, text = program.name, program.text
    st.subheader("The program")
    if program.prints:
        st.markdown("The settings on screen are written into it. Run by itself, it prints:")
        st.code("\n".join(_shortened(program.prints)), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            "Download .py", text, file_name=f"{name}.py", mime="text/x-python", key=f"{name}-py", on_click="ignore"
        )
        st.download_button(
            "Download .ipynb",
            lambda: notebook(text),
            file_name=f"{name}.ipynb",
            mime="application/x-ipynb+json",
            key=f"{name}-ipynb",
            on_click="ignore",
        )
    with st.expander("Read it (the copy button is in its upper right corner)"):
        st.code(text, language="python", height=480)


def _shortened(lines: Sequence[str]) -> Sequence[str]:
    """The lines, of many only the first and the last few."""
    return lines if len(lines) <= MOST_LINES else [*lines[:FEW], "...", *lines[-FEW:]]


def notebook(text: str) -> str:
    """The script as a Jupyter notebook: its docstring as text, then one cell for each block between two blank lines."""
    docstring = ast.get_docstring(ast.parse(text), clean=True) or ""
    body = text.split('"""', 2)[2] if docstring else text
    blocks = [block.strip("\n") for block in body.split("\n\n\n") if block.strip()]
    cells = [nbformat.v4.new_markdown_cell(docstring)] + [nbformat.v4.new_code_cell(block) for block in blocks]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # nbformat's own ids are random; the same program gives the same file
    book = nbformat.v4.new_notebook(cells=cells)
    book["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.validate(book)
    return nbformat.writes(book)
