"""Yes or no, order, distance: the losses whose target is not one plain number."""

from dataclasses import replace

import streamlit as st

from core.loss_functions.more import more_loss, more_table_of
from core.loss_functions.settings import MAX_ROWS, REDUCTIONS, MoreSettings
from figures.loss_functions.one_call import losses_and_gradient
from figures.loss_functions.plane import in_the_plane
from pages.loss_functions import one_call
from pages.loss_functions.tables import MEANWHILE, last_good, layout, remember
from ui.controls import Controls
from ui.number_table import number_table

NO_BATCHMEAN = "batchmean exists for KLDivLoss only. Shown instead: mean."
OPTIONS = {  # loss -> its own settings
    "BCEWithLogitsLoss": ("pos_weight",),
    "NLLLoss": ("weight",),
    "HingeEmbeddingLoss": ("margin",),
    "MarginRankingLoss": ("margin",),
    "MultiMarginLoss": ("margin", "p", "weight"),
    "CosineEmbeddingLoss": ("cosine_margin",),
    "TripletMarginLoss": ("margin", "norm", "swap"),
}
WORDS = {
    "BCEWithLogitsLoss": "One score a sample. Its sigmoid is the probability of yes (1); the target is 1 or 0, "
    "or between.",
    "BCELoss": "The probability itself. Its logarithm is never taken below −100, so even 0 for a yes costs only 100.",
    "NLLLoss": "Log-probabilities: the program takes the logarithm of this table first, and NLLLoss picks the "
    "target's.",
    "KLDivLoss": "How far a model's distribution q is from the truth p. The module gets log q first, then p.",
    "SoftMarginLoss": "One score a sample; the target is 1 or −1. As BCEWithLogitsLoss, but infinite beyond a score of "
    "88.7 on the wrong side.",
    "HingeEmbeddingLoss": "A distance of two things. 1: they should be near. −1: they should be at least the "
    "margin apart.",
    "MarginRankingLoss": "Two scores. 1: a should be larger than b, by the margin. −1: b should be larger than a.",
    "MultiMarginLoss": "Scores of three classes. The right one should lead every other by the margin.",
    "CosineEmbeddingLoss": "Two vectors. 1: they should point the same way. −1: their cosine should be below the "
    "margin.",
    "TripletMarginLoss": "Three points. The anchor should be nearer to the positive than to the negative, by the "
    "margin.",
}


def show(controls: Controls) -> None:
    settings = controls.read(MoreSettings)
    _fit_reduction(controls, settings.loss)
    field, columns = more_table_of(settings)
    table, picture, side = layout(columns)
    with side:
        controls.show("more.loss")
        st.markdown(WORDS[settings.loss])
    with table:
        rows = number_table(controls, f"more.{field}", columns, MAX_ROWS)
    with side:
        if len(rows) > 1:
            controls.show("row")
        names = [f"more.{name}" for name in OPTIONS.get(settings.loss, ())]
        controls.show(*names[:2])
        _show_reduction(controls, settings.loss)
        if names[2:]:
            controls.show_more(*names[2:])
        _presets(controls)
        controls.reset_button()
    with picture:
        try:
            settings = controls.read(MoreSettings)
            found = more_loss(settings)
        except ValueError as error:
            st.error(str(error))
            one_call.program(more_loss(last_good(MoreSettings(loss=settings.loss))), MEANWHILE)
            return
        remember(settings)
        row = min(controls.values["row"], len(rows)) - 1
        vectors = found.name in ("CosineEmbeddingLoss", "TripletMarginLoss")
        one_call.returned(found, in_the_plane(found, row) if vectors else losses_and_gradient(found))
        one_call.steps(controls, found)
    st.markdown(
        "**Find out by changing the table.** Which losses become exactly 0, and what is their gradient then? What "
        "does BCELoss say to a probability of 0 for a yes, and what does BCEWithLogitsLoss say to a score of −200? "
        "Where must a negative stand so that a triplet costs nothing?"
    )
    one_call.program(found)


def _fit_reduction(controls: Controls, loss: str) -> None:
    """Gives a loss that has no batchmean the mean, and says so."""
    name = "more.reduction"
    if loss == "KLDivLoss":
        if controls.problems.get(name) == NO_BATCHMEAN:
            del controls.problems[name]
        return
    if controls.values[name] not in REDUCTIONS:
        controls.set(**{name: "mean"})
        controls.problems[name] = NO_BATCHMEAN


def _show_reduction(controls: Controls, loss: str) -> None:
    """The reductions that this loss has."""
    name = "more.reduction"
    kind = controls.kinds[name]
    if loss != "KLDivLoss":
        controls.kinds[name] = replace(kind, options=REDUCTIONS)
    controls.show(name)
    controls.kinds[name] = kind  # presets and links may set all of them


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("more") | {"row": 1}
    with st.container(horizontal=True):
        controls.preset("Is it a dog?", "Four scores, two dogs.", **usual)
        controls.preset("Few dogs", "A missed dog counts five times: pos_weight 5.", **usual | {"more.pos_weight": 5.0})
        controls.preset(
            "The floor of BCELoss",
            "A probability of 0 for a yes: 100, not infinity.",
            **usual | {"more.loss": "BCELoss", "more.probability": "0,1;1e-30,1;0.5,1"},
        )
        controls.preset(
            "Two distributions",
            "KL of (0.7, 0.2, 0.1) from (0.5, 0.3, 0.2): 0.0851 with batchmean.",
            **usual | {"more.loss": "KLDivLoss", "more.reduction": "batchmean"},
        )
        controls.preset("A triplet", "Three triplets: one easy.", **usual | {"more.loss": "TripletMarginLoss"})
