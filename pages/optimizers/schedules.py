"""Noise and schedules: why the learning rate should fall."""

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.noisy_runs import RUNS, Schedules, compare, end_of
from core.optimizers.schedules import PARAMETERS, SCHEDULES, ScheduleSettings, reads_lr
from core.optimizers.schedules_program import schedules_lines, schedules_program
from core.optimizers.settings import MAX_STEPS, WIDEST, SurfaceSettings
from core.optimizers.stationary_variance import cloud
from core.plane.surfaces import SURFACES
from figures.optimizers.clouds import clouds
from figures.optimizers.schedules import class_of, end_table, label, noise_words, schedule_losses, theory_words
from pages.optimizers.shared import read_hparams, read_surface, show_surface
from ui.chart import chart, rounded
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import scrubber


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        show_surface(controls)
        controls.show("schedules.optimizer", "schedules.schedule", "schedules.lr", "schedules.noise")
        of_schedule = (f"schedules.{name}" for name in PARAMETERS[controls.values["schedules.schedule"]])
        controls.show_more(*of_schedule, "schedules.steps", "schedules.seed", "x", "y")
        surface, settings = read_surface(controls), controls.read_or_explain(ScheduleSettings)
        hparams = read_hparams(controls, controls.values["schedules.optimizer"])
        _presets(controls)
        controls.reset_button()
    with picture:
        if surface is None or settings is None or hparams is None:
            return
        constant, found = compare(surface, hparams, settings)
        theory = cloud(surface, hparams, constant)
        labels = [label(constant, found, i) for i in range(len(found.moments))]
        run = f"{hash((surface, hparams, settings))}schedules"
        scrubber(controls, "at", list(found.moments), labels, ["schedule_clouds", "schedule_losses"], run)
        one, two = st.columns([1.1, 1])
        with one:
            picture = clouds(surface, constant, found, theory)
            chart(picture, "schedule_clouds", on_place=lambda x, y: _start_at(controls, x, y))
        with two:
            chart(schedule_losses(surface, constant, found), "schedule_losses")
    ends = dict.fromkeys((constant, found))
    st.markdown(end_table(tuple(end_of(surface, ensemble) for ensemble in ends)))
    st.markdown(
        f"{noise_words(constant, found)} The schedule is `{class_of(found)}` and steps after each "
        "`optimizer.step()`. The radius in the table is the distance to the nearest minimum that half of the runs stay "
        f"within. {reads_lr(settings)}"
    )
    st.markdown(
        "**Find out by moving the controls.** In **A bowl**: by how much must a constant lr fall until the cloud's "
        "radius is half as large? What happens after T_max when T_max is shorter than the run? Does any schedule help "
        "when σ = 0?"
    )
    st.subheader("How wide is the cloud?")
    st.markdown(
        r"With a constant lr, SGD's cloud settles at the variance $\dfrac{lr\,\sigma^2}{h\,(2 - lr\,h)}$ in a "
        r"direction of curvature $h$; momentum $b$ makes it "
        r"$\dfrac{lr\,\sigma^2\,(1 + b)}{h\,(1 - b)\,(2\,(1 + b) - lr\,h)}$. "
        "Exact in a bowl; elsewhere as far as the ground under the cloud is like one."
    )
    st.markdown(theory_words(theory, constant))
    _all_of_them(surface, hparams, settings)
    st.code("\n".join(schedules_lines(found)), language=None)
    program_panel(schedules_program(surface, hparams, found), "optimizers_schedules")


def _start_at(controls: Controls, x: float, y: float) -> None:
    """Takes the clicked place as the start."""
    controls.set(x=rounded(x, -WIDEST, WIDEST), y=rounded(y, -WIDEST, WIDEST))


def _all_of_them(surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings) -> None:
    """Every schedule through the same noise, once somebody asks for it."""
    lid = st.expander("Every schedule through the same noise", key="schedules-all", on_change="rerun")
    if not lid.open:
        return
    with lid:
        key = (surface, hparams, settings)
        job = Job(key, settings.steps, lambda: Schedules(surface, hparams, settings, tuple(SCHEDULES)))
        found = results([job], "optimizers-schedules", run_label="Run them all")
        if found is not None:
            st.markdown(end_table(found[0]))
            st.caption(f"{RUNS} runs of {settings.steps:,} steps each; parameters as set under More settings.")


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("schedules") | {"at": MAX_STEPS}
    usual |= {"surface": "beale", "x": 1.0, "y": 1.5}
    x, y = SURFACES["booth"].start
    bowl = usual | {"surface": "booth", "x": x, "y": y, "schedules.lr": 0.05, "schedules.noise": 10.0}
    x, y = SURFACES["rastrigin"].start
    holes = usual | {"surface": "rastrigin", "x": x, "y": y, "schedules.schedule": "restarts", "schedules.noise": 20.0}
    with st.container(horizontal=True):
        controls.preset("It falls", "A cosine from lr to 0: the cloud shrinks into the valley.", **usual)
        controls.preset(
            "It rises again",
            "CosineAnnealingLR with T_max = 200 in 500 steps: after T_max it goes up again.",
            **usual | {"schedules.T_max": 200},
        )
        controls.preset(
            "Warm-up saves it",
            "From a steep place the full lr throws every run out; after short first steps it is safe.",
            **usual | {"x": 3.3, "y": 1.4, "schedules.schedule": "warmup"},
        )
        controls.preset("A bowl", "Booth, where the theory of the constant cloud is exact.", **bowl)
        controls.preset("Stalled", "ReduceLROnPlateau watches the loss.", **bowl | {"schedules.schedule": "plateau"})
        controls.preset("Warm restarts", "Each restart shakes the runs out of their holes.", **holes)
