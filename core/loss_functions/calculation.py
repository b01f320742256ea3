"""One call of a loss module: what goes in, what torch returns, its gradient, and the same arithmetic by hand.

The calculators of three views differ only in their tables of `Loss`; `calculate` is all that they do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from inspect import signature

import torch
import torch.nn as nn
from torch import Tensor

from core.loss_functions.settings import MAX_ROWS
from core.number_rows import Column, Row, read_rows
from core.quote import quote
from core.settings import Settings

WEIGHT = "weight"  # the step, if there is one, by whose sum the mean divides


@dataclass(frozen=True)
class Argument:
    """One tensor that a loss module is given.

    Attributes:
        name: its variable in the program.
        columns: of the table, that hold it: one makes a tensor of shape (n,), several (n, columns).
        learned: whether a network gives it, so that it gets a gradient.
        log: whether the module is given the logarithms of these numbers.
        index: whether they are class numbers.
    """

    name: str
    columns: tuple[Column, ...]
    learned: bool = False
    log: bool = False
    index: bool = False

    def tensor(self, numbers: list, dtype: torch.dtype) -> Tensor:
        """The numbers as they were typed."""
        return torch.tensor(numbers, dtype=torch.int64 if self.index else dtype)

    def code(self, numbers: list) -> str:
        """The line of the program that makes what the module is given."""
        log, leaf = ".log()" if self.log else "", ".requires_grad_()" if self.learned else ""
        return f"{self.name} = torch.tensor({numbers!r}){log}{leaf}"


@dataclass(frozen=True)
class Step:
    """One step of the arithmetic: its formula in words, and its value for every sample, shape (n,) or (n, columns)."""

    name: str
    formula: str
    values: Tensor


@dataclass(frozen=True)
class Loss:
    """A module of `torch.nn` as a calculator knows it.

    Attributes:
        arguments: what the module is given, in order; their columns side by side are those of the table.
        steps: from the typed numbers (a float64 tensor an argument) and the settings to the arithmetic, which ends
            with the loss of every sample. Raises ValueError where the module would refuse the numbers.
        unit: of the loss.
        table: the field of the settings that holds the table.
        options: the module's keyword arguments -> the fields of the settings that hold them.
        temperature: what the first argument is divided by before the call.
        reduction: the field of the settings that holds the reduction.
    """

    arguments: tuple[Argument, ...]
    steps: Callable[..., tuple[Step, ...]]
    unit: str
    table: str = "table"
    options: dict[str, str] = field(default_factory=dict)
    temperature: float = 1.0
    reduction: str = "reduction"

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for argument in self.arguments for column in argument.columns)


@dataclass(frozen=True)
class Calculation:
    """A loss module called once, with autograd.

    Attributes:
        name: the module's class in `torch.nn`.
        options: its keyword arguments other than the reduction; a list stands for a tensor.
        numbers: for each argument what was typed, one entry a sample: a number, or a list of them.
        each: torch's loss of every sample (reduction none, added up over the columns), shape (n,).
        value: what torch returns, shape (), (n,) or (n, columns).
        gradients: autograd's derivative of the (summed) value by every learned number; its name -> shape (n,).
        divisor: what the sum of the samples' losses is divided by; 1 where the reduction does not divide.
    """

    name: str
    loss: Loss
    settings: Settings
    options: dict[str, object]
    numbers: tuple[list, ...]
    steps: tuple[Step, ...]
    each: Tensor
    value: Tensor
    gradients: dict[str, Tensor]
    divisor: float

    @property
    def reduction(self) -> str:
        """How the losses of the samples become one value."""
        return getattr(self.settings, self.loss.reduction)

    @property
    def value_by_hand(self) -> Tensor:
        """The last step, reduced, in float64; NaN, as torch says, where the mean divides by 0."""
        each = self.steps[-1].values
        return each if self.reduction == "none" else each.sum() / (self.divisor or float("nan"))

    @property
    def code(self) -> str:
        """The module as the program makes it: what differs from torch's defaults."""
        usual, options = (
            signature(getattr(nn, self.name)).parameters,
            self.options | {"reduction": self.reduction},
        )
        options = [(k, v) for k, v in options.items() if v != usual[k].default]
        made = [f"{k}=torch.tensor({v!r})" if isinstance(v, list) else f"{k}={v!r}" for k, v in options]
        return f"nn.{self.name}({', '.join(made)})"

    def slopes(self, row: int) -> Tensor:
        """The gradient by every learned number of a sample, shape (columns,)."""
        return torch.stack([slopes[row] for slopes in self.gradients.values()])

    def step(self, name: str) -> Tensor:
        """The values of the step of that name."""
        return next(step.values for step in self.steps if step.name == name)


def refuse(bad: Tensor, what: Callable[[int], str], allowed: str) -> None:
    """Raises ValueError for the first row that is bad, shape (n,)."""
    for row in bad.nonzero().flatten().tolist():
        raise ValueError(f"Row {row + 1} {what(row)}; allowed: {allowed}")


def calculate_chosen(losses: dict[str, Loss], settings: Settings) -> Calculation:
    """The loss that the settings name, on its table; raises ValueError as `read_rows` and `calculate` do."""
    loss = losses[settings.loss]
    return calculate(settings.loss, loss, read_rows(getattr(settings, loss.table), loss.columns, MAX_ROWS), settings)


def calculate(name: str, loss: Loss, rows: Sequence[Row], settings: Settings) -> Calculation:
    """Calls `torch.nn`'s module of that name on rows of the loss's table.

    Raises:
        ValueError: if the loss does not take these numbers.
    """
    reduction, columns = getattr(settings, loss.reduction), list(zip(*rows, strict=True))
    numbers, typed, tensors = [], [], []
    for argument in loss.arguments:
        own = [columns.pop(0) for _ in argument.columns]
        numbers.append(list(own[0]) if len(own) == 1 else list(map(list, zip(*own, strict=True))))
        typed.append(argument.tensor(numbers[-1], torch.float64))
        tensor = argument.tensor(numbers[-1], torch.float32)
        tensors.append((tensor.log() if argument.log else tensor).requires_grad_(argument.learned))
    steps = loss.steps(*typed, settings)
    options = {key: getattr(settings, own) for key, own in loss.options.items()}
    if "weight" in options:
        options["weight"] = read_weights(options["weight"], len(loss.arguments[0].columns))
    if "pos_weight" in options:
        options["pos_weight"] = [options["pos_weight"]]
    given = [tensors[0] / loss.temperature, *tensors[1:]]
    value = _module(name, options, reduction)(*given)
    value.sum().backward()
    each = _module(name, options, "none")(*given).detach()
    weights = [step.values.sum().item() for step in steps if step.name == WEIGHT]
    return Calculation(
        name=name,
        loss=loss,
        settings=settings,
        options=options,
        numbers=tuple(numbers),
        steps=steps,
        each=each.reshape(len(rows), -1).sum(dim=1),
        value=value.detach(),
        gradients={
            f"{'log ' if argument.log else ''}{column.name}": slopes
            for argument, tensor in zip(loss.arguments, tensors, strict=True)
            if argument.learned
            for column, slopes in zip(argument.columns, tensor.grad.reshape(len(rows), -1).T, strict=True)
        },
        divisor=float({"mean": [*weights, each.numel()][0], "batchmean": len(rows)}.get(reduction, 1)),
    )


def _module(name: str, options: dict[str, object], reduction: str) -> nn.Module:
    real = {key: torch.tensor(value) if isinstance(value, list) else value for key, value in options.items()}
    return getattr(nn, name)(**real, reduction=reduction)


def float32_agrees(found: Calculation, digits: int) -> bool:
    """Whether torch's value in float32, written with so many digits, is the one by hand in float64."""
    pairs = zip(found.value.flatten().tolist(), found.value_by_hand.flatten().tolist(), strict=False)
    return found.value.dim() < 2 and all(f"{a:.{digits}g}" == f"{b:.{digits}g}" for a, b in pairs)


def problem(found: Calculation) -> str:
    """Why torch's value is not a number: "divides by 0" (a mean whose weights add up to 0) or "overflow"; else ""."""
    if found.divisor == 0:
        return "divides by 0"
    return "" if torch.isfinite(found.value).all() else "overflow"


def read_weights(text: str, classes: int) -> list[float] | None:
    """Class weights from a text such as `1,2,0.5`; None where it is empty.

    Raises:
        ValueError: if there is not one number within bounds for each class.
    """
    if not text.strip():
        return None
    try:
        (weights,) = read_rows(text, (Column("weight", 0, 100),) * classes, most=1)
        return list(map(float, weights))
    except ValueError:
        allowed = f"{classes} numbers from 0 to 100, with commas between them, or nothing."
        raise ValueError(f"The class weights say {quote(text)}; allowed: {allowed}") from None


def class_weights(text: str, classes: int) -> Tensor:
    """The weight of every class, 1 where none are given, float64, shape (classes,)."""
    return torch.tensor(read_weights(text, classes) or [1.0] * classes, dtype=torch.float64)
