"""A chart is kept and drawn once: what is zoomed stays so, and the theme is that of the page."""

PLOT = "document.querySelector('.st-key-losses .js-plotly-plot')"
MAP = "document.querySelector('.st-key-race_plane .js-plotly-plot')"
RANGE = f"() => {PLOT}._fullLayout.xaxis.range.map(Math.round)"
# Counts how often each chart is drawn from now on.
COUNT = """() => {
  window.__drawn = {};
  const react = window.Plotly.react;
  window.Plotly.react = (plot, ...figure) => {
    const key = [...plot.closest("[class*=st-key-]").classList].find((name) => name.startsWith("st-key-"));
    window.__drawn[key] = (window.__drawn[key] ?? 0) + 1;
    return react(plot, ...figure);
  };
}"""
LR = ".st-key-training_loop-lr input[type=range]"


def test_a_change_draws_each_chart_once_and_keeps_it_with_its_zoom(open_page, wait_idle) -> None:
    page = open_page("/training_loop")
    page.evaluate(f"() => {{ window.__plot = {PLOT}; }}")
    page.evaluate(f"() => window.Plotly.relayout({PLOT}, {{ 'xaxis.range': [20, 60] }})")
    page.evaluate(COUNT)
    for key, address in (("ArrowRight", "?lr=0.002"), ("ArrowLeft", "")):
        page.locator(LR).press(key)
        page.wait_for_function("(address) => location.search === address", arg=address)
        wait_idle(page)
    assert page.evaluate("['losses', 'answers'].map((key) => window.__drawn[`st-key-${key}`])") == [2, 2]
    assert page.evaluate(f"{PLOT} === window.__plot")
    assert page.evaluate(RANGE) == [20, 60]


def test_other_axes_end_the_zoom(open_page, wait_idle) -> None:
    page = open_page("/optimizers?contestants=SGD,Adam&steps=12")
    page.evaluate(f"() => window.Plotly.relayout({MAP}, {{ 'xaxis.range': [1, 2] }})")
    assert page.evaluate(f"{MAP}._fullLayout.xaxis.range") == [1, 2]
    page.get_by_role("button", name="A bent valley").click()
    page.wait_for_function("location.search.includes('surface=rosenbrock')")
    wait_idle(page)
    low, high = page.evaluate(f"{MAP}._fullLayout.xaxis.range")
    assert high - low > 2


def test_a_chart_far_below_is_drawn_too_and_a_theme_reaches_all_of_them(open_page, wait_idle) -> None:
    page = open_page("/optimizers?contestants=SGD,Adam&steps=12")
    for theme in ("dark", "light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(
            """(dark) => [...document.querySelectorAll(".chart")].every((chart) => chart.dataset.drawn === "true"
              && parseInt(chart.firstElementChild._fullLayout.font.color.slice(1, 3), 16) > 128 === dark)""",
            arg=theme == "dark",
        )
    assert page.locator(".chart .main-svg, .chart canvas").count() >= 5


def test_a_chart_that_cannot_be_loaded_says_so_and_a_change_tries_another_copy(context, server, wait_idle) -> None:
    page = context.new_page()  # by itself: the failed requests are errors in its console
    for copy in ("**/PlotlyChart*", "**/plotly.min.js*"):
        page.route(copy, lambda route: route.abort())
    page.goto(f"{server}/gradient_descent")
    page.locator(".st-key-curve").get_by_text("The chart could not be loaded.").wait_for()
    page.unroute("**/plotly.min.js*")  # the copy that stands behind Streamlit's
    page.get_by_role("button", name="Too low: slow").click()
    page.locator(".st-key-curve .main-svg").first.wait_for()
    wait_idle(page)
    assert page.get_by_text("could not be loaded").count() == 0
    page.close()


def test_a_finger_over_a_chart_scrolls_the_page(context, server, wait_idle) -> None:
    page = context.new_page()
    phone, screen = context.new_cdp_session(page), {"width": 375, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    phone.send("Emulation.setDeviceMetricsOverride", screen)
    phone.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.goto(f"{server}/gradient_descent")
    plane = page.locator(".st-key-curve .nsewdrag").first
    plane.wait_for()
    assert plane.evaluate("(plane) => getComputedStyle(plane).touchAction") == "auto"
    assert page.evaluate("document.querySelector('.st-key-curve .js-plotly-plot')._fullLayout.dragmode") is False
    page.close()
