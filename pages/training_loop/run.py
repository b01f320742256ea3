"""Which run is on screen: shared by the views that look at one and the same run."""

import streamlit as st

from core.training_loop.addition import answer
from core.training_loop.checkpoint import Checkpoint, fits
from core.training_loop.health import all_finite
from core.training_loop.run import Run, Snapshot
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import number_sum_training
from figures.training_loop.trouble import trouble
from figures.training_loop.watch import losses_so_far
from figures.words import fmt
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout
from ui.long_work import results
from ui.scrubber import scrubber


def run_controls(controls: Controls) -> None:
    """The controls of the run."""
    controls.show("lr", "batch_size", "num_epochs", "hidden", "seed")
    controls.show_more("optimizer", "data_low", "data_high", "validation", "shuffle", "loop")


def run_on_screen(controls: Controls, layout: Layout, field: str = "at") -> Run | None:
    """The run of the settings on screen, None if there is none yet; pressing Run moves `field` to the end."""
    with layout.side:
        settings = controls.read_or_last(TrainingLoopSettings)
        task = number_sum_training(settings, _start(controls, settings))
    end = {field: controls.kinds[field].high}
    with layout.stage:
        found = results([task], "training_loop", on_run=lambda: controls.set(**end), watch=_live, place=layout.run)
    if found and trouble(found[0]):
        layout.words.warning(trouble(found[0]))
    return found[0] if found else None


def _start(controls: Controls, settings: TrainingLoopSettings) -> Checkpoint | None:
    """Where the run on screen begins, if not with fresh weights; says so, and offers the way back."""
    start = controls.unlinked.get("start")
    controls.forgets.append("start")
    if start is None:
        return None
    fit = fits(start, settings)
    st.info(
        f"This run goes on from saved weights (after {start.epoch} epochs); a link does not carry them."
        if fit
        else "The saved weights do not fit these settings (hidden units or optimizer differ), so the run begins afresh."
    )
    st.button("Begin afresh", on_click=controls.unlinked.clear, key="training_loop-afresh")
    return start if fit else None


def _live(run: Run) -> None:
    """What a visitor sees while the loop runs: the loss so far and the lines it has printed."""
    chart(losses_so_far(run), f"losses_after_{run.updates}")  # drawn again in the same script: a key of its own
    st.code("\n".join(run.lines()[-5:]) or "The first epoch is not finished yet.", language=None)


def time_slider(controls: Controls, run: Run, charts: list[str], field: str = "at") -> int:
    """The scrubber over the run's snapshots; returns the index of the chosen one."""
    updates = [snapshot.update for snapshot in run.snapshots]
    labels = [_label(run, snapshot) for snapshot in run.snapshots]
    return scrubber(controls, field, updates, labels, charts, f"{run.settings}{run.first_epoch}{run.updates}{field}")


def _label(run: Run, snapshot: Snapshot) -> str:
    course = isinstance(run.settings, TrainingLoopSettings)
    value = answer(snapshot.weights, 3.0, 7.0) if course else float("nan")
    said = f" model([3., 7.]) = {fmt(value, decimals=4)}" if all_finite(value) else ""
    if snapshot.update == 0:
        return f"Before the first update.{said}"
    (epoch, _), loss = run.epoch_of(snapshot.update), run.batch_losses[snapshot.update - 1].item()
    cost = f"Batch loss {loss:.4g}.{said}" if all_finite(loss) else "Diverged."
    return f"Epoch {epoch}, after update {snapshot.update:,}. {cost}"
