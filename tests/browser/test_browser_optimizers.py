"""The race in a real browser: ways that grow with time, and a start by a click on the map."""

from playwright.sync_api import Page, expect

# Every way of 13 places shows so many of them.
GROWN = """([key, points]) => {
  const traces = document.querySelector(`.st-key-${key} .js-plotly-plot`).data;
  const ways = traces.filter((trace) => trace.meta?.upto?.at(-1) === 12);
  return ways.length >= 2 && ways.every((trace) => trace.x.length === points);
}"""
START = """() => document.querySelector(".st-key-race_plane .js-plotly-plot").data
  .filter((trace) => trace.name === "start").map((trace) => [trace.x[0], trace.y[0]])[0].join()"""


def value(page: Page, name: str) -> float:
    return float(page.evaluate("(name) => new URLSearchParams(location.search).get(name)", name))


def test_the_ways_grow_with_time_and_their_whole_is_kept(open_page, wait_idle) -> None:
    page = open_page("/optimizers?optimizers=SGD,Adam&steps=12&lr=0.001")
    scrubber = page.locator(".st-key-optimizers-scrubber")
    expect(scrubber.get_by_role("slider")).to_have_attribute("aria-label", "Moment of the race")
    for name, points in (("First moment", 1), ("One moment forward", 2), ("Last moment", 13)):
        scrubber.get_by_role("button", name=name).click()
        for key in ("race_plane", "race_landscape"):
            page.wait_for_function(GROWN, arg=[key, points])
    wait_idle(page)


def test_a_click_on_the_map_starts_the_race_there(open_page, wait_idle, place_on) -> None:
    page = open_page("/optimizers?optimizers=SGD,Adam&steps=12&lr=0.001")
    for x, y in ((2.0, -1.0), (0.5, 2.0)):  # the second after the server has drawn the map anew
        page.mouse.click(*place_on(page, "race_plane", x, y))
        page.wait_for_function(f"Math.abs(new URLSearchParams(location.search).get('y') - {y}) < 0.05")
        assert abs(value(page, "x") - x) < 0.05
        page.wait_for_function(f"({START})() === `${{{value(page, 'x')}}},${{{value(page, 'y')}}}`")
        wait_idle(page)
    expect(page.locator(".st-key-race_plane")).to_be_visible()
    expect(page.get_by_text("start at (0.5", exact=False).first).to_be_visible()


def test_dragging_over_the_map_is_no_click(open_page, wait_idle, place_on) -> None:
    page = open_page("/optimizers?optimizers=SGD&steps=5&lr=0.001")
    page.locator(".st-key-race_plane").scroll_into_view_if_needed()
    here, there = (place_on(page, "race_plane", x, 0.0) for x in (1.0, 2.5))
    page.mouse.move(*here)
    page.mouse.down()
    page.mouse.move(*there, steps=4)
    page.mouse.up()
    page.mouse.click(*place_on(page, "race_plane", 3.0, -1.0))  # what is heard next is this click
    page.wait_for_function("location.search.includes('x=')")
    assert abs(value(page, "x") - 3.0) < 0.05
    wait_idle(page)


def test_a_click_on_the_learning_rates_takes_one_and_in_a_row_its_optimizer_too(open_page, wait_idle, place_on) -> None:
    page = open_page("/optimizers?view=lr_sweep&optimizers=SGD,Momentum,Adagrad&follow=SGD&steps=12")
    page.locator(".st-key-lr_sweep").scroll_into_view_if_needed()
    page.mouse.click(*place_on(page, "lr_sweep", 0.26, 1.0))
    page.wait_for_function("location.search.includes('lr=0.25')")
    wait_idle(page)
    assert "follow=SGD" in page.url
    page.locator(".st-key-lr_rows").scroll_into_view_if_needed()
    page.mouse.click(*place_on(page, "lr_rows", 1.05, 2.3))
    page.wait_for_function("location.search.includes('lr=1.0') && location.search.includes('follow=Adagrad')")
    wait_idle(page)
    expect(page.get_by_role("button", name="Race, all with lr = 1")).to_be_visible()
