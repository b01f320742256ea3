"""Pictures that are changed: the maps against closed forms and against kornia, the draws, the programs."""

import ast
import re

import pytest
import torch
from programs import printed
from torch import Generator
from visitor import ROOT, charts, visit

from core.data_augmentation.affine import about, affine, center_of, inverse, kornia_warp, linear_map, warp
from core.data_augmentation.images import corner_of, draws, kept_band, make_variants
from core.data_augmentation.program import affine_program, images_program
from core.data_augmentation.settings import IMAGE_OPERATIONS, AffineSettings, ImagesSettings
from core.data_augmentation.train import turned_and_shifted
from figures.data_augmentation.affine import by_hand
from figures.data_augmentation.images import by_hand as corner_by_hand
from figures.data_augmentation.images import copy_at, sixteen

ALL = tuple(IMAGE_OPERATIONS)


def generator():
    return Generator().manual_seed(0)


def random_maps(n, height, width):
    angle, scale, shear, side = torch.rand(4, n, generator=generator())
    linear = linear_map(360 * angle, 0.5 + scale, shear - 0.5, torch.where(side > 0.5, 1.0, -1.0))
    return about(center_of(height, width), linear)


@pytest.mark.parametrize("height, width", [(8, 8), (9, 13), (30, 2)])
def test_plain_torch_and_kornia_agree_within_1e_5(height, width):
    images = torch.rand(20, 3, height, width, generator=generator())
    M = random_maps(20, height, width)
    torch.testing.assert_close(warp(images, M), kornia_warp(images, M), atol=1e-5, rtol=0)


def test_a_rotation_is_kornias_rotation_and_counter_clockwise():
    from kornia.geometry.transform import rotate

    images, angle = torch.rand(3, 1, 9, 9, generator=generator()), torch.tensor([30.0, -77.0, 90.0])
    one, zero = torch.ones(3), torch.zeros(3)
    rotated = warp(images, about(center_of(9, 9), linear_map(angle, one, zero, one)))
    torch.testing.assert_close(rotated, rotate(images, angle), atol=1e-5, rtol=0)
    torch.testing.assert_close(rotated[2], images[2].rot90(1, (1, 2)), atol=1e-5, rtol=0)


def test_a_mirror_is_a_flip_and_the_way_back_leads_back():
    images, one, zero = torch.rand(1, 1, 6, 7, generator=generator()), torch.ones(1), torch.zeros(1)
    mirror = about(center_of(6, 7), linear_map(zero, one, zero, -one))
    torch.testing.assert_close(warp(images, mirror), images.flip(3), atol=1e-5, rtol=0)
    M = random_maps(10, 8, 8)
    point = torch.tensor([1.0, 5.0])
    there = M[:, :, :2] @ point + M[:, :, 2]
    back = inverse(M)
    returned = (back[:, :, :2] @ there[..., None])[..., 0] + back[:, :, 2]
    torch.testing.assert_close(returned, point.expand(10, 2), atol=1e-4, rtol=0)


def test_rotated_and_shifted_training_digits_stay_within_their_bounds():
    images = torch.rand(50, 8, 8, generator=generator())
    torch.testing.assert_close(turned_and_shifted(images, 0.0, 0.0, generator()), images)
    assert not torch.equal(turned_and_shifted(images, 15.0, 0.5, generator()), images)


@pytest.mark.parametrize("settings", [{}, {"angle": 90}, {"angle": -180, "scale": 0.5, "row": 0, "column": 0}])
def test_a_pixel_is_the_mixture_that_is_written_out(settings):
    found = affine(AffineSettings(**settings))
    s = found.settings
    mixed = sum(weight * value for _, _, weight, value in found.terms)
    assert mixed == pytest.approx(found.by_torch[s.row, s.column].item(), abs=1e-5)
    assert found.largest_difference < 1e-5
    assert len(found.terms) == {0: 4, 90: 1}.get(s.angle, 4 if s.angle == 30 else 0)
    assert by_hand(found).count("**") == 2


@pytest.mark.parametrize("source", ["digit", "flower", "china", "upload"])
def test_copies_are_reproducible_whole_and_from_no_global_generator(source):
    settings = ImagesSettings(source=source, operations=ALL, strength=1.0, p=0.5)
    before = torch.get_rng_state()
    first, second = (make_variants.__wrapped__(settings) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.images, second.images)
    assert first.images.min() >= 0 and first.images.max() <= 1 + 1e-6
    assert first.M.isfinite().all()
    assert {name for sampled in first.sampled for name in sampled} == set(ALL)
    assert len(sixteen(first, 3).json) < 1_000_000


def test_how_many_pixels_are_kept():
    little = make_variants(ImagesSettings(operations=("flip",), p=0.1))
    assert ((little.kept == 1) == torch.tensor([not sampled for sampled in little.sampled])).all()
    assert (kept_band(little), kept_band(make_variants(ImagesSettings()))) == (0, 2)


def test_an_operation_draws_the_same_whatever_else_is_chosen():
    alone = make_variants(ImagesSettings(operations=("scale",)))
    both = make_variants(ImagesSettings(operations=("rotate", "scale")))
    assert [s["scale"] for s in alone.sampled] == [s["scale"] for s in both.sampled]
    assert draws(0).keys() == IMAGE_OPERATIONS.keys()


def test_the_label_is_mixed_as_the_pixels_are():
    settings = ImagesSettings(source="flower", operations=("cutmix",), strength=1.0)
    found = make_variants(settings)
    same = (found.images - found.image).abs().amax(dim=1).lt(1e-4).float().mean(dim=(1, 2))
    torch.testing.assert_close(found.share, same, atol=0.02, rtol=0)
    mixed = make_variants(ImagesSettings(operations=("mixup",), strength=1.0))
    lam = mixed.share[:, None, None, None]
    torch.testing.assert_close(mixed.images, lam * mixed.image + (1 - lam) * mixed.other, atol=1e-5, rtol=0)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 300, 3), (700, 2, 3)])
def test_a_picture_of_any_shape_can_be_changed(shape):
    picture = torch.randint(0, 256, shape, generator=generator(), dtype=torch.uint8)
    found = make_variants(ImagesSettings(source="upload", operations=ALL), picture)
    assert found.images.isfinite().all()
    assert len(sixteen(found, 0).json) < 1_000_000


def test_the_corner_goes_where_the_matrix_takes_it_and_a_click_finds_its_copy():
    found = make_variants(ImagesSettings())
    (x, y), to = corner_of(found, 5)
    M = found.M[5]
    assert to == pytest.approx((M[:, :2] @ torch.tensor([x, y]) + M[:, 2]).tolist(), abs=1e-3)
    assert [copy_at(0.1, 0.1), copy_at(3.5, 3.9), copy_at(1.2, 2.0), copy_at(-0.1, 0), copy_at(4.2, 0)] == [
        1, 16, 10, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_corner_can_be_redone_from_the_numbers_that_are_shown(seed):
    found = make_variants(ImagesSettings(source="flower", operations=("rotate", "crop"), strength=1.0, seed=seed))
    for copy in range(16):
        text = corner_by_hand(found, copy).replace("−", "-")
        sums = re.findall(r"(\S+) · (\d+) \+ (\S+) · (\d+) \+ (\S+) = \*\*([-.\d]+)\*\*", text)
        assert len(sums) == 2
        for a, x, b, y, c, said in sums:
            a, b, c = (float(number.strip("()")) for number in (a, b, c))
            assert a * int(x) + b * int(y) + c == pytest.approx(float(said), abs=5.1e-5)


def test_the_programs_print_what_the_page_says():
    chosen = [ImagesSettings(), ImagesSettings(operations=ALL, strength=0.7, p=0.6, digit=3, seed=5)]
    chosen.append(ImagesSettings(source="flower", operations=("crop", "colour", "cutmix", "erase")))
    programs = [images_program(make_variants(settings), 4, "") for settings in chosen]
    programs += [affine_program(affine(AffineSettings(angle=angle, scale=0.75))) for angle in (30, -100)]
    assert printed([program.text for program in programs]) == [program.prints for program in programs]


def test_a_file_that_is_not_a_picture_gets_a_sentence_and_the_digit_stays():
    at = visit("data_augmentation", **{"images.source": "upload"})
    at = at.file_uploader(key="augmentation-picture").set_value(("x.png", b"nothing", "image/png")).run()
    assert not at.exception
    assert "not a picture" in at.error[0].value
    assert charts(at)


def test_kornia_is_imported_where_it_is_needed_only():
    found = []
    for path in (ROOT / "core").glob("**/*.py"):
        tree = ast.parse(path.read_text())
        at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        found += [path for node in at_once if re.search(r"(from|import) kornia\b", ast.unparse(node))]
    assert found == []
