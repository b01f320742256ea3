"""The chain rule with tensors: shapes, products with transposed matrices, sums over what was broadcast."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import printed
from visitor import charts, visit

from core.backpropagation.check import entry_difference
from core.backpropagation.program import tensors_program
from core.backpropagation.settings import TensorSettings
from core.backpropagation.tensors import read_named, read_tensors, rule
from core.expression.errors import ExpressionError, TorchError
from figures.backpropagation.graph import graph_picture
from figures.backpropagation.tensors import agreement, entry_by_hand, flow, gradient_words, matrix, message_words
from pages.backpropagation.tensors import PRESETS

SIZE = st.integers(1, 4)


@given(SIZE, SIZE, SIZE, st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_the_gradients_of_a_product_and_of_a_bias(n, k, m, seed):
    generator = torch.Generator().manual_seed(seed)
    drawn = {
        name: torch.randn(*shape, generator=generator) for name, shape in (("A", (n, k)), ("B", (k, m)), ("b", (m,)))
    }
    text = "; ".join(f"{name} = {tensor.tolist()}" for name, tensor in drawn.items())
    graph = read_tensors("((A @ B - b) ** 2).mean()", text)
    checked = 0
    for i, node in enumerate(graph.nodes):
        assert node.gradient.shape == node.value.shape
        total, _ = graph.collected(i, len(graph.moments) - 1)
        torch.testing.assert_close(total, node.gradient)
        assert entry_difference(graph, i, 0) == pytest.approx(node.gradient.flatten()[0].item(), rel=1e-4, abs=1e-6)
        for edge in graph.incoming(i):
            if found := rule(graph, edge):
                torch.testing.assert_close(found.value, graph.message(edge))
                checked += 1
    assert checked == (2 if n == 1 and graph.nodes[2].value.shape == graph.nodes[3].value.shape else 3)


def test_used_twice_adds_two_messages():
    graph = read_tensors("(X @ X.T).sum()", "X = [[1, 2], [3, 4]]")
    assert len(graph.incoming(0)) == 2
    assert graph.nodes[0].gradient.tolist() == [[8, 12], [8, 12]]


def test_an_operation_that_gives_back_its_tensor_has_a_gradient_of_its_own():
    graph = read_tensors("(X + 3 * X.flatten()).sum()", "X = [1, 2]")
    assert {node.code: node.gradient.tolist() for node in graph.nodes[:2]} == {"": [4, 4], "X.flatten()": [3, 3]}


def test_one_number_by_hand():
    chosen = TensorSettings()
    graph = read_tensors(chosen.text, chosen.tensors)
    names = [node.name for node in graph.nodes]
    assert "1 × 0.0333333 + 3 × (−0.133333) + 5 × (−0.3) = **−1.867**" in entry_by_hand(graph, names.index("W"))
    assert "0.0333333 + (−0.133333) + (−0.3)) = **−0.4**" in entry_by_hand(graph, names.index("b"))
    said, tex = message_words(graph, graph.incoming(names.index("W"))[0])
    assert "dW = Xᵀ dv1" in said
    assert r"\begin{bmatrix}1&3&5\\2&4&6\end{bmatrix}" in tex
    assert matrix(torch.tensor(2.0)) == "2"
    assert matrix(torch.zeros(5, 5)) == r"\text{[5, 5]}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("X @ W", "one number"),
        ("Y.sum()", "not on the list"),
        ("X.shape[0]", "does not make a tensor"),
        ("torch.stack([X, X]).sum()", "cannot be drawn"),
        ("(X > 0).sum()", "cannot be drawn"),
        ("X.argmax()", "no gradient"),
        ("(X // 2).sum()", "no gradient"),
        ("torch.zeros(3).sum()", "names no tensor"),
        ("torch.log(-X).sum()", "not finite"),
        ("X.sum()()", "cannot be drawn"),
        ("0.5(X).sum()", "cannot be drawn"),
        ("+".join(["X.sum()"] * 15), "too large"),
        ("X.sum(dim=X)", "cannot be drawn"),
        ("torch.load('x')", "not on the list"),
        ("(X * torch.rand(3, 2)).sum()", "not on the list"),
        ("X.__class__.sum()", "not on the list"),
        ("(X.reshape(6, 1) @ X.reshape(1, 6)).repeat(40, 40).sum()", "elements"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(text, said):
    with pytest.raises(ExpressionError, match=said):
        read_tensors(text, "X = [[1, 2], [3, 4], [5, 6]]; W = [[1], [2]]")


@pytest.mark.parametrize(
    "text", ["X", "X = ", "X = [[1], [2, 3]]", "X = [1e400]", "1 = [2]", "X = 'a'", f"X = {[1] * 25}"]
)
def test_wrong_tensors_get_a_sentence(text):
    with pytest.raises(ExpressionError):
        read_named(text)


def test_what_was_stretched_is_added_up_over_its_copies_alone():
    graph = read_tensors("(X * 2 + Y).sum()", "X = [[[1, 2, 3], [4, 5, 6]]]; Y = [[[1]], [[2]], [[3]]]")
    assert "(1 + 1 + 1) = **3**" in entry_by_hand(graph, [node.code for node in graph.nodes].index("X * 2"))


@pytest.mark.parametrize(
    ("text", "tensors", "off"),
    [
        ("torch.relu(X).sum()", "X = [0, 1]", True),
        ("X.round().sum()", "X = [1.5]", True),
        ("(X ** 2).sum()", "X = [1e20]", False),
        ("torch.relu(X).sum()", "X = [1, 0]", False),
    ],
)
def test_where_a_central_difference_is_off_the_page_says_so(text, tensors, off):
    assert ("It is off" in agreement(read_tensors(text, tensors), 0)) == off


def test_whole_numbers_on_the_way_send_no_message():
    graph = read_tensors("(X * X.argmax()).sum()", "X = [1, 3]")
    assert graph.nodes[0].gradient.tolist() == [1, 1]
    assert [graph.nodes[edge.child].sign for edge in graph.incoming(0)] == ["*"]
    assert graph.collected(0, len(graph.moments) - 1)[1]
    with pytest.raises(ExpressionError, match="No gradient comes to `b`"):
        read_tensors("(X * b.argmax()).sum()", "X = [1, 3]; b = [2, 1]")


@pytest.mark.parametrize("text", ["X.T.sum()", "(X ** X.bool().sum()).sum()", "(X[0] * X.bool()).sum()", "X.T.norm()"])
def test_any_layout_and_dtype_can_be_shown(text):
    graph = read_tensors(text, "X = [[1, 2], [3, 4]]")
    for i in range(len(graph.nodes)):
        assert graph_picture(graph, i, flow(graph, i)).json
        assert gradient_words(graph, i)
        assert agreement(graph, i) or graph.nodes[i].gradient is None
        assert all(message_words(graph, edge) for edge in graph.incoming(i))


def test_torchs_own_words_are_shown_and_the_last_good_graph_stays():
    at = visit("backpropagation", view="tensors")
    before = charts(at)[0]["figure"]
    at.text_input(key="backpropagation.tensors.text").set_value("(X @ X).sum()").run()
    assert not at.exception
    assert "`X @ X` is impossible" in at.error[0].value
    assert any("mat1 and mat2 shapes cannot be multiplied" in code.value for code in at.code)
    assert charts(at)[0]["figure"] == before
    with pytest.raises(TorchError):
        read_tensors("(X @ X).sum()", "X = [[1, 2, 3], [4, 5, 6]]")


def test_programs_print_what_the_page_says():
    programs, given_ = [], [{"text": "print.sum()", "tensors": "print = [1]"}]
    for _, values in PRESETS.values():
        given_.append({name.removeprefix("tensors."): v for name, v in values.items() if name.startswith("tensors.")})
    for each in given_:
        chosen = TensorSettings(**each)
        programs.append(tensors_program(chosen, read_tensors(chosen.text, chosen.tensors)))
    assert printed([p.text for p in programs], warnings_are_errors=True) == [list(p.prints) for p in programs]
