"""Data augmentation: more data from the data you have?"""

from ui.page import begin, show_page

begin(
    "Can you get more data from the data you have?",
    "A network learns from examples, and examples are expensive. So one changes those that one has: a picture is "
    "rotated a little, a word gives way to another, and what it shows stays the same. This is called augmentation. "
    "It can help, and it can harm.",
)

from core.data_augmentation.settings import (
    AffineSettings,
    AugmentationViewState,
    DigitsSettings,
    ImagesSettings,
    LabelSettings,
    MistakesSettings,
    SentencesSettings,
    TextSettings,
)
from pages.data_augmentation import affine, digits, images, label, mistakes, sentences, text
from ui.controls import Controls

VIEWS = {
    "images": images,
    "affine": affine,
    "label": label,
    "digits": digits,
    "mistakes": mistakes,
    "text": text,
    "sentences": sentences,
}

controls = Controls(
    "data_augmentation",
    AugmentationViewState,
    images=ImagesSettings,
    affine=AffineSettings,
    label=LabelSettings,
    digits=DigitsSettings,
    mistakes=MistakesSettings,
    text=TextSettings,
    sentences=SentencesSettings,
)
show_page(controls, VIEWS)
