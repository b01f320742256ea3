"""Muon: a matrix whose step stretches all directions about alike."""

import math

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation


def muon(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Muon` for a parameter of two dimensions.

    The Newton-Schulz rounds run in bfloat16, as in PyTorch: about three decimal digits.
    """
    lr, wd, b = (group[key] for key in ("lr", "weight_decay", "momentum"))
    old = state["momentum_buffer"] if state else torch.zeros_like(p)
    derivation = Derivation(p, g, {"lr": lr, "λ": wd, "b": b, "mₜ₋₁": old})
    m = derivation.define("mₜ", "mean gradient", "{b}·{mₜ₋₁} + (1 − {b})·{g}", old.lerp(g, 1 - b), "momentum_buffer")
    u = m
    if group["nesterov"]:
        u = derivation.define("u", "looking ahead", "(1 − {b})·{g} + {b}·{mₜ}", g.lerp(m, b))
    o = newton_schulz(u, group["ns_coefficients"], group["ns_steps"], group["eps"])[-1]
    derivation.define("O", "made orthogonal", f"Newton-Schulz, {group['ns_steps']} rounds", o)
    rows, columns = p.shape
    ratio = 0.2 * max(rows, columns) ** 0.5 if group["adjust_lr_fn"] == "match_rms_adamw" else 1.0
    if group["adjust_lr_fn"] in (None, "original"):
        ratio = math.sqrt(max(1, rows / columns))
    a = derivation.define("a", "lr for this shape", "lr times a factor of rows and columns", lr * ratio)
    step = torch.zeros_like(p).add(o, alpha=-a)
    derivation.term("gradient", "orthogonal step", "−{a}·{O}", step)
    if wd:
        derivation.term("decay", "weight decay", "−{lr}·{λ}·{p}", -lr * wd * p)
        return derivation.finish("−{a}·{O} − {lr}·{λ}·{p}", step - lr * wd * p, a, "lr for this shape")
    return derivation.finish("−{a}·{O}", step, a, "lr for this shape")


def newton_schulz(u: Tensor, coefficients: tuple[float, float, float], rounds: int, eps: float) -> list[Tensor]:
    """u divided by its norm, and after each round a·X + (b·A + c·A²)·X with A = X·Xᵀ; bfloat16, as torch.optim.Muon.

    Returns:
        rounds + 1 matrices of u's shape; the last one is what Muon steps along.
    """
    a, b, c = coefficients
    tall = u.size(0) > u.size(1)
    x = u.bfloat16()
    x = x.T if tall else x
    x = x / x.norm().clamp(min=eps)
    found = [x]
    for _ in range(rounds):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
        found.append(x)
    return [matrix.T if tall else matrix for matrix in found]
