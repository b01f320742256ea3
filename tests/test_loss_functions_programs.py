"""The programs of the loss page, run by themselves, print what the page says that they print."""

from programs import printed

from core.loss_functions import other_losses, regression
from core.loss_functions.calculation import calculate_chosen
from core.loss_functions.constant import best_constants
from core.loss_functions.cross_entropy import cross_entropy
from core.loss_functions.curve import curves, surface
from core.loss_functions.program import (
    call_program,
    constant_program,
    cross_entropy_program,
    curve_program,
    mistake_program,
)
from core.loss_functions.settings import (
    MISTAKES,
    OTHER_LOSSES,
    REGRESSION_LOSSES,
    SHAPES,
    ConstantSettings,
    CrossEntropySettings,
    CurveSettings,
    MistakeSettings,
    OtherLossesSettings,
    RegressionSettings,
)
from core.program import EXAMPLES, source

FIRST_LINES = {
    "loss_functions_cross_entropy": "loss tensor(0.0486)",
    "loss_functions_regression": "loss ['400000000']",
    "loss_functions_curve": "MSELoss: loss 4, slope 4",
    "loss_functions_constant": "MSELoss chooses 22.0000",
    "loss_functions_probability": "cross-entropy: 2.30259, slope -10",
    "loss_functions_mistakes": "right: 0.0133859031",
}


def test_the_examples_as_they_stand_print_the_course_s_numbers():
    assert {path.stem for path in EXAMPLES.glob("loss_functions*.py")} == set(FIRST_LINES)
    assert [lines[0] for lines in printed(map(source, FIRST_LINES))] == list(FIRST_LINES.values())


def check(programs):
    assert printed(program.text for program in programs) == [list(program.prints) for program in programs]


def test_the_programs_of_cross_entropy():
    three = "2,0.5,-1,0;0,3,1,2;0.1,0.2,0.3,-100"
    chosen = [
        CrossEntropySettings(),
        CrossEntropySettings(table="1.5,1.1,1"),
        CrossEntropySettings(table=three, weight="1,2,0.5", label_smoothing=0.1, temperature=2.0),
        CrossEntropySettings(table=three[:19], reduction="none", ignore_index=2),
    ]
    check([cross_entropy_program(cross_entropy(s)) for s in chosen])


def test_the_programs_of_every_single_call():
    found = [
        calculate_chosen(regression.LOSSES, RegressionSettings(loss=loss, table="3,1;-0.1,2.5", full=True, delta=0.5))
        for loss in REGRESSION_LOSSES
    ]
    found += [
        calculate_chosen(
            other_losses.LOSSES, OtherLossesSettings(loss=loss, reduction="none", kl_reduction=kl, weight="1,2,0.5")
        )
        for loss, kl in [*((loss, "none") for loss in OTHER_LOSSES), ("KLDivLoss", "batchmean")]
    ]
    check([call_program(one, "any") for one in found])


def test_the_programs_of_curves():
    some = {"at": -1.25, "delta": 0.5, "pos_weight": 2.0, "target": "0", "temperature": 0.5}
    chosen = [CurveSettings(shape=shape, **some) for shape in SHAPES]
    check([curve_program(surface(s) if s.shape in ("map", "surface") else curves(s)) for s in chosen])


def test_the_programs_of_constants():
    chosen = [ConstantSettings(), ConstantSettings("5;-2;7", -100.0, 5.0, 0.25)]
    check([constant_program(best_constants(s)) for s in chosen])


def test_the_programs_of_mistakes():
    chosen = [MistakeSettings(mistake=m, gap=-3.0, classes=4, truth=0.7, said=0.3) for m in MISTAKES]
    chosen.append(MistakeSettings(mistake="naive_log", side="ahead", wide_gap=10.0))
    check([mistake_program(s) for s in chosen])
