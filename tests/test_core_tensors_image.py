"""Pictures: what is loaded, what an expression makes of it, what wraps around."""

import numpy as np
import pytest
import torch
from effort import at_most

from core.expression.errors import ExpressionError
from core.picture_file import MAX_PIXELS
from core.tensors.image import as_picture, change, image_of, layout
from core.tensors.settings import ImageSettings


def test_the_sample_pictures_are_those_that_scikit_learn_documents():
    flower = image_of(ImageSettings())
    assert (tuple(flower.shape), flower.dtype, flower.nbytes) == ((427, 640, 3), torch.uint8, 819_840)
    assert flower.stride() == (1920, 3, 1)
    digit = image_of(ImageSettings(source="digit", digit=1796))
    assert tuple(digit.shape) == (8, 8)
    assert 0 <= int(digit.min()) <= int(digit.max()) <= 16


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
        "~img",  # flips eight bits, of an int32 all 32
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
    crop = change(image, ImageSettings(change="img[100:350, 150:450]"))
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
    with at_most(200):
        try:
            change(image_of(ImageSettings()), ImageSettings(change=text))
            assert "(1)" not in text
            assert "unbind" not in text
        except ExpressionError as error:
            assert "allowed: " in str(error)


def test_a_picture_of_a_whole_megapixel_can_be_normalised():
    image = torch.arange(3 * MAX_PIXELS).to(torch.uint8).reshape(1000, 1000, 3)
    found = change(image, ImageSettings(change="(img / 255 - (img / 255).mean()) / (img / 255).std()"))
    assert found.result.mean().item() == pytest.approx(0, abs=1e-3)
    assert found.result.std().item() == pytest.approx(1, rel=1e-3)
