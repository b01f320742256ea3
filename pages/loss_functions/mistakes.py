"""Mistakes that no error message tells of, each beside the right way."""

from dataclasses import replace

import streamlit as st

from core.loss_functions.mistakes import compare, misreports, right_and_wrong
from core.loss_functions.program import mistake_lines, mistake_program
from core.loss_functions.settings import MistakeSettings
from figures.loss_functions.mistakes import comparison, failure
from figures.words import fmt
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel

MISTAKES = {  # mistake -> its controls, why it is wrong, what to find out
    "softmax_twice": (
        ("gap", "classes"),
        "CrossEntropyLoss takes the softmax itself. Given probabilities, it takes them for scores, and scores between "
        "0 and 1 are never far apart: with K classes even a perfect answer costs log(1 + (K − 1) / e). A loss that "
        "never falls below such a number is the sign.",
        "At which lead does the mistake cost the same as the right way?",
    ),
    "probabilities_nll": (
        ("gap", "classes"),
        "NLLLoss takes no logarithm: it returns minus what it finds at the target. Given probabilities it returns −p, "
        "between −1 and 0. A negative loss in a classification log is the sign.",
        "How steep is the dashed line for a lead of −10?",
    ),
    "kl_order": (
        ("said", "truth"),
        "`KLDivLoss` wants the model first, as logarithms, and the truth second: KL(p‖q). Swapped, it computes "
        "KL(q‖p). Both are 0 where q = p, so a test with equal distributions does not find it.",
        "For a truth of 0.9, which way punishes q = 0.05 more? And which one q = 0.95?",
    ),
    "kl_mean": (
        ("classes", "truth"),
        "`mean` divides by samples times classes, `batchmean` by samples, which is the definition. The loss and its "
        "gradient are too small by the number of classes.",
        "For which number of classes is the mistake ten times too small?",
    ),
    "mse_classes": (
        ("gap", "classes"),
        "The slope of cross-entropy is softmax − target. Through the softmax, the squared error's slope is multiplied "
        "by the softmax's own slope, which is near 0 for an answer that is sure, right or wrong.",
        "How much of the right pull is left at a lead of −10?",
    ),
    "naive_log": (
        ("wide_gap", "side"),
        "Behind, the probability e^−distance becomes too small for float32 and is rounded to 0, an underflow: its "
        "logarithm is minus infinity, and every gradient after it NaN. log_softmax subtracts before it takes powers. "
        "Ahead, the probability is rounded to 1; BCEWithLogitsLoss uses log1p, which never writes down the 1.",
        "Which way would you trust far ahead?",
    ),
}
REPORTS = {"more": "A larger number", "same": "The same number", "less": "A smaller number"}


def show(controls: Controls) -> None:
    st.markdown("**What does a mistake do that no error message tells of?**")
    layout = view_layout()
    with layout.side:
        controls.show("mistakes.mistake")
        settings = controls.read(MistakeSettings)
        names, why, question = MISTAKES[settings.mistake]
        controls.show(*(f"mistakes.{name}" for name in names))
        controls.reset_button()
        st.markdown(f"**Find out.** {question}")
    with layout.stage:
        if not _guess(controls, layout, settings):
            found = compare(settings)  # neither curve nor axis may answer
            found = replace(found, wrong=found.right, at=found.at[:1] * 2, limit=None)
            held_chart(comparison(found), "comparison", layout.words, hidden=(2, 3))
            return
        if settings.mistake == "naive_log":
            chart(failure(settings.side == "ahead", settings.wide_gap), "failure", layout.words)
        else:
            chart(comparison(compare(settings)), "comparison", layout.words)
    layout.words.markdown(why)
    program_panel(mistake_program(settings))


def _guess(controls: Controls, layout: Layout, settings: MistakeSettings) -> bool:
    if settings.mistake == "naive_log":  # its picture shows another quantity
        return True
    right, wrong = right_and_wrong(settings)
    good, bad = (line.partition("  #")[0] for line in mistake_lines(settings)[2:])
    question = f"`{good}` gives {fmt(right)}. What does `{bad}` give?"
    if settings.mistake == "mse_classes":  # whose lines say less than words
        question = (
            f"Cross-entropy pulls the right class's score up by {fmt(right)}. By how much does the squared error?"
        )
    answer, why = [REPORTS[misreports(right, wrong)]], f"It gives {fmt(wrong)}, and no error message."
    return prediction(controls, layout, question, list(REPORTS.values()), answer, why, settings)
