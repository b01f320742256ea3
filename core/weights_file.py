"""A weights file of the reader's own: tensors by their names, in the format of safetensors.

`torch.save` writes a pickle: a program that builds what is in the file, and 473 bytes of it can keep a server busy for
seconds. A safetensors file is a header in JSON and then plain numbers, so all of it can be checked before it is read.

Source: https://huggingface.co/docs/safetensors
"""

import json
from collections.abc import Mapping

import torch
from torch import Tensor

MAX_BYTES = 1_000_000
MAX_HEADER = 50_000  # bytes of it
MAX_NOTE = 100  # characters of a note
DTYPES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}  # as the header calls them
NO_WEIGHTS = "This is not a weights file; allowed: a file that `safetensors.torch.save_file` wrote."
PICKLE = (
    "This is a pickle, as `torch.save` writes it, and reading one can run any code; allowed: a safetensors file, which "
    'is made from it by `safetensors.torch.save_file(torch.load("weights.pt"), "weights.safetensors")`.'
)


def write_weights(tensors: Mapping[str, Tensor], notes: Mapping[str, str]) -> bytes:
    """A file for `safetensors.torch.load_file`; the notes are its metadata."""
    from safetensors.torch import save

    return save({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, dict(notes) or None)


def read_weights(
    content: bytes, needed: Mapping[str, Tensor], optional: Mapping[str, Tensor]
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a file, every one of them finite, and its notes.

    Args:
        needed: tensors of the names, shapes and dtypes that the file must hold, such as a `state_dict()`.
        optional: the same for what it may hold besides.

    Raises:
        ValueError: in one sentence that repeats no text of the file, if the file is anything else.
    """
    from safetensors.torch import load

    header = _header(content)
    notes = header.pop("__metadata__", {})
    _check_header(header, needed, {**optional, **needed})
    try:
        tensors = {name: tensor.clone() for name, tensor in load(content).items()}
    except Exception:  # whatever is wrong with the header's numbers: they do not fit the bytes that follow
        raise ValueError(NO_WEIGHTS) from None
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise ValueError(f"The weights file holds a number that is not finite, in {name}; allowed: finite numbers.")
    short = {key: text for key, text in notes.items() if isinstance(text, str) and len(text) <= MAX_NOTE}
    return tensors, short


def _header(content: bytes) -> dict[str, dict]:
    """What the file says of itself: name -> dtype and shape; its notes under the name `__metadata__`."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"The weights file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    length = int.from_bytes(content[:8], "little")
    if length > min(len(content), MAX_HEADER):
        raise ValueError(PICKLE if content.startswith((b"PK\x03\x04", b"\x80")) else NO_WEIGHTS)
    try:
        header = json.loads(content[8 : 8 + length])
    except (ValueError, RecursionError):
        raise ValueError(NO_WEIGHTS) from None
    if not isinstance(header, dict) or not all(isinstance(entry, dict) for entry in header.values()):
        raise ValueError(NO_WEIGHTS)
    return header


def _check_header(header: dict[str, dict], needed: Mapping[str, Tensor], allowed: Mapping[str, Tensor]) -> None:
    """Refuses tensors that are not, name by name, those that are expected."""
    if not needed.keys() <= header.keys() <= allowed.keys():
        raise ValueError(
            "The weights file does not hold the tensors of the network (and optimizer) on screen, or holds others; "
            f"allowed: {', '.join(needed)}, and what this page has saved with them."
        )
    for name, entry in header.items():
        shape, dtype = tuple(allowed[name].shape), DTYPES[allowed[name].dtype]
        if entry.get("shape") != list(shape) or entry.get("dtype") != dtype:
            raise ValueError(
                f"The weights file has another shape or dtype as {name}; the network on screen needs {shape} of "
                f"{dtype}. Choose the sizes of the file's network, such as its hidden units."
            )
