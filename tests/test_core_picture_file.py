"""Picture files: what is kept of them, what is refused before it is unpacked, and what no file can make it cost."""

import gc
import io
import struct
import sys
import zlib
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from effort import at_most
from PIL import Image

from core.picture_file import MAX_BYTES, MAX_PIXELS, MAX_SIDE, read_picture

KINDS = ("PNG", "JPEG", "WEBP")


def file_of(pixels, kind="PNG", mode="", **options):
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    target = io.BytesIO()
    (picture.convert(mode) if mode else picture).save(target, kind, **options)
    return target.getvalue()


def random_pixels(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def piece(name, data):
    """One piece of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, bits=8, kind=2, interlaced=0, data=b"", more=b""):
    """A PNG file of these numbers in its header; kind 0 is grey, 2 colour, 3 palette, 4 and 6 with transparency."""
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced)
    colours = piece(b"PLTE", bytes(range(256)) * 3) if kind == 3 else b""
    return (
        b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", header) + colours + more + piece(b"IDAT", zlib.compress(data, 1))
    ) + piece(b"IEND", b"")


def segment(marker, data):
    """One segment of a JPEG file."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def with_segments(jpeg, segments):
    return jpeg[:2] + segments + jpeg[2:]


def animation(kind):
    first, second = (Image.fromarray(random_pixels(6, 5) // (i + 1)) for i in range(2))
    return file_of(first, kind, save_all=True, append_images=[second], duration=9, lossless=True)


def exif(orientation):
    found = Image.Exif()
    found[0x0112], found[0x010F], found[0x011A] = orientation, "maker", 72.0
    return found


def refusal(content):
    with at_most(100), pytest.raises(ValueError) as error:
        read_picture(content)
    said = str(error.value)
    assert "\n" not in said and len(said) < 300
    assert (
        "; allowed: a PNG, JPEG or WebP file of at most 5 MB, 65,535 pixels a side and 70 MB when it is unpac" in said
    )
    return said


def test_a_picture_without_losses_comes_back_pixel_by_pixel():
    pixels = random_pixels(40, 30)
    assert np.array_equal(read_picture(file_of(pixels)).numpy(), pixels)
    assert np.array_equal(read_picture(file_of(pixels, "WEBP", lossless=True)).numpy(), pixels)


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"mode": "CMYK"}]
)
def test_a_jpeg_is_read_as_pillow_reads_the_whole_file(options):
    comments = segment(0xFE, b"comment") + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00") + b"\xff\xff\xff"
    content = with_segments(file_of(random_pixels(40, 30), "JPEG", **options), comments)
    whole = np.array(Image.open(io.BytesIO(content)).convert("RGB"))
    assert np.array_equal(read_picture(content).numpy(), whole)


@pytest.mark.parametrize("kind", KINDS)
def test_above_a_megapixel_it_is_made_smaller(kind):
    found = read_picture(file_of(np.zeros((1200, 3000, 3), dtype=np.uint8), kind))
    height, width, channels = found.shape
    assert channels == 3
    assert 0.95 * MAX_PIXELS < height * width <= MAX_PIXELS
    assert width / height == pytest.approx(2.5, rel=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_becomes_three_bytes(mode):
    picture = Image.new("L", (5, 4), 255 if mode == "1" else 200)
    picture = Image.fromarray(np.full((4, 5), 200 * 256, dtype=np.uint16)) if mode == "I;16" else picture.convert(mode)
    found = read_picture(file_of(picture))
    assert tuple(found.shape) == (4, 5, 3)
    assert found.dtype == torch.uint8
    assert (found == (255 if mode == "1" else 200)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_photograph_is_turned_as_its_camera_says(kind):
    assert tuple(read_picture(file_of(random_pixels(20, 30), kind, exif=exif(6))).shape) == (30, 20, 3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_read(kind):
    assert np.array_equal(read_picture(animation(kind)).numpy(), random_pixels(6, 5))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a picture"),
        (b"not a picture", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
        (b"\xff\xd8\xff", "not a picture"),
        (b"RIFF\x04\0\0\0WEBP", "not a picture"),
        (b"x" * (MAX_BYTES + 1), "5.0 MB"),
        (file_of(np.zeros((9, 9, 3), dtype=np.uint8), "GIF"), "not a picture"),
        (file_of(np.zeros((9, 9, 3), dtype=np.uint8), "BMP"), "not a picture"),
        (file_of(np.zeros((9, 9, 3), dtype=np.uint8), "TIFF"), "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (png(0, 5), "not a picture"),
        (png(6000, 5000), "needs 120.0 MB"),
        (png(3000, 3000, kind=6), "needs 72.0 MB"),
        (png(4000, 4000, bits=16, kind=0), "needs 112.0 MB"),
        (png(4000, 4000, bits=1, kind=3), "needs 80.0 MB"),
        (png(100_000, 100_000), "far too many pixels"),
        (png(1, 25_000_000), "claims 1 x 25,000,000 pixels"),
        (png(MAX_SIDE + 1, 1), "claims 65,536 x 1 pixels"),
        (png(100, 100, data=b"\0" * 10), "damaged"),
        (file_of(random_pixels(90, 90))[:9000], "damaged"),
        (file_of(random_pixels(90, 90), "JPEG")[:3000], "damaged"),
        (file_of(random_pixels(90, 90), "JPEG", progressive=True).replace(b"\xff\xc2", b"\xff\xc3"), "not a picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_or_too_large_is_refused_with_a_sentence(content, words):
    assert words in refusal(content)


def test_what_is_too_large_is_not_unpacked(monkeypatch):
    jpeg = bytearray(file_of(random_pixels(9, 9), "JPEG", progressive=True, subsampling=0))
    at = jpeg.index(b"\xff\xc2") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 60_000, 60_000 // 9)  # 2 bytes a coefficient, 3 colours
    webp = bytearray(animation("WEBP"))
    webp[24:30] = struct.pack("<I", 2999)[:3] * 2
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was unpacked"))
    for content in (png(6000, 5000), bytes(jpeg), bytes(webp)):
        assert "MB when it is unpacked" in refusal(content)


TEXTS = b"".join(piece(b"zTXt", b"%d\0\0" % i + zlib.compress(bytes(999_000), 1)) for i in range(50))
NOTES = segment(0xE1, b"Exif\0\0x") * 400_000
SMALL = file_of(random_pixels(9, 9), "JPEG")
EXTRAS = {
    "texts that unpack to 50 MB": png(9, 9, data=bytes(9 * 28), more=TEXTS),
    "many small pieces": png(9, 9, data=bytes(9 * 28), more=piece(b"tEXt", b"") * 400_000),
    "many camera notes": with_segments(SMALL, NOTES),
    "very many bytes of 255": with_segments(SMALL, b"\xff" * 4_900_000),
    "bytes of 255 before a 0": SMALL[:-2] + b"\xff" * 4_900_000 + b"\0\xff\xd9",
}


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_is_not_the_picture_costs_no_time(extra):
    with at_most(100):
        try:
            assert tuple(read_picture(EXTRAS[extra]).shape) == (9, 9, 3)
        except ValueError as error:
            assert "; allowed: " in str(error)


def test_a_jpeg_of_very_many_scans_is_refused():
    jpeg = file_of(random_pixels(9, 9), "JPEG", progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    refusal(jpeg[:-2] + 80_000 * last + jpeg[-2:])


def zeros(width, height, channels, **header):
    row = bytes(1 + width * channels)
    return png(width, height, data=row * height, **header)


LARGEST = {
    "transparent, long and thin": lambda: zeros(133, MAX_SIDE, 4, kind=6),
    "WebP, transparent": lambda: file_of(Image.new("RGBA", (2090, 2090)), "WEBP", method=0),
    "JPEG, progressive": lambda: file_of(Image.new("RGB", (3100, 3100)), "JPEG", progressive=True, subsampling=0),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak of memory where Linux writes it")
@pytest.mark.parametrize("picture", LARGEST)
def test_the_largest_pictures_need_less_than_100_mb(picture):
    def memory(name):
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024

    content = LARGEST[picture]()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = memory("VmRSS")
    found = read_picture(content)
    assert memory("VmHWM") - before < 100_000_000
    assert found.shape[0] * found.shape[1] <= MAX_PIXELS


VALID = [
    file_of(random_pixels(7, 9), exif=exif(6)),
    png(9, 7, kind=3, interlaced=1, data=bytes(200), more=piece(b"tRNS", b"\0\1")),
    animation("PNG"),
    file_of(random_pixels(7, 9), "JPEG", exif=exif(3)),
    file_of(random_pixels(20, 20), "JPEG", progressive=True, mode="CMYK", exif=exif(5)),
    file_of(random_pixels(7, 9), "WEBP", exif=exif(8)),
    animation("WEBP"),
]


def mended(content):
    """The same PNG file with the right checksums, so that its pieces are believed."""
    pieces, at = content[:8], 8
    while content.startswith(b"\x89PNG") and at + 8 <= len(content):
        length, name = struct.unpack_from(">L4s", content, at)
        pieces, at = pieces + piece(name, content[at + 8 : at + 8 + length]), at + 12 + length
    return pieces if content.startswith(b"\x89PNG") else content


@st.composite
def damaged_files(draw):
    content = bytearray(draw(st.sampled_from(VALID)))
    early = st.integers(0, min(len(content) - 1, 120))  # where the numbers of the header are
    for place in draw(st.lists(early | st.integers(0, len(content) - 1), max_size=3)):
        content[place] = draw(st.sampled_from([0, 1, 2, 5, 255]) | st.integers(0, 255))
    cut = draw(st.just(len(content)) | st.integers(0, len(content)))
    content = bytes(content[:cut]) + draw(st.just(b"") | st.binary(max_size=20))
    return draw(st.sampled_from([bytes, mended]))(content)


@pytest.mark.filterwarnings("ignore")  # of pillow, about damaged files
@hypothesis.settings(deadline=None, derandomize=True, max_examples=200)
@hypothesis.given(damaged_files() | st.binary(max_size=100).map(lambda tail: VALID[0][:8] + tail))
def test_any_bytes_are_read_or_refused(content):
    try:
        found = read_picture(content)
    except ValueError as error:
        assert "; allowed: a PNG" in str(error) and "\n" not in str(error)
    else:
        assert found.dtype == torch.uint8 and found.shape[2] == 3
        assert 1 <= found.shape[0] * found.shape[1] <= MAX_PIXELS


RATIONAL = b"\x01\x1a\x00\x05\x00\x00\x00\x01"  # tag, type and count of a note in `exif`
DAMAGED = [b"\x01\x1a\x00\x01\x00\x00\x00\x05", b"\x01\x07" + RATIONAL[2:], b"\x01\x1a\x00\x05\xff\xff\xff\xff", b""]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("note", DAMAGED)
def test_a_camera_s_damaged_notes_get_a_sentence(kind, note):
    notes = exif(6).tobytes()
    assert RATIONAL in notes
    content = file_of(random_pixels(4, 5), kind, exif=notes.replace(RATIONAL, note))
    try:
        assert tuple(read_picture(content).shape) == (5, 4, 3)
    except ValueError as error:
        assert "The file is damaged; allowed: " in str(error)


def test_a_damaged_index_of_further_pictures_is_not_read():
    pixels = random_pixels(4, 5)
    index = segment(0xE2, b"MPF\0MM\0*" + struct.pack(">LHHHLL", 8, 1, 0xB001, 3, 1, 1))
    read = read_picture(with_segments(file_of(pixels, "JPEG"), index))
    assert torch.equal(read, read_picture(file_of(pixels, "JPEG")))
