"""The complete programs for what is on screen, and the lines that they print."""

import re

from torch import Tensor

from core.program import source, with_constants, with_line
from core.tensors.broadcasting import Broadcast
from core.tensors.create import Created
from core.tensors.facts import facts
from core.tensors.pictures import Changed
from core.tensors.settings import (
    BroadcastSettings,
    CreateSettings,
    ImageSettings,
    MatmulSettings,
    PowerSettings,
)
from core.tensors.typed import python_in, python_of


def create_program(settings: CreateSettings, made: Created) -> str:
    """The course's lines, with the constructor and the part of the page."""
    text = with_constants(source("tensors"), {"SEED": settings.seed})
    text = with_line(text, "images = torch.rand((4, 28, 28))", f"{made.name} = {made.code}")
    text = with_line(text, "part = images[1]", f"part = {_renamed(settings.part, made.name)}")
    if made.code != "torch.rand((4, 28, 28))":
        text = with_line(text, "# Create a 3-dimensional tensor", "# Create a tensor")
    if settings.part.strip() != "images[1]":
        text = text.replace("# Get the second image (to", "# Get a part of it (a matrix can be seen as an image; to")
    return text.replace('describe("images", images)', f'describe("{made.name}", {made.name})').replace(
        "== images.untyped", f"== {made.name}.untyped"
    )


def _renamed(part: str, name: str) -> str:
    """The tensor has one name in the program; the page also takes the short one."""
    return part.strip() if name == "x" else re.sub(r"\bx\b", name, part.strip())


def create_lines(made: Created) -> list[str]:
    """What the program prints."""
    return [
        described(made.name, made.tensor),
        described("part", made.part),
        f"same storage: {_same_storage(made.part, made.tensor)}",
        *str(made.part.flatten()[:5]).splitlines(),
    ]


def view_program(x: str, y: str, seed: int) -> str:
    """The program of an index or an operation."""
    text = with_constants(source("tensors_view"), {"SEED": seed})
    text = with_line(text, "x = torch.arange(12).reshape(3, 4)", f"x = {python_of(x)}")
    return with_line(text, "y = x.T", f"y = {python_of(y)}")


def view_lines(x: Tensor, y: Tensor) -> list[str]:
    """What the program prints."""
    return [
        described("x", x),
        described("y", y),
        f"same storage: {_same_storage(y, x)}",
        *str(y).splitlines(),
    ]


def broadcast_program(settings: BroadcastSettings, seed: int) -> str:
    """The program of two operands."""
    text = with_constants(source("tensors_broadcast"), {"SEED": seed})
    text = with_line(text, "a = torch.tensor([[0], [10], [20]])", f"a = {python_of(settings.a)}")
    text = with_line(text, "b = torch.tensor([1, 2, 3, 4])", f"b = {python_of(settings.b)}")
    return with_line(text, "result = a + b", f"result = a {settings.operation} b")


def broadcast_lines(found: Broadcast) -> list[str]:
    """What the program prints."""
    lines = []
    for name, own, wide in (("a", found.a, found.stretched_a), ("b", found.b, found.stretched_b)):
        lines.append(f"{name}: shape {tuple(own.shape)}, stretched to {tuple(wide.shape)} with strides {wide.stride()}")
    result = found.result
    return [*lines, f"result: shape {tuple(result.shape)}, {result.dtype}", *str(result).splitlines()]


def matmul_program(settings: MatmulSettings, seed: int) -> str:
    """The program of a product in its four readings, or of an einsum."""
    name = "tensors_einsum" if settings.reading == "einsum" else "tensors_matmul"
    text = with_constants(source(name), {"SEED": seed})
    text = with_line(text, "A = torch.tensor([[1, 2, 3], [4, 5, 6]])", f"A = {python_of(settings.a)}")
    text = with_line(text, "B = torch.tensor([[7, 8], [9, 10], [11, 12]])", f"B = {python_of(settings.b)}")
    if settings.reading == "einsum":
        equation = settings.equation.replace(" ", "")
        text = with_line(text, 'EQUATION = "ij,jk->ik"', f'EQUATION = "{equation}"')
        if "," not in settings.equation:
            text = text.replace("torch.einsum(EQUATION, A, B)", "torch.einsum(EQUATION, A)")
    return text


def matmul_lines(a: Tensor, b: Tensor, c: Tensor) -> list[str]:
    """What the program of the product prints."""
    return [
        f"A {tuple(a.shape)} times B {tuple(b.shape)} is C {tuple(c.shape)}",
        *str(c).splitlines(),
        *(f"by {name}: the same" for name in ("dot products", "outer products", "rows", "columns")),
    ]


def einsum_lines(equation: str, a: Tensor, b: Tensor, c: Tensor) -> list[str]:
    """What the program of the einsum prints."""
    shapes = f"A {tuple(a.shape)}, B {tuple(b.shape)}, result {tuple(c.shape)}"
    return [f"{equation}: {shapes}", *str(c).splitlines()]


def power_program(settings: PowerSettings, seed: int) -> str:
    """The program of a matrix power."""
    text = with_constants(source("tensors_power"), {"SEED": seed, "N": settings.n})
    old = "a = torch.tensor([[1, 1], [1, 0]], dtype=torch.int64)"
    return with_line(text, old, f"a = {python_in(settings.matrix, settings.dtype)}")


def image_program(settings: ImageSettings, file_name: str, seed: int = 0) -> str:
    """The program of a picture."""
    loaded = {
        "digit": f"load_digit({settings.digit})",
        "upload": f"load_file({file_name!r})",
    }.get(settings.source, f'load_photograph("{settings.source}.jpg")')
    text = with_line(
        with_constants(source("tensors_image"), {"SEED": seed}),
        'img = load_photograph("flower.jpg")',
        f"img = {loaded}",
    )
    return with_line(text, "shown = img[100:350, 150:450]", f"shown = {python_of(settings.change)}")


def image_lines(found: Changed) -> list[str]:
    """What the program prints."""
    image, shown = found.image, found.result
    low, high, mean = shown.min().item(), shown.max().item(), shown.double().mean().item()
    return [
        f"img: shape {tuple(image.shape)}, {image.dtype}, stride {image.stride()}",
        f"shown: shape {tuple(shown.shape)}, {shown.dtype}, stride {shown.stride()}",
        f"same storage: {_same_storage(shown, image)}",
        f"from {low:.6g} to {high:.6g}, mean {mean:.6g}",
    ]


def described(name: str, tensor: Tensor) -> str:
    """One line about a tensor, as the programs print it."""
    known = facts(tensor)
    return (
        f"{name}: shape {known.shape}, torch.{known.dtype}, stride {known.stride}, offset {known.offset}, "
        f"{known.elements * known.itemsize} bytes, contiguous {known.contiguous}"
    )


def _same_storage(one: Tensor, other: Tensor) -> bool:
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
