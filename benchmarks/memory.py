"""Memory of the server when 20 visitors have opened every page and every view.

Baseline: 650 MB, what the design allows (Community Cloud guarantees 690 MB). A fresh server is read from
/proc/<pid>/status four times: alone; after one visitor has opened everything and run what there is to run; after 20
visitors at the same time have done the same reading; and after each of them has trained a run of its own (a seed each),
so that the store of results is full. All connections stay open. Goal: the peak (VmHWM) stays below 650 MB.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.places import compute, places
from benchmarks.report import goal, table
from benchmarks.server import APP, Server, serve
from benchmarks.visitor import Visitor

VISITORS = 20
ALLOWED = 650  # MB
OWN_RUN = ("training_loop", "seed={seed}")

Reading = dict[str, float]


def read_memory(pid: int) -> Reading:
    """Resident memory of a process in MB, now (VmRSS) and at most so far (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")}


async def _open_everything(visitor: Visitor) -> None:
    for place in places():
        await visitor.open(place.page, place.query)


async def measure(server: Server) -> dict[str, Reading]:
    """A reading after each stage."""
    readings = {"server alone": read_memory(server.pid)}
    async with AsyncExitStack() as connections:
        visitors = [await connections.enter_async_context(Visitor(server.url)) for _ in range(VISITORS)]
        for place in places():
            await compute(visitors[0], place)
        readings["after 1 visitor"] = read_memory(server.pid)
        await asyncio.gather(*map(_open_everything, visitors))
        readings[f"after {VISITORS} visitors"] = read_memory(server.pid)
        page, query = OWN_RUN
        own_runs = [v.open(page, query.format(seed=i + 1)) for i, v in enumerate(visitors)]
        await asyncio.gather(*own_runs)
        readings["after a run of their own each"] = read_memory(server.pid)
    return readings


def main() -> bool:
    with serve(APP) as server:
        readings = asyncio.run(measure(server))
    rows, before = [], 0.0
    for stage, found in readings.items():
        now, peak = found["VmRSS"], found["VmHWM"]
        cells = (f"{now:.0f} MB", f"+{now - before:.0f} MB", f"{peak:.0f} MB", f"{peak / ALLOWED:.0%}")
        rows.append((stage, *cells))
        before = now
    header = ("", "VmRSS", "more than before", "VmHWM", f"share of {ALLOWED} MB")
    table(f"Memory: {len(places())} places, {VISITORS} visitors at the same time", header, rows)
    return goal(f"peak below {ALLOWED} MB", max(found["VmHWM"] for found in readings.values()) < ALLOWED)
