"""The programs of most views of the optimizers, run by themselves, print the page's lines to the last digit.

They are short: few steps, small maps. The examples as they stand are the same programs with the steps of the defaults.
"""

import ast
from dataclasses import replace

import pytest
import torch
from programs import printed

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.basins import BasinSettings, basins, hparams_of
from core.optimizers.basins_program import basins_lines, basins_program
from core.optimizers.lr_sweep import RateWork
from core.optimizers.lr_sweep_program import rates_lines, rates_program
from core.optimizers.matrices import MATRIX, MatrixSettings
from core.optimizers.matrices_program import matrix_lines, matrix_program
from core.optimizers.matrices_runs import contest
from core.optimizers.momentum import StabilitySettings, stability_map
from core.optimizers.momentum_program import stability_lines, stability_program
from core.optimizers.network import Comparison, Learned, NetworkSettings
from core.optimizers.network_program import network_lines, network_program
from core.optimizers.network_training import train
from core.optimizers.noisy_runs import compare
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.schedules_program import schedules_lines, schedules_program
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.optimizers.weight_decay import RUNNERS, DecaySettings, decay_runs, entries_of
from core.optimizers.weight_decay_program import decay_lines, decay_program
from core.program import source, with_constants, with_line

BEALE, BOOTH = SurfaceSettings(), SurfaceSettings(surface="booth")
ACKLEY = SurfaceSettings(surface="ackley", x=-3.3, y=2.7)
ROSENBROCK = SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0)
ALL_RATES = ("SGD", "Momentum", "Adam")
SHORT_MAP = 12  # steps of the map of momentum, and starts along a side of the map of valleys


def typed(text, **place):
    return SurfaceSettings(surface="typed", text=text, **place)


def all_hparams(names, **values):
    return tuple(hyperparameters_of(name)(**values) for name in names)


def swept(surface, steps, *chosen):
    work = RateWork(surface, chosen, steps)
    while not work.finished:
        work.advance(100)
    return work.run()


def sweeps():
    """Sweeps of learning rates, each with the optimizer that is followed."""
    changed = hyperparameters_of("Adam")(weight_decay=0.1, amsgrad=True)
    return [
        (swept(BEALE, 12, *all_hparams(ALL_RATES)), "Adam"),
        (swept(ACKLEY, 6, changed, *all_hparams(["LBFGS"])), "LBFGS"),
        (swept(ACKLEY, 8, *all_hparams(["SparseAdam", "Adafactor"])), "SparseAdam"),
        (swept(typed("log(-1 - x^2)"), 3, *all_hparams(["SGD"])), "Adam"),
        (swept(typed("2*e"), 3, *all_hparams(["SGD"])), "SGD"),
        (swept(SurfaceSettings(surface="saddle"), 6, *all_hparams(["SGD"])), "SGD"),
        (swept(BOOTH, 150, *all_hparams(["Rprop", "SGD"])), "Rprop"),
        (swept(SurfaceSettings(surface="mccormick", x=3.5, y=0.5), 60, *all_hparams(["Momentum"])), "SGD"),
    ]


def short_map(monkeypatch):
    monkeypatch.setattr(stability, "STEPS", SHORT_MAP)
    return stability_map.__wrapped__(ROSENBROCK, True), StabilitySettings(nesterov=True, column=10, row=40)


def valleys():
    return [
        basins(BEALE, hparams_of(hyperparameters_of(BasinSettings().name)(), BasinSettings()), 40, SHORT_MAP),
        basins(SurfaceSettings(surface="rastrigin"), hyperparameters_of("NAdam")(lr=0.5), 5, 40),
        basins(
            SurfaceSettings(surface="himmelblau"), hyperparameters_of("SparseAdam")(lr=0.5, beta1=0.5), 4, SHORT_MAP
        ),
        basins(typed("pi*x^2 + abs(y)"), hyperparameters_of("Rprop")(lr=0.1), 9, SHORT_MAP),
        basins(typed("5"), hyperparameters_of("SGD")(), 3, SHORT_MAP),
    ]


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


ENSEMBLES = [
    (SurfaceSettings(surface="ackley"), {"beta1": 0.8}, ScheduleSettings("Adam", "plateau", steps=60)),
    (typed("x^2 + pi*abs(y)"), {}, ScheduleSettings("Rprop", "warmup", steps=60, seed=5)),
    (typed("2"), {}, ScheduleSettings("SGD", "onecycle", steps=33, lr=0.3)),
    (SurfaceSettings(surface="rosenbrock"), {}, ScheduleSettings("Nesterov", "multistep", lr=1.0, steps=20)),
    (BOOTH, {}, ScheduleSettings("NAdam", "restarts", noise=0.0, steps=20)),
    (BOOTH, {}, ScheduleSettings("ASGD", "cyclic", noise=50.0, steps=21)),
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


def ensembles():
    """The text and the lines of each program of the view on schedules."""
    for surface, changes, settings in ENSEMBLES:
        hparams = hyperparameters_of(settings.optimizer)(**changes)
        found = compare(surface, hparams, settings)[1]
        yield schedules_program(surface, hparams, found), schedules_lines(found)


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


def with_side(text, found):
    return with_constants(text, {"SIDE": len(found.state)})


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
        "rates": [(rates_program(sweep, name), rates_lines(sweep, name)) for sweep, name in sweeps()],
        "stability": momentum,
        "basins": [(with_side(basins_program(found), found), basins_lines(found)) for found in valleys()],
        "schedules": list(ensembles()),
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


VIEWS = ("rates", "stability", "basins", "schedules", "decay", "matrix", "network")


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
    usual = RaceSettings()
    rates = with_constants(cases["rates"][0][0], {"STEPS": usual.steps})
    assert same_code(rates, "optimizers_lr_sweep")
    settings = BasinSettings()
    valley = with_constants(cases["basins"][0][0], {"STEPS": settings.steps, "SIDE": 200})
    assert same_code(valley, "optimizers_basins")
    decay = with_constants(cases["decay"][0][0], {"STEPS": DecaySettings().steps})
    assert same_code(decay, "optimizers_weight_decay")
    assert cases["matrix"][0][0] == source("optimizers_matrices")
    hparams, settings = hyperparameters_of("SGD")(), ScheduleSettings()
    ensemble = compare(BEALE, hparams, replace(settings, steps=20))[1]
    assert same_code(schedules_program(BEALE, hparams, replace(ensemble, settings=settings)), "optimizers_schedules")


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


def test_rates_that_arrive_near_ones_and_equals_are_among_them(said):
    text = "\n".join(line for found in said["rates"] for line in found)
    assert all(word in text for word in ("in their middle", "within 10 % from", "equal from"))
