"""On paper nothing can be pressed, so nothing looks as if it could; figure, words and program stand there."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("link", ["/gradient_descent?lr=0.3", "/perceptron?view=own"])
def test_a_printed_page_has_no_controls(open_page, link) -> None:
    page = open_page(link)
    controls = page.locator(
        ":is(button, select, summary, input:not([type=radio]), [role=slider], [role=spinbutton]):visible"
    )
    assert controls.count() > 5
    page.emulate_media(media="print")
    expect(controls).to_have_count(0)
    for what in ("h1", "[class*=st-key-] svg", "[data-testid=stCode]", "[data-testid=stRadio]"):
        expect(page.locator(what).filter(visible=True).first).to_be_visible()
    page.emulate_media(media="screen")
