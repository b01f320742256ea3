"""Noise and schedules: why the learning rate should fall."""

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.noisy_runs import RUNS, NoisyRuns, NoisyRunsTask, nearer
from core.optimizers.program.schedules import schedules_program
from core.optimizers.schedules import PARAMETERS, SCHEDULES, ScheduleSettings
from core.optimizers.settings import WIDEST, SurfaceSettings
from core.optimizers.stationary_variance import Cloud, cloud
from figures.optimizers.schedules import clouds, distance_words, end_table, label, schedule_losses, theory_table
from pages.optimizers.shared import read_hparams, read_surface, show_surface, start_at
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber

BEALE = {"surface": "beale", "x": 1.0, "y": 1.5, "at": 500}
BOOTH = BEALE | {"surface": "booth", "x": -7.0, "y": 2.0, "schedules.lr": 0.05, "schedules.noise": 10.0}
RASTRIGIN = BEALE | {"surface": "rastrigin", "x": -3.3, "y": 3.7, "schedules.noise": 20.0}
PRESETS = {
    "It falls": ("A cosine from lr to 0: the cloud shrinks into the valley.", BEALE),
    "It rises again": (
        "CosineAnnealingLR with T_max = 200 in 500 steps: after T_max it goes up again.",
        BEALE | {"schedules.T_max": 200},
    ),
    "Warm-up saves it": (
        "From a steep place the full lr throws every run out; after short first steps it is safe.",
        BEALE | {"x": 3.3, "y": 1.4, "schedules.schedule": "warmup"},
    ),
    "A bowl": ("Booth, where the theory of the constant cloud is exact.", BOOTH),
    "Stalled": ("ReduceLROnPlateau watches the loss.", BOOTH | {"schedules.schedule": "plateau"}),
    "Warm restarts": (
        "Each restart shakes the runs out of their holes.",
        RASTRIGIN | {"schedules.schedule": "restarts"},
    ),
}
ANYWHERE = (-WIDEST, WIDEST, -WIDEST, WIDEST)  # where a click may be
READS_LR = {  # optimizers that do not simply take a step of the length lr
    "Rprop": "Rprop reads lr only once, as the length of its first step: no schedule reaches it.",
    "ASGD": "ASGD shortens its steps by itself, and takes over a changed lr one step later.",
}

NEARER = {"constant": "With the constant lr", "changing": "With the schedule", "same": "Hardly a difference"}


def show(controls: Controls) -> None:
    st.markdown(
        "A mini-batch knows the gradient only roughly. Here every gradient gets noise. **What does a falling "
        "learning rate do that a constant one cannot?**"
    )
    layout = view_layout()
    with layout.side:
        show_surface(controls)
        controls.show("schedules.optimizer", "schedules.schedule", "schedules.lr", "schedules.noise")
        of_schedule = (f"schedules.{name}" for name in PARAMETERS[controls.values["schedules.schedule"]])
        controls.show_more(*of_schedule, "schedules.steps", "schedules.seed", "x", "y")
        surface, settings = read_surface(controls), controls.read_or_last(ScheduleSettings)
        hparams = read_hparams(controls, settings.optimizer)
        controls.show_presets(PRESETS, ScheduleSettings)
    with layout.stage:
        runs = _shown(controls, layout, surface, hparams, settings)
    if runs is None:
        return
    st.markdown(end_table(surface, runs))
    if settings.optimizer in READS_LR:
        st.markdown(READS_LR[settings.optimizer])
    st.markdown(
        "**Find out by moving the controls.** In **A bowl**: by how much must a constant lr fall until the cloud is "
        "half as wide? What happens after T_max when T_max is shorter than the run?"
    )
    _show_theory(cloud(surface, hparams, runs[0]))
    _all_schedules(surface, hparams, settings)
    program_panel(schedules_program(surface, hparams, runs[-1]))


def _shown(
    controls: Controls, layout: Layout, surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings
) -> tuple[NoisyRuns, ...] | None:
    """Runs with the constant lr and with the schedule, side by side; None if stopped at once or before a guess."""
    names = tuple(dict.fromkeys(("constant", settings.schedule)))
    done = results([NoisyRunsTask(surface, hparams, settings, names)], "optimizers-schedules", run_label=None)
    if done is None:
        return None
    (runs,) = done
    if not _guess(controls, layout, surface, hparams, runs):
        held_chart(clouds(surface, runs, None), "schedule_clouds", layout.words)
        return None
    steps, charts = list(runs[-1].frame_steps), ["schedule_clouds", "schedule_losses"]
    labels = [label(runs, i) for i in range(len(steps))]
    scrubber(controls, "at", steps, labels, charts, f"{hash((surface, hparams, settings))}schedules")
    drawn = clouds(surface, runs, cloud(surface, hparams, runs[0]))
    chart(drawn, "schedule_clouds", layout.words, on_place=lambda x, y: start_at(controls, ANYWHERE, x, y))
    with layout.beside:
        chart(schedule_losses(surface, runs), "schedule_losses")
    return runs


def _guess(
    controls: Controls,
    layout: Layout,
    surface: SurfaceSettings,
    hparams: Hyperparameters,
    runs: tuple[NoisyRuns, ...],
) -> bool:
    if len(runs) == 1 or not surface.shape.minima:
        return True
    question, why = "Both get the same noise. Which ends nearer to a minimum?", distance_words(surface, runs)
    right, about = NEARER.get(nearer(surface, *runs)), (surface, hparams, runs[-1].settings)
    return prediction(controls, layout, question, list(NEARER.values()), [right] if right else [], why, about)


def _show_theory(theory: Cloud | None) -> None:
    if theory is None:
        return
    st.subheader("How wide is the cloud?")
    st.markdown(
        r"With a constant lr, the cloud of SGD with momentum $b$ settles at the variance "
        r"$\dfrac{lr\,\sigma^2\,(1 + b)}{h\,(1 - b)\,(2\,(1 + b) - lr\,h)}$ in a direction of curvature $h$. "
        f"This is exact in a bowl. {theory.runs} of {RUNS} runs end nearest to the minimum ({theory.point.x:.4g}, "
        f"{theory.point.y:.4g}):"
    )
    st.markdown(theory_table(theory))


def _all_schedules(surface: SurfaceSettings, hparams: Hyperparameters, settings: ScheduleSettings) -> None:
    """Every schedule through the same noise, once somebody asks for it."""
    expander = st.expander("Every schedule through the same noise", key="schedules-all", on_change="rerun")
    if not expander.open:
        return
    with expander:
        task = NoisyRunsTask(surface, hparams, settings, tuple(SCHEDULES))
        found = results([task], "optimizers-all-schedules", run_label="Run them all")
        if found is not None:
            st.markdown(end_table(surface, found[0]))
            st.caption(f"{RUNS} runs of {settings.steps:,} steps each; parameters as set under More settings.")
