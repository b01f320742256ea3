"""One update, line by line, with its real tensors."""

import streamlit as st

from core.training_loop.one_update import OneUpdate, replay
from core.training_loop.record import Run
from figures.training_loop.one_update import (
    ROLES,
    batch_table,
    loss_sentence,
    steps,
    weight_sentence,
    weight_table,
)
from pages.training_loop.runs import knobs, program_of, run_on_screen
from ui.chart import chart, table
from ui.controls import Controls

ICONS = {
    "First": ":material/first_page:",
    "Back": ":material/chevron_left:",
    "Forward": ":material/chevron_right:",
    "Last": ":material/last_page:",
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        knobs(controls)
    with picture:
        run = run_on_screen(controls)
        if run is None or not run.updates:
            return
        shown = replay(run, _chosen(controls, run))
        st.markdown(
            f"**Update {shown.update:,} of {run.updates:,}**: epoch {shown.epoch}, batch {shown.batch} of "
            f"{run.per_epoch:,} (counted from 0); batch size {len(shown.rows):,}."
        )
        one, two = st.columns([1.2, 1])
        with one:
            for number, line in enumerate(shown.order, start=1):
                _line(number, line, shown, run)
        with two:
            chart(steps(shown, run.settings), "steps")
    table(batch_table(shown), "batch", f"The whole batch ({len(shown.rows):,}) with answers and errors")
    table(weight_table(shown), "weights", "The weights: gradients and steps")
    st.markdown(
        "**Find out by moving the controls.** Compare update 1 with update 200: which shrinks faster, the gradients "
        "or the "
        "steps? With SGD, why is the largest step in the first updates? Where do all steps become exactly zero?"
    )
    program_of(run.settings, run)


def _chosen(controls: Controls, run: Run) -> int:
    """The update on screen, with buttons and a slider that arrow keys move."""
    at = min(max(controls.values["at"], 1), run.updates)
    places = {"First": 1, "Back": at - 1, "Forward": at + 1, "Last": run.updates}
    with st.container(horizontal=True):
        for label, place in places.items():
            st.button(
                label,
                icon=ICONS[label],
                on_click=controls.set,
                kwargs={"at": min(max(place, 1), run.updates)},
                disabled=not 1 <= place <= run.updates or place == at,
                key=f"training_loop-to-{label}",
            )
    if run.updates > 1:
        key = "training_loop-update"
        if st.session_state.get(key) != at:
            st.session_state[key] = at
        st.slider("Update", 1, run.updates, key=key, on_change=lambda: controls.set(at=st.session_state[key]))
    return at


def _line(number: int, line: str, shown: OneUpdate, run: Run) -> None:
    code, role = ROLES[line]
    st.markdown(f"**{number}.** `{code}`  \n{role}  \n{_detail(line, shown, run)}")


def _detail(line: str, shown: OneUpdate, run: Run) -> str:
    if line == "forward":
        (a, b), said = shown.features[0].tolist(), shown.predictions[0].item()
        return (
            f"`number_pairs` {tuple(shown.features.shape)} → `predictions` {tuple(shown.predictions.shape)}. "
            f"The first pair is {a:g}, {b:g}: the answer is {said:.4f}, the sum {shown.targets[0].item():g}."
        )
    if line == "loss":
        return loss_sentence(shown)
    if line == "backward":
        grads = ", ".join(f"`{name}` {tuple(g.shape)}" for name, g in shown.gradients.items())
        return f"`.grad` of {grads}."
    if line == "step":
        return weight_sentence(shown, run.settings)
    return "`.grad` is `None` again for every weight."
