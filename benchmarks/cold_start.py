"""From the start of the process to a page that can be used, for somebody whose link wakes the server.

Baseline: `streamlit run` of a one-line app, started in turn with ours. Three moments: the server answers that it is
healthy, the first heading or paragraph arrives, the script is finished. Beside them, what the page needs, one after
another in a fresh process: imports, the first optimizer, the run; the rest is what the app and Streamlit add.
Goal: the first words and the menu arrive before PyTorch is imported, that is, while the process has not yet mapped
libtorch into its memory.
"""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.report import goal, s, table, times
from benchmarks.server import APP, ROOT, Server, serve, serve_text
from benchmarks.visitor import Answer, Visitor

REPETITIONS = 5
PAGE = "training_loop"
ONE_LINE = 'import streamlit; streamlit.title("Hello")'

NEEDS = """
import time
for statement in (
    "import streamlit.web.bootstrap", "import pandas", "import plotly.graph_objects", "import torch",
    "import core; torch.optim.SGD([torch.zeros(1)])",
    "from core.training_loop import settings, train; train.train(settings.TrainingLoopSettings())",
):
    started = time.perf_counter()
    exec(statement)
    print(time.perf_counter() - started, statement, sep=" ")
"""


@dataclass
class Start:
    """Seconds from the start of the process; and whether at the first text torch was loaded, the menu there."""

    healthy: float
    first_text: float = 0.0
    finished: float = 0.0
    torch_loaded: bool = False
    menu: bool = False


async def wake(server: Server, page: str) -> Start:
    """Opens a page of a server that has just been started."""
    start = Start(server.healthy)

    def heard(so_far: Answer) -> None:
        if not start.first_text:
            start.torch_loaded = "libtorch" in Path(f"/proc/{server.pid}/maps").read_text()
            start.first_text = perf_counter() - server.started
            start.menu = so_far.menu

    async with Visitor(server.url, heard) as visitor:
        await visitor.open(page)
        start.finished = perf_counter() - server.started
    return start


def needed_seconds() -> dict[str, float]:
    """Statement -> seconds, in the order in which the server executes them."""
    command = [sys.executable, "-c", NEEDS]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {statement: float(seconds) for seconds, statement in (line.split(" ", 1) for line in printed.splitlines())}


def main() -> bool:
    ours, one_line, needs = [], [], []
    for _ in range(REPETITIONS):
        needs.append(needed_seconds())
        with serve_text(ONE_LINE) as server:
            one_line.append(asyncio.run(wake(server, "")))
        with serve(APP) as server:
            ours.append(asyncio.run(wake(server, PAGE)))
    rows = []
    for moment in ("healthy", "first_text", "finished"):
        base, app = (median(getattr(start, moment) for start in starts) for starts in (one_line, ours))
        rows.append((moment.replace("_", " "), s(base), s(app), times(app / base)))
    header = ("", "one-line app (baseline)", f"/{PAGE}", "ratio")
    table(f"Cold start, seconds since the process began, median of {REPETITIONS}", header, rows)
    _print_split(needs, median(start.finished for start in ours))
    early = sum(not start.torch_loaded and start.menu for start in ours)
    return goal(f"first words and menu before libtorch is loaded ({early} of {REPETITIONS})", early == REPETITIONS)


def _print_split(needs: list[dict[str, float]], finished: float) -> None:
    seconds = {statement: median(found[statement] for found in needs) for statement in needs[0]}
    seconds["the rest"] = finished - sum(seconds.values())
    rows = [(name, s(value), f"{value / finished:.0%}") for name, value in seconds.items()]
    table("What the finished page was waiting for", ("", "time", "share"), rows)
