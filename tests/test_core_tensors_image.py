"""Pictures: what is loaded, what is refused before it is decoded, what wraps around."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from core.expression.errors import ExpressionError
from core.tensors.image import MAX_BYTES, MAX_PIXELS, as_picture, change, decode, image_of, layout
from core.tensors.settings import ImageSettings


def file_of(pixels, kind="PNG", **options):
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, kind, **options)
    return target.getvalue()


def random_pixels(height, width, channels=3):
    shape = (height, width, channels) if channels else (height, width)
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def png_that_claims(width, height):
    """A small PNG whose header claims any size; its data are missing."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")
    )


def test_the_sample_pictures_are_those_that_scikit_learn_documents():
    flower = image_of(ImageSettings())
    assert (tuple(flower.shape), flower.dtype, flower.nbytes) == ((427, 640, 3), torch.uint8, 819_840)
    assert flower.stride() == (1920, 3, 1)
    digit = image_of(ImageSettings(source="digit", digit=1796))
    assert tuple(digit.shape) == (8, 8)
    assert 0 <= int(digit.min()) <= int(digit.max()) <= 16


def test_a_picture_without_losses_comes_back_pixel_by_pixel():
    pixels = random_pixels(40, 30)
    assert np.array_equal(decode(file_of(pixels)).numpy(), pixels)
    assert np.array_equal(decode(file_of(pixels, "WEBP", lossless=True)).numpy(), pixels)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_above_a_megapixel_it_is_made_smaller(kind):
    found = decode(file_of(np.zeros((1200, 3000, 3), dtype=np.uint8), kind))
    height, width, channels = found.shape
    assert channels == 3
    assert 0.95 * MAX_PIXELS < height * width <= MAX_PIXELS
    assert width / height == pytest.approx(2.5, rel=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_becomes_three_bytes(mode):
    picture = Image.new("L", (5, 4), 255 if mode == "1" else 200)
    picture = Image.fromarray(np.full((4, 5), 200 * 256, dtype=np.uint16)) if mode == "I;16" else picture.convert(mode)
    target = io.BytesIO()
    picture.save(target, "PNG")
    found = decode(target.getvalue())
    assert tuple(found.shape) == (4, 5, 3)
    assert found.dtype == torch.uint8
    assert (found == (255 if mode == "1" else 200)).all()


def test_a_photograph_is_turned_as_its_camera_says():
    picture = Image.fromarray(random_pixels(20, 30))
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    target = io.BytesIO()
    picture.save(target, "PNG", exif=exif)
    assert tuple(decode(target.getvalue()).shape) == (30, 20, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a picture"),
        (b"not a picture", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
        (b"x" * (MAX_BYTES + 1), "5.0 MB"),
        (file_of(np.zeros((9, 9, 3), dtype=np.uint8), "GIF"), "not a picture"),
        (file_of(np.zeros((9, 9, 3), dtype=np.uint8), "BMP"), "not a picture"),
        (file_of(np.zeros((9, 9, 3), dtype=np.uint8), "TIFF"), "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (png_that_claims(6000, 5000), "30 megapixels"),
        (png_that_claims(100_000, 100_000), "far too many pixels"),
        (png_that_claims(100, 100), "damaged"),
        (file_of(random_pixels(90, 90))[:9000], "damaged"),
        (file_of(random_pixels(90, 90), "JPEG")[:3000], "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_or_too_large_is_refused_with_a_sentence(content, words):
    started = time.thread_time()
    with pytest.raises(
        ExpressionError, match="allowed: a PNG, JPEG or WebP file of at most 5 MB and 25 megapixels"
    ) as e:
        decode(content)
    assert words in str(e.value)
    assert time.thread_time() - started < 0.2


def test_what_claims_too_many_pixels_is_not_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(ExpressionError, match="30 megapixels"):
        decode(png_that_claims(6000, 5000))


@pytest.mark.parametrize("text", ["img + 100", "img - 100", "(img + 100) // 2"])
def test_the_count_of_wrapped_bytes_is_numpy_s(text):
    found = change(image_of(ImageSettings()), ImageSettings(change=text))
    wide = eval(text, {"img": found.image.numpy().astype(int)})
    different = wide != found.result.numpy()
    assert found.wrapped == int(different.sum()) > 0
    assert found.example == (wide[different][0], found.result.numpy()[different][0])
    assert found.not_finite == 0


@pytest.mark.parametrize(
    "text",
    [
        "img.int() + 100",
        "img.flip(1)",
        "img[::2]",
        "img / 2",
        "img.clamp(0, 9)",
        "img // 2",
        "img @ torch.ones(3, 3).to(torch.uint8)",  # has no counterpart in int32
    ],
)
def test_what_does_not_wrap_is_not_said_to(text):
    assert change(image_of(ImageSettings()), ImageSettings(change=text)).wrapped == 0


def test_what_is_divided_by_zero_is_counted():
    found = change(image_of(ImageSettings()), ImageSettings(change="img / 0"))
    assert found.not_finite == found.result.numel()
    some = change(image_of(ImageSettings()), ImageSettings(change="255 / img"))
    assert some.not_finite == int((some.image == 0).sum()) > 0


def test_a_crop_is_a_view_and_a_mirror_a_copy():
    image = image_of(ImageSettings())
    crop = change(image, ImageSettings())
    assert crop.view
    assert crop.result.storage_offset() == 100 * 1920 + 150 * 3
    mirror = change(image, ImageSettings(change="img.flip(1)"))
    assert not mirror.view
    assert np.array_equal(mirror.result.numpy(), image.numpy()[:, ::-1])


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((5, 4), "grey"),
        ((5, 4, 3), "HWC"),
        ((5, 4, 1), "HWC"),
        ((3, 5, 4), "CHW"),
        ((1, 5, 4), "CHW"),
        ((3, 3, 3), "HWC"),
        ((5, 4, 2), ""),
        ((5,), ""),
        ((), ""),
        ((0, 4), ""),
        ((2, 3, 5, 4), ""),
    ],
)
def test_how_a_shape_is_read_as_a_picture(shape, kind):
    assert layout(torch.zeros(shape)) == kind


def test_a_large_picture_is_thinned_for_the_eye_and_both_layouts_look_alike():
    image = image_of(ImageSettings())
    small, every = as_picture(image, 320)
    assert every == (2, 2)
    assert torch.equal(small, image[::2, ::2])
    assert torch.equal(as_picture(image.permute(2, 0, 1), 320)[0], small)
    rows, every = as_picture(image[0], 320)  # (640, 3): three columns stay three
    assert (tuple(rows.shape), every) == ((320, 3), (2, 1))


@pytest.mark.parametrize(
    "text",
    [
        "img.double() * 2.5 - img.float() / 3",
        "img[None].repeat(4, 1, 1, 1)",
        "img" + "+img" * 45,
        "img.float()" + ".sort(0)[0]" * 15,
        "img.flatten().unbind()[0]",
        "img.flatten().split(1)[0]",
        "img.flatten().sort()[0].view(427, 640, 3)",
    ],
)
def test_expressions_on_pictures_are_bounded(text):
    started = time.thread_time()
    try:
        change(image_of(ImageSettings()), ImageSettings(change=text))
        assert "(1)" not in text
        assert "unbind" not in text
    except ExpressionError as error:
        assert "allowed: " in str(error)
    assert time.thread_time() - started < 0.5


def test_a_picture_of_a_whole_megapixel_can_be_normalised():
    image = decode(file_of(random_pixels(1000, 1000)))
    found = change(image, ImageSettings(change="(img / 255 - (img / 255).mean()) / (img / 255).std()"))
    assert found.result.mean().item() == pytest.approx(0, abs=1e-3)
    assert found.result.std().item() == pytest.approx(1, rel=1e-3)
