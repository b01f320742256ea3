"""Weight decay: through the gradient it moves the minimum, beside the step it does something else."""

import streamlit as st

from core.optimizers.program.weight_decay import NAME, decay_program
from core.optimizers.settings import WIDEST
from core.optimizers.weight_decay import RUNNERS, DecaySettings, DecayTask, groups, with_decay
from core.plane.surfaces import SURFACES
from figures.optimizers.weight_decay import balance_table, decay_plane, end_words, frame_steps, label
from figures.words import fmt
from pages.optimizers.shared import read_hparams, read_surface, show_surface
from ui.chart import chart, held_chart, rounded
from ui.controls import Controls
from ui.layout import view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber


def _preset(surface: str, weight_decay: float, lr: float, beta2: float = 0.999) -> dict[str, object]:
    x, y = SURFACES[surface].start
    own = {"weight_decay.weight_decay": weight_decay, "weight_decay.lr": lr, "AdamW.beta2": beta2}
    return {"surface": surface, "x": x, "y": y} | own


PRESETS = {
    "AdamW comes back": ("Beale, λ = 0.2: with β₂ = 0.99 it forgets soon.", _preset("beale", 0.2, 0.01, 0.99)),
    "Held at the edge": ("Beale, λ = 1: AdamW ends where |x| = 1/λ.", _preset("beale", 1.0, 0.01)),
    "A bowl": ("Booth, λ = 1: the flat direction shrinks first.", _preset("booth", 1.0, 0.05)),
    "A steep valley": ("Himmelblau, λ = 0.2: too steep to be moved far.", _preset("himmelblau", 0.2, 0.01)),
}
PLACES = {  # groups of optimizers that end in one place
    "SGD, Adam, AdamW": "All in one place",
    "SGD, Adam; AdamW": "SGD and Adam in one, AdamW elsewhere",
    "SGD; Adam; AdamW": "Each in a place of its own",
}


def show(controls: Controls) -> None:
    st.markdown(
        "Weight decay pulls every weight towards 0. **Do SGD, Adam and AdamW, with the same weight decay λ, end in "
        "the same place?**"
    )
    layout = view_layout()
    with layout.side:
        show_surface(controls)
        controls.show("weight_decay.weight_decay", "weight_decay.lr", "weight_decay.steps")
        controls.show_more("x", "y", "Adam.beta1", "Adam.beta2", "AdamW.beta1", "AdamW.beta2", "AdamW.eps")
        surface, settings = read_surface(controls), controls.read(DecaySettings)
        all_hparams = [read_hparams(controls, name) for name in RUNNERS]
        controls.show_presets(PRESETS, DecaySettings)
    with layout.stage:
        place = st.container()
        all_hparams = with_decay(all_hparams, settings)
        found = results([DecayTask(surface, all_hparams, settings.steps)], NAME, run_label=None)
        if not found:
            return
        (found,) = found
        with place:
            ends = "; ".join(map(", ".join, groups(found)))
            right, about = [PLACES[ends]] if ends in PLACES else [], (surface, all_hparams, found.steps)
            question = f"All three have λ = {fmt(settings.weight_decay)}. Where do they end?"
            if not prediction(controls, layout, question, list(PLACES.values()), right, end_words(found), about):
                held_chart(decay_plane(found), NAME, layout.words)
                return
            steps = frame_steps(found.steps)
            labels, run = [label(found, step) for step in steps], f"{hash((surface, all_hparams))}{found.steps}decay"
            scrubber(controls, "weight_decay.at", steps, labels, [NAME], run)
            chart(decay_plane(found), NAME, layout.words, on_place=lambda x, y: _start_at(controls, x, y))
    st.markdown(balance_table(found))
    st.markdown(
        "Left over 0 means balanced: then SGD and Adam rest. AdamW is balanced at its present √v; while that changes, "
        "the balance moves, and AdamW with it."
    )
    st.markdown(
        "**Find out.** For which λ can AdamW not come back to f's minimum? What changes if its β₂ forgets sooner?"
    )
    program_panel(decay_program(found))


def _start_at(controls: Controls, x: float, y: float) -> None:
    """Takes the clicked place as the start."""
    controls.set(x=rounded(x, -WIDEST, WIDEST), y=rounded(y, -WIDEST, WIDEST))
