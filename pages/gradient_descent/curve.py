"""One step at a time: a ball on a curve."""

import streamlit as st

from core.gradient_descent.descend import Descent, descend
from core.gradient_descent.program import lines, program
from core.gradient_descent.settings import DescentSettings
from core.plane.stability import seen
from core.settings import defaults
from figures.gradient_descent.curve import curve, heights, label
from figures.gradient_descent.words import by_hand, here, outcome
from figures.words import fmt
from ui.chart import chart
from ui.controls import Controls
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("curve", *(["text"] if controls.values["curve"] == "typed" else []), "lr", "start", "steps")
        settings = controls.read_or_explain(DescentSettings)
        presets(controls)
        controls.reset_button()
    with picture:
        if settings is None:
            return
        run = descend(settings)
        steps = list(range(run.steps + 1))
        labels = [label(run, at) for at in steps]
        at = scrubber(controls, "at", steps, labels, ["curve", "heights"], f"{hash(settings)}curve")
        one, two = st.columns([1.5, 1])
        with one:
            chart(curve(run), "curve")
        with two:
            chart(heights(run), "heights")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("This step in numbers")
        st.markdown(r"The rule: $x \leftarrow x - \mathrm{lr} \cdot f'(x)$")
        worked_step(by_hand(run, at))
        st.markdown(here(run, at))
    with second:
        _guess(run)
        st.subheader("What this run did")
        st.markdown(outcome(run))
        st.markdown(
            "**Find out by moving the controls.** In the valley x², which lr needs a single step? On x⁴, one start "
            "stays and one a little further out is lost: where is the border for lr 0.1? With two valleys, can a "
            "larger "
            "lr find the deeper one?"
        )
    printed = lines(run)
    st.code("\n".join(printed[:1] + ["..."] * (len(printed) > 2) + printed[-1:]), language=None)
    program_panel(
        program(run),
        "gradient_descent",
        "The curve and settings on screen are written into it. Run by itself, it prints a line for each step, the same "
        "as above to the last digit.",
    )


def presets(controls: Controls) -> None:
    """The course's words about the learning rate, and the curves that show where they end."""
    usual = defaults(DescentSettings) | {"view": "curve", "at": 3}
    with st.container(horizontal=True):
        controls.preset("The lowest point of a valley", "The course's picture: x², and a step at a time.", **usual)
        controls.preset(
            "Too low: slow", "The course: a rate that is too low can lead to slow convergence.", **usual | {"lr": 0.01}
        )
        controls.preset("Too high: overshoots", "The course: it overshoots the lowest point.", **usual | {"lr": 1.1})
        controls.preset("Back and forth", "lr = 2/L exactly: the same two places for ever.", **usual | {"lr": 1.0})
        controls.preset(
            "The start decides",
            "x⁴ with a start just past 1/√(2·lr): lost after a few steps.",
            **usual | {"curve": "quartic", "lr": 0.1, "start": 2.25},
        )
        controls.preset(
            "Stuck on a plateau",
            "Far from the valley the ground is almost level.",
            **usual | {"curve": "plateau", "start": -2.5, "lr": 0.5},
        )
        controls.preset(
            "Never at rest",
            "At a kink the slope does not shrink, so the steps do not either.",
            **usual | {"curve": "abs", "lr": 0.7},
        )
        controls.preset(
            "The wrong valley",
            "It rolls into the valley that is nearer, not the deeper one.",
            **usual | {"curve": "wells", "lr": 0.05, "start": 2.0},
        )


def _guess(run: Descent) -> None:
    closer, between, away = "It comes to rest", "It goes back and forth for ever", "It flies out"

    def reveal(_: str) -> str:
        kind = seen(run.x, run.loss)
        lr, end = fmt(run.settings.lr), fmt(run.x[-1].item())
        if kind in ("lost", "growing"):
            return f"{away}. With lr = {lr} each step is longer than the one before; after {run.steps} it is at {end}."
        if kind == "period two":
            other = fmt(run.x[-2].item())
            return (
                f"{between}. With lr = {lr} each step leads to the other side: after {run.steps} from {other} to {end}."
            )
        if kind in ("wandering", "on its way"):
            return f"Neither, so far: after {run.steps} steps with lr = {lr} it is at {end} and still moves on."
        how = "crossing the lowest point each time" if "turning" in kind else "always from the same side"
        return f"{closer}, {how}: with lr = {lr} the steps shrink, and after {run.steps} it is at {end}."

    prediction("What becomes of the ball in the end?", [closer, between, away], reveal, "gradient_descent")
