"""The programs of most views of the optimizers, run by themselves, print the page's lines to the last digit.

They are short: few steps, small maps. The examples as they stand are the same programs with the steps of the defaults.
"""

import ast
from dataclasses import replace

import pytest
import torch
from programs import printed

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.matrices import MATRIX, MatrixSettings
from core.optimizers.matrices_program import matrix_lines, matrix_program
from core.optimizers.matrices_runs import contest
from core.optimizers.momentum import StabilitySettings, stability_map
from core.optimizers.momentum_program import stability_lines, stability_program
from core.optimizers.network import Comparison, Learned, NetworkSettings
from core.optimizers.network_program import network_lines, network_program
from core.optimizers.network_training import train
from core.optimizers.settings import SurfaceSettings
from core.optimizers.weight_decay import RUNNERS, DecaySettings, decay_runs, entries_of
from core.optimizers.weight_decay_program import decay_lines, decay_program
from core.program import source, with_constants, with_line

BEALE = SurfaceSettings()
ROSENBROCK = SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0)
SHORT_MAP = 12  # steps of the map of momentum


def typed(text, **place):
    return SurfaceSettings(surface="typed", text=text, **place)


def all_hparams(names, **values):
    return tuple(hyperparameters_of(name)(**values) for name in names)


def short_map(monkeypatch):
    monkeypatch.setattr(stability, "STEPS", SHORT_MAP)
    return stability_map.__wrapped__(ROSENBROCK, True), StabilitySettings(nesterov=True, column=10, row=40)


def decayed(settings, surface, **adamw):
    made = [hyperparameters_of(name)(**(adamw if name == "AdamW" else {})) for name in RUNNERS]
    return decay_runs(surface, entries_of(made, settings), settings.steps)


def decays():
    return [
        decayed(DecaySettings(steps=50), BEALE),
        decayed(DecaySettings(weight_decay=0.01, steps=40), SurfaceSettings(surface="himmelblau"), beta2=0.9),
        decayed(DecaySettings(lr=1.0, steps=50), ROSENBROCK),
        decayed(DecaySettings(steps=20), SurfaceSettings(surface="matyas", x=3.0, y=1.0)),
        decayed(DecaySettings(steps=20), SurfaceSettings(surface="saddle")),
        decayed(DecaySettings(steps=20, weight_decay=0.0), SurfaceSettings(surface="rastrigin", x=0.4, y=1.2)),
    ]


MATRICES = [
    (MatrixSettings(), {}),
    (MatrixSettings(optimizers=MATRIX, steps=10, rule="own", condition=3.0, seed=7), {}),
    (
        MatrixSettings(optimizers=("Adam", "Muon"), steps=20, falls=False),
        {"Muon": {"ns_steps": 1, "weight_decay": 0.0, "adjust_lr_fn": "match_rms_adamw"}},
    ),
    (MatrixSettings(optimizers=("SGD",), steps=100, falls=False, rule="own"), {"SGD": {"lr": 1000.0}}),
]
NETWORKS = [
    NetworkSettings(steps=4, seeds=1),
    NetworkSettings(steps=8, seeds=1, seed=7, batch_size=100, hidden=8, optimizers=("SparseAdam", "Adafactor", "Muon")),
    NetworkSettings(steps=8, seeds=1, lr=100.0, optimizers=("Momentum", "LBFGS", "Adam")),
    NetworkSettings(steps=3, seeds=1, rule="best", optimizers=("NAdam", "Rprop")),
    NetworkSettings(steps=4, seeds=1, data="digits", optimizers=("RMSprop", "AdamW")),
]


def matrices():
    """The text and the lines of each program of the view on matrices."""
    for settings, changes in MATRICES:
        runs = contest(
            tuple(hyperparameters_of(name)(**changes.get(name, {})) for name in settings.optimizers), settings
        )
        yield matrix_program(runs, settings), matrix_lines(runs)


def networks():
    founds = [train(case, all_hparams(case.optimizers, lr=case.lr)) for case in NETWORKS]
    changed = hyperparameters_of("Adam")(lr=0.03, beta1=0.5, amsgrad=True)
    return [*founds, train(replace(NETWORKS[0], optimizers=("Adam",)), (changed,))]


@pytest.fixture(scope="module")
def cases():
    """View -> the text of each of its programs, and the lines that it must print."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        found, cell = short_map(monkeypatch)
        text = with_line(stability_program(found, cell), "SIDE, STEPS = 48, 200", f"SIDE, STEPS = 48, {SHORT_MAP}")
        momentum = [(text, stability_lines(found, cell))]
        for ground in (SurfaceSettings(surface="saddle"), typed("x + 3*sin(x) + y^2", x=0.5)):
            found = stability_map.__wrapped__(ground, False)
            text = with_line(stability_program(found, cell), "SIDE, STEPS = 48, 200", f"SIDE, STEPS = 48, {SHORT_MAP}")
            momentum.append((text, stability_lines(found, cell)))
    return {
        "stability": momentum,
        "decay": [(decay_program(found), decay_lines(found)) for found in decays()],
        "matrix": list(matrices()),
        "network": [(network_program(found), network_lines(found)) for found in networks()],
    }


@pytest.fixture(scope="module")
def said(cases):
    """View -> what each of its programs prints; no program may warn."""
    texts = [text for view in cases.values() for text, _ in view]
    found = iter(printed(texts, warnings_are_errors=True))
    return {view: [next(found) for _ in chosen] for view, chosen in cases.items()}


VIEWS = ("stability", "decay", "matrix", "network")


@pytest.mark.parametrize("view", VIEWS)
def test_the_programs_print_the_lines_of_the_page(view, cases, said):
    assert set(VIEWS) == set(cases)
    for number, (_, expected) in enumerate(cases[view]):
        assert said[view][number] == expected, f"program {number}"


def test_runs_that_are_lost_are_among_them(said):
    assert any("lost after" in line for found in said["decay"] for line in found)
    assert "diverged" in "".join(said["network"][2])


def same_code(text, name):
    return ast.dump(ast.parse(text)) == ast.dump(ast.parse(source(name)))


def test_the_examples_as_they_stand_are_the_programs_of_the_defaults(cases):
    decay = with_constants(cases["decay"][0][0], {"STEPS": DecaySettings().steps})
    assert same_code(decay, "optimizers_weight_decay")
    assert cases["matrix"][0][0] == source("optimizers_matrices")


def test_the_example_of_momentum_is_the_program_of_the_defaults(monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 1)
    found = stability_map.__wrapped__(BEALE, False)
    assert same_code(stability_program(found, StabilitySettings()), "optimizers_momentum")


def test_the_example_of_the_network_is_the_program_of_the_defaults():
    settings, nothing = NetworkSettings(), torch.zeros(1, 1)
    runs = [
        Learned(hparams, nothing, nothing, nothing, (None,), ("",), None, ())
        for hparams in all_hparams(settings.optimizers, lr=settings.lr)
    ]
    found = Comparison(settings, settings.moments, tuple(runs))
    assert network_program(found) == source("optimizers_network")
