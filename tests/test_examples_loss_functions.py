"""The programs of the loss page, run by themselves, print the page's numbers digit for digit."""

from programs import printed

from core.loss_functions.classes import cross_entropy
from core.loss_functions.constant import LOSSES, best_constants
from core.loss_functions.curve import curves, surface
from core.loss_functions.float32 import log_softmax, naive
from core.loss_functions.mistakes import compare
from core.loss_functions.more import more_loss
from core.loss_functions.numbers import number_loss
from core.loss_functions.program import (
    class_program,
    constant_program,
    curve_program,
    mistake_program,
    one_call_program,
    printed_by_curve,
    printed_by_one_call,
)
from core.loss_functions.settings import (
    MISTAKES,
    MORE_LOSSES,
    NUMBER_LOSSES,
    SHAPES,
    ClassSettings,
    ConstantSettings,
    CurveSettings,
    MistakeSettings,
    MoreSettings,
    NumberSettings,
)
from core.program import EXAMPLES, source


def expected_of_classes(settings):
    found = cross_entropy(settings)
    lists = {"all digits": found.value, "probabilities": found.probabilities, "gradient": found.gradient}
    lines = [f"{name} {[f'{v:.9g}' for v in values.flatten().tolist()]}" for name, values in lists.items()]
    return [*f"loss {found.value!s}".splitlines(), *lines]


FIRST_LINES = {
    "loss_functions": "loss tensor(0.0486)",
    "loss_functions_one_call": "loss ['400000000']",
    "loss_functions_curve": "MSELoss: loss 4, slope 4",
    "loss_functions_constant": "MSELoss chooses 22.0000",
    "loss_functions_mistakes": "right: 0.0133859031",
}


def test_the_examples_as_they_stand_print_the_course_s_numbers():
    assert {path.stem for path in EXAMPLES.glob("loss_functions*.py")} == set(FIRST_LINES)
    assert [lines[0] for lines in printed(map(source, FIRST_LINES))] == list(FIRST_LINES.values())


def test_the_programs_of_classes():
    chosen = [
        ClassSettings(),
        ClassSettings(table="1.5,1.1,1"),
        ClassSettings(
            table="2,0.5,-1,0;0,3,1,2;0.1,0.2,0.3,-100", weight="1,2,0.5", label_smoothing=0.1, temperature=2.0
        ),
        ClassSettings(table="2,0.5,-1,0;0,3,1,2", reduction="none", ignore_index=2),
    ]
    assert printed(map(class_program, chosen)) == [expected_of_classes(s) for s in chosen]


def test_the_programs_of_every_single_call():
    found = [number_loss(NumberSettings(loss=loss, table="3,1;-0.1,2.5", full=True)) for loss in NUMBER_LOSSES]
    found += [more_loss(MoreSettings(loss=loss, reduction="none", weight="1,2,0.5")) for loss in MORE_LOSSES]
    found += [more_loss(MoreSettings(loss="KLDivLoss", reduction="batchmean"))]
    assert printed(map(one_call_program, found)) == [printed_by_one_call(one) for one in found]


def test_the_programs_of_curves():
    chosen = [
        CurveSettings(shape=shape, at=-1.25, delta=0.5, pos_weight=2.0, target="0", temperature=0.5) for shape in SHAPES
    ]
    found = [surface(s) if s.shape in ("map", "surface") else curves(s) for s in chosen]
    assert printed(map(curve_program, chosen)) == [printed_by_curve(one) for one in found]


def test_the_programs_of_constants():
    chosen = [ConstantSettings(), ConstantSettings("5;-2;7", -100.0, 5.0, 0.25)]
    ends = [best_constants(s).path[-1].tolist() for s in chosen]
    wanted = [[f"{name} chooses {v:.4f}" for name, v in zip(LOSSES, end, strict=True)] for end in ends]
    assert printed(map(constant_program, chosen)) == wanted


def test_the_programs_of_mistakes():
    chosen = [MistakeSettings(mistake=m, gap=-3.0, classes=4, truth=0.7, said=0.3) for m in MISTAKES]
    chosen.append(MistakeSettings(mistake="naive_log", side="ahead", wide_gap=10.0))
    pairs = [
        (log_softmax(s.wide_gap, s.side == "ahead"), naive(s.wide_gap, s.side == "ahead"))
        if s.mistake == "naive_log"
        else (compare(s).right_at, compare(s).wrong_at)
        for s in chosen
    ]
    assert printed(map(mistake_program, chosen)) == [[f"right: {r:.9g}", f"wrong: {w:.9g}"] for r, w in pairs]
