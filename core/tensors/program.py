"""The complete programs for what is on screen, and the lines that they print.

Each takes what the page has computed, or None where PyTorch has refused it: the program then ends with that error.
"""

import re

from torch import Tensor

from core.program import Program, source, with_constants, with_line
from core.tensors.broadcast import Broadcast
from core.tensors.create import constructor, name_of
from core.tensors.einsum import Einsum
from core.tensors.image import Changed
from core.tensors.index import Picked
from core.tensors.matmul import Product, has_third
from core.tensors.power import Power
from core.tensors.settings import (
    BroadcastSettings,
    CreateSettings,
    ImageSettings,
    IndexSettings,
    MatmulSettings,
    PowerSettings,
    StorageSettings,
)
from core.tensors.typed import python_in, python_of

EINSUM = """result = torch.einsum("{equation}", {taken})

for name, tensor in [{named}, ("result", result)]:
    print("{{}}: shape {{}}".format(name, tuple(tensor.shape)))
print(result)
"""


def create_program(settings: CreateSettings, made: Picked | None) -> Program:
    """The course's lines, with the constructor and the part of the page."""
    name, code = name_of(settings), constructor(settings)
    # The tensor has one name in the program; the page also takes the short one.
    part = re.sub(r"\bx\b", name, settings.part.strip())
    text = with_constants(source("tensors_create"), {"SEED": settings.seed})
    text = with_line(text, "images = torch.rand((4, 28, 28))", f"{name} = {code}")
    text = with_line(text, "part = images[1]", f"part = {part}")
    if code != "torch.rand((4, 28, 28))":
        text = with_line(text, "# Create a 3-dimensional tensor", "# Create a tensor")
    if part != "images[1]":
        text = text.replace("# Get the second image (to", "# Get a part of it (a matrix can be seen as an image; to")
    text = text.replace('("images", images)', f'("{name}", {name})')
    text = text.replace("== images.untyped", f"== {name}.untyped")
    prints = _two(name, made.whole, "part", made.part, made.part.flatten()[:5]) if made else ()
    return Program("tensors_create", text, prints)


def index_program(settings: IndexSettings, found: Picked | None, seed: int) -> Program:
    """The program of an index: an index is one more operation that arranges a tensor anew."""
    text = _arranging(settings.x, settings.at, seed).replace("tensors_storage", "tensors_index")
    return Program("tensors_index", text, _two("x", found.whole, "y", found.part, found.part) if found else ())


def storage_program(settings: StorageSettings, found: tuple[Tensor, Tensor] | None, seed: int) -> Program:
    """The program of an operation that arranges a tensor anew."""
    text = _arranging(settings.x, settings.y, seed)
    return Program("tensors_storage", text, _two("x", found[0], "y", found[1], found[1]) if found else ())


def _arranging(x: str, y: str, seed: int) -> str:
    text = with_constants(source("tensors_storage"), {"SEED": seed})
    text = with_line(text, "x = torch.arange(12).reshape(3, 4)", f"x = {python_of(x)}")
    return with_line(text, "y = x.T", f"y = {python_of(y)}")


def broadcast_program(settings: BroadcastSettings, found: Broadcast | None, seed: int) -> Program:
    """The program of two operands."""
    text = with_constants(source("tensors_broadcast"), {"SEED": seed})
    text = with_line(text, "a = torch.tensor([[0], [10], [20]])", f"a = {python_of(settings.a)}")
    text = with_line(text, "b = torch.tensor([1, 2, 3, 4])", f"b = {python_of(settings.b)}")
    text = with_line(text, "result = a + b", f"result = a {settings.operation} b")
    prints = []
    if found and found.result is not None:
        for name, own, wide in (("a", found.a, found.stretched_a), ("b", found.b, found.stretched_b)):
            stretched = f"stretched to {tuple(wide.shape)} with strides {wide.stride()}"
            prints.append(f"{name}: shape {tuple(own.shape)}, {stretched}")
        prints.append(f"result: shape {tuple(found.result.shape)}, {found.result.dtype}")
        prints += str(found.result).splitlines()
    return Program("tensors_broadcast", text, prints)


def matmul_program(settings: MatmulSettings, found: Product | Einsum | None, seed: int) -> Program:
    """The program of a product in its four readings, or of an einsum."""
    text = with_constants(source("tensors_matmul"), {"SEED": seed})
    text = with_line(text, "A = torch.tensor([[1, 2, 3], [4, 5, 6]])", f"A = {python_of(settings.a)}")
    text = with_line(text, "B = torch.tensor([[7, 8], [9, 10], [11, 12]])", f"B = {python_of(settings.b)}")
    if settings.reading == "einsum":
        text = _einsum(text, settings)
    prints: list[str] = []
    if isinstance(found, Einsum):
        tensors = dict(zip("ABC", found.operands, strict=False)) | {"result": found.result}
        prints = [f"{name}: shape {tuple(tensor.shape)}" for name, tensor in tensors.items()]
        prints += str(found.result).splitlines()
    elif found:
        a, b, c = (tuple(tensor.shape) for tensor in (found.a, found.b, found.c))
        prints = [f"A {a} times B {b} is C {c}", *str(found.c).splitlines()]
        prints += [f"by {reading}: the same" for reading in ("dot products", "outer products", "rows", "columns")]
    return Program("tensors_matmul", text, prints)


def _einsum(text: str, settings: MatmulSettings) -> str:
    """The program of a product, turned into that of an einsum."""
    text = text.replace("One matrix product, read in four ways.", "An einsum: products, summed over letters.")
    text, names = text.partition("C = A @ B")[0], "AB"
    if has_third(settings):
        text, names = f"{text}C = {python_of(settings.c)}\n", "ABC"
    equation = settings.equation.replace(" ", "")
    taken, named = ", ".join(names[: equation.count(",") + 1]), ", ".join(f'("{name}", {name})' for name in names)
    return text + EINSUM.format(equation=equation, taken=taken, named=named)


def power_program(settings: PowerSettings, found: Power | None, seed: int) -> Program:
    """The program of a matrix power."""
    text = with_constants(source("tensors_power"), {"SEED": seed, "N": settings.n})
    old = "a = torch.tensor([[1, 1], [1, 0]], dtype=torch.int64)"
    text = with_line(text, old, f"a = {python_in(settings.matrix, settings.dtype)}")
    if found is None:
        return Program("tensors_power", text)
    eigenvalues = [f"{z if z.imag else z.real:.4f}" for z in found.eigenvalues.tolist()]
    prints = [str(found.result.tolist()), f"eigenvalues: {', '.join(eigenvalues)}"]
    if found.exact is not None and settings.n >= 0:
        prints.append(f"exact: {found.exact.tolist()}")
        prints.append(f"first wrong power: {found.wrong}")
    return Program("tensors_power", text, prints)


def image_program(settings: ImageSettings, found: Changed | None, file_name: str, seed: int) -> Program:
    """The program of a picture."""
    load = {
        "digit": f"torch.from_numpy(load_digits().images[{settings.digit}].astype(np.uint8))",
        "upload": f"load_file({file_name!r})",
    }.get(settings.source, f'torch.from_numpy(np.array(load_sample_image("{settings.source}.jpg")))')
    text = with_constants(source("tensors_image"), {"SEED": seed})
    text = with_line(text, 'img = torch.from_numpy(np.array(load_sample_image("flower.jpg")))', f"img = {load}")
    if settings.source == "digit":
        text = text.replace("import load_sample_image", "import load_digits")
    text = with_line(text, "shown = img + 100", f"shown = {python_of(settings.change)}")
    if found is None or not found.result.numel():
        return Program("tensors_image", text)
    image, shown = found.image, found.result
    low, high, mean = shown.min().item(), shown.max().item(), shown.double().mean().item()
    prints = [
        f"img: shape {tuple(image.shape)}, {image.dtype}, stride {image.stride()}",
        f"shown: shape {tuple(shown.shape)}, {shown.dtype}, stride {shown.stride()}",
        f"same storage: {_share(shown, image)}",
        f"from {low:.6g} to {high:.6g}, mean {mean:.6g}",
    ]
    return Program("tensors_image", text, prints)


def _two(one_name: str, one: Tensor, other_name: str, other: Tensor, printed: Tensor) -> list[str]:
    """What is printed about a tensor and what was made of it."""
    lines = [
        f"{name}: shape {tuple(tensor.shape)}, {tensor.dtype}, stride {tensor.stride()}, offset "
        f"{tensor.storage_offset()}, {tensor.nbytes} bytes, contiguous {tensor.is_contiguous()}"
        for name, tensor in ((one_name, one), (other_name, other))
    ]
    return [*lines, f"same storage: {_share(other, one)}", *str(printed).splitlines()]


def _share(one: Tensor, other: Tensor) -> bool:
    """What the programs ask; unlike `is_view` it is true of two tensors without any storage."""
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
