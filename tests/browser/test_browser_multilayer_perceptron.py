"""The border that follows the time slider behind the reader's points, and the square on which digits are drawn."""

from playwright.sync_api import Locator, expect

from core.multilayer_perceptron.drawing import SIDE, read_drawing
from core.multilayer_perceptron.own import TARGET
from core.points import Point, decode

# Every pixel of the canvas added up: two different pictures have different sums.
INK = """(canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
  .reduce((sum, v, i) => (sum + v * (i % 8191)) % 1000000007, 0)"""
PARAMETER = "(name) => new URLSearchParams(location.search).get(name)"


def box_of(canvas: Locator) -> dict[str, float]:
    canvas.evaluate("(canvas) => canvas.scrollIntoView({ block: 'center' })")
    return canvas.bounding_box()


def test_a_click_adds_a_point_and_the_border_follows_the_time_slider(open_page, wait_idle) -> None:
    page = open_page("/multilayer_perceptron?view=own")
    canvas = page.locator(".st-key-multilayer_perceptron-points canvas")
    box = box_of(canvas)
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    wait_idle(page)
    assert decode(page.evaluate(PARAMETER, "points")) == [*decode(TARGET), Point(3, 3, 0)]
    expect(page.get_by_text("All 28 points are in the link")).to_be_visible()
    after = canvas.evaluate(INK)
    page.get_by_role("button", name="First moment").click()
    assert canvas.evaluate(INK) != after
    page.get_by_role("button", name="Last moment").click()
    assert canvas.evaluate(INK) == after


def test_a_digit_is_drawn_by_pointer_and_by_keyboard_and_undone(open_page, wait_idle) -> None:
    page = open_page("/multilayer_perceptron?view=digits&drawing=")
    square = page.locator(".st-key-multilayer_perceptron-drawing")
    canvas = square.locator("canvas")

    def drawing() -> list[int]:
        wait_idle(page)
        return read_drawing(page.evaluate(PARAMETER, "drawing") or "")

    box = box_of(canvas)
    step = box["width"] / SIDE
    page.mouse.move(box["x"] + 4.5 * step, box["y"] + 0.5 * step)
    page.mouse.down()
    page.mouse.move(box["x"] + 4.5 * step, box["y"] + 7.5 * step, steps=5)
    page.mouse.up()
    line = drawing()
    assert [line[row * SIDE + 4] for row in range(SIDE)] == [16] * SIDE
    assert [line[row * SIDE] for row in range(SIDE)] == [0] * SIDE
    expect(page.get_by_text("What the network makes of the drawing")).to_be_visible()
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert drawing()[2 * SIDE + 2] == 16
    square.get_by_role("button", name="Undo").click()
    assert drawing() == line
    square.get_by_role("button", name="Clear").click()
    assert drawing() == [0] * SIDE**2
