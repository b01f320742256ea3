"""Is it luck? The same network from 32 seeds."""

from dataclasses import replace

import streamlit as st

from core.multilayer_perceptron.luck import N_SEEDS, Luck, LuckTask
from core.multilayer_perceptron.program import luck_program
from core.multilayer_perceptron.settings import PlaygroundSettings
from figures.multilayer_perceptron.luck import differences, loss_band, place_at, small_borders
from pages.multilayer_perceptron.run import open_run, run_controls
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Spiral": ("Three layers of eight: within 150 epochs fewer than a third find both arms.", {}),
    "Circle, 3 neurons": ("Enough to fence it in, wherever they begin.", {"data": "circle", "layers": "3"}),
    "XOR, 3 neurons": ("Only just enough: about a third of the seeds get there.", {"data": "xor", "layers": "3"}),
    "XOR, 6 neurons": ("Twice as many: every seed gets there.", {"data": "xor", "layers": "6"}),
}
BEFORE = "What the 32 networks answer over the plane before training. How they end is drawn after your guess."
SHARES = ("All of them", "More than half, but not all", "Half of them or fewer")


def show(controls: Controls) -> None:
    st.markdown("**Is it luck? What do other first weights make of the same network?**")
    layout = view_layout()
    with layout.side:
        run_controls(controls, without=("patience",))
        controls.show_presets(PRESETS, PlaygroundSettings)
        settings = replace(controls.read_or_last(PlaygroundSettings), patience=0)
    with layout.stage:
        found = results([LuckTask(settings)], "multilayer_perceptron-luck", run_label=None, at_once=6, place=layout.run)
        if not found:
            return
        (luck,) = found
        if not settings.is_regression and not _guess(controls, layout, luck):
            held_chart(small_borders(luck, trained=False), "luck", layout.words, said=BEFORE)
            return
        chart(small_borders(luck), "luck", layout.words, on_place=lambda x, y: _open(controls, luck, place_at(x, y)))
    with layout.below:
        chart(loss_band(luck), "luck_loss")
        best, worst = luck.ranking[0], luck.ranking[-1]
        with st.container(horizontal=True):
            st.button(f"Open the best, seed {luck.seeds[best]}", on_click=_open, args=(controls, luck, best))
            st.button(f"Open the worst, seed {luck.seeds[worst]}", on_click=_open, args=(controls, luck, worst))
    st.markdown("**Find out.** Does a wider network need less luck? Does a smaller learning rate?")
    program_panel(luck_program(luck))
    if not settings.is_regression:
        n = len(luck.training.test_accuracy[-1])
        worked_step(f"{luck.n_solved} of {n} networks are solved: {luck.n_solved} / {n} = **{luck.n_solved / n:.4g}**.")


def _guess(controls: Controls, layout: Layout, luck: Luck) -> bool:
    question = (
        f"{N_SEEDS} networks differ only in {differences(luck.settings)}. How many of them will name at least 95% of "
        "the test points right?"
    )
    right = SHARES[0 if luck.n_solved == N_SEEDS else 1 if luck.n_solved > N_SEEDS / 2 else 2]
    mixed = 0 < luck.n_solved < N_SEEDS
    why = "what a network learns also depends on where it begins" if mixed else "here the beginning did not decide"
    return prediction(
        controls, layout, question, SHARES, [right], f"It is {luck.n_solved} of {N_SEEDS}: {why}.", luck.settings
    )


def _open(controls: Controls, luck: Luck, place: int | None) -> None:
    """Opens the run of one of the networks."""
    if place is not None:
        open_run(controls, seed=luck.seeds[place])
