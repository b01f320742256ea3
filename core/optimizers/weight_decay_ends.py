"""Where the runs with weight decay have got to: a minimum of f + λ/2·|p|², the edge of AdamW's square, or neither."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.expression.typed_function import TypedFunction
from core.optimizers.basins import minima_of
from core.optimizers.weight_decay import Decayed
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians, value_and_gradient

NEAR = 1e-3  # of a place's distance from 0, or of 1: nearer is there
AT_EDGE = 0.05  # of 1/λ
STAYS = 0.03  # a distance that changes by less than this share in a tenth of the run stays


@dataclass(frozen=True)
class AdamWEnd:
    """Where AdamW is after its last step.

    Attributes:
        edge: the coordinates that are held at |x| or |y| = 1/λ while f still falls outwards: "", "x", "y" or "xy".
        goal: the minimum of f next to it. distance: to that. recently: its median over the last tenth of the run.
        before: over the tenth before. tenth: how many steps that is. farthest: the largest distance of the run.
    """

    edge: str
    goal: CriticalPoint
    distance: float
    recently: float
    before: float
    tenth: int
    farthest: float

    @property
    def arrived(self) -> bool:
        """Whether it is at the minimum."""
        return self.distance < NEAR * max(abs(self.goal.x), abs(self.goal.y), 1.0)

    @property
    def trend(self) -> int:
        """-1 if it has come nearer in the last tenth of the run, 1 if it has gone away, 0 if it stays."""
        change = self.recently - self.before
        return 0 if abs(change) < STAYS * self.before else -1 if change < 0 else 1


def at_minimum(function: TypedFunction, p: Tensor, weight_decay: float) -> bool:
    """Whether f + λ/2·|p|² has a minimum at p, shape (2,): it bends up there and Newton's step is short."""
    slope = value_and_gradient(function, p[None])[1][0] + weight_decay * p
    curvature = hessians(function, p[None])[0] + weight_decay * torch.eye(2, dtype=p.dtype)
    if (
        not (torch.isfinite(slope).all() and torch.isfinite(curvature).all())
        or torch.linalg.eigvalsh(curvature)[0] <= 0
    ):
        return False
    return bool(torch.linalg.solve(curvature, slope).norm() < NEAR * max(p.norm().item(), 1.0))


def adamw_end(found: Decayed) -> AdamWEnd:
    """The state of AdamW, whose run must not be lost, on a surface that has a minimum."""
    path, slope = found.paths[2], found.gradients[2]
    p = path[-1]
    goal = min(minima_of(found.surface), key=lambda point: (point.x - p[0]) ** 2 + (point.y - p[1]) ** 2)
    far = (path - torch.tensor([goal.x, goal.y], dtype=path.dtype)).norm(dim=1)
    tenth = max(1, (len(far) - 1) // 10)
    before = far[-2 * tenth : -tenth] if len(far) > tenth else far
    edge = ""
    if found.weight_decay:
        held = ((p * found.weight_decay).abs() - 1).abs() < AT_EDGE
        edge = "".join(name for name, there, s, q in zip("xy", held, slope, p, strict=True) if there and s * q < 0)
    recently = far[-tenth:].median().item()
    return AdamWEnd(edge, goal, far[-1].item(), recently, before.median().item(), tenth, far.max().item())
