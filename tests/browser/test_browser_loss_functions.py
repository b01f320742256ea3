"""The loss page in a real browser: typing into its table, and the search that moves without the server."""

from playwright.sync_api import Page, TimeoutError, expect

# The different places along the data's axis at which the four constants are drawn.
PLACES = """new Set([...[...document.querySelectorAll(".st-key-search .scatterlayer .trace")].at(-1)
  .querySelectorAll(".point")].map((mark) => Math.round(mark.getAttribute("transform").match(/[\\d.]+/)[0])))"""


def edit_cell(page: Page, share_of_width: float, y: float, text: str) -> None:
    """Opens a cell of the table and types; the grid may still be on its way when its place is already there."""
    table, editor = page.locator("[data-testid=stDataFrame]").first, page.locator("#portal :is(input, textarea)")
    table.scroll_into_view_if_needed()
    for _ in range(10):
        box = table.bounding_box()
        page.mouse.click(box["x"] + share_of_width * box["width"], box["y"] + y)
        page.keyboard.press("Enter")
        try:
            editor.wait_for(timeout=2000)
            break
        except TimeoutError:
            continue
    editor.fill(text)
    page.keyboard.press("Enter")


def test_a_score_typed_into_the_table_changes_the_loss_the_chart_and_the_link(open_page, wait_idle) -> None:
    page = open_page("/loss_functions")
    expect(page.locator("[data-testid=stCode]").first).to_contain_text("tensor(0.0486)")
    expect(page.get_by_text("The course notes print 0.0181 here; right is 0.0486")).to_be_visible()
    edit_cell(page, 0.3, 53, "1,0")  # the first row's first score
    page.wait_for_function("location.search === '?cross_entropy.table=1,5,1'")
    wait_idle(page)
    expect(page.locator("[data-testid=stCode]").first).to_contain_text("tensor(0.0181)")
    expect(page.get_by_text("right is 0.0486")).to_have_count(0)
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("location.search === ''")
    expect(page.locator("[data-testid=stCode]").first).to_contain_text("tensor(0.0486)")


def test_a_class_more_gives_the_chart_a_third_bar(open_page, wait_idle) -> None:
    page = open_page("/loss_functions?cross_entropy.table=2,5,0,1")
    chart = page.locator(".st-key-gradient")
    expect(chart.locator(".barlayer .point")).to_have_count(3)
    page.get_by_text("More settings").click()
    page.get_by_role("button", name="One class less").press("Enter")  # a click would miss it while the lid still opens
    page.wait_for_function("location.search === ''")
    wait_idle(page)
    expect(chart.locator(".barlayer .point")).to_have_count(2)


def test_the_search_is_scrubbed_by_the_browser(open_page, wait_idle) -> None:
    page = open_page("/loss_functions?view=constant")
    scrubber = page.locator(".st-key-loss_functions-scrubber")
    expect(scrubber.locator("output")).to_contain_text("After 100 of 100 steps: MSELoss 22.000")
    page.wait_for_function(PLACES + ".size === 3")  # 22, 3 twice, 100
    scrubber.get_by_role("button", name="First moment").click()
    expect(scrubber.locator("output")).to_contain_text("After 0 of 100 steps: MSELoss 50.500, L1Loss 50.500")
    page.wait_for_function(PLACES + ".size === 1")  # all four begin in the middle
    page.wait_for_function("new URLSearchParams(location.search).get('at') === '0'")
    wait_idle(page)
    page.wait_for_function(PLACES + ".size === 1")
    scrubber.get_by_role("button", name="Last moment").click()
    page.wait_for_function(PLACES + ".size === 3")
