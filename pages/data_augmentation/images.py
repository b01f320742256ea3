"""Sixteen copies of one picture, and what was drawn for each."""

import streamlit as st

from core.data_augmentation.images import Variants, kept_band, make_variants
from core.data_augmentation.program import images_program
from core.data_augmentation.settings import ImagesSettings
from core.picture_file import MAX_BYTES, MAX_PIXELS, read_picture
from figures.data_augmentation.images import by_hand, copy_at, drawn_numbers, original, sixteen
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.upload import upload
from ui.worked_step import worked_step

PRESETS = {
    "A digit, a little": ("Rotated and scaled so little that everybody still reads it.", {}),
    "A 6 at any angle": ("Some of them are a 9 now.", {"images.operations": ("rotate",), "images.strength": 1.0}),
    "The course's five": (
        "A flower rotated, mirrored, scaled, cropped, and in other colours.",
        {"images.source": "flower", "images.operations": ("rotate", "flip", "scale", "crop", "colour")},
    ),
    "Noise and holes": ("Most values change a little.", {"images.operations": ("noise", "erase")}),
    "Two in one": (
        "Mixup blends a second picture in, CutMix pastes a part of it; the label is then mixed, too.",
        {"images.operations": ("mixup", "cutmix"), "images.strength": 0.8, "images.p": 0.5},
    ),
}
BANDS = ("More than half of them", "A quarter to a half", "Fewer than a quarter")


def show(controls: Controls) -> None:
    st.markdown(
        "**How different is a copy that shows the same?** Each of the sixteen is changed by numbers of its own."
    )
    layout = view_layout()
    with layout.side:
        controls.show("images.source")
        uploaded, name = _uploaded(controls)
        controls.show("images.operations", "images.strength", "images.p", "variant")
        is_digit = controls.values["images.source"] == "digit"
        controls.show_more(*["images.digit"] * is_digit, "images.seed")
        controls.show_presets(PRESETS, ImagesSettings)
    variants = make_variants(controls.read(ImagesSettings), uploaded)
    copy = controls.values["variant"] - 1

    def clicked(x: float, y: float) -> None:
        number = copy_at(x, y)
        if number:
            controls.set(variant=number)

    with layout.stage:
        if not _guess(controls, layout, variants):
            chart(original(variants), "copies", layout.words)
            return
        chart(sixteen(variants, copy), "copies", layout.words, on_place=clicked)
    with layout.words:
        st.markdown(f"**Drawn for copy {copy + 1}:**\n\n{drawn_numbers(variants, copy)}")
        worked_step(by_hand(variants, copy))
        st.markdown("**Find out.** From which strength on is a rotated 6 a 9 for you?")
    program_panel(images_program(variants, copy, name if uploaded is not None else ""))


def _uploaded(controls: Controls) -> tuple[object, str]:
    """The reader's own picture and the name of its file, if that is asked for and there is one."""
    if controls.values["images.source"] != "upload":
        return None, ""
    megapixels = MAX_PIXELS // 1_000_000
    label = f"PNG, JPEG or WebP, at most {MAX_BYTES // 1_000_000} MB; above {megapixels} megapixel it is made smaller"
    found = upload(controls, label, ["png", "jpg", "jpeg", "webp"], "augmentation-picture", read_picture)
    if found:
        return found
    st.caption("Shown until a picture can be read: the digit.")
    return None, ""


def _guess(controls: Controls, layout: Layout, variants: Variants) -> bool:
    question = (
        "Sixteen copies will be made from this picture, as the settings say. How many of its pixels that are not "
        "black keep their number, on average?"
    )
    why = f"It is {variants.kept.mean():.1%}: what is the same for you can be other numbers for a network."
    return prediction(controls, layout, question, BANDS, [BANDS[kept_band(variants)]], why, variants.settings)
