"""Nothing is allocated or computed before its size is known and allowed, however the size was given."""

import resource
from contextlib import suppress

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

from core.expression.errors import ExpressionError, TorchError
from core.expression.evaluate import evaluate
from core.expression.growth import cost, size, tensors
from core.expression.language import Limits
from core.expression.torch_language import torch_language

NAMES = {"x": torch.arange(24).reshape(2, 3, 4), "a": torch.ones(40, 40), "v": torch.tensor([3, 0, 200])}
MEGABYTES = 30  # the largest tensor allowed has 80 kB
SIZES = "0 1 2 3 5 -1 100 101 10000 10001 300000000 2**31 2**62 2**63-1 -2**63 1e9 1e400 3.0 0.5 torch.nan True None"
FORMS = ("{0}", "torch.tensor({0})", "torch.tensor([{0}])", "torch.tensor({0}).item()", "x.shape[1] * ({0})")
FUNCTIONS = (
    "zeros({n})|ones({n}, {n})|rand(({n}, {n}))|randn(size=({n},))|full(({n}, {n}), {n})|eye({n})|eye({n}, {n})"
    "|arange({n})|arange({n}, {n}, {n})|arange(0, {n}, 1.9, dtype=torch.int64)|arange(end={n})|linspace(0, 1, {n})"
    "|randint({n}, ({n},))|randperm({n})|tile(x, ({n}, {n}))|repeat_interleave(v)|repeat_interleave(x, {n})"
    "|repeat_interleave(v, v)|repeat_interleave(torch.tensor([{n}, {n}]))|repeat_interleave(x, v, 1)|diag(v, {n})"
    "|diag(v[:0], {n})|max(a.reshape(-1, 1), a.flatten())|outer(a[0].repeat({n}), a.flatten())|matrix_power(a, {n})"
    "|einsum('ij,kl->ijkl', a, a)|einsum('ij,kl,mn->', a, a, a)|einsum('...i,i->...', a, a[{n}])|cat([a, a, a], {n})"
    "|einsum('ij,kl,ik,jl->', a, a, a, a)|where(a > {n})|chunk(x[:0], {n})|chunk(x, {n}, 2)|split(x, {n})"
    "|as_strided(x, ({n}, {n}), ({n}, {n}))|broadcast_to(x, ({n}, 2, 3, 4))|unflatten(x, 0, ({n}, {n}))|roll(x, {n})"
    "|topk(v, {n})|tensor([{n}, {n}])|clamp(a.reshape(-1, 1), a.flatten())|where(x > 3, x, v[:, None, None, None])"
)
METHODS = (
    "a.repeat({n}, {n})|v.expand({n}, 3)|a[torch.zeros({n}).long()]|a[a > {n}]|a[:, {n}]|a.nonzero()|x[::{n}]"
    "|a.unsqueeze({n}) * a.flatten()|a.sum({n})|x ** ({n})|v @ v.repeat({n})|a.min(other=a.flatten()[:, None])"
)
CALLS = [f"torch.{call}" for call in FUNCTIONS.split("|")] + METHODS.split("|")
numbers = st.builds(str.format, st.sampled_from(FORMS), st.sampled_from(SIZES.split()))


def run(text):
    return evaluate(text, torch_language(torch.Generator().manual_seed(0)), NAMES)


def peak():
    """The most memory that this process has ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Made(TorchDispatchMode):
    """What PyTorch's basic operations really make, and whether it is what their rules had said."""

    def __init__(self):
        super().__init__()
        self.sizes, self.wrong = [0], []

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        made = max((tensor.numel() for tensor in tensors(result)), default=0)
        if not operation.is_view:
            self.sizes.append(made)
            if made > cost(operation, args, kwargs or {}).elements:
                self.wrong.append(f"{operation} made {made}")
        return result


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.lists(numbers, min_size=3, max_size=3))
def test_a_call_makes_no_more_than_its_rule_says_and_the_limit_allows(sizes):
    before = peak()
    for call in CALLS:
        text = call
        for number in sizes:
            text = text.replace("{n}", number, 1)
        made, value = Made(), None
        with made, suppress(ExpressionError):
            value = run(text)
        assert not made.wrong, text
        assert max(made.sizes) <= 10_000, text
        assert all(size(t.shape) <= 10_000 and min(t.shape, default=0) >= 0 for t in tensors(value)), text
    assert peak() - before < MEGABYTES


TOO_LARGE = {
    "torch.zeros(101, 100)": "10,100 elements",
    "torch.zeros((0, 10 ** 12))": "elements",
    "torch.zeros(torch.tensor(300000000))": "300,000,000 elements",
    "torch.zeros(torch.tensor([300000000]))": "300,000,000 elements",
    "torch.zeros([torch.tensor(20000), 2])": "40,000 elements",
    "torch.rand(x.sum() * 10 ** 6)": "276,000,000 elements",
    "torch.randperm(torch.tensor(300000000))": "elements",
    "torch.arange(torch.tensor(3e8))": "300,000,000 elements",
    "torch.arange(10 ** 12)": "elements",
    "torch.arange(0, 1, 1e-300)": "elements",
    "torch.arange(0, 1e400)": "elements",
    "torch.eye(torch.tensor(10 ** 6))": "elements",
    "torch.linspace(0, 1, torch.tensor(10 ** 9))": "elements",
    "torch.full((10 ** 5,), 1)": "elements",
    "torch.arange(1000)[:, None] + torch.arange(1000)": "1,000,000 elements",
    "torch.zeros(9999, 1).max(torch.zeros(9999))": "99,980,001 elements",
    "torch.arange(200)[:, None] @ torch.arange(200)[None]": "40,000 elements",
    "torch.einsum('i,j->ij', torch.arange(200), torch.arange(200))": "40,000 elements",
    "torch.einsum('ij,kl,ik,jl->', a, a, a, a)": "2,560,000 elements",
    "x.expand(999, 2, 3, 4)": "elements",
    "x.repeat(999, 9, torch.tensor(9))": "elements",
    "x.repeat_interleave(10 ** 9)": "elements",
    "torch.repeat_interleave(torch.tensor([10 ** 9]))": "1,000,000,000 elements",
    "torch.repeat_interleave(torch.tensor([2 ** 62, 2 ** 62, 2 ** 62, 2 ** 62]))": "elements",  # sum 0 in 64 bits
    "torch.repeat_interleave(v, torch.tensor([100, -97, 0]), output_size=3)": "not on the list",  # it writes outside
    "torch.diag(torch.arange(101))": "10,201 elements",
    "torch.diag(torch.arange(3), torch.tensor(10 ** 6))": "elements",
    "torch.ones(100, 2)[torch.zeros(9999).long()]": "would make 19,998 elements",
    "torch.zeros(0).chunk(10 ** 9)": "without elements",
    "torch.zeros(0).as_strided((0, -4), (1, 1))": "negative length",
    "torch.matrix_power(torch.eye(2), -9223372036854775807 - 1)": "too much work",  # PyTorch itself would never end
    "torch.zeros(10000)" + ".sort()[0]" * 16: "too much work",
    "torch.eye(100)" + "@torch.eye(100)" * 25: "too much work",
    "torch.zeros(10000).unbind()" + "[0] + torch.zeros(10000).unbind()" * 9: "too much work",
}


@pytest.mark.parametrize("text", TOO_LARGE)
def test_one_sentence_says_what_is_too_large_and_what_is_allowed(text):
    before = peak()
    with pytest.raises(ExpressionError, match="; allowed: ") as caught:
        run(text)
    assert not isinstance(caught.value, TorchError)
    assert TOO_LARGE[text] in str(caught.value)
    assert peak() - before < MEGABYTES


ALLOWED = {
    "torch.zeros(torch.tensor(3), v[0])": torch.zeros(3, 3),
    "torch.arange(10000).shape": (10_000,),
    "torch.arange(torch.tensor(3.5))": torch.arange(3.5),
    "torch.repeat_interleave(torch.tensor([2, 0, 1]))": torch.tensor([0, 0, 2]),
    "torch.matrix_power(torch.eye(2), 10 ** 18)": torch.eye(2),
    "torch.einsum('i,j,k->', v, v, v)": torch.tensor(203**3),
    "torch.einsum('...i,i->...', x, x[0, 0])": (NAMES["x"] * torch.arange(4)).sum(-1),
    "torch.diag(v[:0], 100).shape": (100, 100),
}


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_small_enough_has_torch_s_value_in_whatever_form_its_size_is_given(text):
    found, expected = run(text), ALLOWED[text]
    assert torch.equal(found, expected) if isinstance(expected, torch.Tensor) else found == expected


@pytest.mark.parametrize(
    ("limits", "within", "beyond", "said"),
    [
        (Limits(work=5_000), "x + 1", "x + (x + (x + 1))", "too much work"),
        (Limits(bytes=33_000), "(x + 1) * 2 - (x + 1) * 2", "[x + 1, x + 1, x + 1, x + 1]", "too much memory"),
    ],
)
def test_all_operations_of_an_expression_share_one_limit(limits, within, beyond, said):
    """x has 8 kB, and is not counted itself; what is freed on the way does not count any more."""
    names = {"x": torch.zeros(1000, dtype=torch.float64)}
    language = torch_language(torch.Generator(), limits)
    evaluate(within, language, names)
    with pytest.raises(ExpressionError, match=f"{said}; allowed: "):
        evaluate(beyond, language, names)
