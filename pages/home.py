"""The first page: what this is, where to begin, and a picture that is alive."""

from ui.page import begin

begin(
    "What happens inside a network while it learns?",
    "Explore the fundamentals of deep learning by moving things and seeing what happens. Every picture comes from "
    "real PyTorch, every state has a link, and every result comes with the program that prints the same numbers.",
)

import streamlit as st

from core.training_loop.addition import answer
from core.training_loop.settings import HomeViewState, TrainingLoopSettings
from core.training_loop.train import number_sum_training
from figures.training_loop.watch import answers
from figures.words import fmt
from ui.chart import chart
from ui.concept_map import concept_map
from ui.concepts import CONCEPTS
from ui.controls import Controls
from ui.long_work import results
from ui.scrubber import scrubber

controls = Controls("home", HomeViewState)
controls.show_link_problems()

right, left = st.columns([1.5, 1], gap="large")
with left:
    first = CONCEPTS[0]
    st.subheader("Begin here")
    st.page_link(f"pages/{first.name}.py", label=f"**{first.title}**", icon=":material/arrow_forward:")
    st.markdown(f"{first.about} Or choose another concept on the map below.")
    st.subheader("How every page works")
    st.markdown(
        "- **Guess first**, then see what the run really did.\n"
        "- **Move a control** and the picture follows; the address in your browser is a link to what you see "
        "(except for files that you load).\n"
        "- **Time is a slider**: a run is recorded whole, so you can go back to any moment.\n"
        "- **The program** at the end of each page is complete. Copy it, run it, get the same numbers."
    )
with right:
    st.subheader("A network that learns to add")
    st.markdown("It is told no rule, only pairs of numbers and their sums. Press **Play** to see what it answers.")
    found = results([number_sum_training(TrainingLoopSettings())], "home", run_label=None)
    if found:
        run = found[0]
        updates = [snapshot.update for snapshot in run.snapshots]
        sums = [answer(snapshot.weights, 3.0, 7.0) for snapshot in run.snapshots]
        labels = [
            f"After {u:,} of {run.updates:,} updates it says 3 + 7 = {fmt(s, decimals=4)}."
            for u, s in zip(updates, sums, strict=True)
        ]
        scrubber(controls, "at", updates, labels, ["home_answers"], "home")
        chart(answers(run), "home_answers")

st.subheader("The concepts, and which builds on which")
concept_map()

with st.expander("Errors in the course notes that this app corrects"):
    st.markdown(
        "- **Training loop**: the printed losses (118.82 … 0.049) are not those of a network with fresh weights; those "
        "begin at some hundred thousands (243,062 with seed 0). The page shows them.\n"
        "- **Cross-entropy** of `[[2.0, 5.0]]` with target 1 is log(1 + e⁻³) = 0.0486. The notes print 0.0181, "
        "which is "
        "log(1 + e⁻⁴), the value of `[[1.0, 5.0]]`.\n"
        "- **Reinforcement learning** stands under “Optimizers” in the notes; it is a field of its own.\n"
        "- Typing errors: `images (1]`, `torch. rand`, the line `return self.output_layer(x)  model =`, and the "
        "indentation "
        "of `NumberProductDataset.__len__`."
    )
