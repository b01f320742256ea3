"""How a benchmark measures and what it prints: medians of interleaved repetitions, a small table, goals."""

import time
from collections.abc import Callable
from statistics import median


def medians(repetitions: int, contestants: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of processor time of each contestant.

    They take turns (A B A B), so that a busy moment hits all alike. Processor time leaves out what other programs take;
    for a contestant that computes in one thread and waits for nothing it is the time on a quiet machine.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repetitions):
        for name, run in contestants.items():
            started = time.process_time()
            run()
            seconds[name].append(time.process_time() - started)
    return {name: median(values) for name, values in seconds.items()}


def table(title: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Prints rows in columns: the first to the left, all others to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    print(f"\n{title}")
    for first, *others in [header, *rows]:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        print("  " + "  ".join([first.ljust(widths[0]), *cells]))


def goal(what: str, met: bool) -> bool:
    """Prints a goal and whether it is met, and returns the latter."""
    print(f"  goal: {what}: {'met' if met else 'missed'}")
    return met


def ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def s(seconds: float) -> str:
    return f"{seconds:.3f} s"


def times(ratio: float) -> str:
    return f"{ratio:.2f}x"
