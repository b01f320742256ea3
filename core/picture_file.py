"""A picture file of the reader's own: measured before it is unpacked, and rid of all that is not the picture.

A picture can take a thousand times the memory of its file. And pillow reads, one by one, all notes that cameras and
programs leave in a file: 440,000 empty ones in a JPEG of 5 MB took it 22 s. So it is given what holds pixels, no more.
"""

import io
import re
import struct
from collections.abc import Iterator
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from core.cache import cached

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 5_000_000
MAX_UNPACKED = 70_000_000  # bytes of memory; with the file and what is made of it, less than 100 MB
MAX_SIDE = 65_535  # pixels, as in a JPEG: what is too large can then be made smaller in proportion
MAX_PIXELS = 1_000_000  # kept; what has more is made smaller
MAX_PIECES = 10_000  # of a file; a real one has some hundreds
MAX_SCANS = 64  # of a JPEG, each of which may go over all of its pixels; a real one has about ten
ALLOWED = (
    f"a PNG, JPEG or WebP file of at most {MAX_BYTES // 1_000_000} MB, {MAX_SIDE:,} pixels a side and "
    f"{MAX_UNPACKED // 1_000_000} MB when it is unpacked"
)
BYTES = {"1": 5, "L": 5, "P": 5, "RGB": 4, "I;16": 7}  # that a pixel takes, with its copy in RGB; others take 8
WEBP_BYTES = 16  # two canvases, what the decoder returns, and the picture

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
PNG_PIECES = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf")
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # of a JPEG; not a 255 in its data, not a restart
PROGRESSIVE, SCAN, END, EXIF = 0xC2, 0xDA, 0xD9, 0xE1
FRAMES = (0xC0, 0xC1, PROGRESSIVE)
JPEG_PIECES = (*FRAMES, SCAN, END, 0xC4, 0xDB, 0xDD, 0xE0, 0xEE)  # tables; what JFIF and Adobe say of the colours
EDGE = 40  # pixels that a block may reach over it

_one_at_a_time = Lock()  # visitors take turns, so that the memory is needed once


@cached
def read_picture(content: bytes) -> Tensor:
    """The picture in a file, shape (height, width, 3), uint8; the first one of an animation.

    It is turned as its camera says, and made smaller where it has more than a megapixel.

    Raises:
        ValueError: in one sentence, if the file is not one of the allowed kinds and sizes.
    """
    if len(content) > MAX_BYTES:
        raise _refusal(f"The file has {len(content) / 1e6:.1f} MB")
    with _one_at_a_time:
        picture, held = _opened(content)
        size = _size(picture)
        if size != picture.size:
            picture.draft("RGB", size)  # a JPEG is then unpacked at a fraction of its size
        _check_memory(picture, held)
        try:
            return _pixels(picture, size)
        except Exception:  # a damaged file makes the library raise nearly every kind there is
            raise _refusal("The file is damaged") from None


def _refusal(what: str) -> ValueError:
    return ValueError(f"{what}; allowed: {ALLOWED}.")


def _opened(content: bytes) -> tuple["Image", int]:
    """The picture, not yet unpacked, and how many bytes its decoder will need besides."""
    from PIL import Image

    try:
        plain, held = _jpeg(content) if content.startswith(JPEG) else (_png(content), 0)
        picture = Image.open(io.BytesIO(plain), formats=("PNG", "JPEG", "WEBP"))
    except Image.DecompressionBombError:
        raise _refusal("The file claims far too many pixels") from None
    except Exception:
        raise _refusal("The file is not a picture that can be read") from None
    if not 1 <= min(picture.size) <= max(picture.size) <= MAX_SIDE:
        raise _refusal(f"The file claims {picture.width:,} x {picture.height:,} pixels")
    return picture, held


def _size(picture: "Image") -> tuple[int, int]:
    """Its width and height, made smaller where that is too many pixels."""
    scale = min(1.0, (MAX_PIXELS / (picture.width * picture.height)) ** 0.5)
    return int(picture.width * scale), int(picture.height * scale)


def _check_memory(picture: "Image", held: int) -> None:
    pixel = WEBP_BYTES if picture.format == "WEBP" else BYTES.get(picture.mode, 8)
    needed = held + pixel * picture.width * picture.height
    if needed > MAX_UNPACKED:
        raise _refusal(f"The picture needs {needed / 1e6:,.1f} MB when it is unpacked")


def _pixels(picture: "Image", size: tuple[int, int]) -> Tensor:
    from PIL import ImageOps

    picture.load()
    if picture.mode == "I;16":
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    if picture.size != size:
        picture = picture.resize(size)
    return torch.from_numpy(np.array(ImageOps.exif_transpose(picture).convert("RGB")))


def _png(content: bytes) -> bytes:
    """A PNG file's pieces that hold pixels, and the camera's notes; a file of another kind as it is."""
    kept, at = [PNG], len(PNG)
    if not content.startswith(PNG):
        return content
    for _ in range(MAX_PIECES):
        length, name = struct.unpack_from(">L4s", content, at)
        if name in PNG_PIECES:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND" or at + 8 > len(content):
            break
    return b"".join(kept)


def _jpeg(content: bytes) -> tuple[bytes, int]:
    """A JPEG file's pieces that hold pixels, with the camera's notes; and the bytes of coefficients that it keeps."""
    kept, frame, scans, held, noted = [JPEG], b"", 0, 0, False
    for kind, piece in islice(_jpeg_pieces(content), MAX_PIECES):
        note = kind == EXIF and piece[4:10] == b"Exif\0\0" and not noted
        noted = noted or note
        if kind in FRAMES:
            frame = piece
        elif kind == SCAN:
            scans += 1
            if frame[1] == PROGRESSIVE or piece[4] < frame[9]:  # not all of the picture in one scan
                held = _coefficients(frame)
        if kind in JPEG_PIECES or note:
            kept.append(piece)
    if scans > MAX_SCANS:
        raise ValueError("too many scans")
    return b"".join(kept), held


def _jpeg_pieces(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and bytes of every segment, from its marker on; a scan with the data that follow it."""
    at = len(JPEG)
    while found := MARKER.search(content, at):
        start, kind = found.start(), found[0][1]
        at = start + 2 if kind == END else start + 2 + int.from_bytes(content[start + 2 : start + 4])
        if kind == SCAN:
            following = MARKER.search(content, at)
            at = following.start() if following else len(content)
        yield kind, content[start:at]
        if kind == END:
            return


def _coefficients(frame: bytes) -> int:
    """The bytes of all coefficients of a JPEG: two each, in blocks that reach over the picture's edge."""
    height, width, n = struct.unpack_from(">HHB", frame, 5)
    factors = [divmod(byte, 16) for byte in frame[11::3][:n]]
    across, down = (max(factor) for factor in zip(*factors, strict=True))
    return sum(2 * (width * h // across + EDGE) * (height * v // down + EDGE) for h, v in factors)
