"""Mistakes that no error message tells of, each beside the right way."""

import streamlit as st

from core.loss_functions.float32 import exact, failure_zone, log_softmax, naive, textbook, with_logits
from core.loss_functions.mistakes import Comparison, compare
from core.loss_functions.program import mistake_program
from core.loss_functions.settings import MistakeSettings
from figures.loss_functions.mistakes import comparison, failure
from figures.loss_functions.words import say
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

CONTROLS = {
    "softmax_twice": ("gap", "classes"),
    "probabilities_nll": ("gap", "classes"),
    "kl_order": ("said", "truth"),
    "kl_mean": ("classes", "truth"),
    "mse_classes": ("gap", "classes"),
    "naive_log": ("wide_gap", "side"),
}
QUESTIONS = {
    "softmax_twice": "At which lead does the mistake cost the same as the right way? And with 50 classes?",
    "probabilities_nll": "At which lead is the dashed line steepest? How steep is it for a lead of −10?",
    "kl_order": "For a truth of 0.9, which way punishes q = 0.05 more? And which one q = 0.95?",
    "kl_mean": "For which number of classes is the mistake ten times too small? Would a graph of the loss show it?",
    "mse_classes": "At which lead does the squared error pull the most? How much of the right pull is left at −10?",
    "naive_log": "At which distance does each way stop being right? Which one would you trust far ahead?",
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.3, 1], gap="large")
    with side:
        controls.show("mistakes.mistake")
        settings = controls.read(MistakeSettings)
        controls.show(*(f"mistakes.{name}" for name in CONTROLS[settings.mistake]))
        controls.reset_button()
        st.markdown(f"**Find out.** {QUESTIONS[settings.mistake]}")
    with picture:
        if settings.mistake == "naive_log":
            _float32(settings)
        else:
            found = compare(settings)
            chart(comparison(found), "comparison")
            st.markdown(_why(settings, found))
    program_panel(
        mistake_program(settings),
        "loss_functions_mistakes",
        "The right way and the mistake at your point. Run by itself, it prints both numbers.",
    )


def _why(s: MistakeSettings, found: Comparison) -> str:
    right, wrong = say(found.right_at), say(found.wrong_at)
    if s.mistake == "softmax_twice":
        return (
            "CrossEntropyLoss takes the softmax itself. Given probabilities, it takes them for scores, and scores "
            f"between 0 and 1 are never far apart. With {s.classes} classes even a perfect answer costs log(1 + "
            f"{s.classes - 1} / e) = **{say(found.limit)}** nats, and at your lead {wrong} instead of {right}. It "
            "still trains, slowly: the slope is small everywhere. A loss that never falls below such a number is "
            "the sign."
        )
    if s.mistake == "probabilities_nll":
        return (
            "NLLLoss takes no logarithm: it returns minus what it finds at the target. Given probabilities it "
            f"returns −p, here **{wrong}** instead of {right}. It can go down to −1, never above 0. A negative loss "
            "in a classification log is the sign. An answer that is sure and wrong gets almost no slope."
        )
    if s.mistake == "kl_order":
        return (
            "`KLDivLoss` wants the model first, as logarithms, and the truth second: KL(p‖q). Swapped, it computes "
            f"KL(q‖p): **{wrong}** instead of {right}. Both are 0 where q = p = {s.truth:g}, so a test with equal "
            "distributions does not find it. The right one punishes a model that calls impossible what happens; the "
            "other one punishes a model that expects what does not happen."
        )
    if s.mistake == "kl_mean":
        return (
            "`mean` divides by samples times classes, `batchmean` by samples, which is the definition. With "
            f"{s.classes} classes it gives **{wrong}** instead of {right}: {s.classes} times too small. The gradient "
            "is as many times too small, as if the learning rate were."
        )
    return (
        f"The slope of cross-entropy is softmax − target: {right} here. Through the softmax, the squared error's "
        "slope is multiplied by the softmax's own slope, which is near 0 for an answer that is sure, right or "
        f"wrong: **{wrong}**. Go to a lead of −10: the network is as wrong as can be, and the squared error hardly "
        "tells it."
    )


def _float32(s: MistakeSettings) -> None:
    ahead = s.side == "ahead"
    chart(failure(failure_zone(ahead), s.wide_gap), "failure")
    third, name = (with_logits, "−BCEWithLogitsLoss(z₀ − z₁)") if ahead else (textbook, "log(exp(z) / exp(z).sum())")
    st.markdown(
        f"At a distance of {s.wide_gap:g} the right class's log-probability is "
        f"**{say(exact(s.wide_gap, ahead), 9)}**. In float32, log(softmax(z)) gives "
        f"**{say(naive(s.wide_gap, ahead), 9)}**, log_softmax(z) gives **{say(log_softmax(s.wide_gap, ahead), 9)}**, "
        f"{name} gives **{say(third(s.wide_gap, ahead), 9)}**."
    )
    if ahead:
        st.markdown(
            "The right class's probability is so near to 1 that float32 has no number between: the last one below 1 "
            "is 1 − 6·10⁻⁸. log_softmax cannot help, since it too adds e^−distance to 1. BCEWithLogitsLoss uses "
            "log1p, which never writes down the 1. For training this is harmless: the gradient there is just as "
            "small."
        )
    else:
        st.markdown(
            "The right class's probability is e^−distance. Below 1.2·10⁻³⁸ float32 keeps fewer and fewer digits of "
            "it, and below 0.7·10⁻⁴⁵ none: the probability is 0, its logarithm minus infinity, the loss infinite, "
            "and every gradient after it NaN. log_softmax subtracts before it takes powers, so it never writes such "
            "a number down. With `torch.set_flush_denormal(True)` such numbers are 0, and it breaks near 87.3."
        )
