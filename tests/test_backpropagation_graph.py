"""Any calculation as a graph: messages, sums, autograd and central differences agree, and the page says so."""

import re

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from programs import printed
from visitor import charts, guess, newcomer, sent_by_browser, visit

from core.backpropagation.check import central_differences, changed_result, close, kinks
from core.backpropagation.program import graph_program
from core.backpropagation.read import MOST_NODES, python, read
from core.backpropagation.settings import GraphSettings
from core.expression.errors import ExpressionError
from figures.backpropagation.graph import graph_picture, node_near, placement
from figures.backpropagation.labels import labels
from figures.backpropagation.words import caption, chain_sum, change_words, comparison, kink_words
from pages.backpropagation.graph import PRESETS

LEAVES = st.sampled_from(["x", "y", "z", "x", "2", "0.5", "(-1.5)"])
VALUES = st.floats(-3, 3).map(lambda value: round(value, 3))


def grown(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        *(pair.map(lambda p, sign=sign: f"({p[0]} {sign} {p[1]})") for sign in "+-*"),
        pair.map(lambda p: f"{p[0]}/(2 + sin({p[1]}))"),
        pair.map(lambda p: f"max({p[0]}, {p[1]})"),
        *(inner.map(lambda e, f=f: f"{f}({e})") for f in ("sin", "tanh", "sigmoid", "relu", "abs", "-")),
        inner.map(lambda e: f"({e})^2"),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=12)


def graph_of(text, x, y, z):
    try:
        return read(text, f"x = {x}; y = {y}; z = {z}")
    except ExpressionError as error:  # without a variable, or nothing to calculate
        assume("variable" not in str(error) and "calculates" not in str(error) and "too large" not in str(error))
        raise


@given(EXPRESSIONS, VALUES, VALUES, VALUES)
@settings(max_examples=150, deadline=None)
def test_sums_of_messages_are_autograd_and_central_differences(text, x, y, z):
    graph = graph_of(text, x, y, z)
    assume(max(node.value.abs().max() for node in graph.nodes) < 1e3)
    last = len(graph.moments) - 1
    for i, node in enumerate(graph.nodes):
        total, whole = graph.collected(i, last)
        assert whole
        assert total == pytest.approx(node.gradient.item(), rel=1e-9, abs=1e-12)
        for edge in graph.incoming(i):
            child = graph.nodes[edge.child]
            product = child.gradient * child.derivatives[edge.slot]
            assert graph.message(edge).item() == pytest.approx(product.item(), rel=1e-9, abs=1e-12)
    if not kinks(graph):
        for node, difference in zip(graph.nodes, central_differences(graph), strict=True):
            assert difference.item() == pytest.approx(node.gradient.item(), rel=1e-4, abs=1e-5)


@given(EXPRESSIONS)
@settings(max_examples=60, deadline=None)
def test_no_message_is_sent_too_early_and_no_node_hides_another(text):
    graph = graph_of(text, 0.3, -1.2, 2.0)
    for at, moment in enumerate(graph.moments):
        if moment.kind == "backward":
            assert graph.collected(moment.node, at - 1)[1], "sent before all of its own had come"
    assert [m.node for m in graph.moments if m.kind == "forward"] == [i for i, n in enumerate(graph.nodes) if n.parents]
    where = placement(graph)
    for edge, path in where.paths.items():
        assert (path[0], path[-1]) == (where.at[edge.parent], where.at[edge.child])
        assert all(before[0] < after[0] for before, after in zip(path, path[1:], strict=False))
    for i, (column, row) in enumerate(where.at):
        assert all(c != column or abs(row - r) > 0.99 for c, r in where.at[:i])
        assert node_near(graph, column + 0.1, row - 0.1) == i


def gradients(graph):
    return {graph.nodes[i].name: graph.nodes[i].gradient.item() for i in graph.leaves}


@pytest.mark.parametrize(
    ("preset", "result", "expected"),
    [
        ("(x + y) · z", -12, {"x": -4, "y": -4, "z": 3}),
        ("x · x", 9, {"x": 6}),
        ("micrograd", 24.70408163265306, {"a": 138.83381924198252, "b": 645.5772594752186}),
        (
            "A neuron",
            0.7310585786,
            {"w1": -0.1966119, "x1": 0.3932239, "w2": -0.3932239, "x2": -0.5898358, "b": 0.1966119},
        ),
    ],
)
def test_published_numbers(preset, result, expected):
    chosen = {name: value for name, value in PRESETS[preset][1].items() if name != "node"}
    given_ = GraphSettings(**chosen)
    graph = read(given_.text, given_.values)
    assert graph.result.value.item() == pytest.approx(result)
    assert gradients(graph) == pytest.approx(expected, rel=1e-6)
    differences = central_differences(graph)
    assert all(close(node.gradient, d) for node, d in zip(graph.nodes, differences, strict=True))


def test_a_product_with_itself_has_two_edges():
    graph = read("x*x", "x = 3")
    first, second = graph.incoming(0)
    assert (first.slot, second.slot) == (0, 1)
    assert [graph.message(edge).item() for edge in (first, second)] == [3, 3]
    labels_ = [placement(graph).label(edge) for edge in (first, second)]
    assert [side for _, _, side in labels_] == ["top center", "bottom center"]
    assert labels_[0][1] < labels_[1][1]
    assert "3 + 3 = **6**" in chain_sum(graph, 0)
    assert chain_sum(graph, 0).count("v1 = x · x") == 1


@pytest.mark.parametrize(
    ("text", "values", "taken", "mean"),
    [
        ("relu(x)", "x = 0", 0, 0.5),
        ("|x|", "x = 0", 0, 0),
        ("max(x, y)", "x = 1, y = 1", 0.5, 0.5),
        ("min(2x, 4) + 0*x", "x = 2", 1, 1),
        ("max(x, 0)", "x = 1e-7", 1, 0.51),  # nearer than h
        ("relu(1000*x)", "x = 1e-6", 1000, 600),  # nearer than what h makes of it
    ],
)
def test_kinks_and_ties_are_named(text, values, taken, mean):
    graph = read(text, values)
    assert kinks(graph)
    assert gradients(graph)["x"] == taken
    assert central_differences(graph)[0].item() == pytest.approx(mean, abs=1e-6)
    assert "kink" in kink_words(graph)
    assert "times as much" not in caption(graph, 0)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("relu(x)", "x = 0.1"),
        ("max(x, y)", "x = 1, y = 2"),
        ("x*x", "x = 0"),
        ("max(x, x)", "x = 1"),
        ("relu(x - x + 1)", "x = 1"),
    ],
)
def test_where_there_is_no_kink_none_is_named(text, values):
    assert kinks(read(text, values)) == ()
    assert kink_words(read(text, values)) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("3", "no variable"),
        ("x", "calculates nothing"),
        ("xy", "write"),
        ("x + ", "missing"),
        ("foo(x)", "not a name"),
        ("max(x)", "arguments"),
        ("sin(x, y)", "one argument"),
        ("a*b; c", "no name"),
        ("1 = x", "not a name"),
        ("e = x; e*e", "not a name"),
        ("log(x)", "no finite value"),
        ("sqrt(x + 1)", "not finite"),
        ("1/(x + 1)", "no finite value"),
        ("c = x*y; x + 1", "not used"),
        ("+".join(["x*x"] * 31), "too large"),
        ("__import__('os')", "not a name"),
        ("x^10000000", "too large"),
        ("x" * 301, "name"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(text, said):
    with pytest.raises(ExpressionError, match=re.escape(said)) as refused:
        read(text, "x = -1")
    assert "allowed:" in str(refused.value)


@pytest.mark.parametrize("values", ["q", "x = ", "x = abc", "x = 1e9", "xy = 2", "x = 1,5,2", "= 3"])
def test_wrong_values_get_a_sentence(values):
    with pytest.raises(ExpressionError, match="allowed:"):
        read("x*y", values)


def test_values_may_be_written_as_people_do():
    assert gradients(read("x*y", "x = 0,5; y=−2, z = 7")) == {"x": -2, "y": 0.5}
    assert gradients(read("x*y", "")) == {"x": 1, "y": 1}
    assert gradients(read("x²", "x = 3")) == {"x": 6}
    assert [n.name for n in read("c = x*x; c = c*c; c*c", "").nodes] == ["x", "c", "c′", "v1"]
    assert [n.name for n in read("v1*v1*x", "").nodes] == ["v1", "x", "u1", "u2"]


def test_the_largest_graph_is_drawn_in_small_frames():
    graph = read("+".join(f"{c}{i}" for c in "abcdfghij" for i in range(3)) + "+x*x*x", "")
    assert len(graph.nodes) <= MOST_NODES
    picture = graph_picture(graph, 0, "")
    assert len(picture.frames) == len(graph.moments) == len(labels(graph))
    assert len(picture.json) < 500_000
    texts = [change["text"] for frame in picture.frames for change in frame["data"] if "text" in change]
    assert all(text for each in texts for text in each), "plotly never fills the place of an empty text again"


def test_what_the_result_does():
    graph = read("x*y + 0*z - y", "x = -2, y = 3, z = 1")
    assert [graph.effects(i) for i in range(3)] == [["grows"], ["falls"], ["stays"]]
    assert read("sigmoid(x)", "x = 20").effects(0) == ["grows", "stays"]


def test_a_change_that_can_be_seen():
    graph = read("x*x", "x = 3")
    assert changed_result(graph, 0, 0.1) == pytest.approx(9.61)
    graph = read("log(x)", "x = 1")
    assert torch.isnan(torch.tensor(changed_result(graph, 0, -2.0)))
    assert "has no finite value" in change_words(graph, 0, -2.0)


@pytest.mark.parametrize(
    ("text", "values", "off"),
    [
        ("x*y", "x = 2", False),
        ("sin(1000000*x)", "x = 1", True),
        ("x + y^3", "y = 1e6", True),
        ("sqrt(x)", "x = 1e-6", True),
    ],
)
def test_where_a_central_difference_is_off_the_page_says_so(text, values, off):
    assert ("It is off" in comparison(read(text, values), 0)) == off


@given(EXPRESSIONS)
@settings(max_examples=60, deadline=None)
def test_the_lines_of_the_program_say_the_same(text):
    graph = graph_of(text, 0.3, -1.2, 2.0)
    names = {name: torch.tensor(v, dtype=torch.float64) for name, v in (("x", 0.3), ("y", -1.2), ("z", 2.0))}
    code = python(text)[-1].removeprefix("return ")
    value = eval(code, {"torch": torch}, names)  # what a reader runs
    assert float(value) == pytest.approx(graph.result.value.item(), rel=1e-12)


def test_programs_print_what_the_page_says():
    programs = []
    for _, (_, values) in PRESETS.items():
        chosen = GraphSettings(**{name: value for name, value in values.items() if name != "node"})
        programs.append(graph_program(chosen, read(chosen.text, chosen.values)))
    assert printed([p.text for p in programs], warnings_are_errors=True) == [list(p.prints) for p in programs]


def test_a_wrong_text_leaves_the_last_good_graph():
    at = visit("backpropagation", text="x*y*x")
    before = charts(at)[0]["figure"]
    at.text_input(key="backpropagation.text").set_value("x*(y").run()
    assert not at.exception
    assert "not closed" in at.error[0].value
    assert charts(at)[0]["figure"] == before


def test_a_click_chooses_the_node_next_to_it():
    at = visit("backpropagation")
    graph = read("(x + y) * z", "x = -2, y = 5, z = -4")
    x, y = placement(graph).at[2]
    at = sent_by_browser(at, {"chart": {"place": {"axis": "y", "x": x + 0.1, "y": y}}})
    assert at.session_state["backpropagation"]["node"] == 2
    at = sent_by_browser(at, {"chart": {"place": {"axis": "y", "x": 50, "y": y}}})
    assert at.session_state["backpropagation"]["node"] == 2
    assert "z is used in v2 = v1 · z" in next(m.value for m in at.markdown if "Check it by hand" in m.value)


@pytest.mark.parametrize(("option", "said"), [("It falls", "Right"), ("It grows", "Not quite")])
def test_the_guess_is_answered_from_the_run(option, said):
    at = guess(newcomer("backpropagation"), option)
    assert said in at.info[0].value
    assert "−4 times" in at.info[0].value
