"""Adafactor on a vector: the step is measured by the size of the weights."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation


def adafactor(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adafactor` for a parameter with one dimension; a matrix would keep rows and columns only.

    lr counts at most 1/√t; the first mean square is the first square itself.
    """
    lr, power, d, wd, (eps1, eps2) = (group[key] for key in ("lr", "beta2_decay", "d", "weight_decay", "eps"))
    eps1 = torch.finfo(p.dtype).eps if eps1 is None else eps1
    t = state["step"].item() + 1 if state else 1.0
    old = state["variance"] if state else torch.zeros_like(p)
    given = {"lr": lr, "κ": power, "d": d, "ε₁": eps1, "ε₂": eps2, "t": t, "vₜ₋₁": old, "n": float(p.numel())}
    derivation = Derivation(p, g, given)
    new = derivation.define("w", "share of the new square", "{t}^{κ}", t**power)
    rho = derivation.define("ρ", "lr of this step", "min({lr}, 1 / √({t}))", min(lr, 1 / t**0.5))
    size = derivation.define("R", "size of the weights", "‖p‖ / √n", p.norm(2).item() / p.numel() ** 0.5)
    alpha = derivation.define("α", "size of the step", "max({ε₂}, {R})·{ρ}", max(eps2, size) * rho)
    v = derivation.define("vₜ", "mean square", "(1 − {w})·{vₜ₋₁} + {w}·{g}²", old.lerp(g * g, new), "variance")
    scale = v.clamp(min=eps1 * eps1).rsqrt()
    u = derivation.define("u", "gradient by its size", "{g} / √(max({vₜ}, {ε₁}²))", scale * g)
    c = max(1.0, u.norm(2).item() / (u.numel() ** 0.5 * d))
    derivation.define("c", "limit, 1 if u is small enough", "max(1, ‖u‖ / (√n·d))", c)
    derivation.term("gradient", "this gradient, not limited", "−{α}·{u}", -alpha * u)
    derivation.term("limit", "taken back by the limit d", "{α}·{u}·(1 − 1 / {c})", alpha * u * (1 - 1 / c))
    formula, step = "−{α}·{u} / {c}", -alpha / c * u
    if wd:
        derivation.symbols["λ"] = wd
        derivation.term("decay", "weight decay", "−{lr}·{λ}·{p}", -lr * wd * p)
        formula, step = formula + " − {lr}·{λ}·{p}", step - lr * wd * p
    return derivation.finish(formula, step, alpha / c * scale, "α / (c·√v)")
