"""NAdam, which looks ahead, and RAdam, which waits until its mean square can be trusted."""

import torch
from torch import Tensor

from core.optimizers.explain.adam import begin, decoupled, finish, means, of_means
from core.optimizers.explain.derivation import Explanation

TRUSTED = 5.0  # ρₜ above which RAdam divides


def nadam(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.NAdam`: the gradient counts once by itself and once within the mean, with growing momentum μ.

    PyTorch keeps the product of all μ in single precision.
    """
    derivation, t, old = begin(group, state, p, g)
    (beta1, beta2), lr, psi = group["betas"], group["lr"], group["momentum_decay"]
    wd = decoupled(derivation, group)
    name, d = derivation.with_decay(wd)
    derivation.symbols["ψ"] = psi
    mu = beta1 * (1.0 - 0.5 * (0.96 ** (t * psi)))
    mu_next = beta1 * (1.0 - 0.5 * (0.96 ** ((t + 1) * psi)))
    derivation.define("μₜ", "momentum now", "{β₁}·(1 − 0.5·0.96^({t}·{ψ}))", mu)
    derivation.define("μₜ₊₁", "momentum next", "{β₁}·(1 − 0.5·0.96^(({t} + 1)·{ψ}))", mu_next)
    before = state["mu_product"] if state else torch.ones(())
    derivation.symbols["Πₜ₋₁"] = before.item()
    product = derivation.define("Πₜ", "product of all μ", "{Πₜ₋₁}·{μₜ}", (before * mu).item(), "mu_product")
    m, v = means(derivation, state, name, d)
    c2 = derivation.define("c₂", "bias correction of v", "1 − {β₂}^{t}", 1 - beta2**t)
    below = derivation.define("D", "divisor", "√({vₜ} / {c₂}) + {ε}", v.div(c2).sqrt().add(group["eps"]))
    alone = derivation.define("w_g", "weight of this gradient", "(1 − {μₜ}) / (1 − {Πₜ})", (1 - mu) / (1 - product))
    within = derivation.define(
        "w_m", "weight of the mean", "{μₜ₊₁} / (1 − {Πₜ}·{μₜ₊₁})", mu_next / (1 - product * mu_next)
    )
    rate = lr / below
    derivation.term("kept", "mean kept", "−{lr}·{w_m}·{β₁}·{mₜ₋₁} / {D}", -rate * within * beta1 * old)
    derivation.shares("−{lr}·({w_g} + {w_m}·(1 − {β₁}))·", " / {D}", -rate * (alone + within * (1 - beta1)), wd)
    formula = f"−{{lr}}·({{w_g}}·{{{name}}} + {{w_m}}·{{mₜ}}) / {{D}}"
    return finish(derivation, formula, -rate * (alone * d + within * m), rate, "lr / (√v̂ + ε)")


def radam(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.RAdam`: the corrected mean alone while ρₜ ≤ 5, then Adam's step times the rectification r."""
    derivation, t, _ = begin(group, state, p, g)
    (beta1, beta2), lr = group["betas"], group["lr"]
    wd = decoupled(derivation, group)
    name, d = derivation.with_decay(wd)
    m, v = means(derivation, state, name, d)
    c1 = derivation.define("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    c2 = derivation.define("c₂", "bias correction of v", "1 − {β₂}^{t}", 1 - beta2**t)
    mean = derivation.define("m̂", "mean gradient, corrected", "{mₜ} / {c₁}", m / c1)
    longest = derivation.define("ρ∞", "most gradients that v can hold", "2 / (1 − {β₂}) − 1", 2 / (1 - beta2) - 1)
    rho = longest - 2 * t * (beta2**t) / c2
    derivation.define("ρₜ", "gradients that v holds", "{ρ∞} − 2·{t}·{β₂}^{t} / {c₂}", rho)
    if rho <= TRUSTED:
        of_means(derivation, "−{lr}·", " / {c₁}", torch.full_like(p, lr / c1), wd)
        return finish(derivation, "−{lr}·{m̂}", -lr * mean, torch.full_like(p, lr), "lr")
    r = ((rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho)) ** 0.5
    derivation.define("r", "rectification", "√(({ρₜ} − 4)·({ρₜ} − 2)·{ρ∞} / (({ρ∞} − 4)·({ρ∞} − 2)·{ρₜ}))", r)
    below = derivation.define("D", "divisor", "(√({vₜ}) + {ε}) / √({c₂})", v.sqrt().add(group["eps"]) / c2**0.5)
    rate = lr * r / below
    of_means(derivation, "−{lr}·{r}·", " / ({c₁}·{D})", rate / c1, wd)
    return finish(derivation, "−{lr}·{r}·{m̂} / {D}", -rate * mean, rate, "lr·r / (√v̂ + ε)")
