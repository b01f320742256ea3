"""Which learning rate? The losses of all optimizers against theirs."""

import streamlit as st

from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.lr_sweep import LrSweep, LrSweepTask
from core.optimizers.program.lr_sweep import lr_sweep_program
from core.optimizers.settings import RaceSettings
from core.plane.lr_batch import learning_rates
from figures.optimizers.lr_sweep import best_words, lr_rows_picture, lr_sweep_picture, spread_words
from figures.words import plural
from pages.optimizers.shared import read_hparams, read_surface, show_surface
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

CHARTS = ["lr_sweep", "lr_rows"]
SPREADS = {10.0: "Less than 10 times", 100.0: "10 to 100 times", float("inf"): "More than 100 times"}  # up to there


def show(controls: Controls) -> None:
    st.markdown(
        "Too small a learning rate hardly moves, too large a one jumps about or diverges. **Which is best, and "
        "how much may one be wrong?**"
    )
    layout = view_layout()
    with layout.side:
        show_surface(controls)
        controls.show("steps", "follow")
        follow = controls.values["follow"]
        of_followed = [name for name in controls.kinds if name.startswith(f"{follow}.") and name != f"{follow}.lr"]
        controls.show_more("optimizers", "x", "y", "lr", *of_followed)
        controls.reset_button()
        surface, settings = read_surface(controls), controls.read(RaceSettings)
        taking_part = [name for name in PLANE_OPTIMIZERS if name in controls.values["optimizers"] or name == follow]
        all_hparams = tuple(read_hparams(controls, name) for name in taking_part)
    with layout.stage:
        found = results([LrSweepTask(surface, all_hparams, settings.steps)], "optimizers-lr_sweep", run_label=None)
        if not found or not found[0].curves or not found[0].frame_steps:
            return
        sweep = found[0]
        if not _guess(controls, layout, sweep):
            held_chart(lr_sweep_picture(sweep, follow, settings.lr, 0), "lr_sweep", layout.words)
            return
        _show_sweep(controls, layout, sweep, follow, settings.lr)
    with layout.side:
        _race_buttons(controls, settings.lr)
    st.markdown(
        "**Find out by moving the controls.** On which surface has another optimizer the longest bar? Play "
        "from the first step to the last: which way does the bottom of each curve move, and why?"
    )
    program_panel(lr_sweep_program(sweep))


def _guess(controls: Controls, layout: Layout, sweep: LrSweep) -> bool:
    ratio, about = sweep.best_ratio(), (sweep.surface, sweep.steps, tuple(sweep.best().items()))
    if ratio is None:
        return True
    right = next(said for most, said in SPREADS.items() if ratio <= most)
    question = (
        "Each optimizer has a best lr on this surface. How much larger is the largest of these than the smallest?"
    )
    return prediction(controls, layout, question, list(SPREADS.values()), [right], spread_words(sweep), about)


def _show_sweep(controls: Controls, layout: Layout, sweep: LrSweep, follow: str, lr: float) -> None:
    labels = [
        f"After {k} of {plural(sweep.steps)}: {best_words(sweep, follow, i)}" for i, k in enumerate(sweep.frame_steps)
    ]
    run = f"{hash((sweep.surface, tuple(curve.hparams for curve in sweep.curves), tuple(sweep.frame_steps)))}lr_sweep"
    frame = scrubber(controls, "at", sweep.frame_steps, labels, CHARTS, run, "Steps that have been done")
    curves, rows = (draw(sweep, follow, lr, frame) for draw in (lr_sweep_picture, lr_rows_picture))
    chart(curves, "lr_sweep", layout.words, on_place=lambda x, _: _choose(controls, x))
    with layout.beside:
        chart(rows, "lr_rows", on_place=lambda x, row: _choose(controls, x, _in_row(sweep, row)))


def _race_buttons(controls: Controls, lr: float) -> None:
    """The ways into the race."""
    for rule, label in (("best", "Race, each with its best lr"), ("same", f"Race, all with lr = {lr:.4g}")):
        st.button(
            label,
            on_click=controls.set,
            kwargs={"view": "race", "rule": rule},
            key=f"optimizers-lr_sweep-{rule}",
            help="Click into the figure to choose another lr." if rule == "same" else None,
        )


def _choose(controls: Controls, lr: float, follow: str | None = None) -> None:
    """Takes the learning rate next to a clicked point, if it is among them, and the optimizer in whose row it is."""
    tried = learning_rates()
    if tried[0] * 0.9 <= lr <= tried[-1] * 1.1:
        followed = {} if follow is None else {"follow": follow}
        controls.set(lr=tried[(tried / lr).log().abs().argmin()].item(), **followed)


def _in_row(sweep: LrSweep, row: float) -> str | None:
    """The optimizer in a row, which are counted from 0."""
    return sweep.curves[round(row)].name if 0 <= round(row) < len(sweep.curves) else None
