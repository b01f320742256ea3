"""What a typed expression may name, and how large anything may become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class Limits:
    """How large anything may become on the way.

    Attributes:
        elements: of one tensor. dims: of one tensor. work: elements computed in the whole expression.
        bytes: of all tensors that are there at the same time.
    """

    elements: int = 10_000
    dims: int = 6
    work: int = 3_000_000
    bytes: int = 100_000_000


@dataclass(frozen=True)
class Function:
    """A function that may be called.

    Attributes:
        call: what it does. takes_text: whether an argument may be text.
    """

    call: Callable[..., object]
    takes_text: bool = False


@dataclass(frozen=True)
class Language:
    """Everything that may be named. Functions and constants go by their whole dotted name."""

    functions: Mapping[str, Function] = field(default_factory=dict)
    methods: Mapping[str, Function] = field(default_factory=dict)
    attributes: Mapping[str, Callable[[Tensor], object]] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    keywords: frozenset[str] = frozenset()
    limits: Limits = Limits()
