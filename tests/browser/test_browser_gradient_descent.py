"""Gradient descent in a real browser: what moves without the server, and clicks on the map."""

from playwright.sync_api import expect

BALL = """() => { const plot = document.querySelector(".st-key-curve .js-plotly-plot");
  return plot.data[5].x.length ? plot.data[5].x[0] : null; }"""


def test_the_ball_moves_with_the_scrubber_and_the_words_follow(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent")
    scrubber = page.locator(".st-key-gradient_descent-scrubber")
    expect(scrubber.locator("output")).to_contain_text("After 3 of 30 steps: x = 1.536")
    page.wait_for_function(f"Math.abs(({BALL})() - 1.536) < 1e-9")
    scrubber.get_by_role("button", name="One moment forward").click()
    page.wait_for_function(f"Math.abs(({BALL})() + 1.2288) < 1e-9")
    expect(page.get_by_text("Step 5.")).to_be_visible()
    page.wait_for_function("location.search === '?at=4'")
    scrubber.get_by_role("button", name="First moment").click()
    page.wait_for_function(f"({BALL})() === -3")
    wait_idle(page)


def test_a_preset_shows_divergence_with_its_reason(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent")
    page.get_by_role("button", name="Too high: overshoots").click()
    expect(page.get_by_text("every step is longer than the one before")).to_be_visible()
    page.wait_for_function("location.search === '?lr=1.1'")
    page.locator(".st-key-gradient_descent-scrubber").get_by_role("button", name="Last moment").click()
    expect(page.locator(".st-key-gradient_descent-scrubber output")).to_contain_text("outside of the picture")
    wait_idle(page)


def test_a_click_on_the_bowl_starts_there(open_page, wait_idle, place_on) -> None:
    page = open_page("/gradient_descent?view=bowl&bowl.steps=5&bowl_at=0")
    page.mouse.click(*place_on(page, "bowl", 2.0, -1.0))
    page.wait_for_function("location.search.includes('bowl.y=-')")
    x, y = (float(page.evaluate(f"new URLSearchParams(location.search).get('bowl.{axis}')")) for axis in "xy")
    assert (abs(x - 2) < 0.05, abs(y + 1) < 0.05) == (True, True)
    scrubber = page.locator(".st-key-gradient_descent-scrubber output")
    expect(scrubber).to_contain_text(f"After 0 of 5 steps: x = {x:g}, y = −{-y:g}, f = ")
    wait_idle(page)


def test_a_click_on_the_map_opens_the_cell_s_path(open_page, wait_idle, place_on) -> None:
    page = open_page("/gradient_descent?view=momentum")
    page.mouse.click(*place_on(page, "momentum_map", 10.5 * 4.4 / 48, 20 * 0.99 / 47))
    page.wait_for_function(
        "location.search.includes('momentum.column=10') && location.search.includes('momentum.row=20')"
    )
    expect(page.locator(".st-key-cell_path")).to_be_visible()
    wait_idle(page)


def test_a_click_on_the_u_curve_takes_its_learning_rate(open_page, wait_idle, place_on) -> None:
    page = open_page("/gradient_descent?view=lr_sweep")
    lr, above = page.evaluate(
        """() => { const t = document.querySelector(".st-key-lr_sweep .js-plotly-plot").calcdata[0][100];
        return [t.x, t.y]; }"""
    )
    page.mouse.click(*place_on(page, "lr_sweep", lr, above))
    page.wait_for_function("location.search.includes('&lr=0.10') || location.search.includes('?lr=0.10')")
    wait_idle(page)
    page.get_by_role("button", name="Watch lr 0.1").click()
    page.get_by_role("button", name="Just show me").click()  # the run that it opens asks for a guess first
    expect(page.locator(".st-key-gradient_descent-scrubber output")).to_contain_text("After 0 of 20 steps")
    wait_idle(page)
