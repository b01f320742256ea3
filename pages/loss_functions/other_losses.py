"""Yes or no, order, distance: the losses whose target is not one plain number."""

import streamlit as st

from core.loss_functions.other_losses import LOSSES
from core.loss_functions.settings import OtherLossesSettings
from figures.loss_functions.other_losses import sample_picture, sums_warning
from pages.loss_functions.calculator import show_calculator
from ui.controls import Controls

LOSS = "other_losses.loss"
FLOOR = {LOSS: "BCELoss", "other_losses.probability": "0,1;1e-30,1;0.5,1"}
KL = {LOSS: "KLDivLoss"}
UNSURE = {LOSS: "CrossEntropyLoss", "other_losses.soft": "2,0.5,-1,0.7,0.2,0.1;2,0.5,-1,1,0,0"}
PRESETS = {
    "Is it a dog?": ("Four scores, two dogs.", {}),
    "Few dogs": ("A missed dog counts five times: pos_weight 5.", {"other_losses.pos_weight": 5.0}),
    "The floor of BCELoss": ("A probability of 0 for a yes: 100, not infinity.", FLOOR),
    "An unsure teacher": ("One picture, 70% a cat, then surely one: probabilities as targets.", UNSURE),
    "Two distributions": ("KL of (0.7, 0.2, 0.1) from (0.5, 0.3, 0.2): 0.0851 with batchmean.", KL),
    "A triplet": ("Three triplets: one easy.", {LOSS: "TripletMarginLoss"}),
}
HINTS = {  # what the numbers mean
    "BCEWithLogitsLoss": "One score a sample. Its sigmoid is the probability of yes (1); the target is 1 or 0.",
    "BCELoss": "The probability of yes. Its logarithm is never taken below −100, so 0 for a yes costs only 100.",
    "NLLLoss": "The program takes the logarithm of this table first; NLLLoss picks the target's.",
    "CrossEntropyLoss": "Three scores, and as target a probability for each class instead of one class number.",
    "KLDivLoss": "How far a model's distribution q is from the truth p. The module gets log q first, then p.",
    "SoftMarginLoss": "One score a sample; the target is 1 or −1. Infinite beyond 88.7 on the wrong side.",
    "HingeEmbeddingLoss": "A distance of two things. 1: they should be near. −1: at least the margin apart.",
    "MarginRankingLoss": "Two scores. 1: a should be larger than b, by the margin. −1: b should be larger than a.",
    "MultiMarginLoss": "Scores of three classes. The right one should lead every other by the margin.",
    "CosineEmbeddingLoss": "Two vectors. 1: they should point the same way. −1: a cosine below the margin.",
    "TripletMarginLoss": "The anchor should be nearer to the positive than to the negative, by the margin.",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What does a wrong yes, a wrong order or a wrong distance cost?** **Find out:** which losses become exactly "
        "0, and what is their gradient then?"
    )
    settings = controls.read(OtherLossesSettings)
    show_calculator(controls, settings, LOSSES, sample_picture, PRESETS, HINTS[settings.loss], sums_warning)
