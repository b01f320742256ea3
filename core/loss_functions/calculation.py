"""One call of a loss module: what goes in, what torch returns, its gradient, and the same by hand."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor


@dataclass(frozen=True)
class Argument:
    """One tensor that the module is given.

    Attributes:
        name: its variable in the program.
        numbers: as typed, one entry a sample: a number, or a list of them.
        columns: what each number of a sample is called, as in the table.
        learned: whether it comes from a network, so that it gets a gradient.
        log: whether the module is given the logarithms of these numbers.
        whole: whether they are class numbers.
    """

    name: str
    numbers: list
    columns: tuple[str, ...]
    learned: bool = False
    log: bool = False
    whole: bool = False

    @property
    def code(self) -> str:
        """The line of the program that makes the tensor."""
        made = f"torch.tensor({self.numbers!r})"
        return f"{self.name} = {made}{'.log()' if self.log else ''}{'.requires_grad_()' if self.learned else ''}"

    def tensor(self) -> Tensor:
        """The tensor as the module gets it, shape (n,) or (n, columns)."""
        made = torch.tensor(self.numbers, dtype=torch.int64 if self.whole else torch.float32)
        made = made.log() if self.log else made
        return made.requires_grad_() if self.learned else made


@dataclass(frozen=True)
class Step:
    """One step of the arithmetic: what it is, its formula in words, and its value for every sample, shape (n,)."""

    name: str
    formula: str
    values: Tensor


@dataclass(frozen=True)
class Calculation:
    """A loss module called once.

    Attributes:
        name: the module's class in `torch.nn`.
        options: its keyword arguments other than the reduction.
        reduction: mean, sum, none or batchmean.
        arguments: what it is given, in order.
        steps: the arithmetic, the last step being every sample's loss.
        each: torch's loss of every sample (reduction none, added up over the columns), shape (n,).
        value: what torch returns, shape () or (n,), or (n, columns).
        gradients: autograd's derivative of the (summed) value by every learned number; column -> shape (n,).
        divisor: what the mean divides the sum of the samples' losses by.
        unit: of the loss.
    """

    name: str
    options: dict[str, object]
    reduction: str
    arguments: tuple[Argument, ...]
    steps: tuple[Step, ...]
    each: Tensor
    value: Tensor
    gradients: dict[str, Tensor]
    divisor: float
    unit: str

    @property
    def value_by_hand(self) -> Tensor:
        """The steps' last line, reduced."""
        each = self.steps[-1].values
        if self.reduction == "none":
            return each
        return each.sum() if self.reduction == "sum" else each.sum() / self.mean_divisor

    @property
    def mean_divisor(self) -> float:
        """What the chosen reduction divides by: batchmean always by the number of samples."""
        return float(len(self.each)) if self.reduction == "batchmean" else self.divisor

    @property
    def code(self) -> str:
        """The module as the program makes it."""
        options = [f"{name}={_code(value)}" for name, value in self.options.items()]
        return f"nn.{self.name}({', '.join([*options, f'reduction={self.reduction!r}'])})"


def _code(value: object) -> str:
    return f"torch.tensor({value!r})" if isinstance(value, list) else repr(value)


def calculate(
    name: str,
    options: dict[str, object],
    reduction: str,
    arguments: tuple[Argument, ...],
    steps: tuple[Step, ...],
    *,
    unit: str,
    divisor: float | None = None,
) -> Calculation:
    """Calls `torch.nn`'s module of that name, with autograd.

    Args:
        divisor: of the mean, if it is not the number of samples.

    Raises:
        ValueError: if the reduction is batchmean and the loss is not KLDivLoss.
    """
    if reduction == "batchmean" and name != "KLDivLoss":
        raise ValueError(f"{name} has no reduction batchmean; allowed: mean, sum, none.")
    tensors = [argument.tensor() for argument in arguments]
    real = {key: torch.tensor(value) if isinstance(value, list) else value for key, value in options.items()}
    value = getattr(nn, name)(**real, reduction=reduction)(*tensors)
    value.sum().backward()
    gradients = {}
    for argument, tensor in zip(arguments, tensors, strict=True):
        if argument.learned:
            columns = tensor.grad.reshape(len(tensor), -1).unbind(dim=1)
            gradients |= dict(zip(argument.columns, columns, strict=True))
    each = getattr(nn, name)(**real, reduction="none")(*tensors).detach()
    each = each.reshape(len(each), -1).sum(dim=1)
    return Calculation(
        name=name,
        options=options,
        reduction=reduction,
        arguments=arguments,
        steps=steps,
        each=each,
        value=value.detach(),
        gradients=gradients,
        divisor=float(len(each)) if divisor is None else divisor,
        unit=unit,
    )
