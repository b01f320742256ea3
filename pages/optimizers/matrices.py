"""Matrices: what Muon sees that the others do not."""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters
from core.optimizers.matrices import COLUMNS, MATRIX, ROWS, MatrixSettings, problem
from core.optimizers.matrices_program import matrix_lines, matrix_program
from core.optimizers.matrices_runs import Contest, MatrixRun, runs_of
from figures.optimizers.matrices import matrix_parts, moments_of
from figures.optimizers.matrix_lines import matrix_losses, spectra
from figures.optimizers.matrix_words import contest_table, gradient_words, matrix_label, muon_words, weight_decay_words
from figures.optimizers.newton_schulz import newton_schulz
from pages.optimizers.shared import read_hparams
from ui.chart import chart
from ui.controls import Controls
from ui.long_work import Job, results
from ui.program import program_panel
from ui.scrubber import scrubber

CHARTS = ["matrix_parts", "matrix_losses", "matrix_spectra", "newton_schulz"]


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show(
            "matrices.condition", "Muon.ns_steps", "Muon.weight_decay", "matrices.falls", "matrices.optimizers"
        )
        own = controls.values["matrices.rule"] == "own"
        rates = [f"{name}.lr" for name in controls.values["matrices.optimizers"]] if own else []
        controls.show_more("matrices.follow", "matrices.steps", "matrices.rule", *rates, "matrices.seed")
        settings = controls.read_or_explain(MatrixSettings)
        _presets(controls)
        controls.reset_button()
    with picture:
        runs = _runs(controls, settings)
        if runs is None:
            return
        shown = tuple(runs[name] for name in settings.optimizers)
        found, muon = runs[settings.follow], runs["Muon"]
        moments = moments_of(max(run.steps for run in (*shown, found)))
        labels = [matrix_label(found, t) for t in moments]
        key = f"{hash((replace(settings, at=0), *(run.hparams for run in runs.values())))}matrix"
        scrubber(controls, "matrices.at", moments, labels, CHARTS, key)
        one, two = st.columns([1.35, 1])
        with one:
            chart(matrix_parts(found, tuple(moments)), "matrix_parts")
        with two:
            chart(matrix_losses(shown, tuple(moments)), "matrix_losses")
    st.markdown(contest_table(shown, settings.condition, settings.seed))
    st.markdown(
        f"The task: find the {ROWS} × {COLUMNS} matrix W with W·A = B. "
        f"{gradient_words(found, settings.condition)} The other optimizers look at one number of "
        "W at a time (Adafactor at rows and columns, to save memory: for this matrix it keeps "
        f"{ROWS} + {COLUMNS} second moments where Adam keeps {ROWS * COLUMNS}). {muon_words(muon)} "
        f"{weight_decay_words(muon, problem(settings.condition, settings.seed))}"
    )
    st.markdown(
        "**Find out by moving the controls.** For which κ does Muon no longer win? How many rounds of Newton-Schulz "
        "are enough? Why does Muon fall behind when lr does not fall to 0?"
    )
    three, four = st.columns(2)
    with three:
        chart(spectra(shown, tuple(moments)), "matrix_spectra")
    with four:
        chart(newton_schulz(muon, tuple(moments)), "newton_schulz")
    st.markdown(
        "Muon needs no singular value decomposition. It divides its momentum by its length |M| and repeats "
        "X ← a·X + (b·X·Xᵀ + c·(X·Xᵀ)²)·X, which puts each singular value through a·x + b·x³ + c·x⁵ and leaves the "
        "directions. The coefficients do not aim at 1 exactly: they lift small values as quickly as they can and let "
        "the others swing around 1. PyTorch calculates this in bfloat16, with three digits: a direction that is weaker "
        "than about 1/256 of the strongest drowns in rounding, and what the rounds lift there is partly chance."
    )
    st.code("\n".join(matrix_lines(shown)), language=None)
    program_panel(matrix_program(shown, settings), "optimizers_matrices")


def _runs(controls: Controls, settings: MatrixSettings | None) -> dict[str, MatrixRun] | None:
    """The runs of all optimizers, of the one that is looked into, and of Muon; None where something is wrong."""
    if settings is None:
        return None
    names = dict.fromkeys((*settings.optimizers, settings.follow, "Muon"))
    all_hparams: list[Hyperparameters | None] = [read_hparams(controls, name) for name in names]
    if None in all_hparams:
        return None
    key = ("matrix", replace(settings, optimizers=MATRIX, follow=MATRIX[0], at=0), tuple(all_hparams))
    job = Job(key, len(all_hparams) * settings.steps, lambda: Contest(tuple(all_hparams), settings))
    found = results([job], "optimizers-matrix", run_label=None)
    return dict(zip(names, runs_of(found[0], settings), strict=True)) if found else None


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("matrix")
    usual |= {name: controls.defaults[name] for name in ("Muon.ns_steps", "Muon.weight_decay")}
    with st.container(horizontal=True):
        controls.preset(
            "Muon's step", "κ = 100: the weak directions get nearly as long a step as the strong ones.", **usual
        )
        controls.preset(
            "One round",
            "After one round of Newton-Schulz the weak directions are still weak.",
            **usual | {"Muon.ns_steps": 1},
        )
        controls.preset(
            "Round data",
            "κ = 1: the data favour no direction.",
            **usual | {"matrices.condition": 1.0},
        )
        controls.preset(
            "lr stays",
            "Muon's step never gets shorter by itself: with a constant lr it cannot come to rest.",
            **usual | {"matrices.falls": False},
        )
