"""What PyTorch's square brackets pick from a tensor, and from where."""

import ast
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.expression.checks import code
from core.expression.errors import refuse
from core.expression.evaluate import Evaluator
from core.expression.parse import parse
from core.expression.torch_language import torch_language
from core.tensors.settings import IndexSettings
from core.tensors.typed import SMALL, check_typed, seeded, typed_tensor


@dataclass(frozen=True)
class Picked:
    """A tensor and a part of it.

    Attributes:
        places: where in the whole each element of the part stands, counted in reading order; int64, the part's shape.
    """

    whole: Tensor
    part: Tensor
    places: Tensor

    @property
    def lit(self) -> Tensor:
        """Which elements of the whole are picked: truth values in reading order."""
        mask = torch.zeros(self.whole.numel(), dtype=torch.bool)
        mask[self.places.flatten()] = True
        return mask


def pick(settings: IndexSettings, seed: int) -> Picked:
    """Applies the index.

    Raises:
        ExpressionError: in one sentence.
    """
    check_typed(settings.x)
    check_typed(settings.at, "x")
    random = seeded(seed)
    return select(settings.at, "x", typed_tensor(settings.x, random), random)


def select(text: str, name: str, tensor: Tensor, random: Generator) -> Picked:
    """What square brackets pick from a tensor.

    The same index is applied twice: to the tensor, and to a tensor of the same shape that holds 0, 1, 2, ... in
    reading order.

    Args:
        text: such as `x[1:3][0]`; only brackets behind the name (or behind x), but any expression inside of them.

    Raises:
        ExpressionError: in one sentence.
    """
    evaluator = Evaluator(torch_language(random, SMALL), {name: tensor, "x": tensor})
    numbered = torch.arange(tensor.numel()).reshape(tensor.shape)

    def walk(node: ast.expr) -> tuple[Tensor, Tensor]:
        if isinstance(node, ast.Name) and node.id in (name, "x"):
            return tensor, numbered
        if not isinstance(node, ast.Subscript):
            raise refuse(
                f"{code(node)} does not pick from {name}",
                f"{name} with square brackets behind it, such as {name}[0] (other operations: “Reshape”)",
            )
        value, places = walk(node.value)
        index = evaluator.index(node.slice)
        return evaluator.item(node, value, index), evaluator.item(node, places, index)  # index is evaluated once

    tree = parse(text)
    evaluator.check(tree)
    return Picked(tensor, *walk(tree))
