"""The programs of the tensors page, run by themselves, print what the page says."""

import runpy

import numpy as np
import pytest
from PIL import Image
from programs import printed

from core.picture_file import read_picture
from core.program import source
from core.tensors.broadcast import broadcast
from core.tensors.create import create
from core.tensors.einsum import einsum
from core.tensors.image import change, image_of
from core.tensors.index import pick
from core.tensors.matmul import product
from core.tensors.power import power
from core.tensors.program import (
    broadcast_program,
    create_program,
    image_program,
    index_program,
    matmul_program,
    power_program,
    storage_program,
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
from core.tensors.storage import arrange


def created(**chosen):
    settings = CreateSettings(**chosen)
    return create_program(settings, create(settings))


def indexed(seed=0, **chosen):
    settings = IndexSettings(**chosen)
    return index_program(settings, pick(settings, seed), seed)


def arranged(seed=0, **chosen):
    settings = StorageSettings(**chosen)
    return storage_program(settings, arrange(settings, seed), seed)


def stretched(seed=0, **chosen):
    settings = BroadcastSettings(**chosen)
    return broadcast_program(settings, broadcast(settings, seed), seed)


def multiplied(seed=0, **chosen):
    settings = MatmulSettings(**chosen)
    compute = einsum if settings.reading == "einsum" else product
    return matmul_program(settings, compute(settings, seed), seed)


def raised(**chosen):
    settings = PowerSettings(**chosen)
    return power_program(settings, power(settings, 0), 0)


def pictured(seed=0, **chosen):
    settings = ImageSettings(**chosen)
    return image_program(settings, change(image_of(settings), settings, seed), "", seed)


DEFAULTS = {
    "create": created,
    "index": indexed,
    "storage": arranged,
    "broadcast": stretched,
    "matmul": multiplied,
    "power": raised,
    "image": pictured,
}


def test_the_examples_as_they_stand_are_the_programs_of_the_defaults():
    for name, make in DEFAULTS.items():
        assert make().name == f"tensors_{name}"
        if name != "index":  # has the program of an operation
            assert make().text == source(make().name), "the settings' defaults are not those of the file"


OTHERS = {
    **{
        f"made by {maker}": lambda m=maker: created(maker=m, shape="3, 4", part="x[1:, ::2]", seed=4)
        for maker in MAKERS
    },
    "typed dtype": lambda: created(maker="typed", typed="[[0.9, 300]]", dtype="float64", part="x[0]"),
    "short name": lambda: created(part="x[2, :3]", seed=9),
    "mask": lambda: created(part="images[images > 0.9]"),
    "both names": lambda: created(part="images[x < 0.1]"),
    "empty": lambda: created(maker="zeros", shape="0, 3", part="x[:, 0]"),
    "index": lambda: indexed(x="torch.rand(4, 6)", at="x[-1, -2:]", seed=3),
    "random both": lambda: arranged(x="torch.rand(3, 4)", y="x + torch.rand(3, 4)", seed=3),
    "permuted": lambda: arranged(x="torch.arange(24).reshape(2, 3, 4)", y="x.permute(2, 0, 1)"),
    "list": lambda: arranged(x="[[1, 2], [3, 4]]", y="x.expand(3, 2, 2)"),
    "broadcast": lambda: stretched(a="torch.rand(5, 1, 4, 1)", b="torch.rand(3, 1, 1)", operation="**", seed=2),
    "scalar": lambda: stretched(a="[1.5, 2]", b="-1", operation="<"),
    "product": lambda: multiplied(a="torch.rand(3, 4)", b="torch.rand(4, 2)", seed=5),
    "einsum": lambda: multiplied(reading="einsum", equation="ij, jk -> ki"),
    "einsum one": lambda: multiplied(a="torch.rand(3, 3)", reading="einsum", equation="ii->i", seed=5),
    "einsum batch": lambda: multiplied(
        a="torch.rand(2, 3, 4)", b="torch.rand(2, 4, 2)", reading="einsum", equation="bij,bjk->bik"
    ),
    "einsum dots": lambda: multiplied(
        a="torch.arange(12).view(2, 2, 3)", reading="einsum", equation="...ij, jk -> k...", seed=5
    ),
    "einsum three": lambda: multiplied(
        a="torch.rand(3)", b="torch.rand(3, 2)", c="torch.rand(2)", reading="einsum", equation="i,ij,j->", seed=5
    ),
    "power float32": lambda: raised(n=60, dtype="float32"),
    "power backwards": lambda: raised(n=-7, dtype="float64"),
    "power that turns": lambda: raised(matrix="[[0, -1], [1, 0]]", n=12),
    "power that overflows": lambda: raised(matrix="[[2, 0], [0, 0.5]]", n=150, dtype="float32"),
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
    return dict(zip(CASES, printed(make().text for make in CASES.values()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_program_prints_the_numbers_of_the_page(name, said):
    assert said[name] == list(CASES[name]().prints)


@pytest.mark.parametrize("size", [(40, 30), (1500, 1000)])
@pytest.mark.parametrize(("kind", "bits"), [("png", 8), ("png", 16), ("jpg", 8)])
def test_the_program_reads_the_reader_s_file_as_the_page_does(size, kind, bits, tmp_path, monkeypatch, capsys):
    shape, dtype = (size[1], size[0], 3), {8: np.uint8, 16: np.uint16}[bits]
    pixels = np.random.default_rng(0).integers(0, 2**bits, shape if bits == 8 else shape[:2], dtype=dtype)
    Image.fromarray(pixels).save(tmp_path / f"mine.{kind}")
    settings = ImageSettings(source="upload", change="img.float()")
    found = change(read_picture((tmp_path / f"mine.{kind}").read_bytes()), settings)
    program = image_program(settings, found, f"mine.{kind}", 0)
    (tmp_path / "program.py").write_text(program.text)
    monkeypatch.chdir(tmp_path)
    runpy.run_path("program.py", run_name="__main__")
    assert capsys.readouterr().out.splitlines() == program.prints


def test_a_program_of_an_impossible_operation_ends_with_the_error_on_the_page():
    settings = StorageSettings(x="torch.arange(24).reshape(2, 3, 4)", y="x.permute(2, 0, 1).view(24)")
    program = storage_program(settings, None, 0)
    assert not program.prints
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        exec(compile(program.text, "program", "exec"), {})
