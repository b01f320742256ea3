"""What a hidden layer does to the plane: a grid of lines as it sees them, and where the sums of its neurons are 0."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.multilayer_perceptron.data import HALF, features
from core.multilayer_perceptron.maps import grid, layer_answers
from core.multilayer_perceptron.networks import parts
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run

LINES, POINTS = 11, 31  # lines of the grid in each direction, and points along each
SIDE = 25  # points along a side of the map of sums
PARTS = 40  # of a cell, by which a line is exact
LEVEL = -0.5  # between those whole numbers that stand for a negative sum and those for a positive one
CUT = 0.95  # share of the points on the right side of a cut that is said to part them
BETTER = 0.1  # by which a share is larger that is said to be better
FAR = 1e30  # beyond what single precision can draw


@dataclass(frozen=True, eq=False)
class Folded:
    """A hidden layer over the plane, at every recorded moment with numbers that can be drawn, m of them.

    Attributes:
        layer: its number, from 1. moments: which of the run's moments these are.
        directions: shape (neurons, 2): what of the layer's answers is drawn, as `drawn_directions` chooses it at the
            last of the moments. middle: shape (neurons,): the answers that are drawn at (0, 0).
        border: where the best straight cut of that moment is on the first direction; None where neurons are drawn.
        lines: the grid as the layer sees it, shape (m, 2, points, 2), first along x1, then along x2.
        samples: the training points as it sees them, shape (m, n_train, 2).
        sums: of each neuron over the plane, as `levels` makes them, shape (m, neurons, SIDE, SIDE), int8.
        answer: likewise of the network's own sum, shape (m, 1, SIDE, SIDE).
        cuts: how well a straight cut by least squares parts the training points (`straight_cut`): in the plane, then
            as each hidden layer sees them, shape (m, 1 + hidden layers).
    """

    layer: int
    moments: list[int]
    directions: Tensor
    middle: Tensor
    border: float | None
    lines: Tensor
    samples: Tensor
    sums: Tensor
    answer: Tensor
    cuts: Tensor

    def at(self, index: int) -> int:
        """The place, among these moments, of the last one that is not later than a moment of the run."""
        return max(place for place, moment in enumerate(self.moments) if moment <= index)


@cached
def folded(run: Run, layer: int) -> Folded:
    """One hidden layer of a run, 1 for the first after the inputs."""
    s, data = run.settings, run.data
    points, target = data.points[: data.n_train], data.target[: data.n_train]
    warped = layer_answers(s, run.weights, grid_lines().view(-1, 2))
    small = [(h.abs() < FAR).all(dim=(1, 2)) for h in warped]  # false for what is not a number
    moments = torch.stack(small).all(dim=0).nonzero()[:, 0].tolist()
    vectors = run.weights[moments]
    seen = layer_answers(s, vectors, points)[:-1]
    directions, middle, border = drawn_directions(seen[layer - 1][-1], target)
    samples = (seen[layer - 1] - middle) @ directions
    lines = ((warped[layer - 1][moments] - middle) @ directions).view(len(moments), 2, -1, 2)
    plane = torch.tensor(straight_cut(points, target, s.is_regression), dtype=torch.float64)
    cuts = [[straight_cut(h[i], target, s.is_regression) for h in seen] for i in range(len(moments))]
    return Folded(
        layer=layer,
        moments=moments,
        directions=directions,
        middle=middle,
        border=border,
        lines=lines.float(),
        samples=samples.float(),
        sums=levels(layer_sums(s, vectors, grid(SIDE), layer)),
        answer=levels(layer_answers(s, vectors, grid(SIDE))[-1].mT),
        cuts=torch.cat([plane.expand(len(moments), 1), torch.tensor(cuts, dtype=torch.float64)], dim=1),
    )


def grid_lines() -> Tensor:
    """A grid over the plane as two paths without a gap, shape (2, LINES * POINTS, 2).

    Each goes there along one line and back along the next, so that what joins two lines lies on the plane's edge.
    """
    along, across = torch.linspace(-HALF, HALF, POINTS), torch.linspace(-HALF, HALF, LINES)
    turned = torch.stack([along if i % 2 == 0 else along.flip(0) for i in range(LINES)])
    fixed = across[:, None].expand(-1, POINTS)
    paths = [torch.stack([turned, fixed], dim=-1), torch.stack([fixed, turned], dim=-1)]
    return torch.stack(paths).view(2, -1, 2).double()


def drawn_directions(answers: Tensor, target: Tensor) -> tuple[Tensor, Tensor, float | None]:
    """What is drawn of a layer's answers, the middle, and where the cut is. Shapes: (n, neurons), (n,) -> (neurons, 2).

    Of more than two neurons first the direction across the best straight cut, in which the two classes lie apart if
    they do in any, then the one along it in which the answers vary most, its largest part positive. Of one or two, and
    where there is no such cut, the first neurons themselves.
    """
    n, middle = answers.shape[1], answers.mean(dim=0)
    across = least_squares(answers, target)[:-1] if n > 2 else torch.zeros(n)
    if not across.norm() > 0:  # also where it is not a number
        return torch.eye(n, 2, dtype=answers.dtype), torch.zeros(n, dtype=answers.dtype), None
    first = across / across.norm()
    along = answers - middle - ((answers - middle) @ first)[:, None] * first
    second = torch.linalg.svd(along, full_matrices=False).Vh[0]
    second = second * second[second.abs().argmax()].sign()
    return torch.stack([first, second], dim=1), middle, (-target.mean() / across.norm()).item()


def layer_sums(settings: PlaygroundSettings, vectors: Tensor, points: Tensor, layer: int) -> Tensor:
    """Each neuron's sum before its activation. Shapes: (k, weights), (n, 2) -> (k, neurons, n)."""
    given = features(points, settings.features).expand(len(vectors), -1, -1)
    if layer > 1:
        given = layer_answers(settings, vectors, points)[layer - 2]
    weight, bias = parts(vectors, settings.sizes)[layer - 1]
    return torch.baddbmm(bias, given, weight.mT).mT


def levels(sums: Tensor) -> Tensor:
    """The distance of each cell from the line where a sum is 0, by its gradient there, in parts of a cell.

    Whole numbers, negative where the sum is, so that the line lies at LEVEL. A cell's own distance, and not the sum,
    so that a byte is exact where the line is, however steep. Shapes: (k, neurons, SIDE²) -> (k, neurons, SIDE, SIDE).
    """
    cells = sums.unflatten(2, (SIDE, SIDE))
    down, along = torch.gradient(cells, dim=(2, 3))
    distance = cells / torch.hypot(down, along).clamp(min=1e-300)
    return (PARTS * distance).clamp(-127, 126).floor().to(torch.int8)


def with_ones(answers: Tensor) -> Tensor:
    """The answers, and a 1 for the bias. Shapes: (n, neurons) -> (n, neurons + 1)."""
    return torch.cat([answers, torch.ones(len(answers), 1, dtype=answers.dtype)], dim=1)


def least_squares(answers: Tensor, target: Tensor) -> Tensor:
    """The weights of the sum that fits the target best, its bias last; NaN where there is none.

    Shapes: (n, neurons), (n,) -> (neurons + 1,).
    """
    X = with_ones(answers)
    try:
        return torch.linalg.lstsq(X, target[:, None], driver="gelsd").solution[:, 0]
    except torch.linalg.LinAlgError:  # numbers near the largest there are
        return torch.full((X.shape[1],), math.nan, dtype=X.dtype)


def straight_cut(answers: Tensor, target: Tensor, is_regression: bool = False) -> float:
    """How well one weighted sum of some answers and a bias, fitted by least squares, tells the targets.

    For classes the share of points on the right side; for a regression the share of the target's variance. NaN where
    there is no such sum. Shapes: (n, neurons), (n,).
    """
    fitted = with_ones(answers) @ least_squares(answers, target)
    if is_regression:
        return 1 - ((fitted - target).square().sum() / (target - target.mean()).square().sum()).item()
    return (fitted * target > 0).double().mean().item() if fitted.isfinite().all() else math.nan


def what_the_layer_does(found: Folded, is_regression: bool = False) -> str | None:
    """At the last moment: `parts` if one cut parts nearly all points, else whether it is `better` than in the plane.

    Or the `same`; None where there is no number, or for a regression.
    """
    plane, seen = found.cuts[-1, 0].item(), found.cuts[-1, found.layer].item()
    if plane != plane or seen != seen or is_regression:
        return None
    return "parts" if seen >= CUT else "better" if seen >= plane + BETTER else "same"
