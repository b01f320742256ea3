"""Time is a slider: the moments of a run are shown by the browser alone."""

import pytest
from playwright.sync_api import Page, expect

# Clicks a button of the scrubber and holds back all messages until both charts have moved, however long a busy machine
# needs for that. The charts are told apart by what is drawn, the places of their marks.
CLICK_AND_WATCH = """async (name) => {
  const marks = (key) => [...document.querySelectorAll(`.st-key-${key} .scatterlayer .point`)]
    .map((mark) => mark.getAttribute("transform")).join();
  const before = [marks("losses"), marks("answers")], send = WebSocket.prototype.send, held = [];
  WebSocket.prototype.send = function (...message) { held.push([this, message]); };
  const host = [...document.querySelectorAll(".st-key-training_loop-scrubber *")].find((element) => element.shadowRoot);
  (host?.shadowRoot ?? document).querySelector(`button[aria-label="${name}"]`).click();
  const moved = () => marks("losses") !== before[0] && marks("answers") !== before[1];
  const start = performance.now();
  while (!moved() && performance.now() - start < 20000) await new Promise(requestAnimationFrame);
  WebSocket.prototype.send = send;
  for (const [socket, message] of held) socket.send(...message);
  return moved();
}"""

# Presses Play at the end: the seconds until it stands there again, and what was said meanwhile, in its order.
PLAY_AND_WATCH = """async () => {
  const host = [...document.querySelectorAll(".st-key-training_loop-scrubber *")].find((element) => element.shadowRoot);
  const find = (selector) => (host?.shadowRoot ?? document).querySelector(selector);
  const [range, output] = [find("input[type=range]"), find(".scrubber output")], said = [];
  const began = performance.now();
  find("[data-go=play]").click();
  do {
    if (said.at(-1) !== output.textContent) said.push(output.textContent);
    await new Promise(requestAnimationFrame);
  } while (range.value !== range.max);
  return [(performance.now() - began) / 1000, said];
}"""

# Moves the slider one back again at the moment at which its place has just been sent to the server.
MOVE_AGAIN_WHEN_SENT = """(range) => {
  window.__afterSending = () => {
    window.__afterSending = null;
    range.stepDown();
    range.dispatchEvent(new Event("input", { bubbles: true }));
  };
}"""


@pytest.fixture(scope="module")
def opened(open_module_page) -> Page:
    return open_module_page("/training_loop")


@pytest.fixture
def page(opened, wait_idle) -> Page:
    """The course's run, at its end."""
    opened.locator(".st-key-training_loop-scrubber").get_by_role("slider").press("End")
    opened.wait_for_function("location.search === ''")
    wait_idle(opened)
    return opened


def test_a_step_in_time_is_drawn_by_the_browser_before_the_server_hears_of_it(page, wait_idle) -> None:
    scrubber = page.locator(".st-key-training_loop-scrubber")
    said = scrubber.locator("output").inner_text()
    assert page.evaluate(CLICK_AND_WATCH, "First moment"), "the charts did not move without the server"
    expect(scrubber.locator("output")).to_contain_text("Before the first update")
    assert scrubber.locator("output").inner_text() != said
    page.wait_for_function("location.search === '?at=0'")
    wait_idle(page)
    expect(scrubber.locator("output")).to_contain_text("Before the first update")
    expect(scrubber.get_by_role("slider")).to_have_value("0")


def test_playing_needs_no_server_and_rests_where_it_was_paused(page, wait_idle) -> None:
    scrubber = page.locator(".st-key-training_loop-scrubber")
    slider = scrubber.get_by_role("slider")
    scrubber.get_by_role("button", name="First moment").click()
    page.wait_for_function("location.search === '?at=0'")
    wait_idle(page)

    sent = page.evaluate("window.__sent")
    scrubber.get_by_role("button", name="Play").click()
    moments = {slider.evaluate("async (range) => { await new Promise(requestAnimationFrame); return range.value; }")}
    while len(moments) < 5:
        moments.add(slider.evaluate("(range) => range.value"))
    assert page.evaluate("window.__sent") == sent, "messages were sent while it played"

    scrubber.get_by_role("button", name="Pause").click()
    paused = int(slider.input_value())
    page.wait_for_function("Number(new URLSearchParams(location.search).get('at')) > 0")
    wait_idle(page)
    assert int(slider.input_value()) == paused
    expect(scrubber.get_by_role("button", name="Play")).to_be_visible()


def test_play_begins_at_the_start_takes_its_time_and_has_a_speed(page, wait_idle) -> None:
    scrubber = page.locator(".st-key-training_loop-scrubber")
    for speed, least, most in (("4", 1.5, 60.0), ("1", 6.0, 60.0)):
        scrubber.get_by_role("combobox", name="Speed").select_option(speed)
        began, said = page.evaluate(PLAY_AND_WATCH)
        assert said[0].startswith("Before the first update")
        assert len(said) > 2
        assert least <= began <= most
        wait_idle(page)


def test_arrow_keys_move_through_time(page, wait_idle) -> None:
    slider = page.locator(".st-key-training_loop-scrubber").get_by_role("slider")
    last, said = int(slider.input_value()), slider.get_attribute("aria-valuetext")
    slider.press("ArrowLeft")
    expect(slider).to_have_value(str(last - 1))
    assert slider.get_attribute("aria-valuetext") != said
    page.wait_for_function("!['', '?at=0'].includes(location.search)")
    wait_idle(page)
    expect(slider).to_have_value(str(last - 1))
    slider.press("End")
    expect(slider).to_have_value(str(last))
    page.wait_for_function("location.search === ''")


def test_a_move_made_while_the_server_answers_the_one_before_is_kept(page, wait_idle) -> None:
    slider = page.locator(".st-key-training_loop-scrubber").get_by_role("slider")
    last = int(slider.input_value())
    slider.evaluate(MOVE_AGAIN_WHEN_SENT)
    slider.press("ArrowLeft")
    page.wait_for_function("!['', '?at=0'].includes(location.search)")
    wait_idle(page)
    assert int(slider.input_value()) == last - 2
