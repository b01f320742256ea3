"""The program on the page can be taken along."""

from pathlib import Path

import nbformat
from playwright.sync_api import Page


def downloaded(page: Page, button: str) -> tuple[str, str]:
    """Name and content of the file behind a download button."""
    with page.expect_download() as started:
        page.get_by_role("button", name=button, exact=True).click()
    return started.value.suggested_filename, Path(started.value.path()).read_text("utf-8")


def test_program_and_notebook_carry_the_settings_on_screen(open_page) -> None:
    page = open_page("/training_loop?lr=0.002&batch_size=200")

    name, program = downloaded(page, "Download .py")
    assert name == "training_loop.py"
    compile(program, name, "exec")
    assert {"LR = 0.002", "BATCH_SIZE = 200"} <= {line.split("  #")[0].strip() for line in program.splitlines()}

    name, text = downloaded(page, "Download .ipynb")
    assert name == "training_loop.ipynb"
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    compile(code, name, "exec")
    assert "LR = 0.002" in code
