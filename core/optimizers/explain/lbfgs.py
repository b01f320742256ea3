"""L-BFGS: several moves within a step, each along a direction that its memory of the last moves bends."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation

WORTH_KEEPING = 1e-10  # y·s above which a move enters the memory


def lbfgs(group: dict, state: dict, p: Tensor, g: Tensor, places: Tensor) -> Explanation:
    """`torch.optim.LBFGS`: how the first move of the step comes about, and all of its moves.

    Args:
        state: before the step, its lists stacked to tensors of shape (moves remembered, 2).
        places: where it was within the step, shape (moves + 1, 2), the first one p.
    """
    lr = group["lr"]
    derivation = Derivation(p, g, {"lr": lr})
    moves = places[1:] - places[:-1]
    if not len(moves):
        return derivation.finish("none: it is at rest", torch.zeros_like(p), torch.zeros_like(p), "length of the step")
    if not state.get("n_iter"):
        derivation.define("d", "direction of move 1", "−{g}", g.neg())
        derivation.symbols["G"] = g.abs().sum().item()
        derivation.define(
            "τ", "length factor, first move", "min(1, 1 / {G})·{lr}", min(1.0, 1.0 / derivation.symbols["G"]) * lr
        )
    else:
        _direction(derivation, group, state, g)
        derivation.define("τ", "length factor", "{lr}", lr)
    said = "found by the line search" if group["line_search_fn"] else "{τ}·{d}"
    derivation.define("Δ₁", "move 1", said, moves[0])
    derivation.term("move", "move 1", said, moves[0])
    for i, move in enumerate(moves[1:], 2):
        derivation.term("move", f"move {i}", "τ·d with the gradient there", move)
    step = moves.sum(dim=0)
    return derivation.finish("the sum of all moves", step, step.abs(), "length of the step")


def _direction(derivation: Derivation, group: dict, state: dict, g: Tensor) -> None:
    """The two-loop recursion: −g through the inverse curvature that the remembered moves s and gradient changes y give.

    Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4.
    """
    y = derivation.define("y", "change of the gradient", "g minus the gradient before", g.sub(state["prev_flat_grad"]))
    s = derivation.define("s", "move before", "τ·d of that move", state["d"].mul(state["t"]))
    ys = derivation.define("y·s", "curvature along it", "y·s", y.dot(s).item())
    ys_kept, scale = list(state["old_dirs"]), state["H_diag"]
    steps, rho = list(state["old_stps"]), list(state["ro"])
    if ys > WORTH_KEEPING:
        ys_kept, steps, rho = [*ys_kept, y], [*steps, s], [*rho, torch.tensor(1.0 / ys, dtype=g.dtype)]
        size = group["history_size"]
        ys_kept, steps, rho = ys_kept[-size:], steps[-size:], rho[-size:]
        scale = ys / y.dot(y)
    scale = float(scale)
    derivation.define("γ", "1 / curvature, first guess", "y·s / (y·y)", scale)
    q, shares = g.neg(), []
    for old, move, weight in zip(reversed(ys_kept), reversed(steps), reversed(rho), strict=True):
        share = move.dot(q) * weight
        q = q.add(old, alpha=-share.item())
        shares.insert(0, share)
    d = q.mul(scale)
    for old, move, weight, share in zip(ys_kept, steps, rho, shares, strict=True):
        d = d.add(move, alpha=(share - old.dot(d) * weight).item())
    derivation.define("d", "direction of move 1", f"−g, bent by {len(steps)} remembered moves", d)
