"""The programs of gradient descent, run by themselves, print the page's numbers digit for digit."""

from programs import printed

from core.gradient_descent.bowl import roll
from core.gradient_descent.compare import four
from core.gradient_descent.curve import descend
from core.gradient_descent.lr_sweep import sweep
from core.gradient_descent.momentum import momentum_map
from core.gradient_descent.program import (
    bowl_program,
    curve_program,
    lr_sweep_program,
    momentum_program,
    regression_program,
)
from core.gradient_descent.regression import fit
from core.gradient_descent.settings import (
    BowlSettings,
    CompareSettings,
    DescentSettings,
    MomentumSettings,
    RegressionSettings,
)
from core.program import source

TYPED = "exp(-x^2) + 0.1*x^2 - e"


def examples():
    """The examples as they stand, each with the lines of the page's defaults."""
    programs = [
        curve_program(descend(DescentSettings())),
        bowl_program([roll(BowlSettings())]),
        lr_sweep_program(sweep(DescentSettings(), 20)),
        momentum_program(momentum_map(10.0, False), MomentumSettings()),
        regression_program(fit(RegressionSettings())),
    ]
    return [(source(program.name), program.prints) for program in programs]


def test_the_programs_print_the_runs_on_the_page():
    curves = [
        DescentSettings(curve="quartic", lr=0.5, start=1.25, steps=100),
        DescentSettings(curve="plateau", lr=0.5, start=1.0),
        DescentSettings(curve="typed", text=TYPED, lr=0.4, start=0.25, steps=9),
        DescentSettings(curve="typed", text="sin(2) - 3", steps=2),
    ]
    bowls = [
        list(four(CompareSettings(momentum=0.5, condition=30.0)).values()),
        [roll(BowlSettings(surface="typed", text="pi*x^2 + abs(y)", lr=0.1, momentum=0.9))],
        [roll(BowlSettings(angle=30, lr=3.0, steps=200))],
    ]
    lined = [
        RegressionSettings(batch="some", feature="bp", scale="standard", lr=0.1, updates=33, seed=4),
        RegressionSettings(batch="one", scale="own", lr=0.1),
    ]
    programs = [curve_program(descend(case)) for case in curves]
    programs += [bowl_program(runs) for runs in bowls] + [regression_program(fit(case)) for case in lined]
    programs.append(lr_sweep_program(sweep(DescentSettings(curve="typed", text=TYPED, start=2.0), 7)))
    programs.append(momentum_program(momentum_map(3.0, True), MomentumSettings(condition=3.0, nesterov=True)))
    cases = [*examples(), *((program.text, program.prints) for program in programs)]
    found = printed(text for text, _ in cases)
    for number, (_, expected) in enumerate(cases):
        assert found[number] == expected, f"program {number}"
