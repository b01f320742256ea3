"""Pictures as tensors: slices, channels, layouts, bytes that wrap around."""

from dataclasses import replace

import streamlit as st

from core.picture_file import MAX_BYTES, MAX_PIXELS, read_picture
from core.quote import literal
from core.tensors.image import LIMITS, Changed, change, image_of
from core.tensors.program import image_program
from core.tensors.settings import USUAL_SHOW, ImageSettings
from figures.tensors.facts import facts_table
from figures.tensors.image import odd_words, shown, window
from pages.tensors.shared import computed, more_controls
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.upload import upload

PRESETS = {
    "The whole picture": ("Rows, columns, channels.", {"image.change": "img"}),
    "Crop": ("A slice: a view, nothing is copied.", {"image.change": "img[100:350, 150:450]"}),
    "Red channel": ("One number of three in each pixel.", {"image.change": "img[:, :, 0]"}),
    "Mirror": ("The columns in reverse: a copy.", {"image.change": "img.flip(1)"}),
    "Every 8th pixel": ("A step in two dimensions.", {"image.change": "img[::8, ::8]"}),
    "Channels first": ("HWC to CHW, as nn.Conv2d wants it.", {"image.change": "img.permute(2, 0, 1)"}),
    "Add 100": ("uint8 goes from 255 on to 0.", {}),
    "Brighter, rightly": ("Wider numbers first, then cut off.", {"image.change": "(img.int() + 100).clamp(0, 255)"}),
    "Negative": ("255 minus every value.", {"image.change": "255 - img"}),
    "Normalise": ("Mean 0, spread 1.", {"image.change": "(img / 255 - (img / 255).mean()) / (img / 255).std()"}),
    "Grey": ("A mixture of the channels.", {"image.change": "img.float() @ torch.tensor([0.299, 0.587, 0.114])"}),
    "Noise": ("A random number added to each.", {"image.change": "img / 255 + 0.2 * torch.randn(427, 640, 3)"}),
    "A digit": ("8 by 8 pixels from 0 to 16.", {"image.source": "digit", "image.change": "img"}),
}

BEYOND = ("It stops at the end, 0 or 255", "It is kept in a wider dtype", "It goes round and starts at the other end")


def show(controls: Controls) -> None:
    st.markdown(
        "**A picture is a tensor of bytes, from 0 (dark) to 255 (bright). What do slices and sums make of it?**"
    )
    layout = view_layout()
    with layout.side:
        controls.show("image.source")
        _follow_source(controls)
        settings, image, name = _chosen(controls)
        controls.show("image.change")
        settings, seed = replace(settings, change=controls.values["image.change"]), controls.values["seed"]
        whole = replace(settings, change="img")
        settings, found, refused = computed(controls, layout, settings, lambda one: change(image, one, seed), whole)
        more_controls(controls, PRESETS, ImageSettings, "image.row", "image.column", elements=LIMITS.elements)
    with layout.stage:
        if not refused and not _guess(controls, layout, settings, found):
            chart(shown(change(image, whole)), "picture", layout.words)
            return
        if found.layout:
            chart(shown(found), "picture", layout.words)
        else:
            layout.words.info(
                f"The result has the shape {tuple(found.result.shape)} and cannot be shown as a picture; allowed: "
                "(rows, columns), (rows, columns, 1 or 3) and (1 or 3, rows, columns). Shown instead: the picture."
            )
            chart(shown(change(image, whole)), "picture", layout.words)
    with layout.below:
        if found.layout:
            st.markdown(odd_words(found))
            chart(window(found, controls.values["image.row"], controls.values["image.column"]), "numbers")
        st.table(facts_table(img=found.image, result=found.result))
        st.markdown("**Find out.** How many values wrap around with `img + 1`, and how many with `img + 200`?")
    program_panel(image_program(refused or settings, None if refused else found, name, seed))


def _guess(controls: Controls, layout: Layout, settings: ImageSettings, found: Changed) -> bool:
    """Asks where there is a surprise; elsewhere the question waits."""
    if not found.wrapped:
        return True
    question = f"A uint8 holds 0 to 255. What does {literal(settings.change)} do with a value that does not fit?"
    why = "After 255 comes 0, and before 0 comes 255."
    return prediction(controls, layout, question, BEYOND, [BEYOND[2]], why, settings)


def _follow_source(controls: Controls) -> None:
    """Shows what is usual for a newly chosen picture, as long as nobody has typed anything else."""
    source = controls.values["image.source"]
    before = controls.unlinked.get("image.source", ImageSettings().source)
    if source != before and controls.values["image.change"] == USUAL_SHOW[before]:
        controls.set(**{"image.change": USUAL_SHOW[source]})
    controls.unlinked["image.source"] = source


def _chosen(controls: Controls) -> tuple[ImageSettings, object, str]:
    """The settings, the picture, and the name of its file; the first digit while there is no file that can be read."""
    if controls.values["image.source"] == "digit":
        controls.show("image.digit")
    settings = controls.read(ImageSettings)
    if settings.source != "upload":
        return settings, image_of(settings), ""
    label = (
        f"PNG, JPEG or WebP, at most {MAX_BYTES // 1_000_000} MB; above {MAX_PIXELS // 1_000_000} megapixel it is made "
        "smaller"
    )
    found = upload(controls, label, ["png", "jpg", "jpeg", "webp"], "tensors-picture", read_picture)
    if found:
        return settings, *found
    st.caption("Shown until a picture can be read: the first digit.")
    settings = replace(settings, source="digit", digit=0)
    return settings, image_of(settings), ""
