"""Every parameter of the tensors page, written once."""

from dataclasses import dataclass

from core.expression.parse import MAX_LENGTH
from core.settings import Choice, Integer, Settings, Text, parameter

VIEWS = {
    "create": "Create",
    "index": "Index",
    "storage": "Reshape",
    "broadcast": "Broadcast",
    "matmul": "Multiply",
    "power": "Powers",
    "image": "Images",
}
MAKERS = {
    "rand": "torch.rand: random, 0 to 1",
    "randn": "torch.randn: random, bell curve",
    "randint": "torch.randint: random digits",
    "zeros": "torch.zeros",
    "ones": "torch.ones",
    "full": "torch.full: all 7",
    "arange": "torch.arange: 0, 1, 2, …",
    "linspace": "torch.linspace: from 0 to 1",
    "eye": "torch.eye: identity matrix",
    "typed": "typed by me",
}
NUMBERS = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool")
DTYPES = {"default": "as PyTorch chooses"} | {name: name for name in NUMBERS}
OPERATIONS = ("+", "-", "*", "/", "**", "<", "==")
READINGS = {
    "dot": "dot products",
    "outer": "outer products",
    "row": "combined rows",
    "column": "combined columns",
    "einsum": "einsum",
}
POWER_DTYPES = ("int64", "float64", "float32")
POWER_STYLES = {"size": "how large", "walks": "walks in a graph", "chain": "Markov chain"}
SOURCES = {"digit": "a digit", "flower": "flower.jpg", "china": "china.jpg", "upload": "a picture of mine"}
USUAL_SHOW = {  # what is shown of each picture first: of a photograph a sum that does not fit into its bytes
    "digit": "img",
    "flower": "img + 100",
    "china": "img + 100",
    "upload": "img",
}


@dataclass(frozen=True)
class TensorsViewState(Settings):
    """Which view is open."""

    view: str = parameter("create", Choice("What do you want to see?", VIEWS))


@dataclass(frozen=True)
class CreateSettings(Settings):
    """A tensor, made by a constructor or typed, and a part of it."""

    maker: str = parameter("rand", Choice("Made by", MAKERS))
    shape: str = parameter("4, 28, 28", Text("Shape", 40, help="The length of each dimension, at most 6 of them."))
    typed: str = parameter(
        "[[1, 1], [1, 0]]", Text("Numbers in nested lists", MAX_LENGTH, help="Or any expression in PyTorch's syntax.")
    )
    dtype: str = parameter("default", Choice("dtype", DTYPES, help="The kind of number that every cell holds."))
    part: str = parameter("images[1]", Text("Take a part", 80, help="The tensor is called images, or short x."))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Fixes the random numbers: same seed, same tensor."))


@dataclass(frozen=True)
class IndexSettings(Settings):
    """What is picked from which tensor."""

    x: str = parameter("torch.arange(24).reshape(4, 6)", Text("x", MAX_LENGTH))
    at: str = parameter("x[1:3, ::2]", Text("Pick", MAX_LENGTH, help="x with square brackets, as in PyTorch."))


@dataclass(frozen=True)
class StorageSettings(Settings):
    """An operation that arranges a tensor anew."""

    x: str = parameter("torch.arange(12).reshape(3, 4)", Text("x", MAX_LENGTH))
    y: str = parameter("x.T", Text("y", MAX_LENGTH, help="Any expression with x."))
    place: int = parameter(
        5, Integer("Cell of y", 0, 9_999, help="Counted in reading order, from 0; beyond the last, the last is shown.")
    )


@dataclass(frozen=True)
class BroadcastSettings(Settings):
    """Two operands of different shapes."""

    a: str = parameter("torch.tensor([[0], [10], [20]])", Text("a", MAX_LENGTH))
    b: str = parameter("torch.tensor([1, 2, 3, 4])", Text("b", MAX_LENGTH))
    operation: str = parameter("+", Choice("Operation", {sign: f"a {sign} b" for sign in OPERATIONS}))


@dataclass(frozen=True)
class MatmulSettings(Settings):
    """Two factors, and how their product is read; einsum takes a third."""

    a: str = parameter("[[1, 2, 3], [4, 5, 6]]", Text("A", MAX_LENGTH))
    b: str = parameter("[[7, 8], [9, 10], [11, 12]]", Text("B", MAX_LENGTH))
    c: str = parameter("", Text("C", MAX_LENGTH, help="A third operand of einsum; may be left empty."))
    reading: str = parameter("dot", Choice("Read the product as", READINGS))
    equation: str = parameter(
        "ij,jk->ik", Text("Equation", 40, help="Letters name dimensions, ... those without a letter: torch.einsum.")
    )
    step: int = parameter(0, Integer("Step", 0, 9_999, help="Counted from 0; beyond the last, the last is shown."))


@dataclass(frozen=True)
class PowerSettings(Settings):
    """A square matrix and an exponent."""

    matrix: str = parameter("[[1, 1], [1, 0]]", Text("Square matrix A", 200, help="At most 6 rows."))
    n: int = parameter(92, Integer("Exponent n", -50, 150))
    dtype: str = parameter("int64", Choice("dtype", {name: name for name in POWER_DTYPES}))
    style: str = parameter("size", Choice("Look at", POWER_STYLES))


@dataclass(frozen=True)
class ImageSettings(Settings):
    """A picture, what is done to it, and a window into its numbers."""

    source: str = parameter("flower", Choice("Picture", SOURCES))
    digit: int = parameter(0, Integer("Number of the digit", 0, 1796, unit="of 1,797"))
    change: str = parameter(USUAL_SHOW["flower"], Text("Show", 200, help="Any expression with img."))
    row: int = parameter(110, Integer("Window: first row", 0, 9_999))
    column: int = parameter(220, Integer("Window: first column", 0, 9_999))
