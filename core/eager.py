"""Optimizers without the compiler.

Each class of `torch.optim` imports `torch._dynamo`, the front end of `torch.compile`, when the first one is made: 700
modules, 72 MB and a second of start-up. From there it uses two functions, and outside of `torch.compile`, which nothing
here calls, both do nothing: `disable` returns the function it gets and `graph_break` returns. The module made here has
these two. Whoever asks it for anything else gets the real one, which then takes its place.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType

import torch

NAME = "torch._dynamo"


class EagerDynamo(ModuleType):
    """What `torch.optim` needs of `torch._dynamo` while nothing is compiled."""

    def __init__(self) -> None:
        super().__init__(NAME, __doc__)
        # A package, as the real one: its other modules can be imported by their own names.
        self.__path__ = importlib.util.find_spec(NAME).submodule_search_locations

    @staticmethod
    def disable(fn: Callable, recursive: bool = True, **_: object) -> Callable:
        """The function itself: there is no compiler to keep away from it."""
        return fn

    @staticmethod
    def graph_break() -> None:
        """There is no graph to break."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # Python's own questions about a module
            raise AttributeError(name)
        return getattr(_real(), name)


def _real() -> ModuleType:
    """The compiler's front end, imported now."""
    if isinstance(sys.modules.get(NAME), EagerDynamo):
        del sys.modules[NAME]
        torch._dynamo = importlib.import_module(NAME)
    return sys.modules[NAME]


def leave_the_compiler_out() -> None:
    """Puts the small module in place, unless the real one is there already."""
    if NAME not in sys.modules:
        sys.modules[NAME] = torch._dynamo = EagerDynamo()
