"""The programs on the page hold its settings and, run by themselves, print its numbers digit for digit."""

import ast

import hypothesis
import hypothesis.strategies as st
import pytest
import torch
from programs import printed

from core.csv_dialect import Dialect
from core.csv_table import read_table
from core.program import source
from core.sample_tables import sample_table
from core.settings import Choice, Integer, Switch, parameters
from core.table_tensors import Prepared
from core.training_loop.loop import LINES
from core.training_loop.map import LrMapTask
from core.training_loop.own import own_training, prepare_own
from core.training_loop.program import map_program, own_program, program
from core.training_loop.settings import LOOPS, OPTIMIZERS, MapSettings, OwnSettings, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train

SMALL = {"data_low": 0, "data_high": 20, "num_epochs": 4, "hidden": 16}
SOME_SETTINGS = [
    {"loop": "course", "validation": 0.2, "seed": 7, "optimizer": "SGD_momentum", "lr": 1e-4},
    {"loop": "no_zero_grad", "shuffle": False, "optimizer": "AdamW", "lr": 0.05},
    {"loop": "no_step", "validation": 0.3, "batch_size": 500},
    {"loop": "step_before_backward", "batch_size": 33, "data_low": -5},
]
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
    return {name: ast.literal_eval(value) for name, value in named.items() if name.isupper() and len(name) > 1}


def loop_of(text):
    """The lines of the program's training loop as they run, named as the core names them."""
    nodes = list(ast.walk(ast.parse(text)))
    (loop,) = [n for n in nodes if isinstance(n, ast.For) and ast.unparse(n.iter) == "dataloader"]
    calls = [n for n in ast.walk(loop) if isinstance(n, ast.Call)]
    calls.sort(key=lambda call: (call.end_lineno, call.end_col_offset))  # arguments are called first
    return tuple(LINE_OF_CALL[f] for f in (ast.unparse(call.func) for call in calls) if f in LINE_OF_CALL)


def test_the_programs_print_the_numbers_of_the_runs_on_the_page():
    chosen = [TrainingLoopSettings(), *(TrainingLoopSettings(**{**SMALL, **some}) for some in SOME_SETTINGS)]
    pairs = [(3.0, 7.0), (-20.5, 1e6), (0.0, 0.1), (123456.789, 2.0), (1.0, 1.0)]
    programs = [program(settings, train(settings), pair) for settings, pair in zip(chosen, pairs, strict=True)]
    assert printed([one.text for one in programs]) == [list(one.prints) for one in programs]
    assert programs[0].text == source("training_loop")
    assert programs[0].prints[-1].startswith("3 + 7 = ")
    assert sum("Validation" in line for line in programs[1].prints) == SMALL["num_epochs"]


def test_what_a_program_prints_is_not_promised_for_a_run_that_was_stopped_or_continued():
    settings = TrainingLoopSettings(**SMALL)
    stopped = number_sum_training(settings)
    stopped.step(6)
    continued = number_sum_training(settings, start=train(settings).checkpoint).run()
    assert [len(program(settings, run).prints) for run in (stopped.result(), continued, None)] == [0, 0, 0]


def test_the_program_of_the_map_prints_the_map():
    settings = TrainingLoopSettings(data_high=14, hidden=8, validation=0.2, seed=3)
    programs = []
    for changes in (
        {},
        {"optimizer": "AdamW", "shuffle": False, "validation": 0.0},
        {"optimizer": "SGD_momentum", "data_high": 40},
    ):
        changed = TrainingLoopSettings(**{**vars(settings), **changes})
        programs.append(map_program(changed, MapSettings(1), LrMapTask(changed, MapSettings(1)).run()))
    assert printed([one.text for one in programs]) == [list(one.prints) for one in programs]


BY_HAND = "\ufeffheight, width,colour ,kind\n" + "".join(
    f"{i % 7}.5,{i * i % 11 if i % 9 else ''}, red,{('small', 'big')[i % 7 > 3] if i % 13 else ''}\n" for i in range(50)
)
GERMAN = "".join(f"{i % 7},5;{'?' if i == 20 else i * i % 11};{('None', 'Größe', '')[i % 7 % 3]};\n" for i in range(50))
TABLES = [
    (sample_table("iris").frame.to_csv(index=False).encode(), OwnSettings(num_epochs=5)),
    (sample_table("iris").frame.to_csv(index=False).encode(), OwnSettings(num_epochs=2, hidden=11, batch_size=1)),
    (sample_table("diabetes").frame.to_csv(index=False).encode(), OwnSettings(num_epochs=5, optimizer="RMSprop")),
    (BY_HAND.encode(), OwnSettings(seed=3, batch_size=7, lr=0.1)),
    (GERMAN.encode("cp1252"), OwnSettings(target="column 3")),
    (GERMAN.encode("utf-16"), OwnSettings(target="column 2", task="regression")),
    (b"\n1|a|1|1\n" * 9 + b".5|b|2|2\n" * 9, OwnSettings(target="column 1", task="classes")),
]


def test_the_programs_on_tables_print_the_numbers_of_the_page(tmp_path):
    programs = []
    for i, (content, settings) in enumerate(TABLES):
        table = read_table(content)
        prepared = prepare_own(settings, table)
        run = own_training(settings, prepared).run()
        assert (prepared.dropped > 0) == (i in (3, 4, 5))
        (tmp_path / f"my table {i}.csv").write_bytes(content)
        programs.append(own_program(settings, prepared, f"my table {i}.csv", table.dialect, run))
    assert printed([one.text for one in programs], tmp_path) == [list(one.prints) for one in programs]


def test_the_default_settings_give_the_example_as_it_is():
    assert program(TrainingLoopSettings()).text == source("training_loop")
    assert map_program(TrainingLoopSettings(), MapSettings()).text == source("training_loop_map")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loop", LOOPS)
def test_the_program_runs_the_lines_of_the_chosen_loop_with_the_chosen_optimizer(loop, optimizer):
    text = program(TrainingLoopSettings(loop=loop, optimizer=optimizer)).text
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
        written = constants(program(settings, pair=(low, 0.5)).text)
        names = ("seed", "validation", "hidden", "batch_size", "shuffle", "lr", "num_epochs")
        assert written == {
            "DATA_RANGE": settings.data_range,
            "PAIR": (low, 0.5),
            **{n.upper(): chosen[n] for n in names},
        }

    check()


def test_the_remark_beside_the_range_counts_the_pairs():
    text = program(TrainingLoopSettings(data_low=-3, data_high=40)).text
    assert "DATA_RANGE = (-3, 40)  # the numbers -3 to 39, so 1,849 pairs\n" in text


USUAL = Dialect("utf-8-sig", ",", True, ".")


def prepared(features, target, classes):
    empty = torch.zeros(0)
    return Prepared(empty, empty, features, target, classes, 0.0, 1.0, 0)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_program_on_a_table_runs_the_course_loop_with_the_chosen_optimizer(optimizer):
    text = own_program(OwnSettings(optimizer=optimizer), prepared(("a",), "b", ()), "t.csv", USUAL).text
    assert loop_of(text) == LINES["course"]
    assert f"optimizer = optim.{optimizer.removesuffix('_momentum')}(" in text
    assert ("momentum=0.9" in text) == (optimizer == "SGD_momentum")


@hypothesis.settings(deadline=None, derandomize=True, max_examples=50)
@hypothesis.given(st.lists(st.text(), min_size=1).map(tuple), st.text(), st.text(), st.booleans())
@hypothesis.example(("x'\n\"\\1  # \u2028", "FILE = 1"), 'optimizer.step()  # "', "../\ud800\r\n.csv", True)
def test_hostile_column_and_file_names_stay_inside_their_quotes(features, target, file, classes):
    settings = OwnSettings(hidden=3, lr=0.5)
    values = (*features, target) if classes else ()
    text = own_program(settings, prepared(features, target, values), file, USUAL).text
    assert constants(text) == {
        "FILE": file,
        "ENCODING": "utf-8-sig",
        "SEPARATOR": ",",
        "HEADER": True,
        "DECIMAL": ".",
        "FEATURES": list(features),
        "TARGET": target,
        "CLASSES": list(values),
        "SEED": 0,
        "VALIDATION": settings.loop.validation,
        "HIDDEN": 3,
        "BATCH_SIZE": 16,
        "LR": 0.5,
        "NUM_EPOCHS": 20,
    }
    assert loop_of(text) == LINES["course"]
