"""Which learning rate? The losses of all optimizers against theirs."""

import streamlit as st

from core.optimizers.lr_curves import RateSweep
from core.optimizers.lr_sweep import RateWork
from core.optimizers.lr_sweep_program import rates_lines, rates_program
from core.optimizers.settings import RaceSettings
from core.plane.lr_batch import rates
from core.plane.surfaces import SURFACES
from figures.optimizers.lr_sweep import rate_picture
from figures.optimizers.rates_best import insight, short
from figures.words import fmt, plural
from pages.optimizers.shared import read_hparams, read_surface, show_surface
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import moment_index, scrubber


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        show_surface(controls)
        controls.show("steps", "follow")
        controls.show_more("optimizers", "x", "y", "lr", *_hyperparameters(controls))
        controls.reset_button()
        surface, settings = read_surface(controls), controls.read_or_explain(RaceSettings)
        all_hparams = tuple(read_hparams(controls, name) for name in controls.values["optimizers"])
        if surface is None or settings is None or None in all_hparams:
            return
        work = RateWork(surface, all_hparams, settings.steps)
        job = Job(("rates", surface, all_hparams, settings.steps), work.total_updates, lambda: work)
        found = results([job], "optimizers-rates", run_label=None)
        if not found or not found[0].curves or not found[0].moments:
            return
        sweep, follow = found[0], controls.values["follow"]
    with picture:
        _show_sweep(controls, sweep, follow, settings)
    with side:
        _show_race(controls, sweep, follow, settings)
    st.markdown(
        f"Every mark is a whole run from ({fmt(surface.x)}, {fmt(surface.y)}) on {SURFACES[surface.surface].label}, "
        f"by the real class of `torch.optim`. Too small an lr has not come far after {plural(sweep.steps)}; too "
        "large an lr jumps about or is lost. What lies between is each optimizer's own: lr is a step's length for "
        "some and a factor of the gradient for others, so one number does not mean the same to two of them."
    )
    st.markdown(
        "**Find out by moving the controls.** Which optimizer forgives most, and does it win? Play from the first step "
        "to the last: which way does the bottom of each U move, and why? On which surface is one lr good for nearly "
        "all?"
    )
    st.code("\n".join(rates_lines(sweep, follow)), language=None)
    program_panel(
        rates_program(sweep, follow),
        "optimizers_lr_sweep",
        "It runs SGD, Momentum, Adam and the followed optimizer. Run by itself, it prints the lines above.",
    )


def _hyperparameters(controls: Controls) -> list[str]:
    """The followed optimizer's, but for lr, of which all are tried."""
    prefix = f"{controls.values['follow']}."
    return [name for name in controls.kinds if name.startswith(prefix) and name != f"{prefix}lr"]


def _show_sweep(controls: Controls, sweep: RateSweep, follow: str, settings: RaceSettings) -> None:
    labels = [f"After {k} of {plural(sweep.steps)}: {short(sweep, follow, i)}" for i, k in enumerate(sweep.moments)]
    name = f"{sweep.surface!r}{[curve.hparams for curve in sweep.curves]!r}{sweep.moments}"
    index = moment_index(sweep.moments, controls.values["at"])
    scrubber(controls, "at", sweep.moments, labels, ["rate_curves"], name, "Steps after which the losses are shown")
    chart(
        rate_picture(sweep, follow, settings.lr, index),
        "rate_curves",
        on_place=lambda lr, _: _choose(controls, lr),
        on_place_y2=lambda lr, row: _choose(controls, lr, _in_row(sweep, row)),
    )


def _show_race(controls: Controls, sweep: RateSweep, follow: str, settings: RaceSettings) -> None:
    """What the followed optimizer does, and the ways into the race."""
    st.markdown(insight(sweep, follow, moment_index(sweep.moments, controls.values["at"])))
    at_end = controls.kinds["at"].high
    st.button(
        "Race, each with its best lr",
        on_click=controls.set,
        kwargs={"view": "race", "rule": "best", "at": at_end},
        key="optimizers-rates-best",
    )
    st.button(
        f"Race, all with lr = {settings.lr:.4g}",
        on_click=controls.set,
        kwargs={"view": "race", "rule": "same", "at": at_end},
        key="optimizers-rates-same",
        help="Click into the figure to choose another lr.",
    )


def _choose(controls: Controls, lr: float, follow: str | None = None) -> None:
    """Takes the rate next to a clicked place, if it is among the rates, and the optimizer in whose row it is."""
    if rates()[0] * 0.9 <= lr <= rates()[-1] * 1.1:
        followed = {} if follow is None else {"follow": follow}
        controls.set(lr=rates()[(rates() / lr).log().abs().argmin()].item(), **followed)


def _in_row(sweep: RateSweep, row: float) -> str | None:
    """The optimizer in a row of the lower part, which counts them from 0."""
    return sweep.curves[round(row)].name if 0 <= round(row) < len(sweep.curves) else None
