"""One of the mistakes, hidden: the reader names it from the losses and tensors."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.training_loop.health import equal_losses
from core.training_loop.hidden_mistake import evidence, hidden
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import number_sum_training
from figures.training_loop.mistakes import compared
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import results


def show(controls: Controls, mistakes: dict[str, tuple[dict[str, object], str]]) -> None:
    """The puzzle that is open, and the button for the next; the first of the "mistakes" is the right loop."""
    number, (course, *names) = controls.values["mistakes.puzzle"], mistakes
    st.subheader("Find the hidden mistake")
    following = {"mistakes.puzzle": number % 99 + 1}
    st.button("Hide a mistake in the loop", on_click=controls.set, kwargs=following, key="training_loop-puzzle")
    if not number:
        return
    answer, plain = hidden(number, names), TrainingLoopSettings(seed=number, num_epochs=3)
    guess = st.radio("Which mistake has been made here?", names, index=None, key=f"training_loop-puzzle-{number}")
    loops = {course: course, "the hidden loop": answer} | ({f"your answer: {guess}": guess} if guess else {})
    tasks = [number_sum_training(replace(plain, **mistakes[name][0])) for name in loops.values()]
    found = results(tasks, "training_loop-puzzle-runs", run_label=None)
    if found and guess:
        same = guess == answer or equal_losses(*found[1:])
        verdict = "Right" if guess == answer else "Right, as far as losses can tell" if same else "No, they differ"
        st.info(f"{verdict}: it is **{answer}**. {mistakes[answer][1]}")
    if found:
        chart(compared(dict(zip(loops, found, strict=True))), "hidden")
        st.dataframe(pd.concat(map(evidence, found[:2], loops)), hide_index=True)  # the first updates of both
