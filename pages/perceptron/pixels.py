"""Pixels: the picture of the course with real images, weighed, summed and activated."""

import streamlit as st

from core.perceptron.pixels import PixelRun, run_pixels
from core.perceptron.program import pixel_lines, pixel_program
from core.perceptron.settings import PixelSettings
from figures.perceptron.pixels import pixel_product, pixel_sums
from figures.perceptron.written import written
from ui.chart import chart
from ui.controls import Controls
from ui.page import load_library
from ui.program import program_panel


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("pixels.zero", "pixels.one", "image")
        settings = controls.read_or_explain(PixelSettings)
        controls.show_more("pixels.num_passes", "pixels.holdout", "pixels.seed")
        controls.reset_button()
        if settings is None:
            return
        load_library("sklearn.datasets")
        run = run_pixels(settings)
        index = min(controls.values["image"], len(run.label) - 1)
        _wrong_buttons(controls, run)
        st.markdown(_answer(run, index))
    with picture:
        parts = pixel_product(run, index)
        for column, part, name in zip(st.columns(3), parts, ("pixels", "weights", "products"), strict=True):
            with column:
                chart(part, f"pixel_{name}")
    first, second = st.columns([1.6, 1], gap="large")
    with first:
        chart(pixel_sums(run, index), "pixel_sums")
    with second:
        st.markdown(_accuracy(run))
        st.markdown(
            "**Find out by moving the controls.** Which two digits are hardest to tell apart, and which easiest? Which "
            "pixels do the weights leave at 0, and why? What happens to the accuracy on held-out images when most "
            "images are held out?"
        )
    st.code("\n".join(pixel_lines(run)), language=None)
    program_panel(pixel_program(settings), "perceptron_pixels", "Run by itself, it prints the lines above.")


def _wrong_buttons(controls: Controls, run: PixelRun) -> None:
    wrong = run.wrong_images
    if not wrong:
        st.markdown("No held-out image is answered wrongly.")
        return
    later = [i for i in wrong if i > controls.values["image"]]
    following = later[0] if later else wrong[0]
    st.button(
        f"Show a wrong one ({len(wrong)})",
        on_click=controls.set,
        kwargs={"image": following},
        key="perceptron-next-wrong",
    )


def _answer(run: PixelRun, index: int) -> str:
    digits, score = (run.settings.zero, run.settings.one), run.scores[index].item()
    answer, label = int(run.answers[index]), int(run.label[index])
    return (
        f"**Image {index}.** Pixels times weights, summed, plus the bias: {written(score, '.4f')}. Activated by the "
        f"step: {'above' if answer else 'not above'} 0, so class {answer}, **a {digits[answer]}**. It is a "
        f"{digits[label]}: "
        f"{'right' if answer == label else 'wrong'}."
    )


def _accuracy(run: PixelRun) -> str:
    passes, last = len(run.wrong), int(run.wrong[-1])
    end = "the last one without a mistake" if not last else f"{last} mistakes in the last one"
    return (
        f"Learned from {run.n_train} images in {passes} passes, {end}. On {len(run.label)} images that it has never "
        f"seen: **{run.accuracy:.1%}** right, and {run.accuracy_averaged:.1%} with averaged weights. On the images it "
        f"learned from: {run.train_accuracy:.1%}."
    )
