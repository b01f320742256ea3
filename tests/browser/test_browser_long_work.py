"""Long work waits to be asked for, shows how far it is, and can be stopped."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

LONG = "?batch_size=2&num_epochs=2"  # 10,000 updates, the most that one run may have


@pytest.fixture
def page(open_page) -> Page:
    return open_page(f"/training_loop{LONG}")


def start(page: Page) -> Locator:
    """Presses Run; the progress bar."""
    page.get_by_role("button", name="Run", exact=True).click()
    bar = page.locator(".stProgress")
    expect(bar).to_have_text(re.compile(r"update [\d,]+ of 10,000, loss \S+.* left$"), use_inner_text=True)
    return bar


def test_a_long_run_waits_for_run_shows_its_progress_and_keeps_what_was_done_when_stopped(page, wait_idle) -> None:
    expect(page.get_by_text("have not been run yet")).to_be_visible()
    expect(page.locator(".stProgress")).to_have_count(0)
    expect(page.locator(".chart")).to_have_count(0)

    bar = start(page)
    # At once: the pictures of the run move the button, and the run is over in a few seconds.
    page.locator(".st-key-training_loop-stop").get_by_role("button", name="Stop").dispatch_event("click")
    expect(bar).to_have_count(0)
    said = page.get_by_text(re.compile(r"You stopped at update [\d,]+ of 10,000"))
    expect(said).to_be_visible()
    wait_idle(page)
    done = int(re.search(r"update ([\d,]+) of", said.inner_text())[1].replace(",", ""))
    assert 0 < done < 10_000
    expect(page.locator(".st-key-training_loop-scrubber output")).to_contain_text(f"after update {done:,}.")
    assert page.evaluate("location.search") == LONG  # at the end of the run


def test_moving_a_control_ends_the_run_that_is_going_on(page, wait_idle) -> None:
    epochs = page.locator(".st-key-training_loop-num_epochs input[type=range]")
    bar = start(page)
    epochs.press("ArrowLeft")
    expect(bar).to_have_count(0)
    expect(page.get_by_text("have not been run yet")).to_be_visible()
    wait_idle(page)
    assert page.evaluate("location.search") == "?batch_size=2&num_epochs=1"
    expect(epochs).to_have_value("1")
    expect(page.locator(".st-key-training_loop-batch_size input[type=range]")).to_have_attribute("aria-valuetext", "2")
    expect(page.locator(".chart")).to_have_count(0)
