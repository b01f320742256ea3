"""The one place where every operation of PyTorch asks whether it may run.

    with Bounds(Limits()):
        torch.zeros(torch.tensor(300_000_000))  # ExpressionError: 300,000,000 elements; nothing was allocated

Whatever is called arrives here as the basic operations (`torch.ops.aten`) of which PyTorch makes it, one after the
other: `einsum` as products and sums, `matrix_power` as products.
"""

import ast
import weakref
from collections.abc import Callable, Mapping, Sequence

from torch import UntypedStorage
from torch.utils._python_dispatch import TorchDispatchMode

from core.expression.checks import code
from core.expression.errors import refuse
from core.expression.growth import Cost, cost, tensors
from core.expression.language import Limits

CALL = 1_000  # the work of any operation, however small
MAX_PARTS = 10_000  # of a tensor; each is an object of its own
ITEM = 8  # bytes of an element, at most


class Bounds(TorchDispatchMode):
    """Adds up the work of all operations, and refuses the first that would be too much or make too much.

    Attributes:
        what: the part of the expression whose operations these are.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits, self.work = limits, 0
        self.what: ast.AST = ast.Name("this")
        self.made: dict[int, weakref.ref[UntypedStorage]] = {}

    def __torch_dispatch__(
        self, operation: Callable, types: object, args: Sequence = (), kwargs: Mapping | None = None
    ) -> object:
        self._ask(cost(operation, args, kwargs or {}))
        result = operation(*args, **(kwargs or {}))
        storages = {tensor.untyped_storage() for tensor in tensors(result)}  # one for all views of it
        self.made |= {id(storage): weakref.ref(storage) for storage in storages}
        return result

    def _ask(self, asked: Cost) -> None:
        limits = self.limits
        self.work += CALL + asked.work
        if asked.elements > limits.elements:
            allowed = f"at most {limits.elements:,} elements in one tensor"
            raise refuse(f"{code(self.what)} would make {asked.elements:,} elements", allowed)
        if asked.parts > MAX_PARTS:
            raise refuse(f"{code(self.what)} would make {asked.parts:,} tensors", f"at most {MAX_PARTS:,}")
        if self.work > limits.work:
            allowed = f"at most {limits.work:,} elements computed in one expression"
            raise refuse(f"{code(self.what)} would be too much work", allowed)
        meanwhile = 2 * asked.elements + asked.scratch  # the result, and a copy of what has to change its dtype first
        if self._held() + ITEM * meanwhile > limits.bytes:
            allowed = f"at most {limits.bytes // 1_000_000} MB at a time"
            raise refuse(f"{code(self.what)} would need too much memory", allowed)

    def _held(self) -> int:
        """Bytes of everything that was made here and is still there."""
        there = [storage for ref in self.made.values() if (storage := ref()) is not None]
        self.made = {id(storage): weakref.ref(storage) for storage in there}
        return sum(storage.nbytes() for storage in there)
