"""Pictures as tensors: slices, channels, layouts, bytes that wrap around."""

from dataclasses import replace

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.pictures import (
    LIMITS,
    MAX_BYTES,
    MAX_CLAIMED,
    Changed,
    change,
    decode,
    image_of,
)
from core.tensors.program import image_lines, image_program
from core.tensors.settings import USUAL_SHOW, ImageSettings
from figures.tensors.pictures import histogram, shown, window
from figures.tensors.shapes import facts_table, say_shape
from pages.tensors.shared import may_be_typed, more_settings, printed, show_error
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

EXAMPLES = {  # label: what it shows, and what it sets
    "The whole picture": ("Rows, columns, channels.", {"change": "img"}),
    "Crop": ("A slice: a view, nothing is copied.", {}),
    "Red channel": ("One number of three in each pixel.", {"change": "img[:, :, 0]"}),
    "Mirror": ("The columns in reverse: a copy.", {"change": "img.flip(1)"}),
    "Every 8th pixel": ("A step in two dimensions.", {"change": "img[::8, ::8]"}),
    "Channels first": ("HWC to CHW, as nn.Conv2d wants it.", {"change": "img.permute(2, 0, 1)"}),
    "Add 100": ("uint8 goes from 255 on to 0.", {"change": "img + 100"}),
    "Brighter, rightly": ("Wider numbers first, then cut off.", {"change": "(img.int() + 100).clamp(0, 255)"}),
    "Negative": ("255 minus every value.", {"change": "255 - img"}),
    "Normalise": (
        "Mean 0 and spread 1, as networks like it.",
        {"change": "(img / 255 - (img / 255).mean()) / (img / 255).std()"},
    ),
    "Grey": ("A mixture of the channels.", {"change": "img.float() @ torch.tensor([0.299, 0.587, 0.114])"}),
    "Noise": ("A random number added to each.", {"change": "img / 255 + 0.2 * torch.randn(427, 640, 3)"}),
    "A digit": ("8 by 8 pixels from 0 to 16.", {"source": "digit", "change": "img"}),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("image.source")
        _follow_source(controls)
        image, name = _image(controls)
        controls.show("image.change")
        more_settings(controls, "image.row", "image.column")
        _presets(controls)
        may_be_typed(LIMITS.elements)
    settings, seed = controls.read(ImageSettings), controls.values["seed"]
    with picture:
        if image is None:
            if not name:
                st.info(
                    "Choose a file; allowed: PNG, JPEG or WebP. The picture and the program follow. Shown until then: "
                    "the first digit."
                )
            settings = replace(settings, source="digit", digit=0)
            image = image_of(settings)
        try:
            found = change(image, settings, seed)
        except ExpressionError as error:
            show_error(error)
            _whole(image)
            _questions()
            lead = "It ends with that error." if isinstance(error, TorchError) else "The program of the example."
            good = settings if isinstance(error, TorchError) else ImageSettings()
            program_panel(image_program(good, name, seed), "tensors_image", lead)
            return
        _pictures(found, settings)
        _questions()
    program_panel(image_program(settings, name, seed), "tensors_image")


def _pictures(found: Changed, settings: ImageSettings) -> None:
    if not found.layout:
        st.info(
            f"The result has the shape {say_shape(tuple(found.result.shape))} and cannot be shown as a picture; "
            "allowed: (rows, columns), (rows, columns, 1 or 3) and (1 or 3, rows, columns). Shown instead: the picture."
        )
        _whole(found.image)
    else:
        chart(shown(found, f"`{settings.change}`"), "picture")
        one, two = st.columns(2)
        with one:
            st.markdown("**A few of its numbers**")
            chart(window(found, settings.row, settings.column), "numbers")
        with two:
            st.markdown("**How often each value occurs**")
            chart(histogram(found), "histogram")
    st.table(facts_table(img=found.image, result=found.result).set_index("fact"))
    if found.result.numel():
        printed(image_lines(found))


def _whole(image: object) -> None:
    chart(shown(change(image, ImageSettings(change="img")), "`img`"), "picture")


def _follow_source(controls: Controls) -> None:
    """Shows what is usual for a newly chosen picture, as long as nobody has typed anything else."""
    source, before = controls.values["image.source"], controls.beyond.get("image.source", ImageSettings().source)
    if source != before and controls.values["image.change"] == USUAL_SHOW[before]:
        controls.set(**{"image.change": USUAL_SHOW[source]})
    controls.beyond["image.source"] = source


def _image(controls: Controls) -> tuple[object | None, str]:
    """The chosen picture and the name of its file; None while there is none, which is then explained."""
    settings = controls.read(ImageSettings)
    if settings.source != "upload":
        if settings.source == "digit":
            controls.show("image.digit")
        return image_of(settings), ""
    file = st.file_uploader(
        f"PNG, JPEG or WebP, at most {MAX_BYTES // 1_000_000} MB and {MAX_CLAIMED // 1_000_000} megapixels",
        type=["png", "jpg", "jpeg", "webp"],
        key="tensors-picture",
    )
    st.caption("The file stays in this session: a link does not carry it. Above 1 megapixel it is made smaller.")
    if file is None:
        return None, ""
    try:
        return _decoded(file.getvalue()), file.name
    except ExpressionError as error:
        show_error(error)
        st.caption("Shown until a picture can be read: the first digit.")
        return None, file.name


@st.cache_resource(max_entries=4, show_spinner=False)
def _decoded(content: bytes) -> object:
    return decode(content)


def _questions() -> None:
    st.markdown(
        "**Find out by typing.** Which slice cuts out the flower's centre, and how many bytes does it copy? What is "
        "the largest number that you can add before the first value wraps around? How does `img.permute(2, 0, 1)` "
        "look in memory, and what does `.contiguous()` change?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("image")
    with st.container(horizontal=True):
        for label, (what, values) in EXAMPLES.items():
            controls.preset(label, what, **usual | {f"image.{name}": value for name, value in values.items()})
