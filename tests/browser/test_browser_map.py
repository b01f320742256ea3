"""A cell of the map opens its run."""

import re

from playwright.sync_api import expect


def test_a_click_on_a_cell_of_the_map_opens_that_run(open_page, wait_idle) -> None:
    page = open_page("/training_loop?view=map&data_high=20&map.num_epochs=1")
    page.get_by_role("button", name=re.compile(r"^Train \d+ networks$")).click()
    marks = page.locator(".st-key-map .scatterlayer .point")
    expect(marks).to_have_count(56)
    wait_idle(page)
    chosen = """(plot) => plot._fullData.filter((t) => t.type === "scatter").map((t) => [t.x[12], t.y[12]])[0]"""
    lr, batch_size = page.locator(".st-key-map .js-plotly-plot").evaluate(chosen)

    mark = marks.nth(12)
    mark.evaluate("(mark) => mark.scrollIntoView({ block: 'center' })")
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".st-key-map .hoverlayer .hovertext").wait_for()
    page.mouse.down()
    page.mouse.up()

    expect(page.get_by_role("radio", name="Watch it learn")).to_be_checked()
    wait_idle(page)
    query = page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    assert query["lr"] == lr
    assert query["batch_size"] == batch_size.replace(",", "")
    assert query["data_high"] == "20"
    assert "view" not in query, "the first view is the default and needs no name"
    expect(page.locator(".st-key-training_loop-lr input[type=range]")).to_have_attribute("aria-valuetext", lr)
