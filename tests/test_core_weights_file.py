"""Weights files: what was written is read, and whatever else comes is refused in one sentence, at once."""

import io
import json
import pickle
import tracemalloc

import hypothesis
import hypothesis.strategies as st
import pytest
import safetensors.torch
import torch
from effort import at_most

from core.weights_file import MAX_BYTES, MAX_HEADER, MAX_NOTE, read_weights, write_weights

NEEDED = {"0.weight": torch.arange(6.0).reshape(2, 3), "0.bias": torch.ones(2, dtype=torch.float64)}
OPTIONAL = {"steps": torch.tensor(7)}
FILE = write_weights(NEEDED | OPTIONAL, {"epoch": "3"})
HEADER = json.loads(FILE[8 : 8 + int.from_bytes(FILE[:8], "little")])
DATA = FILE[8 + int.from_bytes(FILE[:8], "little") :]


def torch_file(saved, **options):
    file = io.BytesIO()
    torch.save(saved, file, **options)
    return file.getvalue()


def file_of(header, data=DATA):
    """A file with this header: a dictionary, or a text as it stands."""
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    return len(text).to_bytes(8, "little") + text + data


def with_entry(**changes):
    return file_of(HEADER | {"0.weight": HEADER["0.weight"] | changes})


def nested_tuple(depth):
    """A pickled dictionary whose key is twice the same tuple, so many deep: hashing it takes 2 ** depth steps."""
    return b"\x80\x02})" + b"2\x86" * depth + b"Ns."


def refusal(content):
    with at_most(100), pytest.raises(ValueError) as error:
        read_weights(content, NEEDED, OPTIONAL)
    said = str(error.value)
    assert "\n" not in said and len(said) < 400
    return said


def test_what_was_written_is_read():
    tensors, notes = read_weights(FILE, NEEDED, OPTIONAL)
    assert notes == {"epoch": "3"}
    assert tensors.keys() == {*NEEDED, *OPTIONAL}
    for name, tensor in (NEEDED | OPTIONAL).items():
        assert torch.equal(tensors[name], tensor) and tensors[name].dtype == tensor.dtype
    assert read_weights(write_weights(NEEDED, {}), NEEDED, OPTIONAL)[0].keys() == NEEDED.keys()


def test_parts_of_one_memory_and_transposed_tensors_are_written():
    memory = torch.arange(8.0)
    parts = {"a": memory[:4].view(2, 2).T, "b": memory[4:]}
    tensors, _ = read_weights(write_weights(parts, {}), parts, {})
    assert all(torch.equal(tensors[name], part) for name, part in parts.items())


@pytest.mark.parametrize("options", [{}, {"_use_new_zipfile_serialization": False}], ids=["zip", "older"])
def test_a_file_of_torch_save_is_refused_with_the_way_to_turn_it_into_one_that_is_taken(tmp_path, options):
    said = refusal(torch_file(NEEDED, **options))
    assert said.startswith("This is a pickle, as `torch.save` writes it")
    line = said.rpartition("made from it by `")[2].removesuffix("`.")
    for name in ("weights.pt", "weights.safetensors"):
        line = line.replace(name, str(tmp_path / name))
    (tmp_path / "weights.pt").write_bytes(torch_file(NEEDED, **options))
    exec(line, {"torch": torch, "safetensors": safetensors})
    read_weights((tmp_path / "weights.safetensors").read_bytes(), NEEDED, OPTIONAL)


def test_no_pickle_is_read(tmp_path):
    class Attack:
        def __reduce__(self):
            return open, (str(tmp_path / "was here"), "w")

    for attack in (pickle.dumps(Attack()), pickle.dumps(Attack(), 0), torch_file({"a": Attack()}), nested_tuple(40)):
        refusal(attack)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"weights",
        bytes(1000),
        FILE[:-1],
        FILE + b"x",
        FILE[:40],
        (2**63).to_bytes(8, "little") + FILE[8:],
        file_of("[" * (MAX_HEADER - 1)),
        file_of('{"a":' * 9_000),
        file_of("[]"),
        file_of("7" * 9_000),
        file_of('{"0.weight": 7}'),
        file_of(HEADER | {"__metadata__": "text"}),
        file_of(HEADER | {"__metadata__": {"epoch": 3}}),
        with_entry(data_offsets=[0, 2**62]),
        with_entry(data_offsets=[24, 0]),
        with_entry(data_offsets=[-24, 0]),
        with_entry(data_offsets=None),
        file_of(json.dumps(HEADER).replace('"dtype"', '"dtype": "F32", "dtype"')),
    ],
    ids=range(19),
)
def test_what_is_no_such_file_is_refused(content):
    assert refusal(content) == "This is not a weights file; allowed: a file that `safetensors.torch.save_file` wrote."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bytes(MAX_BYTES + 1), f"has {MAX_BYTES + 1:,} bytes; allowed: at most"),
        (file_of({}, b""), "does not hold the tensors"),
        (write_weights({"0.bias": NEEDED["0.bias"]}, {}), "does not hold the tensors"),
        (write_weights(NEEDED | {"![x](//example.org)": torch.ones(1)}, {}), "allowed: 0.weight, 0.bias, and"),
        (file_of({f"t{i}": HEADER["0.bias"] for i in range(500)}), "does not hold the tensors"),
        (with_entry(shape=[3, 2]), "as 0.weight; the network on screen needs (2, 3) of F32"),
        (with_entry(shape=[10**30, 3]), "as 0.weight"),
        (with_entry(shape=[1] * 9_000), "as 0.weight"),
        (with_entry(dtype="F64"), "as 0.weight"),
        (with_entry(dtype=["F32"]), "as 0.weight"),
        (
            write_weights(NEEDED | {"0.bias": torch.tensor([0, torch.nan], dtype=torch.float64)}, {}),
            "finite, in 0.bias",
        ),
        (write_weights(NEEDED | {"0.weight": torch.full((2, 3), -torch.inf)}, {}), "finite, in 0.weight"),
    ],
    ids=range(12),
)
def test_a_file_that_does_not_fit_is_refused_with_what_does_not_fit(content, said):
    found = refusal(content)
    assert said in found
    assert "example.org" not in found


def test_a_long_note_is_left_out():
    assert read_weights(write_weights(NEEDED, {"epoch": "1" * (MAX_NOTE + 1)}), NEEDED, OPTIONAL)[1] == {}


def test_a_file_cannot_claim_more_memory_than_it_has():
    tracemalloc.start()
    for shape in ([2**31, 2**31], [50_000_000]):
        refusal(with_entry(shape=shape, data_offsets=[0, 200_000_000]))
    refusal(file_of(f'{{"a":[{"[]," * 15_000}[]]}}'))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * MAX_BYTES


@hypothesis.settings(deadline=None, derandomize=True, max_examples=150)
@hypothesis.given(
    st.binary(max_size=300)
    | st.binary(max_size=200).map(lambda text: len(text).to_bytes(8, "little") + text)
    | st.builds(lambda cut, more: FILE[:cut] + more, st.integers(0, len(FILE)), st.binary(max_size=20))
    | st.builds(
        lambda places: bytes(byte ^ places.get(i, 0) for i, byte in enumerate(FILE)),
        st.dictionaries(st.integers(0, len(FILE) - 1), st.integers(1, 255), max_size=3),
    )
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([*HEADER, "F32", "shape", "dtype"]),
        lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from([*HEADER, "shape", "dtype"]), some),
        max_leaves=9,
    ).map(file_of)
)
def test_any_bytes_are_read_or_refused(content):
    try:
        tensors, notes = read_weights(content, NEEDED, OPTIONAL)
    except ValueError as error:
        assert "\n" not in str(error) and len(str(error)) < 400
    else:
        assert NEEDED.keys() <= tensors.keys() <= {*NEEDED, *OPTIONAL}
        assert all(torch.isfinite(tensor).all() for tensor in tensors.values())
        assert all(isinstance(text, str) for text in notes.values())
