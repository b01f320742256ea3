"""What is on screen is in the address, and the address brings it back."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

LR = ".st-key-training_loop-lr input[type=range]"
EPOCHS = ".st-key-training_loop-num_epochs input[type=range]"
# The drawn numbers of the losses chart.
LOSSES = """() => document.querySelector(".st-key-losses .js-plotly-plot")._fullData.map((trace) => [...trace.y])"""


def address(page: Page) -> str:
    return page.evaluate("location.pathname + location.search")


def test_a_deep_link_on_a_new_server_opens_inside_the_menu_with_its_values(first_visit) -> None:
    server, page = first_visit
    expect(page.get_by_role("link", name="Start here")).to_be_visible()
    expect(page.locator(LR)).to_have_attribute("aria-valuetext", "0.002")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("3")
    assert page.evaluate("location.href") == f"{server}/training_loop?lr=0.002&seed=3"
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_a_moved_control_changes_chart_and_address_and_a_reload_brings_both_back(open_page, wait_idle) -> None:
    page = open_page("/training_loop")
    printed = page.locator(".stCode").filter(has_text="Epoch 0: Sum of Batch Losses").first
    before, said, visited = page.evaluate(LOSSES), printed.inner_text(), page.evaluate("history.length")

    page.locator(LR).press("ArrowRight")
    expect(printed).not_to_have_text(said, use_inner_text=True)
    wait_idle(page)
    after, said = page.evaluate(LOSSES), printed.inner_text()
    assert after != before
    assert address(page) == "/training_loop?lr=0.002"
    assert page.evaluate("history.length") == visited, "a moved control must not be a step of the browser's history"

    page.reload()
    wait_idle(page)
    assert address(page) == "/training_loop?lr=0.002"
    expect(page.locator(LR)).to_have_attribute("aria-valuetext", "0.002")
    assert page.evaluate(LOSSES) == after
    assert printed.inner_text() == said


def test_back_leads_to_the_page_before_however_many_controls_were_moved(open_page, wait_idle) -> None:
    page = open_page("/")
    page.get_by_role("button", name="PyTorch").click()
    page.get_by_role("menuitem", name="Training loop").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("one epoch at a time")
    wait_idle(page)
    page.locator(LR).press("ArrowRight")
    expect(page.locator(LR)).to_have_attribute("aria-valuetext", "0.002")
    page.locator(EPOCHS).press("ArrowLeft")
    page.wait_for_function("location.search === '?lr=0.002&num_epochs=9'")
    wait_idle(page)

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What happens inside a network")
    wait_idle(page)
    assert address(page) == "/"


def test_no_request_leaves_for_another_host(context: BrowserContext, server, open_page) -> None:
    asked = []  # every other test fails, too, when a request leaves; this one makes sure that they are seen
    context.on("request", lambda request: asked.append(request.url.removeprefix("blob:")))
    open_page("/")
    open_page("/training_loop")
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {urlsplit(server).netloc}
