"""Adam, AdamW, SparseAdam and Adamax: a mean of gradients over a measure of their size."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation

MEAN = "{β₁}·{mₜ₋₁} + (1 − {β₁})·"
SQUARE = "{β₂}·{vₜ₋₁} + (1 − {β₂})·"


def begin(group: dict, state: dict, p: Tensor, g: Tensor) -> tuple[Derivation, float, Tensor]:
    """The derivation with everything that Adam and its kin begin with, the number of the step, and the mean kept."""
    beta1, beta2 = group["betas"]
    t = float(state["step"]) + 1 if state else 1.0
    old = state["exp_avg"] if state else torch.zeros_like(p)
    given = {"lr": group["lr"], "β₁": beta1, "β₂": beta2, "ε": group["eps"], "t": t}
    derivation = Derivation(p, g, given)
    derivation.define("mₜ₋₁", "mean gradient kept", "from the step before", old)
    return derivation, t, old


def means(derivation: Derivation, state: dict, name: str, d: Tensor) -> tuple[Tensor, Tensor]:
    """Writes the running means of gradients and of squares."""
    old, beta1, beta2 = derivation.symbols["mₜ₋₁"], derivation.symbols["β₁"], derivation.symbols["β₂"]
    squares = derivation.symbols["vₜ₋₁"] = state["exp_avg_sq"] if state else torch.zeros_like(d)
    m = derivation.define("mₜ", "mean gradient", f"{MEAN}{{{name}}}", old.lerp(d, 1 - beta1), "exp_avg")
    v = squares.mul(beta2).addcmul(d, d, value=1 - beta2)
    return m, derivation.define("vₜ", "mean square", f"{SQUARE}{{{name}}}²", v, "exp_avg_sq")


def decoupled(derivation: Derivation, group: dict) -> float:
    """Writes a weight decay that acts beside the step; returns the one that acts through the gradient."""
    wd = group.get("weight_decay", 0)
    if not wd or not group.get("decoupled_weight_decay"):
        return wd
    derivation.symbols["λ"] = wd
    derivation.term("decay", "weight decay", "−{lr}·{λ}·{p}", -group["lr"] * wd * derivation.symbols["p"])
    return 0


def of_means(derivation: Derivation, before: str, after: str, factor: Tensor, wd: float) -> None:
    """Writes the parts of −factor·m: what was kept and what this gradient brings."""
    beta1, old = derivation.symbols["β₁"], derivation.symbols["mₜ₋₁"]
    derivation.term("kept", "mean kept", f"{before}{{β₁}}·{{mₜ₋₁}}{after}", -factor * beta1 * old)
    derivation.shares(f"{before}(1 − {{β₁}})·", after, -factor * (1 - beta1), wd)


def finish(derivation: Derivation, formula: str, step: Tensor, rate: Tensor, said: str) -> Explanation:
    """The last line, with the decoupled decay if there is one; that arrow comes last."""
    beside = [term for term in derivation.terms if term.formula == "−{lr}·{λ}·{p}"]
    derivation.terms = [term for term in derivation.terms if term not in beside] + beside
    for term in beside:
        formula, step = f"{formula} − {{lr}}·{{λ}}·{{p}}", step + term.value
    return derivation.finish(formula, step, rate, said)


def adam(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adam` and `AdamW`; with amsgrad the largest mean square so far divides."""
    derivation, t, _ = begin(group, state, p, g)
    beta1, beta2 = group["betas"]
    wd = decoupled(derivation, group)
    name, d = derivation.with_decay(wd)
    m, v = means(derivation, state, name, d)
    c1 = derivation.define("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    c2 = derivation.define("c₂", "bias correction of v", "1 − {β₂}^{t}", 1 - beta2**t)
    largest = "vₜ"
    if group["amsgrad"]:
        before = derivation.symbols["Vₜ₋₁"] = state["max_exp_avg_sq"] if state else torch.zeros_like(p)
        v = derivation.define(
            "Vₜ", "largest mean square", "max({Vₜ₋₁}, {vₜ})", torch.maximum(before, v), "max_exp_avg_sq"
        )
        largest = "Vₜ"
    mean = derivation.define("m̂", "mean gradient, corrected", "{mₜ} / {c₁}", m / c1)
    below = derivation.define(
        "D", "divisor", f"√({{{largest}}} / {{c₂}}) + {{ε}}", (v.sqrt() / c2**0.5).add(group["eps"])
    )
    rate = group["lr"] / below
    of_means(derivation, "−{lr}·", " / ({c₁}·{D})", rate / c1, wd)
    return finish(derivation, "−{lr}·{m̂} / {D}", -rate * mean, rate, "lr / (√v̂ + ε)")


def sparse_adam(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.SparseAdam`, all entries present: ε is added before the bias correction, so it counts for more."""
    derivation, t, old = begin(group, state, p, g)
    beta1, beta2 = group["betas"]
    squares = derivation.symbols["vₜ₋₁"] = state["exp_avg_sq"] if state else torch.zeros_like(p)
    change, growth = g.sub(old).mul(1 - beta1), g.pow(2).sub(squares).mul(1 - beta2)
    m = derivation.define("mₜ", "mean gradient", MEAN + "{g}", old + change, "exp_avg")
    v = derivation.define("vₜ", "mean square", SQUARE + "{g}²", squares + growth, "exp_avg_sq")
    c1 = derivation.define("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    c2 = derivation.define("c₂", "bias correction of v", "1 − {β₂}^{t}", 1 - beta2**t)
    a = derivation.define("a", "corrected lr", "{lr}·√({c₂}) / {c₁}", group["lr"] * c2**0.5 / c1)
    below = derivation.define("D", "divisor", "√({vₜ}) + {ε}", v.sqrt().add(group["eps"]))
    of_means(derivation, "−{a}·", " / {D}", a / below, 0)
    return derivation.finish("−{a}·{mₜ} / {D}", -a * m / below, group["lr"] * c2**0.5 / below, "lr·√c₂ / (√v + ε)")


def adamax(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adamax`: the largest gradient so far, which fades by β₂, divides; ε is added to |g|."""
    derivation, t, old = begin(group, state, p, g)
    beta1, beta2 = group["betas"]
    wd = group["weight_decay"]
    name, d = derivation.with_decay(wd)
    m = derivation.define("mₜ", "mean gradient", f"{MEAN}{{{name}}}", old.lerp(d, 1 - beta1), "exp_avg")
    before = derivation.symbols["uₜ₋₁"] = state["exp_inf"] if state else torch.zeros_like(p)
    u = torch.maximum(before.mul(beta2), d.abs().add(group["eps"]))
    derivation.define("uₜ", "largest recent gradient", f"max({{β₂}}·{{uₜ₋₁}}, |{{{name}}}| + {{ε}})", u, "exp_inf")
    c1 = derivation.define("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    rate = group["lr"] / u
    of_means(derivation, "−{lr}·", " / ({c₁}·{uₜ})", rate / c1, wd)
    return derivation.finish("−{lr}·{mₜ} / ({c₁}·{uₜ})", -rate / c1 * m, rate, "lr / u")
