"""What is inside a model: one pass through the real layers, watched by forward hooks."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.cache import cached
from core.neural_networks.explain import Mismatch, explain
from core.neural_networks.layers import Layer
from core.neural_networks.model import Model, fresh
from core.neural_networks.settings import ModelSettings
from core.neural_networks.sizes import Shape

BYTES = 4  # of a float32


@dataclass(frozen=True)
class Step:
    """One layer as the hooks saw it.

    Attributes:
        name: in the class. parameters: name -> shape.
        given, returned: shapes of its input and output; None where it was not reached or failed.
        products: multiplications of a weight and an input in this pass.
    """

    name: str
    layer: Layer
    parameters: dict[str, Shape]
    given: Shape | None
    returned: Shape | None
    products: int

    @property
    def count(self) -> int:
        """How many numbers it learns."""
        return sum(torch.Size(shape).numel() for shape in self.parameters.values())

    @property
    def flops(self) -> int:
        """Floating-point operations of Linear and Conv2d: a multiplication and an addition for each product."""
        return 2 * self.products


@dataclass(frozen=True, eq=False)
class Built:
    """A model and one pass through it in evaluation mode.

    Attributes:
        printed: what `print(model)` says. said: what `print(model(x))` says, or torch's error in its own words.
        mismatch: what the first layer that does not fit said, or None.
    """

    settings: ModelSettings
    steps: tuple[Step, ...]
    printed: str
    said: str
    mismatch: Mismatch | None

    @property
    def count(self) -> int:
        """How many numbers the model learns."""
        return sum(step.count for step in self.steps)

    @property
    def flops(self) -> int:
        """Of the layers that were reached."""
        return sum(step.flops for step in self.steps)


@cached
def build(settings: ModelSettings) -> Built:
    """Makes the model and calls it once with random numbers."""
    model, generator = fresh(settings)
    seen = watch(model.eval(), torch.rand(settings.input_shape, generator=generator))
    steps = tuple(
        Step(
            name=name,
            layer=layer,
            parameters={key: tuple(p.shape) for key, p in getattr(model, name).named_parameters()},
            given=tuple(seen.given[name].shape) if name in seen.given else None,
            returned=tuple(seen.returned[name].shape) if name in seen.returned else None,
            products=products(getattr(model, name), seen.returned.get(name)),
        )
        for name, layer in zip(model.names, settings.model, strict=True)
    )
    mismatch = None
    if seen.error:
        failed = len(seen.returned)
        mismatch = explain(settings, failed, model.names[failed], steps[failed].given, seen.error)
    said = f"{type(seen.error).__name__}: {seen.error}" if seen.error else str(seen.output)
    return Built(settings, steps, str(model), said, mismatch)


@dataclass
class Seen:
    """What the hooks of one pass saw, by the names of the layers; output or error of the model itself."""

    given: dict[str, Tensor]
    returned: dict[str, Tensor]
    output: Tensor | None = None
    error: Exception | None = None


def watch(model: Model, x: Tensor) -> Seen:
    """Calls the model with a hook before and after each layer; torch's own errors are caught."""
    seen, hooks = Seen({}, {}), []
    for name in model.names:
        layer = getattr(model, name)
        hooks.append(layer.register_forward_pre_hook(lambda _, given, name=name: seen.given.update({name: given[0]})))
        hooks.append(layer.register_forward_hook(lambda _, __, y, name=name: seen.returned.update({name: y})))
    try:
        seen.output = model(x)
    except (RuntimeError, ValueError, IndexError) as error:
        seen.error = error.with_traceback(None)
    for hook in hooks:
        hook.remove()
    return seen


def products(layer: nn.Module, returned: Tensor | None) -> int:
    """Each number that Linear or Conv2d hands on is a sum of so many products: the inputs of one unit."""
    if returned is None or not isinstance(layer, nn.Linear | nn.Conv2d):
        return 0
    return returned.numel() * layer.weight[0].numel()


def largest(built: Built) -> list[str]:
    """The names of the layers that hold the most parameters; none where the model has no parameter."""
    most = max(step.count for step in built.steps)
    return [step.name for step in built.steps if step.count == most] if most else []
