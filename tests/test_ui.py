"""The shared idioms, each by itself."""

import ast

import nbformat
import pytest
from streamlit.testing.v1 import AppTest
from visitor import visit

from core.program import EXAMPLES
from pages.training_loop import runs as training_loop_runs
from ui.link import _encoded
from ui.long_work import KEPT_RESULTS, _kept, _Running
from ui.program import notebook
from ui.scrubber import moment_index


def short_and_long_work():
    import streamlit as st

    from ui.long_work import Job, results

    class Counting:
        def __init__(self, total):
            self.total_updates, self.update = total, 0
            st.session_state.begun = st.session_state.get("begun", 0) + 1

        finished = property(lambda self: self.update == self.total_updates)
        progress = property(lambda self: f"update {self.update}")

        def advance(self, updates):
            self.update = min(self.update + updates, self.total_updates)

        def run(self):
            return self.update

    total = st.number_input("total", 1, 5000, 10, key="total")
    st.text(str(results([Job(("counting", total), total, lambda: Counting(total))], "work")))


@pytest.fixture
def work():
    _kept.clear()
    return AppTest.from_function(short_and_long_work, default_timeout=30).run()


def test_short_work_starts_by_itself(work):
    assert work.text[0].value == "[10]"


def test_a_finished_result_is_not_computed_again(work):
    assert work.run().session_state.begun == 1


def test_run_computes_again_to_be_watched(work):
    assert work.button(key="work-run").click().run().session_state.begun == 2


def test_long_work_waits_for_run_and_says_how_long_it_is(work):
    work.number_input(key="total").set_value(4000).run()
    assert work.text[0].value == "None"
    assert "4,000 updates" in work.info[0].value
    work.button(key="work-run").click().run()
    assert work.text[0].value == "[4000]"
    assert not work.info


def test_stopped_work_counts_as_far_as_it_got(work):
    names = [repr(("counting", 4000))]
    work.session_state["work-stopped"] = {"names": names, "found": [1234], "progress": "update 1234"}
    work.number_input(key="total").set_value(4000).run()
    assert work.text[0].value == "[1234]"
    assert "stopped at update 1234" in work.warning[0].value
    work.number_input(key="total").set_value(20).run()  # another setting: the stop is forgotten
    assert work.text[0].value == "[20]"
    assert not work.warning


def test_what_was_done_before_a_stop_is_kept_job_by_job():
    class Half:
        update = 7

        def run(self):
            return "half"

    running = _Running(["a", "b", "c"], [["whole"], [], []], current=1, work=Half())
    assert running.so_far() == ["whole", "half", None]


def test_a_run_can_be_drawn_again_and_again_while_it_goes_on(monkeypatch):
    for name in ("UNSAID", "SAID_EVERY", "DRAWN_EVERY"):
        monkeypatch.setattr(f"ui.long_work.{name}", 0.0)
    drawn = []
    live = training_loop_runs.losses_so_far
    monkeypatch.setattr(training_loop_runs, "losses_so_far", lambda run: drawn.append(run.updates) or live(run))
    at = visit("training_loop", seed="87", num_epochs="2")
    assert not at.exception
    assert len(drawn) > 2


def test_the_store_of_results_is_bounded():
    _kept.clear()
    for i in range(KEPT_RESULTS + 1):
        _kept(str(i))[:] = [i]
    assert _kept("0") == []
    assert _kept(str(KEPT_RESULTS)) == [KEPT_RESULTS]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda p: p.stem)
def test_the_notebook_is_the_program_cell_by_cell(path):
    book = nbformat.reads(notebook(path.read_text()), as_version=4)
    nbformat.validate(book)
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    program = ast.parse(path.read_text())
    program.body = program.body[1:]  # the docstring is the first cell, as text
    assert ast.dump(ast.parse(code)) == ast.dump(program)
    assert book.cells[0].cell_type == "markdown"
    assert notebook(path.read_text()) == notebook(path.read_text())


@pytest.mark.parametrize("at, index", [(0, 0), (1, 0), (17, 1), (33, 1), (34, 2), (20_000, 2)])
def test_the_moment_on_screen_is_the_last_one_not_later(at, index):
    assert moment_index([0, 17, 34], at) == index


def test_an_address_does_not_depend_on_the_order_of_its_names():
    assert _encoded({"b": ["2"], "a": ["1"]}) == _encoded({"a": ["1"], "b": ["2"]}) == "a=1&b=2"
