"""Weight decay: through the gradient it moves the minimum, beside the step it does something else."""

import streamlit as st

from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optimizers.settings import WIDEST, SurfaceSettings, every_optimizer
from core.optimizers.weight_decay import RUNNERS, Decayed, DecaySettings, DecayWork, entries_of
from core.optimizers.weight_decay_program import decay_lines, decay_program
from core.plane.surfaces import SURFACES
from core.settings import defaults
from figures.optimizers.decay_caption import label
from figures.optimizers.decay_sweep import decay_sweep
from figures.optimizers.decay_words import balance_table, decay_words, direction_table
from figures.optimizers.weight_decay import decay_plane, moments_of
from pages.optimizers.shared import read_hparams, read_surface, show_surface
from ui.chart import chart, rounded
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import scrubber

KEY = "optimizers_weight_decay"


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        show_surface(controls)
        controls.show("weight_decay.weight_decay", "weight_decay.lr", "weight_decay.steps")
        controls.show_more("x", "y", "Adam.beta1", "Adam.beta2", "AdamW.beta1", "AdamW.beta2", "AdamW.eps")
        surface, settings = read_surface(controls), controls.read_or_explain(DecaySettings)
        all_hparams = [read_hparams(controls, name) for name in RUNNERS]
        _presets(controls)
        controls.reset_button()
        if surface is None or settings is None or None in all_hparams:
            return
    with picture:
        place = st.container()
        found = _found(surface, entries_of(all_hparams, settings), settings.steps)
        if found is None:
            return
        with place:
            moments = moments_of(found.steps)
            labels = [label(found, step) for step in moments]
            scrubber(
                controls,
                "weight_decay.at",
                moments,
                labels,
                [KEY],
                f"{hash((surface, found.all_hparams))}{found.steps}decay",
            )
            one, two = st.columns([1.25, 1])
            with one:
                chart(decay_plane(found), KEY, on_place=lambda x, y: _start_at(controls, x, y))
            with two:
                if found.minimum is not None:
                    chart(decay_sweep(found), "optimizers_decay_sweep")
                else:
                    st.info("f has no minimum in the picture, so there is no distance to measure.")
        st.markdown(decay_words(found))
    _tables(found)
    _words()
    st.code("\n".join(decay_lines(found)), language=None)
    program_panel(decay_program(found), KEY, "Run by itself, it prints the lines above.")


def _found(surface: SurfaceSettings, all_hparams: tuple[Hyperparameters, ...], steps: int) -> Decayed | None:
    """The runs, which take a second or two; None if they were stopped before they began."""
    identity = f"decay {surface} {all_hparams} {steps}"
    work = Job(identity, -(-steps // 10), lambda: DecayWork(surface, all_hparams, steps))
    found = results([work], KEY, run_label="Run again")
    return found[0] if found else None


def _start_at(controls: Controls, x: float, y: float) -> None:
    """Takes the clicked place as the start."""
    controls.set(x=rounded(x, -WIDEST, WIDEST), y=rounded(y, -WIDEST, WIDEST))


def _tables(found: Decayed) -> None:
    one, two = st.columns(2, gap="large")
    with one:
        st.subheader("What holds it there")
        st.markdown(balance_table(found))
        st.markdown(
            "Left over 0 means balanced. SGD and Adam then rest. AdamW is balanced at its present √v: while that "
            "changes, the balance moves and AdamW with it."
        )
    with two:
        st.subheader("Which direction shrinks first?")
        if found.minimum is None:
            st.markdown("f has no minimum in the picture.")
            return
        st.markdown(direction_table(found))
        st.markdown(
            "In a bowl, decay through the gradient leaves c/(c + λ) of the minimum's coordinate along a direction of "
            "curvature c, p = (H + λI)⁻¹ H p*: the flat directions shrink first."
        )


def _words() -> None:
    own = {name: defaults(hyperparameters_of(name)).get("weight_decay") for name in every_optimizer()}
    said = ", ".join(f"{name} λ = {value:g}" for name, value in own.items() if value)
    st.markdown(
        f"Most optimizers of PyTorch decay no weights unless told to; by default these do: {said}. In training, the "
        "gradients of small batches are noisy, so √v never vanishes. There AdamW's place stays moved, about as by "
        "a decay λ·√v through the gradient: strong where the gradients are large, weak where they are small."
    )
    st.markdown(
        "**Find out by moving the controls.** Does Adam's divisor change where it rests, compared with SGD? Scrub "
        "AdamW to its farthest place: which way does it go from there, and what happens if its β₂ forgets sooner? For "
        "which λ can AdamW not come back?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("decay")

    def preset(label: str, what: str, surface: str, weight_decay: float, lr: float, beta2: float = 0.999) -> None:
        x, y = SURFACES[surface].start
        values = {"surface": surface, "x": x, "y": y, "weight_decay.weight_decay": weight_decay}
        controls.preset(label, what, **usual | values | {"weight_decay.lr": lr, "AdamW.beta2": beta2})

    with st.container(horizontal=True):
        preset("AdamW comes back", "Beale, λ = 0.2: with β₂ = 0.99 it forgets soon.", "beale", 0.2, 0.01, 0.99)
        preset("Held at the edge", "Beale, λ = 1: AdamW ends where |x| = 1/λ.", "beale", 1.0, 0.01)
        preset("A bowl", "Booth, λ = 1: the flat direction shrinks first.", "booth", 1.0, 0.05)
        preset("A steep valley", "Himmelblau, λ = 0.2: too steep to be moved far.", "himmelblau", 0.2, 0.01)
