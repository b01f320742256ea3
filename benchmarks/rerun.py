"""Server time of a rerun in which nothing has changed, for every page and every view.

Baseline, the floor: a page with the same header and start-up (PyTorch imported, `gc.freeze()` called) and one slider,
on a server of its own. A place may add its own script to that and little else: ratio = rerun / (floor + own work).
Own work is the time of the place's script less that of the floor's, both as Streamlit times them inside the server (the
`page_profile` message of servers that gather usage statistics, as Community Cloud's do; nothing leaves this machine).
Timing the page with `AppTest` instead would leave out the threads, caches and messages that the script works with on a
real server. What the ratio shows is everything after the script: collecting garbage and sending. Goal: at most 2x.
"""

import asyncio
from contextlib import AsyncExitStack
from statistics import median

from benchmarks.places import Place, compute, places
from benchmarks.report import goal, ms, table, times
from benchmarks.server import APP, Server, serve, serve_text
from benchmarks.visitor import Answer, Visitor

REPETITIONS = 25
MOST = 2
STATISTICS = "--browser.gatherUsageStats=true"

FLOOR = """
import streamlit as st

st.session_state["framed"] = True  # there is no menu here
from ui.page import begin

begin("An empty page", "The same header and the same imports as every page.")
st.slider("x", 0, 10)
"""


async def measure(app: Server, floor: Server) -> dict[str, list[Answer]]:
    """The answers of the floor ("") and of each place, taken in turn; every place is open in a window of its own."""
    async with AsyncExitStack() as windows:
        shown = {"": await _window(windows, floor, Place("", "", ""))}
        for place in places():
            shown[place.name] = await _window(windows, app, place)
        for visitor in shown.values():  # once a session and module, Streamlit looks where a module's file lies
            await visitor.rerun()
        answers: dict[str, list[Answer]] = {name: [] for name in shown}
        for _ in range(REPETITIONS):
            for name, visitor in shown.items():
                answers[name].append(await visitor.rerun())
        return answers


async def _window(windows: AsyncExitStack, server: Server, place: Place) -> Visitor:
    visitor = await windows.enter_async_context(Visitor(server.url))
    await compute(visitor, place)
    return visitor


def main() -> bool:
    with serve(APP, STATISTICS) as app, serve_text(FLOOR, STATISTICS) as floor:
        answers = asyncio.run(measure(app, floor))
    rerun = {name: median(a.seconds for a in found) for name, found in answers.items()}
    script = {name: median(a.script_seconds for a in found) for name, found in answers.items()}
    rows, ratios = [], {}
    for name, found in answers.items():
        own = max(script[name] - script[""], 0.0)
        ratios[name] = rerun[name] / (rerun[""] + own)
        worst = max(a.seconds for a in found)
        size = f"{median(a.size for a in found) / 1000:,.0f} kB"
        cells = (ms(script[name]), ms(own), ms(rerun[name]), ms(worst), size, times(ratios[name]))
        rows.append((name or "the floor (baseline)", *cells))
    header = ("", "script", "own work", "rerun", "worst", "sent", "rerun / (floor + own)")
    table(f"Rerun with nothing changed, median of {REPETITIONS}", header, rows)
    return goal(f"every place at most {MOST}x the floor plus its own work", max(ratios.values()) <= MOST)
