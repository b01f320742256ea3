"""Which run is on screen: shared by the views that look at one and the same run."""

import hashlib

import streamlit as st

from core.training_loop.addition import answer
from core.training_loop.program import program
from core.training_loop.record import Checkpoint, Moment, Run
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import number_sum_training
from core.training_loop.weights import fits, save
from figures.training_loop.losses import losses_so_far
from figures.training_loop.trouble import trouble
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import scrubber


def job(settings: TrainingLoopSettings, begin_from: Checkpoint | None = None, title: str = "") -> Job:
    """The run with these settings, from fresh weights or from a checkpoint."""
    after = f" after {hashlib.sha256(save(begin_from)).hexdigest()}" if begin_from else ""
    return Job(f"{settings}{after}", settings.updates, lambda: number_sum_training(settings, begin_from), title)


def start(controls: Controls, settings: TrainingLoopSettings) -> Checkpoint | None:
    """Where the run on screen begins, if not with fresh weights; says so, and offers the way back."""
    begin_from = controls.beyond.get("start")
    if begin_from is None:
        return None
    fit = fits(begin_from, settings)
    st.info(
        f"This run goes on from saved weights (after {begin_from.epoch} epochs); a link does not carry them."
        if fit
        else "The saved weights do not fit these settings (hidden units or optimizer differ), so the run begins afresh."
    )
    st.button("Begin afresh", on_click=controls.beyond.clear, key="training_loop-afresh")
    return begin_from if fit else None


def run_on_screen(controls: Controls, field: str = "at") -> Run | None:
    """The run of the settings on screen; None (with the reason shown) if there is none yet.

    Args:
        field: the control that holds the reader's moment; pressing Run moves it to the end.
    """
    settings = controls.read_or_explain(TrainingLoopSettings)
    if settings is None:
        return None
    jobs = [job(settings, start(controls, settings))]
    to_the_end = {field: controls.kinds[field].high}
    found = results(jobs, "training_loop", on_run=lambda: controls.set(**to_the_end), watch=_live)
    if found is None:
        program_of(settings)
        return None
    if trouble(found[0]):
        st.warning(trouble(found[0]))
    return found[0]


def _live(run: Run) -> None:
    """What a visitor sees while the loop runs: the loss so far and the lines it has printed."""
    chart(losses_so_far(run), f"losses_after_{run.updates}")  # drawn again in the same script: a key of its own
    st.code("\n".join(run.lines()[-5:]) or "The first epoch is not finished yet.", language=None)


def time_slider(controls: Controls, run: Run, charts: list[str], field: str = "at") -> int:
    """The scrubber over the run's recorded moments; returns the index of the chosen one."""
    updates = [moment.update for moment in run.moments]
    labels = [_label(run, moment) for moment in run.moments]
    identity = f"{run.settings}{run.first_epoch}{run.updates}{field}"
    return scrubber(controls, field, updates, labels, charts, identity)


def _label(run: Run, moment: Moment) -> str:
    said = ""
    if isinstance(run.settings, TrainingLoopSettings):
        said = f" model([3., 7.]) = {answer(moment.weights, 3.0, 7.0):.4f}"
    if moment.update == 0:
        return f"Before the first update{' of these epochs' if run.first_epoch else ''}.{said}"
    epoch = run.first_epoch + (moment.update - 1) // run.per_epoch
    loss, planned = run.batch_losses[moment.update - 1].item(), run.per_epoch * run.settings.num_epochs
    return f"Epoch {epoch}, after update {moment.update:,} of {planned:,}. Batch loss {loss:.4g}.{said}"


def knobs(controls: Controls) -> None:
    """The five controls of the run, the rest under a lid, presets and reset."""
    controls.show("lr", "batch_size", "num_epochs", "hidden", "seed")
    controls.show_more("optimizer", "data_low", "data_high", "validation", "shuffle", "loop")
    controls.reset_button()


def program_of(settings: TrainingLoopSettings, run: Run | None = None) -> None:
    """The complete program of the settings on screen, and what of the run it prints."""
    if run is None:
        prints = "Run by itself, it prints one line an epoch."
    elif run.first_epoch:
        last = settings.num_epochs - 1
        prints = f"It trains from fresh weights and prints epochs 0 to {last}; your run went on from saved weights."
    elif not run.finished:
        prints = "It trains to the end, beyond the update at which you stopped."
    else:
        prints = f"Run by itself, it prints the lines of “Watch it learn”, down to `{run.lines()[-1]}`."
    program_panel(
        program(settings),
        "training_loop",
        f"The course's program with the settings on screen written in. {prints} On a processor of another make the "
        f"last "
        "digits may differ: it may add in another order.",
    )
