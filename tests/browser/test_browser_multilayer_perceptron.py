"""The playground in a real browser: tiles that follow time and tell their equation, and a border that opens its run."""

from playwright.sync_api import expect


def test_the_network_follows_the_scrubber_and_a_tile_tells_its_equation(open_page, wait_idle) -> None:
    page = open_page("/multilayer_perceptron?num_epochs=4&layers=3,2")
    said = page.locator(".st-key-network output")
    expect(said).to_contain_text("answer = sigmoid(")
    at_the_end = said.inner_text()
    page.get_by_role("button", name="First moment").click()
    expect(said).not_to_have_text(at_the_end)
    tile = page.get_by_role("button", name="layer 1, h1.2")
    tile.focus()
    page.keyboard.press("Enter")
    expect(tile).to_have_attribute("aria-pressed", "true")
    expect(said).to_contain_text("h1.2 = tanh(")
    wait_idle(page)
    assert "at=0" in page.url


def test_a_click_on_a_border_opens_its_run_at_the_top(open_page, wait_idle, place_on) -> None:
    page = open_page("/multilayer_perceptron?view=luck&num_epochs=1&layers=2")
    page.set_viewport_size({"width": 1280, "height": 600})
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 150)")
    assert page.evaluate(scrolled) == 150
    page.mouse.click(*place_on(page, "luck", 40, 10))  # the second in its row
    page.wait_for_function("location.search.includes('seed=1') && !location.search.includes('luck')")
    wait_idle(page)
    expect(page.locator(".st-key-network output")).to_contain_text("answer = sigmoid(")
    assert page.evaluate(scrolled) == 0
