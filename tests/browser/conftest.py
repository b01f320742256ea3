"""A running server, a real browser, and pages that fail their test when a script in them fails.

def test_something(open_page, wait_idle):
    page = open_page("/training_loop?lr=0.002")    # a Playwright page, opened and at rest
    page.get_by_role("button", name="Run").click()
    wait_idle(page)
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds; how long to wait for what must happen, not how fast it must be
QUIET = 500  # milliseconds without a run of the script, after which the app counts as idle
WIDE = {"width": 1280, "height": 800}
DEEP_LINK = "/training_loop?lr=0.002&seed=3"  # what the first visitor of the new server opens

# Runs in every page before the app: what keeps it from being idle, since when it is, and how many messages it has sent.
WATCH = """
window.__busy = () => {
  const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  const charts = [...document.querySelectorAll(".chart:not([data-drawn=true])")].filter((chart) => chart.clientWidth);
  const undrawn = [...charts, ...document.querySelectorAll("[data-testid=stSkeleton]")];
  return [...(state === "notRunning" ? [] : [`the script: ${state}`]),
    ...undrawn.map((element) => element.closest("[class*=st-key-]")?.className ?? element.className)];
};
window.__lastBusy = performance.now();
window.__idleFor = (quiet) => {
  if (window.__busy().length) window.__lastBusy = performance.now();
  return performance.now() - window.__lastBusy > quiet;
};
new MutationObserver(() => { window.__lastBusy = performance.now(); }).observe(
  document, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] });
window.__sent = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...message) {
  send.apply(this, message);
  window.__sent += 1;
  window.__afterSending?.();
};
"""

IDLE: list[Page] = []  # tabs that no test looks at
OpenPage = Callable[..., Page]
WaitIdle = Callable[..., None]

expect.set_options(timeout=PATIENCE * 1000)


def free_port() -> int:
    """A port at which no server listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running_server(port: int) -> Iterator[str]:
    """A freshly started server that nobody has visited yet; its address."""
    options = {
        "server.headless": "true",
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.fileWatcherType": "none",  # what is edited while the tests run is not their business
    }
    flags = [text for name, value in options.items() for text in (f"--{name}", value)]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *flags], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for_health(process, address)
            yield address
            assert process.poll() is None, f"the server ended by itself, with code {process.returncode}:\n{_end(log)}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _end(log: TextIO) -> str:
    log.seek(0)
    return log.read()[-2000:]


def _wait_for_health(process: subprocess.Popen, address: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if process.poll() is not None:
            pytest.fail(f"The server ended at once, with code {process.returncode}.")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
            return
        time.sleep(0.1)
    pytest.fail(f"The server did not answer within {PATIENCE} s.")


@pytest.fixture(scope="session")
def context() -> Iterator[BrowserContext]:
    """One browser profile for all tests: what it has loaded and compiled once, it need not load again.

    A profile on disk keeps compiled scripts, which saves a fifth of the processor time of opening a page.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("These tests need Chromium: no program `chromium` on the PATH.")
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--js-flags=--no-opt",
    ]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
        playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium, args=flags, reduced_motion="reduce"
        ) as profile,
    ):
        profile.set_default_timeout(PATIENCE * 1000)
        profile.add_init_script(WATCH)
        yield profile


@pytest.fixture(scope="session")
def first_visit(context: BrowserContext) -> Iterator[tuple[str, Page]]:
    """A new server and the page of its very first visitor, who comes by a deep link."""
    with running_server(free_port()) as address, _tab(context, address) as open_page:
        yield address, open_page(DEEP_LINK)


@pytest.fixture(scope="session")
def server(first_visit: tuple[str, Page]) -> str:
    """The address of the server that all tests share."""
    return first_visit[0]


@pytest.fixture(scope="session")
def place_on() -> Callable[[Page, str, float, float], list[float]]:
    """The place on the screen of a point in a chart's own numbers, once the chart is in sight."""
    script = """([key, x, y]) => { const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
      const box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout;
      return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)]; }"""

    def place(page: Page, key: str, x: float, y: float) -> list[float]:
        page.locator(f".st-key-{key}").scroll_into_view_if_needed()
        return page.evaluate(script, [key, x, y])

    return place


@pytest.fixture
def own_server(context: BrowserContext) -> Iterator[tuple[OpenPage, Callable[[], None]]]:
    """Opens links of a server of the test's own, and starts it anew at the same address: then it knows nobody."""
    port = free_port()
    with contextlib.ExitStack() as running:
        address = running.enter_context(running_server(port))

        def restart() -> None:
            running.close()
            running.enter_context(running_server(port))

        with _tab(context, address) as open_page:
            yield open_page, restart


@pytest.fixture(scope="session")
def wait_idle() -> WaitIdle:
    """Waits until the script is not running, has not been for a while, and all charts are drawn."""
    return _wait_idle


@pytest.fixture
def open_page(context: BrowserContext, server: str) -> Iterator[OpenPage]:
    """Opens links of the app, each in a tab of its own."""
    with _tab(context, server) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def open_module_page(context: BrowserContext, server: str) -> Iterator[OpenPage]:
    """The same, for tabs that several tests look at."""
    with _tab(context, server) as open_page:
        yield open_page


@contextlib.contextmanager
def _tab(context: BrowserContext, address: str) -> Iterator[OpenPage]:
    """Opens links; fails at the end if a script failed or a request went elsewhere.

    A link is loaded into a tab that an earlier test has left, if there is one: as good as new for the app, and half the
    processor time of a new tab.
    """
    tabs: list[Page] = []
    errors: list[str] = []
    listeners: dict[str, Callable[[object], None]] = {
        "pageerror": lambda error: errors.append(str(error)),
        "request": lambda request: errors.extend(_elsewhere(request.url, address)),
        "websocket": lambda opened: errors.extend(_elsewhere(opened.url, address)),
    }

    def open_page(link: str, size: dict[str, int] = WIDE, guess: bool = False) -> Page:
        """Opens a link; the guess that may hold something back is left to the test, or else passed over."""
        page = IDLE.pop() if IDLE else context.new_page()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        for event, listener in listeners.items():
            page.on(event, listener)
        tabs.append(page)
        page.goto(address + link)
        _wait_idle(page)
        just_show_me = page.get_by_role("button", name="Just show me")
        if not guess and just_show_me.count():
            just_show_me.click()
            just_show_me.wait_for(state="detached")
            _wait_idle(page)
        return page

    yield open_page
    for page in (page for page in tabs if not page.is_closed()):
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        page.unroute_all()
        page.goto(f"{address}/_stcore/health")  # the same site, so that the tab keeps its process, but no app in it
        IDLE.append(page)
    assert not errors, "\n".join(errors)


def _elsewhere(url: str, address: str) -> list[str]:
    url = url.removeprefix("blob:")
    inside = url.startswith("data:") or urlsplit(url).netloc == urlsplit(address).netloc
    return [] if inside else [f"request to another host: {url[:200]}"]


def _wait_idle(page: Page, quiet: int = QUIET) -> None:
    page.evaluate("window.__lastBusy = performance.now()")
    try:
        page.wait_for_function("(quiet) => window.__idleFor(quiet)", arg=quiet, polling=50)
    except TimeoutError:
        pytest.fail(f"The app did not come to rest within {PATIENCE} s: {page.evaluate('window.__busy()')}")
