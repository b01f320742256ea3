"""Stop in time: a network learns few digits for long, and a validation set says when it was best."""

import streamlit as st

from core.generalization.program import training_program
from core.generalization.settings import TrainingSettings
from core.generalization.training import BANDS, Training, TrainingTask
from figures.generalization.training import VALIDATION_TRACES, by_hand, guess_words, labels, losses, right_answers
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "A fifth at random": ("It learns the rule first, and the wrong labels after it.", {}),
    "Weight decay": ("Held short, the weights cannot learn every wrong label.", {"training.weight_decay": 1.0}),
    "Right labels": ("Hardly anything to gain by stopping.", {"training.label_noise": 0.0}),
    "All labels random": (
        "All of them learned by heart, and nothing understood.",
        {"training.label_noise": 1.0, "training.num_epochs": 200},
    ),
}
BEFORE = "The training loss alone. That of images which it does not learn from is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**When should the training stop?** A network learns few images of digits, some with random labels. Other "
        "images, the validation set, only say when to stop; the holdout set is for the end."
    )
    layout = view_layout()
    with layout.side:
        controls.show("training.width", "training.label_noise", "training.weight_decay", "training.num_epochs")
        controls.show_more("training.n_samples", "training.lr", "training.seed")
        controls.show_presets(PRESETS, TrainingSettings)
    with layout.stage:
        found = results(
            [TrainingTask(controls.read(TrainingSettings))], "generalization-training", run_label=None, place=layout.run
        )
        if not found:
            return
        run = found[0]
        if not _guess(controls, layout, run):
            held_chart(losses(run, stop=False), "losses", layout.words, hidden=VALIDATION_TRACES, said=BEFORE)
            return
        epochs = list(range(run.loss.shape[1]))
        scrubber(controls, "at", epochs, labels(run), ["losses", "right"], f"{hash(run.settings)}", "Epoch")
        chart(losses(run), "losses", layout.words)
    with layout.beside:
        chart(right_answers(run), "right")
    left, right = st.columns(2, gap="large")
    with left:
        worked_step(by_hand(run))
    with right:
        st.markdown(
            "**Find out.** With how few hidden neurons is there nothing left to stop for? What does weight decay do to "
            "the training images, and what to the holdout images?"
        )
    program_panel(training_program(run))


def _guess(controls: Controls, layout: Layout, run: Training) -> bool:
    question = (
        f"It learns its images {run.settings.num_epochs} times over: so many epochs. When is its error (loss) on "
        "images that it does not learn smallest?"
    )
    return prediction(controls, layout, question, list(BANDS), run.band, guess_words(run), run.settings)
