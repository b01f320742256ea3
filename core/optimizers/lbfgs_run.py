"""LBFGS with one learning rate, a slice at a time: it asks for many gradients in a step and cannot share them."""

from collections.abc import Callable

import torch
from torch import Tensor

from core.optim.hyperparameters import Hyperparameters
from core.plane.derivatives import value_and_gradient


class LbfgsRun:
    """A run of LBFGS with one learning rate, its losses kept at the frames.

    When it is at rest it is asked no more, since the answer would be the same.
    """

    def __init__(
        self, hparams: Hyperparameters, lr: float, start: Tensor, function: Callable, frame_steps: list[int]
    ) -> None:
        self.lr, self.function, self.frame_steps = lr, function, frame_steps
        self.x = start.clone().requires_grad_()
        self.optimizer = hparams.make([self.x], lr=lr)
        self.loss = torch.full((len(frame_steps),), torch.nan, dtype=torch.float64)
        self.step, self.taken, self.at_rest, self.finished = 0, 0, False, False

    def go_on(self, steps: int) -> None:
        """So many steps, or fewer to the end."""
        for _ in range(steps):
            point = self.x.detach()
            value, gradient = value_and_gradient(self.function, point[None])
            diverged = not bool(torch.isfinite(torch.cat([point, value, gradient[0]])).all())
            if not diverged and self.at_rest:  # all later frames are like this one
                self.loss[[frame >= self.step for frame in self.frame_steps]] = value[0]
            elif not diverged and self.step in self.frame_steps:
                self.loss[self.frame_steps.index(self.step)] = value[0]
            if diverged or self.at_rest or self.step == self.frame_steps[-1]:
                self.finished = True
                return
            self._step()
            self.step += 1

    def _step(self) -> None:
        taken, point = self.taken, self.x.detach().clone()
        self.optimizer.step(self._closure)
        # One gradient and no move: the next step would find the same gradient, the same memory and the same answer.
        self.at_rest = self.taken == taken + 1 and torch.equal(point, self.x.detach())

    def _closure(self) -> Tensor:
        self.optimizer.zero_grad()
        value = self.function(self.x[0], self.x[1])
        value.backward()
        self.taken += 1
        return value
