"""The programs of the tensors page, run by themselves, print what the page says."""

import runpy

import numpy as np
import pytest
import torch
from PIL import Image
from programs import printed

from core.program import source
from core.tensors.arrange import arrange, pick
from core.tensors.broadcasting import broadcast
from core.tensors.create import create
from core.tensors.einsum import einsum
from core.tensors.pictures import change, decode, image_of
from core.tensors.power import power
from core.tensors.products import product
from core.tensors.program import (
    broadcast_lines,
    broadcast_program,
    create_lines,
    create_program,
    einsum_lines,
    image_lines,
    image_program,
    matmul_lines,
    matmul_program,
    power_program,
    view_lines,
    view_program,
)
from core.tensors.settings import (
    MAKERS,
    BroadcastSettings,
    CreateSettings,
    ImageSettings,
    IndexSettings,
    MatmulSettings,
    PowerSettings,
    StorageSettings,
)


def power_lines(settings):
    """What the page says about a power, as its program prints it."""
    found = power(settings, 0)
    sizes = ["{:.4f}".format(size) for size in sorted(found.eigenvalues.abs().tolist())]  # noqa: UP032  as in the program
    lines = [str(found.result.tolist()), f"eigenvalues: {sizes}"]
    if found.exact is not None and settings.n >= 0:
        lines.append(f"exact: {[[int(x) for x in row] for row in found.exact]}")
        lines.append(f"first wrong power: {found.wrong}")
    return lines


def created(**chosen):
    settings = CreateSettings(**chosen)
    made = create(settings)
    return create_program(settings, made), create_lines(made)


def viewed(x, y, seed=0):
    found = arrange(StorageSettings(x=x, y=y), seed)
    return view_program(x, y, seed), view_lines(found.x, found.y)


def indexed(x, at, seed=0):
    found = pick(IndexSettings(x=x, at=at), seed)
    return view_program(x, at, seed), view_lines(found.x, found.y)


def stretched(seed=0, **chosen):
    settings = BroadcastSettings(**chosen)
    return broadcast_program(settings, seed), broadcast_lines(broadcast(settings, seed))


def multiplied(seed=0, **chosen):
    settings = MatmulSettings(**chosen)
    if settings.reading == "einsum":
        found = einsum(settings, seed)
        lines = einsum_lines(found.equation, found.a, found.b, found.c)
    else:
        found = product(settings, seed)
        lines = matmul_lines(found.a, found.b, found.c)
    return matmul_program(settings, seed), lines


def raised(**chosen):
    settings = PowerSettings(**chosen)
    return power_program(settings, 0), power_lines(settings)


def pictured(seed=0, **chosen):
    settings = ImageSettings(**chosen)
    return image_program(settings, "", seed), image_lines(change(image_of(settings), settings, seed))


DEFAULTS = {
    "tensors": created,
    "tensors_view": lambda: viewed(StorageSettings().x, StorageSettings().y),
    "tensors_broadcast": stretched,
    "tensors_matmul": multiplied,
    "tensors_einsum": lambda: multiplied(reading="einsum"),
    "tensors_power": lambda: raised(n=92),
    "tensors_image": pictured,
}


def test_the_examples_as_they_stand_are_the_programs_of_the_defaults():
    for name, make in DEFAULTS.items():
        assert make()[0] == source(name), "the settings' defaults are not those of the file"


OTHERS = {
    **{
        f"made by {maker}": lambda m=maker: created(maker=m, shape="3, 4", part="x[1:, ::2]", seed=4)
        for maker in MAKERS
    },
    "typed dtype": lambda: created(maker="typed", typed="[[0.9, 300]]", dtype="float64", part="x[0]"),
    "short name": lambda: created(part="x[2, :3]", seed=9),
    "mask": lambda: created(part="images[images > 0.9]"),
    "both names": lambda: created(part="images[x < 0.1]"),
    "index": lambda: indexed("torch.arange(24).reshape(4, 6)", "x[1:3, ::2]"),
    "random both": lambda: viewed("torch.rand(3, 4)", "x + torch.rand(3, 4)", seed=3),
    "permuted": lambda: viewed("torch.arange(24).reshape(2, 3, 4)", "x.permute(2, 0, 1)"),
    "list": lambda: viewed("[[1, 2], [3, 4]]", "x.expand(3, 2, 2)"),
    "broadcast": lambda: stretched(a="torch.rand(5, 1, 4, 1)", b="torch.rand(3, 1, 1)", operation="**", seed=2),
    "scalar": lambda: stretched(a="[1.5, 2]", b="-1", operation="<"),
    "product": lambda: multiplied(a="torch.rand(3, 4)", b="torch.rand(4, 2)", seed=5),
    "einsum one": lambda: multiplied(a="torch.rand(3, 3)", reading="einsum", equation="ii->i", seed=5),
    "einsum batch": lambda: multiplied(
        a="torch.rand(2, 3, 4)", b="torch.rand(2, 4, 2)", reading="einsum", equation="bij,bjk->bik"
    ),
    "power float32": lambda: raised(n=60, dtype="float32"),
    "power backwards": lambda: raised(n=-7, dtype="float64"),
    "chain": lambda: raised(n=12, dtype="float64", matrix="[[0.9, 0.1], [0.5, 0.5]]"),
    "typed power": lambda: raised(n=3, matrix="torch.eye(3) + 1"),
    "digit": lambda: pictured(source="digit", digit=7, change="img.flip(0)"),
    "wrapped": lambda: pictured(source="china", change="img + 100"),
    "noise": lambda: pictured(change="img / 255 + 0.2 * torch.randn(427, 640, 3)", seed=3),
    "normalised": lambda: pictured(change="(img / 255 - 0.5).permute(2, 0, 1)"),
}


CASES = DEFAULTS | OTHERS


@pytest.fixture(scope="module")
def said():
    """What every program above prints."""
    return dict(zip(CASES, printed(make()[0] for make in CASES.values()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_program_prints_the_numbers_of_the_page(name, said):
    assert said[name] == CASES[name]()[1]


@pytest.mark.parametrize("size", [(40, 30), (1500, 1000)])
@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_the_program_reads_the_reader_s_file_as_the_page_does(size, kind, tmp_path, monkeypatch, capsys):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / f"mine.{kind}")
    settings = ImageSettings(source="upload", change="img.float()")
    found = change(decode((tmp_path / f"mine.{kind}").read_bytes()), settings)
    (tmp_path / "program.py").write_text(image_program(settings, f"mine.{kind}"))
    monkeypatch.chdir(tmp_path)
    runpy.run_path("program.py", run_name="__main__")
    assert capsys.readouterr().out.splitlines() == image_lines(found)


def test_a_program_of_an_impossible_operation_ends_with_the_error_on_the_page():
    text = view_program("torch.arange(24).reshape(2, 3, 4)", "x.permute(2, 0, 1).view(24)", 0)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        exec(compile(text, "program", "exec"), {})
    assert torch.get_default_dtype() == torch.float32
