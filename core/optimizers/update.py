"""One optimizer's run with everything that it keeps, so that each of its steps can be explained."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.expression.typed_function import TypedFunction
from core.finite import not_finite
from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.explain.classes import explain
from core.optimizers.explain.derivation import Explanation
from core.optimizers.explain.lbfgs import lbfgs
from core.optimizers.outcome import Outcome, outcome
from core.optimizers.race import Run, Runner
from core.optimizers.settings import SurfaceSettings
from core.plane.derivatives import value_and_gradient
from core.plane.surfaces import box_of, function_of, points_of

MOST_MOVES = 4_000  # of L-BFGS in a run: a second and a half
TELLING = 4  # the step, counted from 0, at which what is kept and the gradient are well apart
SCRATCH = ("al",)  # in optimizer.state, but made anew each time


@dataclass(frozen=True, eq=False)
class StepTrace:
    """A run whose every step can be explained.

    Attributes:
        path: the places before each step and at the end, shape (steps done + 1, 2), float64. loss, gradient: there.
        states: what the optimizer kept for the parameter at each of these places; lists of tensors are stacked.
        within: the places of each step's moves, one more than moves; before and after it for all but LBFGS.
        terms: the parts of each step, shape (parts, 2). rates: `Explanation.rate` of each step, shape (steps done, 2).
        names: kind and name of each part; for LBFGS all parts are moves.
        rate_formula: of the last step.
        gradients_taken: within each step.
        diverged_at, lost: the step after which a number is not finite, and which; None and "" if all are.
    """

    surface: SurfaceSettings
    function: TypedFunction
    hparams: Hyperparameters
    group: dict[str, object]
    path: Tensor
    loss: Tensor
    gradient: Tensor
    states: tuple[dict[str, object], ...]
    within: tuple[Tensor, ...]
    terms: tuple[Tensor, ...]
    rates: Tensor
    names: tuple[tuple[str, str], ...]
    rate_formula: str
    gradients_taken: tuple[int, ...]
    diverged_at: int | None
    diverged: str

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.path) - 1

    @property
    def raced(self) -> Run:
        """The same run as the race has it."""
        taken = torch.tensor([0, *self.gradients_taken]).cumsum(0)
        return Run(self.hparams, self.path, self.loss, self.gradient, taken, self.diverged_at, self.diverged)

    @property
    def optimizer(self) -> str:
        """The class's name in `torch.optim`."""
        return OPTIMIZERS[self.hparams.name].torch_name


def most_steps(hparams: Hyperparameters) -> int:
    """As many steps as are quick enough: L-BFGS makes up to max_iter moves in each."""
    return MOST_MOVES // hparams.keywords.get("max_iter", 1)


@cached
def step_trace(surface: SurfaceSettings, hparams: Hyperparameters, steps: int) -> StepTrace:
    """Runs the real class until the last step or until a number is no longer finite.

    Raises:
        ExpressionError: if the typed function has no value.
    """
    function = function_of(surface.surface, surface.text)
    runner = _Looking(hparams, torch.tensor([surface.x, surface.y], dtype=torch.float64), function)
    path, loss, gradient, states, within, taken = [], [], [], [], [], []
    for step in range(steps + 1):
        place = runner.point.detach().clone()
        value, slope = (found[0] for found in value_and_gradient(function, place[None]))
        path.append(place), loss.append(value), gradient.append(slope), states.append(snapshot(runner))
        lost = not_finite(place, value, slope)
        if lost or step == steps:
            break
        before = runner.taken
        within.append(runner.look(slope))
        taken.append(runner.taken - before)
    group = runner.optimizer.param_groups[0]
    optimizer = OPTIMIZERS[hparams.name].torch_name
    found = [
        _explained(optimizer, group, state, p, g, places)
        for state, p, g, places in zip(states, path, gradient, within, strict=False)
    ]
    last = found[-1] if found else None
    rates = [torch.as_tensor(one.rate, dtype=torch.float64).expand(2) for one in found]
    return StepTrace(
        surface,
        function,
        hparams,
        {key: value for key, value in group.items() if key != "params"},
        torch.stack(path),
        torch.stack(loss),
        torch.stack(gradient),
        tuple(states),
        tuple(within),
        tuple(torch.stack([t.value for t in one.terms]) if one.terms else torch.zeros(0, 2) for one in found),
        torch.stack(rates) if rates else torch.zeros(0, 2),
        tuple((term.kind, term.name) for term in last.terms) if last else (),
        last.rate_formula if last else "",
        tuple(taken),
        len(path) - 1 if lost else None,
        lost,
    )


@cached
def outcome(run: StepTrace) -> Outcome:
    """What became of the run at its end, as the race judges it."""
    surface, text = run.surface.surface, run.surface.text
    x_low, x_high, y_low, y_high = box_of(surface, text)
    width = max(x_high - x_low, y_high - y_low)
    return outcome(run.raced, run.steps, run.function, points_of(surface, text), width)


def opening(run: StepTrace) -> int:
    """The step to explain first: an early one, or the one at which a run that is lost went wrong."""
    last, reason = max(run.steps - 1, 0), outcome(run).reason
    if reason is None or reason.kind not in ("limit", "undivided"):
        return min(TELLING, max(last - 1, 0) if run.diverged_at is not None else last)
    return min(max(reason.step, 1), max(last - 1, 0))


def explained(run: StepTrace, step: int) -> Explanation:
    """The calculation of the step that begins at `run.path[step]`."""
    place, slope = run.path[step], run.gradient[step]
    return _explained(run.optimizer, run.group, run.states[step], place, slope, run.within[step])


def _explained(optimizer: str, group: dict, state: dict, p: Tensor, g: Tensor, places: Tensor) -> Explanation:
    if optimizer == "LBFGS":
        return lbfgs(group, state, p, g, places)
    return explain(optimizer, group, state, p, g)


def snapshot(runner: Runner) -> dict[str, object]:
    """A copy of what the optimizer keeps; empty before the first step, lists of tensors stacked."""
    state = runner.optimizer.state.get(runner.point, {})
    return {key: _copy(value) for key, value in state.items() if key not in SCRATCH and value is not None}


def _copy(value: object) -> object:
    if isinstance(value, list):
        return torch.stack(value) if value else torch.zeros(0, 2, dtype=torch.float64)
    return value.detach().clone() if isinstance(value, Tensor) else value


class _Looking(Runner):
    """A runner that says where the parameter was within each step.

    L-BFGS without a line search asks for a gradient after each move but the last. With one it asks at trial places;
    then a second optimizer of the same class goes along that makes one move a step.
    """

    def __init__(self, hparams: Hyperparameters, start: Tensor, function: TypedFunction) -> None:
        super().__init__(hparams, start, function)
        self.asked_at: list[Tensor] = []
        searches = self.needs_closure and self.optimizer.param_groups[0]["line_search_fn"] is not None
        self.along = Runner(hparams, start, function) if searches else None

    def look(self, gradient: Tensor) -> Tensor:
        """One step; the places before it and after each of its moves."""
        before = self.point.detach().clone()
        self.asked_at, done = [], self._moves()
        self.step(gradient)
        places = [before, *(self._one_by_one(self._moves() - done) if self.along else self.asked_at[1:])]
        end = self.point.detach().clone()
        still = self.needs_closure and torch.equal(places[-1], end)
        return torch.stack(places if still else [*places, end])

    def _closure(self) -> Tensor:
        self.asked_at.append(self.point.detach().clone())
        return super()._closure()

    def _moves(self) -> int:
        return self.optimizer.state[self.point].get("n_iter", 0) if self.needs_closure else 0

    def _one_by_one(self, moves: int) -> list[Tensor]:
        """The places after each move of the step just done."""
        along, places = self.along, []
        group = along.optimizer.param_groups[0]
        left = self.optimizer.param_groups[0]["max_eval"]  # gradients that the line searches may still take
        for _ in range(moves):
            before = along.taken
            group["max_iter"], group["max_eval"] = 1, left
            along.step(torch.zeros(2))
            left -= along.taken - before - 1
            places.append(along.point.detach().clone())
        return places
