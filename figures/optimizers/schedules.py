"""Two ensembles under noise, one with a constant learning rate and one with a schedule: their clouds and losses."""

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.noisy_runs import RUNS, End, Ensemble
from core.optimizers.schedules import SCHEDULES, parts, reads_lr
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stationary_variance import Cloud
from core.plane.surfaces import points_of
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes, numbers
from figures.words import fmt, plural

HEIGHT = 430
ALIKE = 1.05  # times; medians that are closer end alike
RING = {"symbol": "circle-open", "color": BLUE, "size": 6, "line": {"color": BLUE, "width": 1.2}}
DIAMOND = {"symbol": "diamond", "color": VERMILLION, "size": 6, "line": {"color": "white", "width": 0.6}}
CONSTANT = {"color": BLUE, "dash": "dash", "marker": RING}
FALLING = {"color": VERMILLION, "dash": "solid", "marker": DIAMOND}
SHADES = {BLUE: "rgba(0, 114, 178, 0.22)", VERMILLION: "rgba(213, 94, 0, 0.30)"}


def name_of(schedule: str) -> str:
    """A schedule in a sentence, without its class."""
    return SCHEDULES[schedule].split(" (")[0]


def class_of(found: Ensemble) -> str:
    """The class of `torch.optim.lr_scheduler` that it is made of."""
    names = [name for name, _ in parts(found.settings)]
    return names[0] if len(names) == 1 else f"SequentialLR of {' and '.join(names)}"


def pairs_of(constant: Ensemble, found: Ensemble) -> list[tuple[str, Ensemble, dict[str, object]]]:
    """Who is drawn: name, ensemble and look; one alone where both are the same."""
    pairs = [("constant lr", constant, CONSTANT)]
    return pairs if found is constant else [*pairs, (name_of(found.settings.schedule), found, FALLING)]


def height_of(surface: SurfaceSettings, shown: tuple[Ensemble, ...]) -> float | None:
    """The height from which losses are counted on a log axis: the lowest minimum; None if a run gets below it."""
    minima = [p.value for p in points_of(surface.surface, surface.text) if p.kind in ("minimum", "cusp")]
    band = torch.cat([torch.cat([e.band.flatten(), e.noiseless]) for e in shown])
    if not minima or (band[torch.isfinite(band)] < min(minima) - 1e-9 * (1 + abs(min(minima)))).any():
        return None
    return min(minima)


@cached
def schedule_losses(surface: SurfaceSettings, constant: Ensemble, found: Ensemble) -> Picture:
    """The learning rate of each step over the loss before it, with one cursor; one frame a moment."""
    pairs, figure = pairs_of(constant, found), go.Figure()
    base = height_of(surface, (constant, found))
    steps = np.arange(found.steps + 1, dtype=np.int32)
    bands = {label: _heights(ensemble.band, base) for label, ensemble, _ in pairs}
    for label, ensemble, style in pairs:
        _band(figure, steps, bands[label], label, style)
        figure.add_scatter(
            x=steps[:-1],
            y=numbers(ensemble.lr),
            yaxis="y2",
            name=f"lr, {label}",
            mode="lines",
            line={"color": style["color"], "dash": style["dash"], "width": 2.5, "shape": "hv"},
            showlegend=False,
        )
    for label, ensemble, style in pairs:
        _mark_lost(figure, ensemble, bands[label], label, style)
    quiet = _heights(found.noiseless, base)
    line = {"color": GREY, "dash": "dot", "width": 2.5}
    figure.add_scatter(x=steps, y=quiet, name="without noise", mode="lines", line=line)
    place = len(figure.data)
    shape = {"symbol": "diamond", "size": 12, "line": {"color": "white", "width": 1.5}}
    for name, yaxis in (("you are here", "y"), ("lr here", "y2")):
        color = pairs[-1][2]["color"]
        data = _cursor(found, bands[pairs[-1][0]], 0)[yaxis]
        figure.add_scatter(
            **data,
            yaxis=yaxis,
            name=name,
            mode="markers",
            marker=shape | {"color": color},
            cliponaxis=False,  # an lr of 0 lies on the edge
            showlegend=False,
        )
    frames = [
        {"data": list(_cursor(found, bands[pairs[-1][0]], moment).values()), "traces": [place, place + 1]}
        for moment in found.moments
    ]
    axes(figure, "step", "f" if base is None else _height_title(base))
    if base is not None:
        shown = np.concatenate([band.flatten() for band in bands.values()])
        good = shown[np.isfinite(shown)]
        extra = quiet[quiet > good.min() / 30] if len(good) else quiet
        log_axis(figure, np.concatenate([shown, extra]))
    figure.update_layout(
        height=HEIGHT,
        yaxis={"domain": [0, 0.6]},
        yaxis2={
            "domain": [0.68, 1],
            "title": "learning rate",
            "type": "linear",
            "rangemode": "tozero",
            "anchor": "x",
            "exponentformat": "power",
            "nticks": 4,
        },
    )
    caption = _loss_caption(found, pairs, base)
    alt = f"Above the learning rate of each step, below bands of the loss on one axis of steps. {caption}"
    return Picture(figure, caption, alt, _table(pairs, found), frames=frames)


def _height_title(base: float) -> str:
    return "f, log scale" if base == 0 else f"f {'−' if base > 0 else '+'} {fmt(abs(base))}, log scale"


def _heights(loss: torch.Tensor, base: float | None) -> np.ndarray:
    """Losses as they are drawn, in single precision; what is too large for it or not above 0 on a log axis is a gap."""
    loss = torch.where(loss.abs() < 1e30, loss, torch.nan)
    return numbers(loss) if base is None else drawn(numbers(loss - base))


def _band(figure: go.Figure, steps: np.ndarray, band: np.ndarray, label: str, style: dict[str, str]) -> None:
    edge = {"color": style["color"], "width": 0.5}
    figure.add_scatter(
        x=steps, y=band[:, 0], mode="lines", line=edge, showlegend=False, hoverinfo="skip", name=f"10 %, {label}"
    )
    figure.add_scatter(
        x=steps,
        y=band[:, 2],
        mode="lines",
        line=edge,
        fill="tonexty",
        fillcolor=SHADES[style["color"]],
        showlegend=False,
        hoverinfo="skip",
        name=f"90 %, {label}",
    )
    line = {"color": style["color"], "dash": style["dash"], "width": 2.5}
    figure.add_scatter(x=steps, y=band[:, 1], name=label, mode="lines", line=line)


def _mark_lost(figure: go.Figure, ensemble: Ensemble, band: np.ndarray, label: str, style: dict[str, str]) -> None:
    """A cross where the median of the runs is lost: what goes before may be too short to be seen."""
    median = band[:, 1]
    good = np.flatnonzero(np.isfinite(median))
    if ensemble.diverged < RUNS or not len(good):
        return
    figure.add_scatter(
        x=good[-1:],
        y=median[good[-1:]],
        mode="markers",
        marker={"symbol": "x", "size": 13, "color": style["color"], "line": {"color": "white", "width": 1.5}},
        name=f"{label}: all lost",
        showlegend=True,
    )


def _cursor(found: Ensemble, band: np.ndarray, moment: int) -> dict[str, dict[str, list[float | None]]]:
    """Where the two marks stand: on the median loss, and on the lr of the next step."""
    median, lr = float(band[moment, 1]), found.lr[min(moment, found.steps - 1)].item()
    return {"y": {"x": [moment], "y": [None if np.isnan(median) else median]}, "y2": {"x": [moment], "y": [lr]}}


def _loss_caption(found: Ensemble, pairs: list, base: float | None) -> str:
    said = "; ".join(f"{label}: {_levels_words(ensemble)}" for label, ensemble, _ in pairs)
    ratio = pairs[0][1].band[-1, 1].item(), found.band[-1, 1].item()
    text = f"Lines are medians, bands hold the middle 80 % of the runs. After {plural(found.steps)}, {said}."
    if base is not None and len(pairs) > 1 and min(ratio) - base > 0 and max(ratio) < float("inf"):
        times = (ratio[0] - base) / (ratio[1] - base)
        if max(times, 1 / times) < ALIKE:
            text += " Both end about equally high."
        else:
            text += f" The schedule ends {fmt(max(times, 1 / times), 3)} times {'lower' if times > 1 else 'higher'}."
    return f"{text} lr of the last step: {fmt(found.lr[-1].item(), 3)}. {_quiet_words(found)}"


def _quiet_words(found: Ensemble) -> str:
    """Where the run without noise ends."""
    quiet = found.noiseless[-1].item()
    if math.isfinite(quiet):
        return f"Without noise: {fmt(quiet, 3)}."
    return f"Without noise the run is lost{', too' if found.diverged else ''}."


def _levels_words(ensemble: Ensemble) -> str:
    """The losses at the end."""
    if ensemble.diverged == RUNS:
        return "all runs lost"
    low, median, high = (_loss(value) for value in ensemble.band[-1].tolist())
    return f"median {median}, from {low} to {high}"


def _loss(value: float) -> str:
    return "lost" if value == math.inf else fmt(value, 3)


def _table(pairs: list, found: Ensemble) -> pd.DataFrame:
    columns: dict[str, object] = {"step": range(found.steps + 1)}
    for label, ensemble, _ in pairs:
        columns[f"lr ({label})"] = [*ensemble.lr.tolist(), None]
        for i, name in enumerate(("10 %", "median", "90 %")):
            columns[f"f, {name} ({label})"] = ensemble.band[:, i].tolist()
    return pd.DataFrame(columns | {"f without noise": found.noiseless.tolist()})


def label(constant: Ensemble, found: Ensemble, i: int) -> str:
    """What the scrubber says at a moment."""
    moment = found.moments[i]
    medians = ", ".join(f"{name} {_loss(e.band[moment, 1].item())}" for name, e, _ in pairs_of(constant, found))
    lr = found.lr[min(moment, found.steps - 1)].item()
    return f"After {moment} of {plural(found.steps)}: lr = {fmt(lr, 3)}; median f: {medians}."


def end_table(ends: tuple[End, ...]) -> str:
    """Where schedules end, as a table; the lowest median stands out."""
    best = min((end.loss[1] for end in ends if len(ends) > 1), default=math.inf)
    rows = []
    for end in ends:
        low, median, high = (_loss(value) for value in end.loss)
        bold = "**" if end.loss[1] == best < math.inf else ""
        name, wide = SCHEDULES[end.schedule], "lost" if math.isnan(end.radius) else fmt(end.radius, 3)
        rows.append(f"| {name} | {fmt(end.lr, 3)} | {bold}{median}{bold} | {low} to {high} | {wide} | {end.diverged} |")
    head = f"| schedule | lr of the last step | median f | 10 to 90 % | radius | lost of {RUNS} |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def theory_words(theory: Cloud | None, constant: Ensemble) -> str:
    """The width of the constant cloud, from theory and measured."""
    if constant.settings.noise == 0:
        return "Without noise (σ = 0) there is no cloud."
    if theory is None:
        return (
            "Theory has a formula for SGD and Momentum in a minimum that they stay in; for these settings it has none. "
            f"{reads_lr(constant.settings)}"
        ).strip()
    point = theory.point
    sides = [
        f"| {fmt(h)} | {fmt(wide.item(), 3)} | {fmt(seen.item(), 3)} | about {max(1, round(patience)):,} |"
        for h, wide, seen, patience in zip(
            theory.curvatures, theory.expected, theory.measured, theory.patience, strict=True
        )
    ]
    rows = ["| curvature h | spread in theory | spread of the runs | steps to get there |", "|---|---|---|---|", *sides]
    head = f"At the minimum ({fmt(point.x)}, {fmt(point.y)}), where {theory.runs} of {RUNS} runs end:"
    off = fmt(100 / (2 * theory.runs) ** 0.5, 2)
    error = f"A spread of {theory.runs} runs is itself off by about ±{off} %, and by twice that now and then."
    late = [patience for patience in theory.patience if patience > constant.steps]
    if late:
        error += f" {plural(constant.steps)} are not enough to get there."
    return f"{head}\n\n" + "\n".join(rows) + f"\n\n{error}"


def noise_words(constant: Ensemble, found: Ensemble) -> str:
    """What the noise does to the runs on screen."""
    sigma = constant.settings.noise
    if sigma == 0:
        return "Here σ = 0: all runs are one, and there is no cloud that a schedule could shrink."
    text = (
        "A mini-batch knows the gradient only roughly: here each part of it gets a normal random number of spread "
        f"σ = {fmt(sigma)}. "
    )
    if constant.diverged == RUNS:
        rest = "" if found is constant else f", with the schedule {found.diverged}"
        return f"{text}With the constant lr all {RUNS} runs are lost{rest}: no cloud is left to compare."
    return (
        f"{text}Where the slope is larger than that, the runs go where the slope sends them. Near a minimum there is "
        "hardly any slope, and under a constant lr the noise keeps the runs in a **cloud** around it. The smaller lr, "
        "the smaller the cloud, but the longer the way. A **schedule** can have both: long steps first, short ones at "
        "the end."
    )
