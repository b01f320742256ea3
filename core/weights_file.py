"""A weights file of the reader's own, as `torch.save` writes it: bounded, read without running anything in it.

Source: https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html
"""

import io
import pickletools
import zipfile

import torch

MAX_BYTES = 1_000_000  # of the file, and of what it unpacks to
ALLOWED = {  # what a state dict needs; torch itself also allows bytearray(n), with any n
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
    "torch FloatStorage",
    "torch DoubleStorage",
}


def read_weights(content: bytes) -> dict:
    """The dictionary in the file; what is in it is for the caller to check.

    Raises:
        ValueError: in one sentence, if the file is too large or torch did not save it.
    """
    if len(content) > MAX_BYTES:
        raise ValueError(f"The weights file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            saved = torch.load(_packed_again(archive), weights_only=True) if unpacked <= MAX_BYTES else None
    except Exception:  # torch raises many kinds; whichever it is, torch.save did not write this
        raise ValueError(
            "This is not a weights file; allowed: a file that torch.save wrote from model.state_dict()."
        ) from None
    if saved is None:
        raise ValueError(f"The weights file unpacks to {unpacked:,} bytes; allowed: at most {MAX_BYTES:,}.")
    if not isinstance(saved, dict):
        raise ValueError("The weights file holds no state_dict; allowed: what model.state_dict() gives.")
    return saved


def _packed_again(archive: zipfile.ZipFile) -> io.BytesIO:
    """The records that were measured, and no others: torch finds records in a zip file by other rules than Python."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for entry in archive.infolist():
            record = archive.read(entry)
            if entry.filename.endswith(".pkl") and not _globals(record) <= ALLOWED:
                raise ValueError
            copy.writestr(entry.filename, record)
    file.seek(0)
    return file


def _globals(pickled: bytes) -> set[object]:
    return {argument for code, argument, _ in pickletools.genops(pickled) if "GLOBAL" in code.name}
