"""A simulated loader with workers: who did what when, and how many workers are enough."""

import pandas as pd
import plotly.graph_objects as go

from core.datasets_and_loaders.workers import (
    MOST_WORKERS,
    Timeline,
    Work,
    by_workers,
    enough_workers,
    speed_up,
    steady_ms,
    waited_later,
)
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import fmt, plural

MAIN = "main process"
MOST_WRITTEN = 24  # batches whose numbers are written into the bars


def timeline(run: Timeline) -> Picture:
    """One row a process; bars from the start to the end of each piece of work."""
    s = run.settings
    lanes = [MAIN, *(f"worker {worker}" for worker in range(s.num_workers))]
    figure = go.Figure()
    bars = (  # thin fills, so that numbers keep their contrast in both themes
        ("loading a batch", run.loads, BLUE, {"color": "rgba(0, 114, 178, 0.28)"}),
        ("training on it", run.trains, VERMILLION, _hatched("/", "rgba(213, 94, 0, 0.35)")),
        ("waiting for a worker", run.waits, GREY, _hatched("x", GREY)),
    )
    for name, work, color, fill in bars:
        if work:
            figure.add_bar(**_bars(work, lanes), name=name, marker=fill | {"line": {"color": color, "width": 2}})
    if len(run.loads) <= MOST_WRITTEN:
        written = [*run.loads, *run.trains]
        places = {"x": [(w.start + w.end) / 2 for w in written], "y": [lanes[w.worker + 1] for w in written]}
        words = {"text": [f"{w.batch}" for w in written], "mode": "text", "textfont": {"size": 12}}
        figure.add_scatter(**places, **words, showlegend=False, hoverinfo="skip")
    axes(figure, "time since the start of the epoch, in ms", "process (simulated)")
    figure.update_layout(barmode="overlay", bargap=0.25, height=170 + 38 * len(lanes))
    figure.update_yaxes(categoryorder="array", categoryarray=lanes, autorange="reversed")
    figure.update_xaxes(rangemode="tozero", range=[0, 1.02 * run.total])
    waited = sum(piece.end - piece.start for piece in run.waits)
    rest = f", of which the main process waits {fmt(waited, 3)} ms" if s.num_workers else ""
    caption = (
        "A simulation: each bar is one batch, its number in the bar. "
        f"The epoch takes {fmt(run.total, 4)} ms{rest}: {fmt(run.per_second, 3)} batches a second."
    )
    return Picture(figure, caption, f"Bars over time, a row for each process. {caption}", _table(run))


def _hatched(shape: str, color: str) -> dict[str, object]:
    return {"color": "rgba(0, 0, 0, 0)", "pattern": {"shape": shape, "fgcolor": color, "size": 10, "solidity": 0.2}}


def _bars(work: list[Work], lanes: list[str]) -> dict[str, object]:
    return {
        "base": [piece.start for piece in work],
        "x": [piece.end - piece.start for piece in work],
        "y": [lanes[piece.worker + 1] for piece in work],
        "orientation": "h",
        "hoverinfo": "skip",
    }


def _table(run: Timeline) -> pd.DataFrame:
    pairs = zip(run.loads, run.trains, strict=True)
    rows = [(load.batch, load.worker, load.start, load.end, train.start, train.end) for load, train in pairs]
    table = pd.DataFrame(rows, columns=["batch", "worker", "load from", "load to", "train from", "train to"])
    return table.assign(worker=[MAIN if worker < 0 else f"worker {worker}" for worker in table["worker"]])


def speed_by_workers(run: Timeline) -> Picture:
    """Batches a second against the number of workers."""
    speeds, s = by_workers(run.settings), run.settings
    figure = go.Figure()
    figure.add_scatter(
        y=speeds, mode="lines+markers", line={"color": BLUE, "width": 3}, marker={"size": 8}, name="speed"
    )
    marker = {"color": VERMILLION, "size": 15, "symbol": "diamond", "line": {"color": "white", "width": 2}}
    figure.add_scatter(x=[s.num_workers], y=[run.per_second], mode="markers", marker=marker, name="you are here")
    axes(figure, "workers", "batches a second (simulated)").update_layout(height=280)
    figure.update_yaxes(rangemode="tozero")
    figure.update_xaxes(dtick=1)
    limit, enough = 1000 / s.train_ms, enough_workers(s)
    more = (
        f"From {plural(enough, 'worker')} on, more of them bring at most 5%" if enough else "Workers bring at most 5%"
    )
    caption = (
        f"{more if enough < MOST_WORKERS else f'Of these, {MOST_WORKERS} workers are the fastest'}. "
        f"Training alone would allow {fmt(limit, 3)} batches a second."
    )
    table = pd.DataFrame({"workers": range(len(speeds)), "batches a second": speeds})
    return Picture(figure, caption, f"Line chart of speed against the number of workers. {caption}", table)


def by_hand(run: Timeline) -> str:
    """The time for a batch in a long epoch; where loading times vary, slow ones can only add to it."""
    s, each = run.settings, steady_ms(run.settings)
    least, most = ("at least ", "at most ") if s.uneven and s.num_workers else ("", "")
    if s.num_workers == 0:
        said = f"Without workers, a batch takes {'on average ' * (s.uneven > 0)}{s.load_ms} ms + {s.train_ms} ms"
    else:
        share = f"{s.load_ms} / {s.num_workers} = {fmt(s.load_ms / s.num_workers)} ms"
        said = (
            f"A worker has a batch ready every {s.load_ms} ms, {plural(s.num_workers, 'worker')} one every {share}; "
            f"training takes {s.train_ms} ms. In a long epoch a batch takes {least}the larger of the two"
        )
    return f"{said} = **{fmt(each)}** ms, so {most}1000 / {fmt(each)} = {fmt(1000 / each)} batches a second."


def why(run: Timeline) -> str:
    """How much faster, and whether the training still waits."""
    later, ratio = waited_later(run), fmt(speed_up(run.settings), 3)
    end = f"it still waits for {plural(later, 'batch', 'batches')}" if later else "never waits again"
    return f"{ratio} times as fast: the main process no longer loads, and after the first batch {end}."


def measured_table(found: dict[str, float]) -> pd.DataFrame:
    """Samples a second of each way, and how many times as fast as the first."""
    slowest = next(iter(found.values()))
    return pd.DataFrame(
        {
            "way": list(found),
            "samples a second": [f"{speed:,.0f}" for speed in found.values()],
            "as fast as the first": [f"{speed / slowest:,.1f} ×" for speed in found.values()],
        }
    )
