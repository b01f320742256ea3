"""Samplers over several epochs: when each sample came, and how often."""

from dataclasses import replace

import streamlit as st

from core.datasets_and_loaders.program import samplers_program
from core.datasets_and_loaders.samplers import Epochs, run_samplers, seen_share
from core.datasets_and_loaders.settings import SamplersSettings
from figures.datasets_and_loaders.samplers import by_hand, class_mix, samples_by_epoch, why
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Never shuffled": ("Every epoch the same; class 1 always last.", {"samplers.sampler": "sequential"}),
    "Shuffled": ("Every sample once an epoch, in another order.", {"samplers.sampler": "random"}),
    "Drawn, and put back": ("Some twice, some not at all.", {"samplers.sampler": "replacement"}),
    "A rare class": ("Weights bring class 1 as often as class 0.", {"samplers.sampler": "weighted"}),
    "The last batch dropped": (
        "Each epoch leaves out other samples.",
        {"samplers.sampler": "random", "samplers.drop_last": True},
    ),
}
SEEN = {"all": "All of them", "most": "More than half, not all", "few": "Half or fewer", "none": "None"}


def show(controls: Controls) -> None:
    st.markdown("**Who comes when, and how often?** The sampler decides, in every epoch (one pass).")
    layout = view_layout()
    with layout.side:
        controls.show("samplers.sampler")
        if controls.values["samplers.sampler"] == "subset":
            controls.show("samplers.subset", most=controls.values["samplers.n_samples"])
        controls.show("samplers.batch_size", "samplers.drop_last")
        controls.show("samplers.rare", most=min(20, controls.values["samplers.n_samples"]))
        controls.show_more("samplers.n_samples", "samplers.num_epochs", "samplers.seed")
        controls.show_presets(PRESETS, SamplersSettings)
    found = run_samplers(controls.read(SamplersSettings))
    with layout.stage:
        if not _guess(controls, layout, found):
            unshuffled = run_samplers(replace(found.settings, sampler="sequential"))
            said = (
                "One after the other: a row is an epoch, a column a sample, the colour its batch, pale for the first."
            )
            held_chart(samples_by_epoch(unshuffled), "samples", layout.words, said=said)
            return
        chart(samples_by_epoch(found), "samples", layout.words)
    with layout.beside:
        chart(class_mix(found), "mix")
    with layout.below:
        worked_step(by_hand(found))
        st.markdown(
            "**Find out.** With the preset “A rare class”: how does the sampler bring 4 samples as often as 20 others?"
        )
    program_panel(samplers_program(found))


def _guess(controls: Controls, layout: Layout, found: Epochs) -> bool:
    s = found.settings
    if s.sampler == "sequential":  # the picture before the guess
        return True
    question = (
        f"The sampler is “{controls.kinds['samplers.sampler'].say(s.sampler)}”. In an epoch it gives "
        f"{s.n_drawn} samples, of {s.n_samples} in the dataset. How many different ones come in the first epoch?"
    )
    right = [SEEN[seen_share(found)]]
    return prediction(controls, layout, question, list(SEEN.values())[:3], right, why(found), s)
