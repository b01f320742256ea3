"""Too low, good, best, too high: four learning rates side by side."""

import streamlit as st

from core.gradient_descent.bowl import BowlRun, chosen_rates, four
from core.gradient_descent.program import bowl_lines, bowl_program
from core.gradient_descent.settings import CompareSettings
from core.plane.stability import best_momentum, best_rate, factor
from figures.gradient_descent.bowl import called, four_label, four_losses, moments_of, one_of_four
from figures.words import fmt, plural
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel
from ui.scrubber import scrubber


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("compare.low", "compare.high", "compare.condition", "compare.momentum", "compare.steps")
        _presets(controls)
        controls.reset_button()
        settings = controls.read_or_explain(CompareSettings)
    with picture:
        if settings is None:
            return
        runs = four(settings)
        moments = moments_of(max(run.steps for run in runs.values()))
        labels = [four_label(runs, at) for at in moments]
        charts = [*(f"path_{name}" for name in runs), "four_losses"]
        scrubber(controls, "compare_at", moments, labels, charts, f"{hash(settings)}compare")
        for place, (name, run) in zip(st.columns(4), runs.items(), strict=True):
            with place:
                chart(one_of_four(name, run, tuple(moments)), f"path_{name}")
        chart(four_losses(tuple(runs.items())), "four_losses")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("Why these four")
        st.markdown(_why(settings))
    with second:
        st.subheader("What theory says")
        st.markdown(_theory(settings, runs))
        st.markdown(
            "**Find out by moving the controls.** How close to the limit may an lr come before it is slower than 1/L? "
            "Is the best lr for κ = 2 nearer to 1/L or to 2/L, and for κ = 100? With momentum 0.9, which of the four "
            "swings most?"
        )
    st.code("\n".join(bowl_lines(list(runs.values()))), language=None)
    program_panel(
        bowl_program(list(runs.values())), "gradient_descent_bowl", "Run by itself, it prints the four lines above."
    )


def _why(settings: CompareSettings) -> str:
    low, b = 1 / settings.condition, settings.momentum
    why = {
        "low": f"{fmt(settings.low)} of the limit",
        "good": "1/L: the steep direction is done in one step" if not b else "1/L",
        "best": "2/(L + L/κ): both directions shrink alike" if not b else "2/(L + L/κ)",
        "high": f"{fmt(settings.high)} times the limit",
    }
    lines = [
        f"- **{called(name, b).capitalize()}**, lr = {fmt(lr)}: {why[name]}. A step leaves ×{fmt(factor(1.0, lr, b))} "
        f"of the distance across the valley and ×{fmt(factor(low, lr, b))} along it."
        for name, lr in chosen_rates(settings).items()
    ]
    return "\n".join(lines) + "\n\nWith momentum these factors hold in the long run."


def _theory(settings: CompareSettings, runs: dict[str, BowlRun]) -> str:
    lr, rate = best_rate(1 / settings.condition, 1.0)
    heavy_lr, heavy_b, heavy_rate = best_momentum(1 / settings.condition, 1.0)
    text = (
        f"With κ = {fmt(settings.condition)} the best lr without momentum is 2/(1 + 1/κ) = **{fmt(lr)}**, and a step "
        "then "
        f"leaves (κ − 1)/(κ + 1) = {fmt(rate)} of the distance. The best momentum is b = {fmt(heavy_b)} with lr = "
        f"{fmt(heavy_lr)}: (√κ − 1)/(√κ + 1) = {fmt(heavy_rate)} a step in the long run."
    )
    best, others = runs["best"].loss[-1].item(), {name: runs[name].loss[-1].item() for name in ("low", "good")}
    ahead = min(others, key=others.get)
    if others[ahead] < best:
        b = settings.momentum
        means, after = ("without momentum", f"With b = {fmt(b)}, after") if b else ("in the long run", "After")
        text += (
            f" **Best means {means}.** {after} {plural(runs['best'].steps)} “{called(ahead, b)}” is lower here: "
            f"{fmt(others[ahead])} against {fmt(best)}."
        )
    return text


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("compare") | {"compare_at": 200}
    with st.container(horizontal=True):
        controls.preset("From too low to too high", "κ = 10: 4 % past the limit is enough to climb out.", **usual)
        controls.preset(
            "Exactly at the limit",
            "“Too high” with lr = 2/L: across the valley for ever, from side to side.",
            **usual | {"compare.high": 1.0},
        )
        controls.preset(
            "A narrower valley",
            "κ = 100: 40 steps are too few for the best rate, which is behind 1/L and as slow as one far too low.",
            **usual | {"compare.condition": 100.0},
        )
        controls.preset(
            "With momentum",
            "κ = 100 with b = 0.8: all but the one that is too high end much lower than without.",
            **usual | {"compare.condition": 100.0, "compare.momentum": 0.8},
        )
