"""The settings on screen stand in the program, and nothing else of it changes."""

import ast
from dataclasses import replace

import hypothesis
import hypothesis.strategies as st
import pytest
import torch

from core.program import source, with_constants, with_line
from core.settings import Choice, Integer, Switch, parameters
from core.training_loop.data import Samples
from core.training_loop.loop import LINES
from core.training_loop.own_data import OwnDataSettings, Prepared
from core.training_loop.program import own_data_program, program
from core.training_loop.settings import LOOPS, OPTIMIZERS, TrainingLoopSettings

TEXT = "LR = 0.1  # step\nfor _ in range(3):\n    step()  # move\n    zero()\n"
LINE_OF_CALL = {
    "model": "forward",
    "loss_function": "loss",
    "loss.backward": "backward",
    "optimizer.step": "step",
    "optimizer.zero_grad": "zero_grad",
}


def constants(text):
    """Name -> value of the program's `NAME = value` lines."""
    assigned = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    named = {ast.unparse(a.targets[0]): a.value for a in assigned}
    return {name: ast.literal_eval(value) for name, value in named.items() if name.isupper()}


def loop_of(text):
    """The lines of the program's training loop as they run, named as the core names them."""
    nodes = list(ast.walk(ast.parse(text)))
    (loop,) = [n for n in nodes if isinstance(n, ast.For) and ast.unparse(n.iter) == "dataloader"]
    calls = [n for n in ast.walk(loop) if isinstance(n, ast.Call)]
    calls.sort(key=lambda call: (call.end_lineno, call.end_col_offset))  # arguments are called first
    return tuple(LINE_OF_CALL[f] for f in (ast.unparse(call.func) for call in calls) if f in LINE_OF_CALL)


def test_a_constant_is_replaced_and_its_comment_stays():
    assert with_constants(TEXT, {"LR": 0.5}) == TEXT.replace("0.1", "0.5")


@pytest.mark.parametrize("text", [TEXT.replace("LR", "RATE"), TEXT + TEXT, " " + TEXT, TEXT.replace("LR", "MY_LR")])
def test_a_constant_that_does_not_stand_there_once_is_refused(text):
    with pytest.raises(ValueError, match="LR stands . times"):
        with_constants(text, {"LR": 0.5})


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.text() | st.lists(st.text()) | st.floats(allow_nan=False, allow_infinity=False))
def test_any_constant_is_written_as_python_reads_it(value):
    text = with_constants(with_constants(TEXT, {"LR": value}), {"LR": value})
    assert ast.literal_eval(ast.parse(text).body[0].value) == value
    assert text.partition("\n")[2] == TEXT.partition("\n")[2]


def test_a_line_is_replaced_with_its_comment_and_keeps_its_indentation():
    assert with_line(TEXT, "step()", "hop()") == TEXT.replace("step()  # move", "hop()")


def test_an_empty_line_leaves_the_line_out():
    assert with_line(TEXT, "step()", "") == TEXT.replace("    step()  # move\n", "")


@pytest.mark.parametrize(
    "text", [TEXT.replace("step()", "jump()"), TEXT + "step()\n", TEXT.replace("step", "big_step")]
)
def test_a_line_that_does_not_stand_there_once_is_refused(text):
    with pytest.raises(ValueError, match=r"'step\(\)' stands . times"):
        with_line(text, "step()", "hop()")


def test_the_default_settings_give_the_example_as_it_is():
    assert program(TrainingLoopSettings()) == source("training_loop")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loop", LOOPS)
def test_the_program_runs_the_lines_of_the_chosen_loop_with_the_chosen_optimizer(loop, optimizer):
    text = program(TrainingLoopSettings(loop=loop, optimizer=optimizer))
    compile(text, "program", "exec")
    assert loop_of(text) == LINES[loop]
    name = optimizer.removesuffix("_momentum")
    momentum = ", momentum=0.9" if optimizer == "SGD_momentum" else ""
    assert text.count(f"optimizer = optim.{name}(model.parameters(), lr=LR{momentum})\n") == 1
    assert text.count("optim.") == 1


def test_every_setting_stands_in_the_program():
    kinds = {n: kind for n, kind in parameters(TrainingLoopSettings).items() if n not in ("data_low", "data_high")}

    def any_of(kind):
        if isinstance(kind, Choice):
            return st.sampled_from(list(kind.options))
        if isinstance(kind, Switch):
            return st.booleans()
        low, high = max(kind.low, 500) if kind.high == 25_000 else kind.low, kind.high
        return (st.integers if isinstance(kind, Integer) else st.floats)(low, high)

    @hypothesis.settings(deadline=None, derandomize=True)
    @hypothesis.given(st.fixed_dictionaries({n: any_of(kind) for n, kind in kinds.items()}), st.integers(-100, 50))
    def check(chosen, low):
        settings = TrainingLoopSettings(**chosen, data_low=low, data_high=low + 60)
        written = constants(program(settings))
        names = ("seed", "validation", "hidden", "batch_size", "shuffle", "lr", "num_epochs")
        assert written == {"DATA_RANGE": settings.data_range, **{n.upper(): chosen[n] for n in names}}

    check()


def test_the_remark_beside_the_range_counts_the_pairs():
    text = program(TrainingLoopSettings(data_low=-3, data_high=40))
    assert "DATA_RANGE = (-3, 40)  # the numbers -3 to 39, so 1,849 pairs\n" in text


def prepared(features, target, classes):
    empty = torch.zeros(0)
    return Prepared(Samples(empty, empty), features, target, classes, empty, empty, 0.0, 1.0, 0)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_program_on_a_table_runs_the_course_loop_with_the_chosen_optimizer(optimizer):
    text = own_data_program(OwnDataSettings(optimizer=optimizer), prepared(("a",), "b", ()), "t.csv")
    assert loop_of(text) == LINES["course"]
    assert f"optimizer = optim.{optimizer.removesuffix('_momentum')}(" in text
    assert ("momentum=0.9" in text) == (optimizer == "SGD_momentum")


@hypothesis.settings(deadline=None, derandomize=True, max_examples=50)
@hypothesis.given(st.lists(st.text(), min_size=1).map(tuple), st.text(), st.text(), st.booleans())
@hypothesis.example(("x'\n\"\\1  # \u2028", "FILE = 1"), 'optimizer.step()  # "', "../\ud800\r\n.csv", True)
def test_hostile_column_and_file_names_stay_inside_their_quotes(features, target, file, classes):
    settings = replace(OwnDataSettings(), hidden=3, lr=0.5)
    text = own_data_program(settings, prepared(features, target, ("p", "q") if classes else ()), file)
    assert constants(text) == {
        "FILE": file,
        "FEATURES": list(features),
        "TARGET": target,
        "CLASSES": classes,
        "SEED": 0,
        "VALIDATION": settings.loop.validation,
        "HIDDEN": 3,
        "BATCH_SIZE": 16,
        "LR": 0.5,
        "NUM_EPOCHS": 20,
    }
    assert loop_of(text) == LINES["course"]
