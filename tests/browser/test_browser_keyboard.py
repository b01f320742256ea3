"""Whoever uses no mouse gets everywhere, and sees where they are."""

from playwright.sync_api import Page

TARGETS = {  # what must be reached with Tab -> a test of the element that has the focus
    "the menu": 'e.closest("[data-testid=stTopNavLink]")',
    "the view switch": 'key("training_loop-view") && e.getAttribute("role") === "radio"',
    "the learning rate": 'key("training_loop-lr") && e.type === "range"',
    "Run": 'key("training_loop-run") && e.localName === "button"',
    "First moment": 'key("training_loop-scrubber") && e.getAttribute("aria-label") === "First moment"',
    "Play": 'key("training_loop-scrubber") && e.dataset.go === "play"',
    "Last moment": 'key("training_loop-scrubber") && e.getAttribute("aria-label") === "Last moment"',
    "the speed": 'key("training_loop-scrubber") && e.localName === "select"',
    "the time slider": 'key("training_loop-scrubber") && e.type === "range"',
}
# The target that has the focus, if it is one.
FOCUSED = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  const host = e?.getRootNode().host ?? e;
  const key = (name) => host?.closest(`.st-key-${name}`);
  const targets = {TARGETS};
  return Object.keys(targets).find((name) => targets[name]()) ?? null;
}""".replace("TARGETS", ", ".join(f"{name!r}: () => {test}" for name, test in TARGETS.items()))
# How the element that has the focus looks, and then how it looks without: itself and what is around it.
LOOKS = """async () => {
  let e = document.activeElement;
  while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  const around = [e, e.parentElement, e.parentElement?.parentElement].filter(Boolean);
  const looks = () => around.flatMap((element) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part);
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, style.borderColor].join();
  })).join(";");
  const settled = async () => {
    await new Promise(requestAnimationFrame);
    await Promise.allSettled(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations < 9)
      .map((a) => a.finished));
    return looks();
  };
  const focused = await settled();
  e.blur();
  const blurred = await settled();
  e.focus({ focusVisible: true });
  return [focused, blurred];
}"""


def test_tab_reaches_every_control_and_shows_where_the_focus_is(open_page) -> None:
    page: Page = open_page("/training_loop")
    reached, invisible = [], []
    for _ in range(100):
        page.keyboard.press("Tab")
        name = page.evaluate(FOCUSED)
        if name is None or name in reached:
            continue
        reached.append(name)
        focused, blurred = page.evaluate(LOOKS)
        if focused == blurred:
            invisible.append(name)
        if len(reached) == len(TARGETS):
            break
    assert sorted(set(TARGETS) - set(reached)) == [], "not reached with Tab"
    assert invisible == [], "the focus is not to be seen"
