"""The plane of the reader's own points, and the line that follows the time slider."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from core.perceptron.settings import STARTER
from core.points import Point, decode

OWN = "/perceptron?view=own"
# Every pixel of the canvas added up: two different pictures have different sums.
INK = """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
  .reduce((sum, v, i) => (sum + v * (i % 8191)) % 1000000007, 0)"""
# The same right after a click, and how many messages have been sent meanwhile.
CLICK_AND_LOOK = f"""([button, canvas]) => {{
  const sent = window.__sent;
  button.click();
  return [({INK.strip()})(canvas), window.__sent - sent];
}}"""


@pytest.fixture
def page(open_page) -> Page:
    return open_page(OWN)


def canvas(page: Page) -> Locator:
    return page.locator(".st-key-perceptron-points canvas")


def place(page: Page, x: float, y: float, half: float = 4) -> tuple[float, float]:
    """Where a place of the plane is in the window."""
    canvas(page).evaluate("(canvas) => canvas.scrollIntoView({ block: 'center' })")
    box = canvas(page).bounding_box()
    return box["x"] + (x / half + 1) / 2 * box["width"], box["y"] + (1 - y / half) / 2 * box["height"]


def points(page: Page) -> list[Point]:
    """The points that the address holds."""
    text = page.evaluate("new URLSearchParams(location.search).get('points')")
    return decode(STARTER if text is None else text)


def said(page: Page) -> Locator:
    return page.locator(".st-key-perceptron-points output")


def choose(page: Page, pen: str) -> None:
    page.locator(".st-key-perceptron-points").get_by_role("radio", name=pen).check()


def test_click_adds_drag_moves_double_click_deletes_and_undo_takes_back(page, wait_idle) -> None:
    before = decode(STARTER)
    choose(page, "Class 1")
    page.mouse.click(*place(page, -3, -3))
    expect(said(page)).to_have_text("Added (−3, −3) of class 1. 11 points.".replace("−", "-"))
    wait_idle(page)
    assert points(page) == [*before, Point(-3, -3, 1)]
    expect(page.get_by_text("The link holds 11 points")).to_be_visible()

    page.mouse.move(*place(page, -3, -3))
    page.mouse.down()
    page.mouse.move(*place(page, -1, -2), steps=4)
    page.mouse.move(*place(page, 1, -3), steps=4)
    page.mouse.up()
    wait_idle(page)
    assert points(page) == [*before, Point(1, -3, 1)]

    page.mouse.dblclick(*place(page, 1, -3))
    wait_idle(page)
    assert points(page) == before

    page.get_by_role("button", name="Undo").click()
    wait_idle(page)
    assert points(page) == [*before, Point(1, -3, 1)]

    choose(page, "Delete")
    page.mouse.click(*place(page, 1, -3))
    wait_idle(page)
    assert points(page) == before

    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("There are no points")).to_be_visible()
    wait_idle(page)
    assert points(page) == []
    page.get_by_role("button", name="Undo").click()
    wait_idle(page)
    assert points(page) == before


def test_quick_clicks_all_count_and_a_double_click_on_nothing_leaves_its_point(page, wait_idle) -> None:
    new = [Point(-3.5 + i, -3, 0) for i in range(6)]
    for x, y, _ in new:
        page.mouse.click(*place(page, x, y))
    page.mouse.dblclick(*place(page, 3, 0.5))
    wait_idle(page)
    assert points(page) == [*decode(STARTER), *new, Point(3, 0.5, 0)]


def test_a_file_brings_points_and_undo_takes_them_back(page, wait_idle) -> None:
    page.mouse.click(*place(page, -3, -3))
    wait_idle(page)
    content = b"x1,x2,class\n1,1,0\n-1,2.5,1\n6,0,1\n"
    upload = page.locator(".st-key-perceptron-file input[type=file]")
    upload.set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_text("3 points read")).to_be_visible()
    wait_idle(page)
    assert points(page) == [Point(1, 1, 0), Point(-1, 2.5, 1), Point(6, 0, 1)]
    assert canvas(page).get_attribute("aria-label").startswith("Plane from -8 to 8")
    page.get_by_role("button", name="Undo").click()
    wait_idle(page)
    assert points(page) == [*decode(STARTER), Point(-3, -3, 0)]


def test_points_can_be_set_by_the_keyboard(page, wait_idle) -> None:
    canvas(page).focus()
    for key in ("1", *["ArrowLeft"] * 4, "ArrowDown", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    wait_idle(page)
    assert points(page)[-1] == Point(-1, -0.1875, 1)
    page.keyboard.press("Delete")
    wait_idle(page)
    assert points(page) == decode(STARTER)


def test_a_finger_sets_points_too(page, wait_idle) -> None:
    x, y = place(page, 3, -3)
    for kind in ("pointerdown", "pointerup"):
        init = {"clientX": x, "clientY": y, "pointerId": 7, "pointerType": "touch", "bubbles": True}
        canvas(page).evaluate("(canvas) => { canvas.setPointerCapture = () => {}; }")
        canvas(page).dispatch_event(kind, init)
    wait_idle(page)
    assert points(page)[-1] == Point(3, -3, 0)


def test_the_line_follows_the_time_slider_without_the_server(page, wait_idle) -> None:
    at_the_end = canvas(page).evaluate(INK)
    first = page.get_by_role("button", name="First moment").element_handle()
    at_first, sent = page.evaluate(CLICK_AND_LOOK, [first, canvas(page).element_handle()])
    assert at_first != at_the_end
    assert sent == 0
    page.get_by_role("button", name="Last moment").click()
    assert canvas(page).evaluate(INK) == at_the_end
    wait_idle(page)
    assert canvas(page).evaluate(INK) == at_the_end


def test_a_new_point_turns_the_line_and_a_link_brings_everything_back(page, open_page, wait_idle) -> None:
    choose(page, "Class 1")
    page.mouse.click(*place(page, -3, 3))
    wait_idle(page)
    expect(page.get_by_text(re.compile(r"^After update \d+, the last"))).to_be_visible()
    link = page.evaluate("location.pathname + location.search")
    page.mouse.move(5, 5)
    again = open_page(link)
    assert points(again) == points(page)
    assert canvas(again).evaluate(INK) == canvas(page).evaluate(INK)


def test_the_plane_takes_the_colours_of_the_theme(page) -> None:
    page.emulate_media(color_scheme="light")
    element, drawn = canvas(page).element_handle(), canvas(page).evaluate(INK)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"([canvas, drawn]) => ({INK})(canvas) !== drawn", arg=[element, drawn])
    page.emulate_media(color_scheme="light")


def test_play_goes_through_every_correction(open_page, wait_idle) -> None:
    page = open_page("/perceptron?data=and&at=0")
    output = page.locator(".st-key-perceptron-scrubber output")
    expect(output).to_contain_text("Before update 1 of 18")
    page.get_by_role("button", name="Play").click()
    expect(output).to_contain_text("After update 18, the last: every sample is on its side.")
    wait_idle(page)
    assert "at=2000" in page.evaluate("location.search")
    expect(page.get_by_text("w at the end")).to_be_visible()


def test_an_edited_table_moves_the_points(page, wait_idle) -> None:
    grid, cell = (
        page.locator(".st-key-perceptron-points-table-0 [data-testid=stDataFrame]"),
        page.locator("#portal :is(input, textarea)"),
    )
    for _ in range(20):  # the grid is drawn on a canvas: there is no cell to wait for
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        page.mouse.click(box["x"] + 100, box["y"] + 52)
        page.keyboard.press("Enter")
        with suppress(TimeoutError):
            cell.wait_for(timeout=2000)
            break
    cell.fill("-3.5")
    page.keyboard.press("Enter")
    wait_idle(page)
    assert points(page)[0] == decode(STARTER)[0]._replace(x1=-3.5)
    assert canvas(page).get_attribute("aria-label").startswith("Plane from -4 to 4 with 5 points of class 0")
