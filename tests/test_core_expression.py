"""Typed expressions: what is allowed gives torch's own values; what is not, a sentence; and nothing escapes."""

import ast
import random
import string

import numpy as np
import pytest
import torch
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expression.errors import ExpressionError, TorchError
from core.expression.evaluate import evaluate
from core.expression.explain import ARGUMENTS
from core.expression.growth import size
from core.expression.language import Function, Language
from core.expression.parse import MAX_LENGTH, dotted, parse
from core.expression.torch_language import DTYPES, listed, torch_language

DANGEROUS = "__ load save eval exec numpy data_ptr apply hook set_ generator out="
TOKENS = "** // ... None True x a 0 1 -1 7 1e9 10**9 dim= 2**62 lambda for import __class__ os if else not 0.5 1000"
X = torch.arange(24).reshape(2, 3, 4)
A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def run(text, **names):
    """The value of an expression in which x and a stand for X and A."""
    return evaluate(text, torch_language(torch.Generator().manual_seed(0)), {"x": X, "a": A} | names)


GOOD = [
    "x[1]",
    "x[:, 1:3]",
    "x[..., None]",
    "x[x > 5]",
    "x[[0, 1, 1]]",
    "x[torch.tensor([1, 0]), 2]",
    "x[0, ::2, -1]",
    "x.reshape(4, -1)",
    "x.view(2, 12)",
    "x.permute(2, 0, 1)",
    "x.transpose(0, 2).contiguous()",
    "x.unsqueeze(0).squeeze()",
    "x.flatten(1)",
    "x.sum(dim=(0, 2), keepdim=True)",
    "x.float().mean(1)",
    "x.max(dim=1)[1]",
    "x.max(dim=1).values",
    "x.amax((0, 1))",
    "torch.cat([x, x + 1], dim=2)",
    "torch.stack([x, -x])",
    "a @ a.T",
    "a.mT",
    "torch.matmul(a, a)",
    "torch.einsum('ij,jk->ik', a, a)",
    "torch.matrix_power(a, 3)",
    "torch.linalg.inv(a)",
    "torch.eye(3)",
    "torch.full((2, 2), 7)",
    "torch.arange(1, 10, 2)",
    "torch.linspace(0, 1, 5)",
    "torch.where(x > 5, x, 0)",
    "x.to(torch.uint8) + 250",
    "x.clamp(3, 9)",
    "~(x > 3) & (x % 2 == 0)",
    "x ** 2 // 3",
    "2 ** 10 - 1",
    "-x.flip(0)",
    "x.repeat(1, 2, 1)",
    "x.expand(3, 2, 3, 4)",
    "x.as_strided((3, 3), (1, 1))",
    "torch.diag(torch.tensor([1, 2]))",
    "torch.outer(a[0], a[1])",
    "x.shape[1] * torch.pi",
]


@pytest.mark.parametrize("text", GOOD)
def test_an_allowed_expression_has_torch_s_own_value(text):
    found, expected = run(text), eval(text, {"torch": torch, "x": X, "a": A})
    if isinstance(expected, torch.Tensor):
        assert found.dtype == expected.dtype
        assert found.stride() == expected.stride()
        assert torch.equal(found, expected)
    else:
        assert found == expected


@pytest.mark.parametrize(
    "text", ["torch.rand((4, 28, 28))", "torch.randn(5)", "torch.randint(0, 10, (3, 3))", "torch.randperm(9)"]
)
def test_random_numbers_are_those_of_a_program_with_the_same_seed(text):
    torch.manual_seed(0)
    expected = eval(text, {"torch": torch})
    before = torch.get_rng_state()
    assert torch.equal(run(text), expected)
    assert torch.equal(torch.get_rng_state(), before), "the global generator was used"


REFUSED = {
    "": "empty",
    "x +": "not Python",
    "y": "`y` is not on the list",
    "x.__class__": "not on the list",
    "x.reshpe(2)": "did you mean `reshape`",
    "torch.os": "not on the list",
    "torch.load('x')": "not on the list",
    "torch.rand(3, generator=1)": "`generator` is not on the list",
    "x.sum(out=x)": "`out` is not on the list",
    "x.to('cuda')": "text in quotes",
    "x = 3": "assignment",
    "lambda: 1": "lambda",
    "[i for i in x]": "comprehension",
    "x if x else x": "`if`",
    "x and x": "element by element",
    "not x": "element by element",
    "1 < x < 3": "chain of comparisons",
    "f'{x}'": "f-string",
    "x[*x]": "star",
    "torch.cat(*x)": "star",
    "torch.cat(**x)": "stars",
    "torch.cat(**x, **x)": "stars",
    "torch.zeros(size=(2, 2), size=(3,))": "`size` is given twice; allowed: each keyword once",
    "x.sum(dim=0, keepdim=True, dim=1)": "`dim` is given twice",
    "{1: 2}": "Dict",
    "1j": "not a number",
    "b'x'": "not a number",
    "x[1.5]": "index of the kind float",
    "x[[[0, 1], [1, 0]]]": "nested list",
    "x[1:2.5]": "not a slice",
    "[1] * 10 ** 9": "neither number nor tensor",
    "9 ** 9 ** 9": "64 bits",
    "1 << 99": "LShift",
    "2 ** 63": "64 bits",
    "2 ** 63 * 2": "64 bits",
    "(-8) ** 0.5": "complex",
    "99999999999999999999": "64 bits",
    "x[None, None, None, None]": "7 dimensions",
    "x" + ".T" * 61: "nested too deep",
    "-" * 300 + "1": "too deep",
    "(" * 30 + "1" + ")" * 30: "too deep",
    "[" + "1," * 190 + "[1]" * 10 + "]": "",
    "x" * (MAX_LENGTH + 1): "characters",
    "x\\": "not a sign",
    "é": "not a sign",
    "x\x00": "not a sign",
    "x()": "cannot be called",
    "x.sum": "is a method",
    "torch.rand": "is a function",
    "torch.tensor(x)": "gets a tensor",
    "(3).bit_length()": "not on the list",
    "'a'.join(x)": "not on the list",
    "x.shape.count(1)": "not on the list",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_allowed_gets_one_sentence(text):
    with pytest.raises(ExpressionError, match="allowed: ") as caught:
        run(text)
    assert not isinstance(caught.value, TorchError)
    assert REFUSED[text] in str(caught.value)
    assert len(str(caught.value)) < 800
    assert "\n" not in str(caught.value)


IMPOSSIBLE = {  # what torch refuses: a word of the explanation
    "x.permute(2, 0, 1).view(24)": "never copies",
    "x.reshape(5, 5)": "as many elements as there are, 24",
    "x + torch.arange(3)": "4 against 3",
    "torch.ones(2, 3) @ torch.ones(2, 3)": "have 3 numbers, the columns of the right one 2",
    "x[5]": "has 2 places",
    "x[0, 0, 0, 0]": "has 3 of them",
    "x.expand(2, 3, 5)": "length of 4 should become 5",
    "x.expand(4)": "given 1 sizes",
    "x.sum(7)": "no dimension 7",
    "x.permute(0, 1)": "every dimension exactly once",
    "x.mean()": ".float()",
    "torch.cat([x, x[0]])": "One has 3 dimensions, the other 2",
    "torch.cat([a, torch.ones(2, 3)])": "one has 2 where the other has 3",
    "torch.stack([x, x[0]])": "all shapes must be the same",
    "x[::-1]": ".flip",
    "a.long() @ a": "one dtype",
    "x[torch.ones(3) > 0]": "mask must have the shape",
    "x[[0, 1], [0, 1, 2]]": "in pairs",
    "torch.tensor([[1, 2], [3]])": "equally long",
    "torch.matrix_power(a.long(), -1)": "inverse",
    "torch.linalg.inv(torch.ones(2, 2))": "singular",
    "torch.linalg.inv(x.float())": "square",
    "torch.dot(a[0], torch.ones(3))": "2 numbers on one side, 3",
    "torch.einsum('ij,jk->ik', torch.ones(2, 3), a)": "letter j",
    "torch.einsum('ij->ijk', a)": "k has no length",
    "torch.einsum('ij->ii', a)": "i stands there twice",
    "torch.einsum('ii->', torch.ones(2, 3))": "they have 2 and 3 places",
    "torch.einsum('...i->i...i', a)": "i stands there twice",
    "torch.einsum('...i...->i', a)": "once for each operand",
    "torch.einsum('...i,...i->i', x, torch.ones(3, 4, 4))": "a length is 2, in operand 1 (from 0) it is 3",
    "torch.einsum('ijk->i', a)": "dimensions: 2, letters: 3",
    "torch.einsum('...ijk->i', a)": "dimensions: 2, letters: 3",
    "torch.arange(3) ** -1": "one half",
    "torch.tensor(300, dtype=torch.uint8)": "uint8",
    "x.view(-1, -1)": "only once",
    "torch.rand(3, dtype=torch.int64)": "randint",
    "x.t()": "mT",
    "torch.zeros(-1)": "negative",
    "x.as_strided((9, 9), (9, 9))": "outside of the storage",
    "torch.tensor([True]) - torch.tensor([True])": "^",
    "torch.stack(x)": "list of tensors",
    "1 // 0": "divided",
    "10.0 ** 400": "too large",
}


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_torch_s_refusal_is_shown_as_it_is_and_explained(text):
    with pytest.raises(Exception) as own:  # noqa: B017, PT011  whatever torch raises
        eval(text, {"torch": torch, "x": X, "a": A})
    with pytest.raises(TorchError) as caught:
        run(text)
    assert caught.value.said == str(own.value)
    assert caught.value.kind == type(own.value).__name__
    assert IMPOSSIBLE[text] in caught.value.explanation
    assert caught.value.explanation != ARGUMENTS


def test_every_listed_name_is_a_function_of_torch_and_none_is_dangerous():
    lists = listed()
    for name in lists["Functions"]:
        thing = torch
        for part in name.split(".")[1:]:
            thing = getattr(thing, part)
        assert callable(thing)
    everything = " ".join(name for names in lists.values() for name in names)
    for word in DANGEROUS.split():
        assert word not in everything, word
    assert not [name for name in lists["Methods"] if name.endswith("_")], "nothing changes a tensor in place"


def test_a_later_page_can_parse_a_function_of_two_numbers():
    language = Language(functions={"sin": Function(torch.sin)}, constants={"pi": np.pi})
    x, y = torch.linspace(-1, 1, 50), torch.linspace(0, 2, 50)
    found = evaluate("sin(pi * x) + y ** 2 / 2", language, {"x": x, "y": y})
    torch.testing.assert_close(found, torch.sin(np.pi * x) + y**2 / 2)
    for text in ("torch.sin(x)", "cos(x)", "x.sum()", "sin.x", "sin"):
        with pytest.raises(ExpressionError, match="allowed: "):
            evaluate(text, language, {"x": x, "y": y})


class Trap:
    """Remembers every attribute that somebody asks for."""

    asked: list[str] = []  # noqa: RUF012

    def __getattribute__(self, name):
        if name != "__class__":  # isinstance asks for that
            Trap.asked.append(name)
        return object.__getattribute__(self, name)


@pytest.mark.parametrize(
    "tail", [".secret", ".__dict__", ".__class__.__mro__", ".asked.append(1)", "[0]", "()", " + 1"]
)
def test_nothing_is_asked_of_an_object_that_is_not_in_a_table(tail):
    Trap.asked.clear()
    for text in (f"t{tail}", f"(t){tail}", f"[t][0]{tail}", f"torch.sum(t){tail}", f"x[t{tail}]", f"-t{tail}"):
        with pytest.raises(ExpressionError):
            evaluate(text, torch_language(torch.Generator()), {"t": Trap(), "x": X})
    assert [name for name in Trap.asked if not name.startswith("__torch_function")] == []


@pytest.mark.parametrize(
    "text", ["x.view(5) + os", "x[9][y]", "torch.cat([x.view(5), x.__class__])", "x.view(5, out=3)"]
)
def test_names_are_checked_also_where_torch_refuses_first(text):
    with pytest.raises(ExpressionError, match="not on the list") as caught:
        run(text)
    assert not isinstance(caught.value, TorchError)


HOSTILE = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__.__init__.__globals__['os']",
    "torch.__builtins__",
    "torch.hub.load('a/b', 'c')",
    "torch.load('/etc/passwd')",
    "torch.serialization.os.system('true')",
    "torch.ops.load_library('x')",
    "torch.utils.cpp_extension.load('x')",
    "torch.from_file('/etc/passwd')",
    "torch.set_num_threads(9)",
    "torch.manual_seed(1)",
    "x.data_ptr()",
    "x.numpy().tofile('x')",
    "x.apply_(print)",
    "x.register_hook(print)",
    "x.set_(x)",
    "open('/etc/passwd').read()",
    "exec('1')",
    "eval('1')",
    "getattr(x, 'data')",
    "'{0.__class__}'.format(x)",
    "f'{x.__class__}'",
    "[x for x in ().__class__.__mro__]",
    "(lambda f: f(f))(lambda f: f(f))",
    "9**9**9**9",
    "((9**9)**9)**9",
    "x" + "@x" * 150,
    "torch.eye(100)" + "@torch.eye(100)" * 25,
    "torch.rand(100, 100)" + ".sort()[0]" * 30,
    "x" + "[None]" * 60,
    "[" * 200 + "]" * 200,
    "1" + "+1" * 190,
    "~" * 390 + "1",
    "torch.einsum('" + "a" * 55 + "', x)",
    "torch.ones(2,2,2,2,2,2,2,2,2,2,2,2,2)",
    "torch.zeros(" + "1," * 150 + "1)",
    "torch.arange(" + "9" * 300 + ")",
    "torch.zeros(10000).split(1)[0]",
    "torch.zeros(10000).unbind()[0]",
    "torch.matrix_power(torch.rand(100,100).double(), 999999)",
    "torch.linalg.inv(torch.rand(100, 100))" + " @ torch.linalg.inv(torch.rand(100, 100))" * 7,
]


def hostile_strings(count):
    """Random letters, random tokens of the language, and mutated good and bad expressions."""
    draw = random.Random(7)
    lists = listed()
    words = [name for kind in ("Functions", "Constants") for name in lists[kind]]
    words += [f".{name}(" for name in lists["Methods"]] + [f".{name}" for name in lists["Attributes"]]
    words += list("()[]{},:.+-*/%@&|^~<>=!'\"; \n")
    words += TOKENS.split()
    sources = [*GOOD, *IMPOSSIBLE, *REFUSED, *HOSTILE]
    for turn in range(count):
        if turn % 4 == 0:
            yield "".join(draw.choice(string.printable + "é\u202e\x00😀") for _ in range(draw.randrange(80)))
        elif turn % 4 == 1:
            yield "".join(draw.choice(words) for _ in range(draw.randrange(1, 14)))
        elif turn % 4 == 2:  # what is allowed, put together and stretched
            one, other, number = draw.choice(GOOD), draw.choice(GOOD), draw.choice((0, 1, 2, 3, 7, 99, 10_000, 10**9))
            method = draw.choice(lists["Methods"])
            yield draw.choice(
                (
                    f"({one}) {draw.choice('+-*/%@&|^<')} ({other})",
                    f"torch.cat([{one}, {other}])",
                    f"({one}).{method}({draw.choice(('', number, f'{number}, {number}', f'dim={number}', other))})",
                    f"({one})[{draw.choice((other, number, f'{number}:', '...', 'None', f'[{number}]'))}]",
                    f"{draw.choice(lists['Functions'])}({draw.choice((one, number, f'{one}, {other}'))})",
                )
            )
        else:
            text = list(draw.choice(sources))
            for _ in range(draw.randrange(1, 4)):
                place = draw.randrange(len(text) + 1)
                text[place : place + draw.randrange(3)] = draw.choice(words)
            yield "".join(text)


def reached(text):
    """Every dotted name and attribute of an expression that was evaluated."""
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Attribute):
            yield dotted(node) or node.attr, node.attr
        elif isinstance(node, ast.Name):
            yield node.id, node.id


def test_four_thousand_hostile_strings_neither_escape_nor_take_long_nor_reach_beyond_the_list():
    lists = listed()
    whole = {*lists["Functions"], *lists["Constants"], "x", "a", "torch", "torch.linalg"}
    parts = {*lists["Methods"], *lists["Attributes"], "values", "indices"}
    evaluated = 0
    with at_most(6_000):  # all together need about 300
        for text in [*HOSTILE, *hostile_strings(4000)]:
            try:
                value = run(text)
            except ExpressionError as error:
                assert len(str(error)) < 1000, text
                value = None
            if value is None:
                continue
            evaluated += 1
            for name, last in reached(text):
                assert name in whole or last in parts, (text, name)
            if isinstance(value, torch.Tensor):
                assert size(value.shape) <= 10_000, text
                assert value.dim() <= 6, text
    assert evaluated > 200, "hardly anything was evaluated, so hardly anything was tested"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_known_to_be_hostile_is_refused_or_harmless(text):
    try:
        value = run(text)
    except ExpressionError:
        return
    assert isinstance(value, torch.Tensor | int), text


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(-(2**63), 2**63), st.integers(-(2**63), 2**63), st.sampled_from(["+", "-", "*", "//", "%"]))
def test_whole_numbers_are_python_s_within_64_bits(left, right, sign):
    text = f"({left}) {sign} ({right})"
    try:
        expected = eval(text)
    except ZeroDivisionError:
        expected = None
    if expected is not None and max(abs(left), abs(right)) < 2**63 and abs(expected) < 2**63:
        assert run(text) == expected
    else:
        with pytest.raises(ExpressionError):
            run(text)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_can_be_named(dtype):
    assert run(f"torch.zeros(2, dtype=torch.{dtype})").dtype == getattr(torch, dtype)
