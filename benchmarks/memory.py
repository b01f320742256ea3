"""Memory of the server when 20 visitors have opened every page and every view.

Baseline: what the design allows, 480 MB for six concepts and 650 MB for fourteen; and the 690 MB that Community Cloud
guarantees. A fresh server is read from /proc/<pid>/status: alone; while one visitor opens place after place and presses
Run in each; after 20 visitors at the same time have opened every place; and after each of them has opened every place
with a seed of its own, so that nobody's results are there yet and the store of results overflows. All connections stay
open. A second fresh server is read after one visitor has gone through 150 settings at their upper ends, and after ten
at once have gone through 150 more (`benchmarks/upper_ends.py`). Goals: after 20 visitors at every place what is
resident (VmRSS) is below what is allowed, with a seed each at most 80 MB above that, and every peak (VmHWM) below what
is guaranteed.
"""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from benchmarks.places import compute, places, run_button
from benchmarks.report import goal, table
from benchmarks.server import APP, Server, serve
from benchmarks.upper_ends import links
from benchmarks.visitor import Visitor

VISITORS = 20
CONCEPTS = len({place.page for place in places()} - {""})
ALLOWED = 480 + (650 - 480) // 8 * max(CONCEPTS - 6, 0)  # MB
ALLOWED_WITH_SEEDS = ALLOWED + 80
GUARANTEED = 690
ALL_VISITORS = f"{VISITORS} visitors, every place"
WITH_SEEDS = f"{VISITORS} visitors, a seed each"
SETTINGS, AT_ONCE = 150, 10  # at their upper ends; visitors who share as many more
LONGEST = 6  # seconds that a visitor waits before going on

Reading = dict[str, float]


def read_memory(pid: int) -> Reading:
    """Resident memory of a process in MB, now (VmRSS) and at most so far (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")}


async def _open_everything(visitor: Visitor, seed: str = "") -> None:
    for place in places():
        # The first page has no seed; a page without parameters of that name would say so.
        own = seed if place.page else ""
        await visitor.open(place.page, "&".join(filter(None, (place.query, own))))


async def measure(server: Server) -> dict[str, Reading]:
    """A reading after each stage."""
    readings = {"server alone": read_memory(server.pid)}
    async with AsyncExitStack() as connections:
        visitors = [await connections.enter_async_context(Visitor(server.url)) for _ in range(VISITORS)]
        for place in places():
            await compute(visitors[0], place)
            readings[f"1 visitor, {place.name}"] = read_memory(server.pid)
        await asyncio.gather(*map(_open_everything, visitors))
        readings[ALL_VISITORS] = read_memory(server.pid)
        await asyncio.gather(*[_open_everything(v, f"seed={i + 1}") for i, v in enumerate(visitors)])
        readings[WITH_SEEDS] = read_memory(server.pid)
    return readings


async def _go_through(server: Server, settings: list[tuple[str, str]]) -> None:
    """One visitor opens link after link, presses Run where it is offered, and loses patience after a while."""
    async with Visitor(server.url) as visitor:
        for page, query in settings:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST):
                    run = run_button(await visitor.open(page, query))
                    await (visitor.press(run) if run else asyncio.sleep(0))


async def measure_upper_ends(server: Server) -> dict[str, Reading]:
    """A reading after one visitor, and one after ten at once."""
    alone, *others = ([*links(SETTINGS // n, seed)] for seed, n in enumerate([1] + [AT_ONCE] * AT_ONCE))
    await _go_through(server, alone)
    readings = {f"1 visitor, {SETTINGS} upper ends": read_memory(server.pid)}
    await asyncio.gather(*(_go_through(server, settings) for settings in others))
    return readings | {f"{AT_ONCE} at once, {SETTINGS} more": read_memory(server.pid)}


def main() -> bool:
    with serve(APP) as server:
        readings = asyncio.run(measure(server))
    with serve(APP) as server:
        upper = asyncio.run(measure_upper_ends(server))
    readings |= upper
    rows, before = [], 0.0
    for stage, found in readings.items():
        now, peak = found["VmRSS"], found["VmHWM"]
        cells = (f"{now:.0f} MB", f"{now - before:+.0f} MB", f"{now / ALLOWED:.0%}", f"{peak:.0f} MB")
        rows.append((stage, *cells, f"{peak / ALLOWED:.0%}"))
        before = now
    header = ("", "VmRSS", "change", f"share of {ALLOWED} MB", "VmHWM", "share")
    table(f"Memory: {len(places())} places, {VISITORS} visitors at the same time", header, rows)
    end, seeds = readings[ALL_VISITORS], readings[WITH_SEEDS]
    return all(
        (
            goal(f"{ALL_VISITORS}: resident below {ALLOWED} MB", end["VmRSS"] < ALLOWED),
            goal(f"{WITH_SEEDS}: resident below {ALLOWED_WITH_SEEDS} MB", seeds["VmRSS"] < ALLOWED_WITH_SEEDS),
            goal(
                f"every peak below {GUARANTEED} MB",
                all(found["VmHWM"] < GUARANTEED for found in (seeds, *upper.values())),
            ),
        )
    )
