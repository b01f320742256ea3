"""The race: every optimizer from one start, all views of it moved by one cursor."""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS, PLANE_OPTIMIZERS
from core.optimizers.lr_curves import RateSweep, best_of
from core.optimizers.lr_sweep import RATES_ALONE, SLICES, RateWork
from core.optimizers.program import lines, program
from core.optimizers.race import Race, RaceWork
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.optimizers.time_axis import TimeAxis, time_axis
from core.plane.surfaces import Box
from figures.optimizers.landscape import terrain
from figures.optimizers.plane import moment_label, plane, plane_caption, view_of
from figures.optimizers.race_words import answer, candidates, first_step, questions
from figures.optimizers.ranking import HEADER, explanations, ranking, rows, sign
from figures.optimizers.rates_race import best_rates_words
from figures.optimizers.timeline import distance_lines, gradient_lines, line_caption, loss_lines
from figures.optimizers.timeline_measures import distance_measure, gradient_measure, loss_measure
from figures.picture import Picture
from figures.words import plural
from pages.optimizers.presets import presets
from pages.optimizers.shared import read_hparams, read_surface, show_hyperparameters, show_surface, with_rates
from ui.chart import chart, rounded
from ui.controls import Controls
from ui.long_work import Job, results
from ui.prediction import prediction
from ui.program import program_panel
from ui.ranking import ranking
from ui.scrubber import scrubber
from ui.worked_step import worked_step

CHARTS = ["race_plane", "race_loss", "race_gradient", "race_distance", "race_terrain"]

UPDATES_OF_LBFGS = SLICES * len(RATES_ALONE)


def show(controls: Controls) -> None:
    """The view."""
    picture, side = st.columns([3.1, 1], gap="medium")
    with side:
        surface, settings, all_hparams = _controls(controls)
    if surface is None or settings is None or None in all_hparams:
        return
    with picture:
        sweep = _searched(surface, all_hparams, settings) if settings.rule == "best" else None
        if settings.rule == "best" and sweep is None:
            return
        racing = with_rates(all_hparams, settings) if sweep is None else _with_best(sweep, all_hparams)
        run = _raced(surface, racing, settings.steps)
    if run is None:
        return
    time = time_axis(run, controls.values["axis"])
    follow = controls.values["follow"]
    with picture:
        moment = _course(controls, run, time, follow, sweep)
        _guess(run)
    _more_charts(run, time, follow, moment)
    _below(controls, run, time, follow, moment)


def _controls(controls: Controls) -> tuple:
    show_surface(controls)
    controls.show("rule")
    own = controls.values["rule"] == "own"
    if controls.values["rule"] == "same":
        controls.show("lr")
    controls.show("follow")
    name, chosen = controls.values["follow"], controls.values["optimizers"]
    if name not in chosen:
        st.caption(f"{name} races too, since you follow it.")
    presets(controls)
    controls.show_more("optimizers", "steps", "x", "y", "axis")
    with st.expander(f"Hyperparameters of {name}"):
        st.caption(f"{OPTIMIZERS[name].idea} PyTorch's defaults, unless changed here. All but lr count at every rule.")
        show_hyperparameters(controls, name, *(() if own else ("lr",)))
    controls.reset_button()
    all_hparams = [read_hparams(controls, each) for each in PLANE_OPTIMIZERS if each in chosen or each == name]
    return read_surface(controls), controls.read_or_explain(RaceSettings), all_hparams


def _searched(surface: SurfaceSettings, all_hparams: list[Hyperparameters], settings: RaceSettings) -> RateSweep | None:
    """The losses of each with many learning rates; None while they are not known."""
    work = Job(
        ("best rates", surface, tuple(all_hparams), settings.steps),
        settings.steps + 1 + UPDATES_OF_LBFGS,
        lambda: RateWork(surface, tuple(all_hparams), settings.steps),
        "The search of the best rates",
    )
    found = results([work], "optimizers-best", run_label=None)
    return found[0] if found else None


def _with_best(sweep: RateSweep, all_hparams: list[Hyperparameters]) -> tuple[Hyperparameters, ...]:
    """Each with the learning rate that is best from this start."""
    best = best_of(sweep)
    return tuple(replace(hparams, lr=best.get(hparams.name, hparams.lr)) for hparams in all_hparams)


def _raced(surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> Race | None:
    """The race; None if it was stopped before its first step."""
    job = Job(
        ("race", surface, all_hparams, steps), steps + 1, lambda: RaceWork(surface, all_hparams, steps), "The race"
    )
    found = results([job], "optimizers-race", run_label=None)
    return found[0] if found else None


def _course(controls: Controls, run: Race, time: TimeAxis, follow: str, sweep: RateSweep | None) -> int:
    """The cursor, the map and the losses; returns the moment at which the reader rests."""
    labels = [moment_label(run, time, moment, follow) for moment in time.moments]
    keys = [key for key in CHARTS if key != "race_distance" or distance_measure(run) is not None]
    identity = f"{hash((run.surface, tuple(r.hparams for r in run.runs), run.steps, time.axis, follow))}race"
    index = scrubber(controls, "race.at", list(time.moments), labels, keys, identity, name="Moment of the race")
    moment = time.moments[index]
    one, two = st.columns([1.25, 1])
    with one:
        picture = replace(plane(run, time, follow), caption=plane_caption(run, time, moment))
        chart(picture, "race_plane", on_place=lambda x, y: _start_at(controls, view_of(run), x, y))
    with two:
        _line_chart(loss_lines(run, time, follow), line_caption(run, time, loss_measure(run), moment), "race_loss")
        if sweep is not None:
            st.caption(best_rates_words(sweep))
    return moment


def _more_charts(run: Race, time: TimeAxis, follow: str, moment: int) -> None:
    distance = distance_lines(run, time, follow)
    places = st.columns(3 if distance is not None else 2)
    with places[0]:
        words = line_caption(run, time, gradient_measure(run), moment)
        _line_chart(gradient_lines(run, time, follow), words, "race_gradient")
    if distance is not None:
        with places[1]:
            _line_chart(distance, line_caption(run, time, distance_measure(run), moment), "race_distance")
    with places[-1]:
        chart(terrain(run, time, follow), "race_terrain")
        if distance is None:
            st.caption("This surface has no minimum here, so there is no distance to one.")


def _line_chart(picture: Picture, caption: str, key: str) -> None:
    """A chart whose caption speaks of the moment at which the reader rests."""
    chart(replace(picture, caption=caption), key)


def _start_at(controls: Controls, box: Box, x: float, y: float) -> None:
    kinds = controls.kinds
    low = [max(box[0], kinds["x"].low), max(box[2], kinds["y"].low)]
    high = [min(box[1], kinds["x"].high), min(box[3], kinds["y"].high)]
    controls.set(x=rounded(x, low[0], high[0]), y=rounded(y, low[1], high[1]))


def _guess(run: Race) -> None:
    names = candidates(run)
    if len(names) > 1:
        prediction(
            f"Which of these is lowest at the end of the race, after {plural(run.steps)}?",
            list(names),
            lambda _: answer(run, names),
            "optimizers",
            horizontal=True,
        )


def _below(controls: Controls, run: Race, time: TimeAxis, follow: str, moment: int) -> None:
    found = ranking(run, time, moment)
    last = moment == time.moments[-1] and time.axis == "steps"
    st.subheader("What happened" if last else f"After {moment} of {plural(time.moments[-1], time.unit)}")
    chosen = [one.run.name for one in found].index(follow)
    ranking(HEADER, rows(run, found), [sign(one.run.name) for one in found], chosen)
    first, second = st.columns(2, gap="large")
    with first:
        for sentence in explanations(found):
            st.markdown(f"- {sentence}")
        worked_step(first_step(run.of(follow)))
    with second:
        st.markdown(questions(run, controls.values["rule"], time.axis))
    counts = ", whatever time is counted in above" if time.axis == "gradients" else ""
    st.caption(f"The end of the race as the program prints it, after {plural(run.steps)}{counts}:")
    st.code("\n".join(lines(run)), language=None)
    program_panel(
        program(run),
        "optimizers",
        "A plain loop over the classes of torch.optim. Run by itself, it prints the lines above to the last digit.",
    )
