"""The race: some optimizers from one start, all pictures of it moved by one cursor."""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optim.known import FOURTEEN, OPTIMIZERS, PLANE_OPTIMIZERS
from core.optimizers.lr_sweep import LrSweepTask
from core.optimizers.measures import lowest_at_the_end
from core.optimizers.program.race import race_program
from core.optimizers.race import Race, RaceTask
from core.optimizers.settings import OptimizersViewState, RaceSettings, RaceViewState, SurfaceSettings
from core.optimizers.time_axis import TimeAxis, time_axis
from core.optimizers.update import step_trace
from core.plane.surfaces import SURFACES
from figures.optimizers.race.landscape import race_landscape
from figures.optimizers.race.map import moment_label, race_box, race_map
from figures.optimizers.race.ranking import candidates, ends_words, explanations, ranking, ranking_table
from figures.optimizers.race.timeline import timeline
from figures.optimizers.update.calculation import calculation
from figures.words import plural
from pages.optimizers.shared import (
    read_hparams,
    read_surface,
    show_hyperparameters,
    show_surface,
    start_at,
    with_lr,
)
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber


def on(surface: str, **values: object) -> dict[str, object]:
    """The values of a preset on a surface, from the start that is worth seeing there unless it has another."""
    x, y = SURFACES[surface].start
    return {"surface": surface, "x": x, "y": y} | values


PRESETS = {
    "The course's two": (
        "SGD(lr=0.01, momentum=0.9) against Adam(lr=0.01), 500 steps.",
        {"optimizers": ("Momentum", "Adam"), "steps": 500},
    ),
    "All fourteen": ("Which converge, which are still on their way?", {"optimizers": FOURTEEN}),
    "A steeper start": ("From (1, 1.5), with the same lr: momentum diverges, SGD does not.", {"x": 1.0, "y": 1.5}),
    "Each its best": ("The same race, each with the learning rate that gets it lowest from here.", {"rule": "best"}),
    "A bent valley": (
        "Rosenbrock: most are soon down in the valley and then slow along it.",
        on("rosenbrock", optimizers=FOURTEEN, lr=0.002, steps=500),
    ),
    "Past 2/L": (
        "Booth with lr = 0.115: above 2/L = 0.111 SGD climbs, momentum may go to 2(1 + b)/L = 0.211.",
        on("booth", lr=0.115, optimizers=("SGD", "Momentum", "Adam"), follow="SGD", steps=30) | {"race.at": 10},
    ),
    "A saddle": ("From a start exactly on the line y = 0, no optimizer ever leaves it.", on("saddle", y=0.0, lr=0.05)),
    "Full of holes": (
        "Rastrigin: the nearest hole catches most of them, and none gets to the deepest.",
        on("rastrigin", optimizers=FOURTEEN, lr=0.002),
    ),
    "A sharp hole": (
        "Ackley: the slope at the bottom is undefined, all round it 2.83; steps in proportion to it never shrink.",
        on("ackley", x=0.4, y=0.3, lr=0.05),
    ),
    "Your own f(x, y)": ("A function that you type.", on("typed", lr=0.05)),
}


def show(controls: Controls) -> None:
    st.markdown("**Which optimizer gets to the bottom first, from the same start?**")
    layout = view_layout()
    with layout.side:
        surface, settings, all_hparams = _controls(controls)
    with layout.stage:
        racing = _with_rates(layout, surface, settings, all_hparams)
        task = None if racing is None else RaceTask(surface, racing, settings.steps)
        found = task and results([task], "optimizers-race", run_label=None, at_once=8)  # presets start
        if not found:
            return
        race, follow = found[0], controls.values["follow"]
        time = time_axis(race, controls.values["axis"])
        if not _guess(controls, layout, race):
            held_chart(race_map(race, time, follow), "race_plane", layout.words)
            return
        count = _charts(controls, layout, race, time, follow)
    _what_happened(race, time, count, follow)
    program_panel(race_program(race))


def _controls(controls: Controls) -> tuple:
    show_surface(controls)
    name, rule = controls.values["follow"], controls.values["rule"]
    controls.show("optimizers", "rule", *(("lr",) if rule == "same" else ()), "follow")
    with controls.show_more("steps", "x", "y", "axis"):
        st.caption(f"Hyperparameters of {name}: {OPTIMIZERS[name].idea}")
        show_hyperparameters(controls, name, *(() if rule == "own" else ("lr",)))
    fresh = (SurfaceSettings, RaceSettings, RaceViewState, OptimizersViewState)
    controls.show_presets(PRESETS, *fresh, *map(hyperparameters_of, OPTIMIZERS))
    chosen = (*controls.values["optimizers"], name)  # who is followed races, too
    all_hparams = [read_hparams(controls, each) for each in PLANE_OPTIMIZERS if each in chosen]
    return read_surface(controls), controls.read(RaceSettings), all_hparams


def _with_rates(
    layout: Layout, surface: SurfaceSettings, settings: RaceSettings, all_hparams: list[Hyperparameters]
) -> tuple[Hyperparameters, ...] | None:
    """Those who race, with the learning rates that the rule gives them; None while the best are not known."""
    if settings.rule != "best":
        return with_lr(all_hparams, settings)
    found = results([LrSweepTask(surface, tuple(all_hparams), settings.steps)], "optimizers-best", run_label=None)
    if found is None:
        return None
    best = found[0].best()
    layout.words.caption(
        f"Each has the lr with which it ends lowest after {plural(settings.steps)}, of those that the view "
        "“Which learning rate?” tries; where all of these diverge, its own."
    )
    return tuple(replace(hparams, lr=best.get(hparams.name, hparams.lr)) for hparams in all_hparams)


def _charts(controls: Controls, layout: Layout, race: Race, time: TimeAxis, follow: str) -> int:
    """The cursor and the charts that it moves; returns the moment at which the reader rests."""
    lines = {
        "race_loss": timeline(race, time, follow, "loss"),
        "race_gradient": timeline(race, time, follow, "gradient"),
        "race_distance": timeline(race, time, follow, "distance"),
    }
    lines = {key: picture for key, picture in lines.items() if picture is not None}
    labels = [moment_label(race, time, count, follow) for count in time.frame_steps]
    identity = f"{hash((race.surface, tuple(r.hparams for r in race.runs), race.steps, time.axis, follow))}race"
    keys = ["race_plane", *lines, "race_landscape"]
    at = scrubber(controls, "race.at", list(time.frame_steps), labels, keys, identity, name="Moment of the race")
    box, drawn = race_box(race), race_map(race, time, follow)
    chart(drawn, "race_plane", layout.words, on_place=lambda x, y: start_at(controls, box, x, y))
    with layout.beside:
        chart(lines.pop("race_loss"), "race_loss")
    lines["race_landscape"] = race_landscape(race, time, follow)
    for (key, picture), place in zip(lines.items(), layout.below.columns(len(lines)), strict=True):
        with place:
            chart(picture, key)
    return time.frame_steps[at]


def _guess(controls: Controls, layout: Layout, race: Race) -> bool:
    names, about = candidates(race), (race.surface, tuple(run.hparams for run in race.runs), race.steps)
    question = f"Which of these is lowest at the end of the race, after {plural(race.steps)}?"
    right = lowest_at_the_end(race, names)
    return len(names) < 2 or prediction(controls, layout, question, names, right, ends_words(race, names), about)


def _what_happened(race: Race, time: TimeAxis, count: int, follow: str) -> None:
    found = ranking(race, time, count)
    st.subheader(f"After {count} of {plural(time.frame_steps[-1], time.unit)}")
    st.table(ranking_table(race, found, follow), hide_index=True, border="horizontal")
    for sentence in explanations(race, found):
        st.markdown(f"- {sentence}")
    st.markdown("**Find out.** Which of them cares least about the size of lr? From which start does the order change?")
    run = race.of(follow)
    if run.steps:
        st.markdown(f"**Check it by hand.** The first step of {follow}, with the numbers of this race:")
        st.table(calculation(step_trace(race.surface, run.hparams, 1), 0), hide_index=True, border="horizontal")
