"""A learner's way through a page: guess before looking, mend a typing error, reset and take it back, type a number."""

from playwright.sync_api import Page, expect

# Where the ball is drawn, and at which step the scrubber stands; null while the chart is on its way.
BALL = """() => { const plot = document.querySelector(".st-key-curve .js-plotly-plot");
  return plot?.data?.[5]?.x?.[0] ?? null; }"""


def test_the_answer_is_nowhere_before_the_guess(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent", guess=True)
    expect(page.get_by_role("figure")).to_have_count(1)
    page.wait_for_function(f"({BALL})() === -3")
    assert "1.379e−5" not in page.content()  # the height at the end
    page.get_by_role("button", name="It flies out").click()
    revealed = page.locator(".stAlert")
    expect(revealed).to_contain_text("Not quite. You said It flies out; the answer is It comes to rest.")
    expect(revealed).to_contain_text("1.379e−5")
    expect(page.get_by_role("figure")).to_have_count(2)
    wait_idle(page)
    page.get_by_role("button", name="Too high: overshoots").click()
    again = page.get_by_role("button", name="Guess first:")
    expect(again).to_be_visible()  # another run: the guess has ended, and nothing is held back
    expect(page.get_by_role("figure")).to_have_count(2)
    wait_idle(page)


def test_a_reset_can_be_undone_and_a_number_typed(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent?lr=0.2&view=curve&compare.condition=100.0")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("location.search === '?compare.condition=100.0'")
    wait_idle(page)
    page.get_by_role("button", name="Undo reset").click()
    page.wait_for_function("location.search.includes('lr=0.2')")
    wait_idle(page)
    expect(page.get_by_role("button", name="Undo reset")).to_have_count(0)
    page.get_by_role("button", name="Type exact values").click()
    field = page.get_by_role("textbox", name="Learning rate lr")
    for text, said in (("0,033", "lr=0.033"), ("1e-3", "lr=0.001")):
        field.fill(text)
        field.press("Enter")
        page.wait_for_function("(said) => location.search.includes(said)", arg=said)
        wait_idle(page)
    field.fill("abc")
    field.press("Enter")
    expect(page.get_by_text("is not a number; allowed: a number from 0.0001 to 100").first).to_be_visible()
    assert "lr=0.001" in page.evaluate("location.search")


def typed(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="f(x) =")
    field.fill(text)
    field.press("Enter")


def test_a_typing_error_leaves_the_picture_and_its_moment_as_they_were(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent?curve=typed&text=x^2&lr=0.1&start=2.0&at=3")
    ball = page.evaluate(BALL)
    assert ball == 1.024  # 2 · 0.8³
    for _ in range(3):
        typed(page, "x^2 +")
        expect(page.get_by_text("Until that is mended, you see the last picture")).to_be_visible()
        assert page.evaluate(BALL) == ball
        typed(page, "x^2")
        expect(page.get_by_text("Until that is mended")).to_have_count(0)
        assert page.evaluate(BALL) == ball
    wait_idle(page)


def test_charts_that_come_back_show_the_scrubber_s_moment_at_once(open_page, wait_idle) -> None:
    page = open_page("/gradient_descent?lr=0.1&start=2.0&at=3")
    expected = page.evaluate(BALL)
    for _ in range(3):
        page.get_by_role("radio", name="200 learning rates").click()
        page.locator(".st-key-curve").wait_for(state="detached")
        page.get_by_role("radio", name="One step at a time").click()
        page.wait_for_function(f"({BALL})() !== null")
        assert page.evaluate(BALL) == expected
    wait_idle(page)
