"""What only a browser shows of the tensors page: typing, stepping with the keyboard, numbers that fit, an upload."""

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

# The letters in the cells of a chart, each with the width of its box and of its cell.
LETTERS = """(plot) => {
  const cells = plot._fullData[0].z.length ? plot._fullLayout.xaxis._length / (plot._fullLayout.xaxis.range[1] -
    plot._fullLayout.xaxis.range[0]) : 0;
  const letters = [...plot.querySelectorAll(".heatmap-label text")].filter((text) => text.textContent.trim());
  return letters.map((text) => [text.textContent,
    text.getBoundingClientRect().width, Math.abs(cells)]);
}"""


def query(page: Page) -> dict[str, str]:
    return page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")


def test_what_is_typed_is_lit_up_and_goes_into_the_link(open_page, wait_idle) -> None:
    page = open_page("/tensors?view=index")
    box = page.get_by_role("textbox", name="Pick")
    box.fill("x[2:, 1]")
    box.press("Enter")
    expect(page.get_by_text("picks 2 of its cells (framed)")).to_be_visible()
    wait_idle(page)
    assert query(page) == {"view": "index", "index.at": "x[2:, 1]"}
    box.fill("x[::-1]")
    box.press("Enter")
    expect(page.get_by_text("ValueError: step must be greater than zero")).to_be_visible()
    assert page.evaluate("location.search").count("index.at") == 1


def test_the_numbers_fit_into_their_cells_on_a_wide_screen_and_on_a_phone(open_page, wait_idle) -> None:
    for size in ({"width": 1280, "height": 800}, {"width": 375, "height": 800}):
        page = open_page("/tensors?view=storage&storage.x=torch.arange(24).reshape(2,3,4)&storage.y=x.T", size)
        for key, count in (("before", 24), ("after", 24), ("storage_of_y", 24)):
            found = page.locator(f".st-key-{key} .js-plotly-plot").evaluate(LETTERS)
            assert len(found) == count, key
            wide = [letters for letters, width, cell in found if width > cell]
            assert not wide, f"{key} at {size['width']} px: {wide}"


def test_arrow_keys_step_through_a_product(open_page, wait_idle) -> None:
    page = open_page("/tensors?view=matmul")
    slider = page.get_by_role("slider", name="Step of the product")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    expect(page.get_by_text("C[1, 1] = 4 · 8 + 5 · 10 + 6 · 12 = 154")).to_be_visible()
    wait_idle(page)
    assert query(page) == {"view": "matmul", "matmul.step": "9999"}  # the last, however many there are
    page.get_by_role("button", name="First moment").click()
    expect(page.get_by_text("C[0, 0] = 1 · 7 + 2 · 9 + 3 · 11 = 58")).to_be_visible()


def test_a_picture_of_one_s_own_is_shown_and_what_is_none_is_refused(open_page, wait_idle) -> None:
    page = open_page("/tensors?view=image&image.source=upload&image.change=img")
    target = io.BytesIO()
    Image.fromarray(np.full((20, 30, 3), 120, dtype=np.uint8)).save(target, "PNG")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": target.getvalue()})
    expect(page.get_by_text("Read as rows, columns, channels (20, 30, 3)")).to_be_visible()
    wait_idle(page)
    chooser.set_input_files({"name": "none.png", "mimeType": "image/png", "buffer": b"no picture at all"})
    expect(
        page.get_by_text("The file is not a picture that can be read; allowed: a PNG, JPEG or WebP file")
    ).to_be_visible()
    wait_idle(page)
    assert page.locator("[data-testid=stException]").count() == 0
