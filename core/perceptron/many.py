"""A thousand random problems, all learned by one batched program."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.cache import cached
from core.perceptron.settings import ManySettings

N_PROBLEMS = 1_000
SMALLEST, LARGEST = 0.03, 0.6  # planted margins, as a share of the radius
KEPT = 0.7  # the batch is made smaller when fewer than this share of its problems still make mistakes
GRID = 2**20  # coordinates are whole multiples of 1 / GRID: sums are exact in any order, batched or not


@dataclass(frozen=True, eq=False)
class Many:
    """Mistakes of every problem.

    Attributes:
        gamma: shape (problems,); the margin of the direction that the problem was made with. R is at most 1.
        mistakes: shape (problems,); updates until every sample was right.
        radius: shape (problems,).
    """

    settings: ManySettings
    gamma: Tensor
    radius: Tensor
    mistakes: Tensor

    @property
    def bound(self) -> Tensor:
        """(R / gamma)^2 for each problem."""
        return (self.radius / self.gamma) ** 2


def make_problems(settings: ManySettings) -> tuple[Tensor, Tensor]:
    """Random separable problems without a bias.

    Each has a random direction u of length 1 and a margin g between SMALLEST and LARGEST. Its samples are uniform in
    the unit ball; the class is the side of u, and what is nearer to the plane than g is moved along u to that distance.

    Returns:
        yx: y x of every sample, shape (problems, n, d), float64; u: shape (problems, d).
    """
    generator = torch.Generator().manual_seed(settings.seed)
    p, n, d = N_PROBLEMS, settings.n_samples, settings.dimensions
    u = torch.nn.functional.normalize(torch.randn(p, d, generator=generator, dtype=torch.float64), dim=1)
    g = SMALLEST * (LARGEST / SMALLEST) ** torch.rand(p, 1, generator=generator, dtype=torch.float64)
    x = torch.nn.functional.normalize(torch.randn(p, n, d, generator=generator, dtype=torch.float64), dim=2)
    x = x * torch.rand(p, n, 1, generator=generator, dtype=torch.float64) ** (1 / d)
    side = torch.einsum("pnd,pd->pn", x, u)
    y = torch.where(side >= 0, 1.0, -1.0).to(torch.float64)
    x = x + (y * (g - side.abs()).clamp_min(0))[..., None] * u[:, None]
    x = x / x.norm(dim=2).amax(dim=1).clamp_min(1)[:, None, None]
    return (y[..., None] * x * GRID).round() / GRID, u


@cached
def run_many(settings: ManySettings) -> Many:
    """Learns every problem from zero weights, samples in a fixed order, until all are right.

    One round is one update of every problem that is not finished yet. The next wrong sample of a problem is the first
    one after the last, in the circle of its samples; finished problems leave the batch.
    """
    yx, u = make_problems(settings)
    gamma, radius = torch.einsum("pnd,pd->pn", yx, u).amin(dim=1), yx.norm(dim=2).amax(dim=1)
    return Many(settings, gamma, radius, mistakes_of(yx))


def mistakes_of(yx: Tensor) -> Tensor:
    """The mistakes of the rule on each problem; every problem must be separable.

    Args:
        yx: shape (problems, n, d).
    """
    n = yx.shape[1]
    count = torch.zeros(len(yx), dtype=torch.int64)
    active, left = torch.arange(len(yx)), yx
    w, after, places = torch.zeros_like(yx[:, 0]), torch.zeros(len(yx), dtype=torch.int64), torch.arange(n)
    while True:
        is_wrong = torch.bmm(left, w[:, :, None])[:, :, 0] <= 0
        distance = torch.where(is_wrong, (places - after[:, None]) % n, n).amin(dim=1)
        going = distance < n
        if not going.any():
            return count
        if going.sum() < KEPT * len(going):  # a smaller batch from now on; not each time, since it copies all samples
            active, left, w, after, distance, going = (t[going] for t in (active, left, w, after, distance, going))
        place = (after + distance) % n
        w = w + going[:, None] * left[torch.arange(len(active)), place]
        count[active] += going
        after = torch.where(going, (place + 1) % n, after)


def mistakes_one_by_one(yx: Tensor) -> Tensor:
    """The same by a loop over the problems, with the quick search of a single run: what the batch is measured by."""
    return torch.tensor([_mistakes_of_one(problem) for problem in yx])


def _mistakes_of_one(yx: Tensor) -> int:
    n, w, count, before = len(yx), torch.zeros_like(yx[0]), 0, -1
    while count > before:  # one pass
        before, at = count, 0
        while at < n:
            mistakes = (yx[at:] @ w <= 0).nonzero()
            if not len(mistakes):
                break
            first = at + int(mistakes[0])
            w, count, at = w + yx[first], count + 1, first + 1
    return count
