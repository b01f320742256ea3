"""Where a page is met: on a phone, where figure and control share the screen, and inside another page."""

from playwright.sync_api import expect

PHONE = {"width": 375, "height": 812}
# How many pixels of an element's height are on the screen.
IN_SIGHT = """(element) => { const { top, bottom } = element.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0); }"""


def test_on_a_phone_the_figure_stays_in_sight_beside_the_control_that_changes_it(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent?lr=0.1", size=PHONE)
    control, figure = page.locator(".st-key-gradient_descent-lr"), page.locator(".st-key-stage .chart").first
    control.evaluate("(element) => element.scrollIntoView({ block: 'end' })")
    wait_idle(page)
    assert control.evaluate(IN_SIGHT) > 30
    assert figure.evaluate(IN_SIGHT) > 150


def test_an_embedded_page_stays_embedded_and_leads_to_the_whole_app(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent?embed=true&embed_options=dark_theme&lr=0.1")
    page.locator(".st-key-gradient_descent-lr").get_by_role("slider").press("ArrowRight")
    page.wait_for_function("!location.search.includes('lr=0.1&') && !location.search.endsWith('lr=0.1')")
    wait_idle(page)
    assert "embed=true" in page.url and "embed_options=dark_theme" in page.url
    expect(page.locator("[data-testid=stTopNavLink]")).to_have_count(0)
    expect(page.get_by_role("link", name="Open the whole app")).to_be_visible()
