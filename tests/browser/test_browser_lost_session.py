"""The server is started anew while somebody is on a page: they go on as if nothing had been."""

from playwright.sync_api import Page, expect

HOW = "embed=true&embed_options=show_padding,light_theme"  # how the app is shown, which is for Streamlit alone
CONNECTED = "document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'"


def set_seed(page: Page, seed: int) -> None:
    field = page.get_by_role("spinbutton", name="Seed")
    field.fill(str(seed))
    field.press("Enter")
    page.wait_for_function(f"location.search === '?{HOW}&seed={seed}'")


def test_a_visitor_whose_session_is_lost_stays_where_they_are(own_server, wait_idle) -> None:
    open_page, restart = own_server
    page = open_page(f"/training_loop?seed=9&{HOW}")
    set_seed(page, 12)
    wait_idle(page)
    restart()
    page.wait_for_function(CONNECTED)
    wait_idle(page)
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("12")
    set_seed(page, 13)
    wait_idle(page)
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("13")
    assert page.evaluate("location.search") == f"?{HOW}&seed=13"
    expect(page.get_by_role("alert")).to_have_count(0)
