"""Which run is on screen: shared by the views that look at one and the same run."""

import hashlib

import streamlit as st

from core.training_loop.addition import answer
from core.training_loop.program import program
from core.training_loop.record import Checkpoint, Moment, Run
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import number_sum_training
from core.training_loop.weights import save
from figures.training_loop.losses import losses_so_far
from figures.training_loop.trouble import trouble
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import scrubber

START = "training_loop:start"  # in the session: the checkpoint that the run begins from, if any


def start() -> Checkpoint | None:
    return st.session_state.get(START)


def job(settings: TrainingLoopSettings, begin_from: Checkpoint | None = None) -> Job:
    """The run with these settings, from fresh weights or from a checkpoint."""
    after = f" after {hashlib.sha256(save(begin_from)).hexdigest()}" if begin_from else ""
    return Job(f"{settings}{after}", settings.updates, lambda: number_sum_training(settings, begin_from))


def run_on_screen(controls: Controls) -> Run | None:
    """The run of the settings on screen; None (with the reason shown) if there is none yet."""
    settings = controls.read_or_explain(TrainingLoopSettings)
    if settings is None:
        return None
    found = results([job(settings, start())], "training_loop", run_label="Run", watch=_live)
    if found is None:
        return None
    if trouble(found[0]):
        st.warning(trouble(found[0]))
    return found[0]


def _live(run: Run) -> None:
    """What a visitor sees while the loop runs: the loss so far and the lines it has printed."""
    st.plotly_chart(losses_so_far(run), alt="The loss of every batch so far.")
    st.code("\n".join(run.lines()[-5:]) or "The first epoch is not finished yet.", language=None)


def time_slider(controls: Controls, run: Run, charts: list[str]) -> int:
    """The scrubber over the run's recorded moments; returns the index of the chosen one."""
    updates = [moment.update for moment in run.moments]
    labels = [_label(run, moment) for moment in run.moments]
    identity = f"{run.settings}{run.first_epoch}{run.updates}"
    return scrubber(controls, "at", updates, labels, charts, identity)


def _label(run: Run, moment: Moment) -> str:
    said = ""
    if isinstance(run.settings, TrainingLoopSettings):
        said = f" model([3., 7.]) = {answer(moment.weights, 3.0, 7.0):.4f}"
    if moment.update == 0:
        return f"Before the first update.{said}"
    epoch = run.first_epoch + (moment.update - 1) // run.per_epoch
    loss = run.batch_losses[moment.update - 1].item()
    return f"Epoch {epoch}, after update {moment.update:,} of {run.updates:,}. Batch loss {loss:.4g}.{said}"


def knobs(controls: Controls) -> None:
    """The five controls of the run, the rest under a lid, presets and reset."""
    controls.show("lr", "batch_size", "num_epochs", "hidden", "seed")
    with st.expander("More settings"):
        controls.show("optimizer", "data_low", "data_high", "validation", "shuffle", "loop")
    controls.reset_button()


def program_of(run: Run) -> None:
    """The complete program of the run on screen."""
    last = f"down to `{run.lines()[-1]}`. " if run.lines() else ""
    whole = "" if run.finished and not run.first_epoch else "It trains from fresh weights, and to the end. "
    program_panel(
        program(run.settings),
        "training_loop",
        "The course's program with the settings on screen written in. Run by itself, it prints the lines of “Watch it "
        f"learn”, {last}{whole}On a processor of another make the last digits may differ: it may add in another order.",
    )
