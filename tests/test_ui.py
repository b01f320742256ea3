"""The shared idioms, each by itself."""

import ast
from unittest import mock

import nbformat
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from visitor import ROOT

from core.cache import STORE
from core.program import EXAMPLES
from core.task import Task
from ui.chart import libraries
from ui.link import _encoded
from ui.long_work import SHORT, _Doing, _doing, _Running
from ui.program import notebook
from ui.scrubber import moment_index


def short_and_long_work():
    import streamlit as st

    from core.task import Task
    from ui.long_work import results

    class Counting(Task):
        def __init__(self, total):
            self.key, self.total, self.cost = total, total, total / 1000

        def begin(self):
            st.session_state.begun = st.session_state.get("begun", 0) + 1

        def advance(self):
            pass

        def result(self):
            return [self.done]

    total = st.number_input("total", 1, 5000, 10, key="total")
    st.text(str(results([Counting(total)], "work")))


@pytest.fixture
def work():
    STORE.__init__()
    return AppTest.from_function(short_and_long_work, default_timeout=30).run()


def test_short_work_starts_by_itself(work):
    assert work.text[0].value == "[[10]]"


def test_run_computes_again_to_be_watched(work):
    assert work.button(key="work-run").click().run().session_state.begun == 2


def test_long_work_waits_for_run_and_says_how_long_it_is(work):
    work.number_input(key="total").set_value(4000).run()
    assert work.text[0].value == "None"
    assert "about 4 s" in work.info[0].value
    work.button(key="work-run").click().run()
    assert work.text[0].value == "[[4000]]"
    assert not work.info


def test_work_waits_while_few_others_work_and_says_so_but_long_work_has_lanes_of_its_own(monkeypatch):
    STORE.__init__()
    said = []
    assert SHORT.acquire() and SHORT.acquire() and not SHORT.acquire(blocking=False)

    def say(sign, share, text):
        said.append(text)
        if len(said) == 3:
            SHORT.release(2)

    monkeypatch.setattr("ui.long_work._Sign.say", say)
    at = AppTest.from_function(short_and_long_work, default_timeout=30).run()
    assert said[:3] == ["Waiting for the work of other visitors"] * 3 and at.text[0].value == "[[10]]"
    assert SHORT.acquire() and SHORT.acquire()  # what was taken has been given back
    at.number_input(key="total").set_value(4000).run()
    assert at.button(key="work-run").click().run().text[0].value == "[[4000]]"
    SHORT.release(2)


class Half(Task):
    """Stands still in the middle."""

    key, total = "half", 10

    def advance(self):
        pass

    def result(self):
        return f"{self.done} done"


def test_a_task_begins_at_its_first_step_and_takes_no_more_than_are_left():
    task = Half()
    assert not task.finished
    task.step(7)
    assert (task.done, task.finished, task.progress) == (7, False, "step 7 of 10")
    assert task.run() == "10 done"


def test_equal_tasks_of_two_views_are_done_once():
    STORE.__init__()
    first = AppTest.from_function(short_and_long_work, default_timeout=30).run()
    assert first.session_state.begun == 1
    assert first.run().session_state.begun == 1


def test_what_was_done_before_a_stop_is_kept_task_by_task():
    half = Half()
    half.step(7)
    running = _Running([half] * 3, ["whole", None, None], _Doing(half), place=1)
    assert running.so_far() == ["whole", "7 done", None]


class Slow(Half):
    """Each step takes longer than the one before, by a clock of its own."""

    key, clock = "slow", 0.0

    def advance(self):
        self.clock += 0.01 * self.done


def test_a_slice_ends_when_its_time_is_over_however_long_the_steps_become(monkeypatch):
    doing, ends = _Doing(Slow()), []
    monkeypatch.setattr("ui.long_work.time.perf_counter", lambda: doing.task.clock)
    while doing.slice():
        ends.append(doing.task.done)
    assert ends == [4, 5, 6, 7, 8, 9]  # 0 + 10 + 20 + 30 ms, and then each step by itself


def test_visitors_who_want_the_same_at_the_same_time_do_it_once():
    STORE.__init__()
    mine, other = Half(), Half()
    doing = _doing(mine)
    assert _doing(other) is doing
    while doing.slice():
        pass
    assert (mine.done, other.done) == (10, 0)
    assert STORE.get(other.stored_as) is doing.so_far() is doing.whole
    del doing
    assert _doing(other).task is other  # nobody does it any more


def test_stopped_work_counts_as_far_as_it_got_until_a_setting_changes():
    def stopped():
        import streamlit as st
        from test_ui import Half

        from ui.long_work import results

        key = ("task", "Half", st.number_input("n", 0, 9, 0, key="n"))
        Half.key = key[2]
        if "work-stopped" not in st.session_state and not key[2]:
            st.session_state["work-stopped"] = {"keys": [key], "found": ["7 done"], "progress": "step 7 of 10"}
        st.text(str(results([Half()], "work")))

    at = AppTest.from_function(stopped, default_timeout=30).run()
    assert at.text[0].value == "['7 done']"
    assert "stopped at step 7 of 10" in at.warning[0].value
    at.number_input(key="n").set_value(1).run()
    assert at.text[0].value == "['10 done']"
    assert not at.warning


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


def test_charts_have_another_copy_of_plotly_js_where_streamlits_is_not_found(caplog):
    own, spare = libraries()
    assert own.startswith("PlotlyChart.")
    assert libraries("no/such/*.js") == [spare]
    assert "plotly.js was not found (no/such/*.js)" in caplog.text


@pytest.mark.parametrize("embedded, menu", [(True, "hidden"), (False, "top")])
def test_an_embedded_page_has_a_way_out_instead_of_the_menu(embedded, menu):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    at.context["is_embedded"] = embedded
    with mock.patch("streamlit.navigation", wraps=st.navigation) as navigation:
        at.run()
    assert navigation.call_args.kwargs["position"] == menu
    shown = [element.proto.component_name for element in at.get("bidi_component")]
    assert ("whole_app" in shown) == embedded
