"""Matrices: what Muon sees that the others do not."""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.matrices import COLUMNS, ROWS, MatrixRun, MatrixSettings, MatrixTask, lowest, problem
from core.optimizers.newton_schulz import after_one_round, polynomial
from core.optimizers.program.matrices import matrix_program
from figures.optimizers.matrices import ends_words, frame_steps, label, matrix_losses, matrix_table, singular_values
from figures.words import fmt, plural
from pages.optimizers.shared import read_hparams
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "Muon's step": ("κ = 100: the strong directions step only a few times as far as the weak ones.", {}),
    "One round": ("After one round of Newton-Schulz the weak directions are still weak.", {"Muon.ns_steps": 1}),
    "Round data": ("κ = 1: the data favour no direction.", {"matrices.condition": 1.0}),
    "lr stays": (
        "Muon's step never gets shorter by itself: with a constant lr it cannot come to rest.",
        {"matrices.falls": False},
    ),
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What does Muon see in a matrix that the others do not?** The task: find the "
        f"{ROWS} × {COLUMNS} matrix W with W·A = B, where the data A reach κ times further in their strongest "
        "direction than in their weakest."
    )
    layout = view_layout()
    with layout.side:
        controls.show(
            "matrices.condition", "Muon.ns_steps", "Muon.weight_decay", "matrices.falls", "matrices.optimizers"
        )
        own = controls.values["matrices.rule"] == "own"
        rates = [f"{name}.lr" for name in controls.values["matrices.optimizers"]] if own else []
        controls.show_more("matrices.steps", "matrices.rule", *rates, "matrices.seed")
        settings, muon = controls.read(MatrixSettings), read_hparams(controls, "Muon")
        all_hparams = [read_hparams(controls, name) for name in settings.optimizers]
        controls.show_presets(PRESETS, MatrixSettings, hyperparameters_of("Muon"))
    with layout.stage:
        place = st.container()
        tasks = [MatrixTask(hparams, settings) for hparams in all_hparams]
        runs = results(tasks, "optimizers-matrices", run_label=None)
        if not runs:
            return
        runs = tuple(runs)
        with place:
            if not _guess(controls, layout, runs, replace(settings, at=0)):
                held_chart(singular_values(runs, muon), "matrix_directions", layout.words)
                return
            steps, key = frame_steps(runs), f"{hash((replace(settings, at=0), *all_hparams))}matrices"
            labels = [label(runs, step) for step in steps]
            scrubber(controls, "matrices.at", steps, labels, ["matrix_directions", "matrix_losses"], key)
            chart(singular_values(runs, muon), "matrix_directions", layout.words)
    with layout.beside:
        chart(matrix_losses(runs), "matrix_losses")
    layout.below.markdown(matrix_table(runs, problem(settings.condition, settings.seed)))
    worked_step(
        "Muon divides what it takes in by its length. Each round of Newton-Schulz then keeps the directions and makes "
        f"{polynomial(muon)} of a singular value x: of 0.1 the first makes {fmt(after_one_round(0.1, muon), 6)}. What "
        "is grey in the picture is lost in bfloat16, in which Muon calculates."
    )
    st.markdown(
        "**Find out.** For which κ does Muon no longer win? How many rounds of Newton-Schulz are enough? What "
        "changes for Muon when lr does not fall to 0?"
    )
    program_panel(matrix_program(runs, settings))


def _guess(controls: Controls, layout: Layout, runs: tuple[MatrixRun, ...], settings: MatrixSettings) -> bool:
    names, about = [run.name for run in runs], (settings, tuple(run.hparams for run in runs))
    question = f"Which of these has the lowest loss after {plural(settings.steps)}?"
    return not 2 <= len(names) <= 4 or prediction(
        controls, layout, question, names, lowest(runs), ends_words(runs), about
    )
