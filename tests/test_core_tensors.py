"""Tensors in memory: what the page reads from torch against formulas, numpy and published values."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.broadcast import align, broadcast
from core.tensors.create import constructor, create, shape_of
from core.tensors.facts import index_of, is_view, slot_of, slots, storage
from core.tensors.index import pick, select
from core.tensors.settings import (
    DTYPES,
    MAKERS,
    OPERATIONS,
    BroadcastSettings,
    CreateSettings,
    IndexSettings,
    StorageSettings,
)
from core.tensors.storage import arrange
from core.tensors.typed import python_of, seeded, typed_tensor

some = settings(derandomize=True, deadline=None, max_examples=60)
shapes = st.lists(st.integers(1, 4), min_size=1, max_size=5).map(tuple)
CUBE = torch.arange(24).reshape(2, 3, 4)


def strides_of(shape):
    """The formula for contiguous tensors: the product of all lengths further right."""
    return tuple(math.prod(shape[d + 1 :]) for d in range(len(shape)))


@some
@given(shapes, st.randoms(use_true_random=False))
def test_strides_and_slots_read_from_torch_are_those_of_the_formulas(shape, random):
    x = torch.arange(math.prod(shape)).reshape(shape)
    assert x.stride() == strides_of(shape)
    order = random.sample(range(len(shape)), len(shape))
    y = x.permute(order)
    assert is_view(y, x)
    for place, value in enumerate(y.flatten().tolist()):
        index = index_of(place, tuple(y.shape))
        assert y[index].item() == value
        assert slot_of(y, index) == slots(y)[index].item() == value  # x holds its slots as values


@pytest.mark.parametrize("at", ["x[1:, 1:]", "x[2:, ::3]", "x[:, 5]", "x[3, 1:]", "x[1:2].expand(3, 6)"])
@pytest.mark.parametrize("dtype", [torch.int16, torch.float64])
def test_the_slot_of_every_cell_of_a_view_is_where_its_bytes_lie(at, dtype):
    x = (torch.arange(24, dtype=dtype) * 7 + 1).reshape(4, 6)
    y = eval(at, {"x": x})
    raw = y.untyped_storage()
    assert storage(y).tolist() == x.flatten().tolist()
    for place in range(y.numel()):
        index = index_of(place, tuple(y.shape))
        slot = y.storage_offset() + sum(i * s for i, s in zip(index, y.stride(), strict=True))
        assert slot_of(y, index) == slots(y)[index].item() == slot
        start = slot * y.element_size()
        content = torch.tensor([raw[byte] for byte in range(start, start + y.element_size())], dtype=torch.uint8)
        assert content.view(dtype).item() == y[index].item()


@some
@given(shapes, st.data())
def test_an_index_picks_what_numpy_picks_and_says_from_where(shape, data):
    x = torch.arange(math.prod(shape)) * 7
    x = x.reshape(shape)
    parts = []
    for length in shape:
        kind = data.draw(st.sampled_from(["whole", "slice", "all"]))
        if kind == "whole":
            parts.append(str(data.draw(st.integers(-length, length - 1))))
        elif kind == "slice":
            start, stop = data.draw(st.integers(-length, length)), data.draw(st.integers(-length, length))
            parts.append(f"{start}:{stop}:{data.draw(st.integers(1, 3))}")
        else:
            parts.append(":")
    text = f"x[{', '.join(parts)}]"
    found = select(text, "x", x, seeded(0))
    expected = eval(text, {"x": x.numpy()})
    assert np.array_equal(found.part.numpy(), expected)
    assert torch.equal(x.flatten()[found.places.flatten()], found.part.flatten())
    assert int(found.lit.sum()) == found.part.numel()
    assert is_view(found.part, x)  # also where the slice is empty


@pytest.mark.parametrize(
    ("at", "view"),
    [
        ("x[1]", True),
        ("x[:, 1:3]", True),
        ("x[..., None]", True),
        ("x[1][0]", True),
        ("x[[1]]", False),
        ("x[x > 5]", False),
        ("x[torch.tensor([0, 1]), 1]", False),
    ],
)
def test_writing_into_a_view_is_seen_in_the_whole_and_into_a_copy_is_not(at, view):
    found = pick(IndexSettings(x="torch.arange(24).reshape(2, 3, 4)", at=at), 0)
    assert is_view(found.part, found.whole) is view
    before = found.whole.clone()
    found.part.fill_(-1)
    changed = (found.whole != before).flatten().nonzero()[:, 0].tolist()
    assert changed == (sorted(found.places.flatten().tolist()) if view else [])


def test_the_course_s_second_image_begins_at_slot_784():
    made = create(CreateSettings())
    torch.manual_seed(0)
    images = torch.rand((4, 28, 28))
    assert torch.equal(made.whole, images)
    assert torch.equal(made.part, images[1])
    assert is_view(made.part, made.whole)
    assert (made.part.stride(), made.part.storage_offset()) == ((28, 1), 784)


@pytest.mark.parametrize("maker", [maker for maker in MAKERS if maker != "typed"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_constructor_makes_its_shape_or_says_why_not(maker, dtype):
    chosen = CreateSettings(maker=maker, shape="3, 4", dtype=dtype, part="x[0]")
    try:
        made = create(chosen)
    except TorchError as error:
        assert "floating" in error.explanation or "does not offer" in error.explanation or "fit" in error.explanation
        return
    assert tuple(made.whole.shape) == (3, 4)
    assert dtype == "default" or made.whole.dtype == getattr(torch, dtype)
    torch.manual_seed(0)
    assert torch.equal(made.whole, eval(constructor(chosen), {"torch": torch}))


@pytest.mark.parametrize("text", ["4, 28, 28", "(4, 28, 28)", "[4,28,28]"])
def test_a_shape_may_be_written_as_in_python(text):
    assert shape_of(text) == (4, 28, 28)


@pytest.mark.parametrize("text", ["", "abc", "-1", "2.5", "1,1,1,1,1,1,1", "101, 100", "10**9", "x", "'a'", "[[1]]"])
def test_what_is_no_shape_or_too_large_gets_a_sentence(text):
    with pytest.raises(ExpressionError, match="allowed: "):
        shape_of(text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("[[1, 1], [1, 0]]", torch.tensor([[1, 1], [1, 0]])),
        ("3.14", torch.tensor(3.14)),
        ("-2", torch.tensor(-2)),
        ("[True, False]", torch.tensor([True, False])),
        ("[]", torch.tensor([])),
    ],
)
def test_typed_numbers_become_what_torch_tensor_makes_of_them(typed, expected):
    found = typed_tensor(typed, seeded(0))
    assert found.dtype == expected.dtype
    assert torch.equal(found, expected)
    assert python_of(typed) == f"torch.tensor({typed})"


@pytest.mark.parametrize("text", ["x.sum()", "x + 1", "y[0]", "3", "x[0].T", "torch.rand(3)[0]"])
def test_only_brackets_pick(text):
    assert select("(x)", "x", CUBE, seeded(0)).part is CUBE
    with pytest.raises(ExpressionError, match="allowed: "):
        select(text, "x", CUBE, seeded(0))


ARRANGED = {  # operation on (2, 3, 4): shape, strides, view
    "x.permute(2, 0, 1)": ((4, 2, 3), (1, 12, 4), True),
    "x.permute(2, 0, 1).reshape(24)": ((24,), (1,), False),
    "x.permute(2, 0, 1).reshape(4, 6)": ((4, 6), (1, 4), True),  # 12 = 3 * 4: two dimensions merge
    "x.view(4, 6)": ((4, 6), (6, 1), True),
    "x.unsqueeze(1)": ((2, 1, 3, 4), (12, 12, 4, 1), True),
    "x.mT": ((2, 4, 3), (12, 1, 4), True),
    "x.T": ((4, 3, 2), (1, 4, 12), True),  # as PyTorch has it, with a warning: all dimensions the other way round
    "x[:, :1].expand(2, 3, 4)": ((2, 3, 4), (12, 0, 1), True),
    "x.diagonal(0, 1, 2)": ((2, 3), (12, 5), True),
    "torch.cat([x, x])": ((4, 3, 4), (12, 4, 1), False),
    "torch.stack([x, x], dim=3)": ((2, 3, 4, 2), (24, 8, 2, 1), False),
    "x.sum(dim=1)": ((2, 4), (4, 1), False),
    "x.contiguous()": ((2, 3, 4), (12, 4, 1), True),
    "x.flip(0)": ((2, 3, 4), (12, 4, 1), False),
}


@pytest.mark.parametrize("y", ARRANGED)
def test_what_an_operation_does_to_shape_strides_and_storage(y):
    x, found = arrange(StorageSettings(x="torch.arange(24).reshape(2, 3, 4)", y=y), 0)
    assert (tuple(found.shape), found.stride(), is_view(found, x)) == ARRANGED[y]
    assert torch.equal(storage(found)[slots(found)], found)


def test_view_fails_where_reshape_copies():
    with pytest.raises(TorchError) as caught:
        arrange(StorageSettings(x="torch.arange(24).reshape(2, 3, 4)", y="x.permute(2, 0, 1).view(24)"), 0)
    assert caught.value.said.startswith("view size is not compatible with input tensor's size and stride")


@some
@given(st.lists(st.integers(1, 3), max_size=5), st.lists(st.integers(1, 3), max_size=5))
def test_the_rule_of_broadcasting_is_torch_s(a, b):
    rows = align(tuple(a), tuple(b))
    try:
        expected = tuple(torch.broadcast_shapes(tuple(a), tuple(b)))
    except RuntimeError:
        assert None in [row[2] for row in rows]
    else:
        assert tuple(row[2] for row in rows) == expected


@pytest.mark.parametrize("operation", OPERATIONS)
def test_broadcasting_computes_what_torch_computes_on_stretched_operands(operation):
    found = broadcast(
        BroadcastSettings(
            a="torch.arange(20).reshape(5, 1, 4, 1)", b="torch.arange(3).reshape(3, 1, 1)", operation=operation
        ),
        0,
    )
    assert tuple(found.result.shape) == (5, 3, 4, 1)
    assert found.stretched_a.stride()[1] == 0
    assert found.stretched_b.stride()[0] == found.stretched_b.stride()[2] == 0
    expected = eval(f"a {operation} b", {"a": found.stretched_a.clone(), "b": found.stretched_b.clone()})
    assert torch.equal(found.result.nan_to_num(nan=-9), expected.nan_to_num(nan=-9))


def test_shapes_that_do_not_fit_keep_their_table_and_torch_s_text():
    found = broadcast(BroadcastSettings(a="torch.ones(3, 4)", b="torch.ones(3)"), 0)
    assert found.result is None
    assert (
        found.error.said == "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1"
    )
    assert found.rows == [(3, None, 3), (4, 3, None)]


def test_operands_that_would_make_an_enormous_result_are_refused():
    with pytest.raises(ExpressionError, match=r"1,000,000 elements; allowed: "):
        broadcast(BroadcastSettings(a="torch.ones(1000, 1)", b="torch.ones(1000)"), 0)


def test_random_operands_are_drawn_one_after_the_other_as_in_a_program():
    found = broadcast(BroadcastSettings(a="torch.rand(3)", b="torch.rand(3)"), 5)
    torch.manual_seed(5)
    a, b = torch.rand(3), torch.rand(3)
    assert torch.equal(found.a, a)
    assert torch.equal(found.b, b)


BYTES = "torch.tensor([1, 200], dtype=torch.uint8)"


@pytest.mark.parametrize(
    ("a", "operation", "b", "result", "count"),
    [
        (BYTES, "+", "100", [101, 44], 1),  # 300 - 256
        (BYTES, "<", "256", [False, False], 2),  # 256 becomes 0 first
        (BYTES, "+", "torch.tensor([100, 100])", [101, 300], 0),  # int64 is wide enough
        (BYTES, "/", "0.5", [2, 400], 0),
        (BYTES, "**", "2", [1, 64], 1),
        (BYTES, "**", "torch.tensor([70, 70], dtype=torch.uint8)", [1, 0], 1),  # 200^70 is beyond int64, too
        ("torch.tensor([2, 3])", "**", "62", [2**62, 3**62 % 2**64 - 2**64 * (3**62 % 2**64 >= 2**63)], 1),
        ("torch.tensor([2**62, 2**53])", "+", "2**62 - 1 + torch.tensor(0)", [2**63 - 1, 2**62 + 2**53 - 1], 0),
        ("torch.tensor([0, 2, -1])", "**", "torch.tensor([-1, -1, -3])", [0, 0, -1], 0),
        ("torch.tensor([True, False])", "+", "torch.tensor(True)", [True, True], 0),
        ("torch.arange(3)", "-", "9", [-9, -8, -7], 0),
        ("torch.zeros(0, dtype=torch.uint8)", "+", "1", [], 0),
    ],
)
def test_what_wraps_around_in_a_narrow_dtype_is_counted(a, operation, b, result, count):
    found = broadcast(BroadcastSettings(a=a, b=b, operation=operation), 0)
    assert found.result.tolist() == result
    assert found.wrapped == count


def test_where_the_shapes_do_not_fit_nothing_has_wrapped_around():
    assert broadcast(BroadcastSettings(a=BYTES, b="torch.ones(3)"), 0).wrapped == 0
