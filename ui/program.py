"""The program panel: the complete script for the settings on screen, to copy, download and run."""

import ast

import nbformat
import streamlit as st

from core.program import Program


def program_panel(program: Program) -> None:
    """Shows what the script prints, then the script itself with copy button and downloads as `.py` and `.ipynb`."""
    name, text = program.name, program.text
    st.subheader("The program")
    if program.prints:
        st.markdown("The settings on screen are written into it. Run by itself, it prints:")
        st.code("\n".join(program.prints), language=None, wrap_lines=True)
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
