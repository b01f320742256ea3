"""Adam, AdamW, SparseAdam and Adamax: a mean of gradients over a measure of their size."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Explanation, Sheet

MEAN = "{β₁}·{mₜ₋₁} + (1 − {β₁})·"
SQUARE = "{β₂}·{vₜ₋₁} + (1 − {β₂})·"


def begin(group: dict, state: dict, p: Tensor, g: Tensor) -> tuple[Sheet, float, Tensor]:
    """The sheet with everything that Adam and its kin begin with, the number of the step, and the mean kept."""
    beta1, beta2 = group["betas"]
    t = float(state["step"]) + 1 if state else 1.0
    old = state["exp_avg"] if state else torch.zeros_like(p)
    given = {"lr": group["lr"], "β₁": beta1, "β₂": beta2, "ε": group["eps"], "t": t}
    sheet = Sheet(p, g, given)
    sheet.put("mₜ₋₁", "mean gradient kept", "from the step before", old)
    return sheet, t, old


def means(sheet: Sheet, state: dict, name: str, d: Tensor) -> tuple[Tensor, Tensor]:
    """Writes the running means of gradients and of squares."""
    old, beta1, beta2 = sheet.symbols["mₜ₋₁"], sheet.symbols["β₁"], sheet.symbols["β₂"]
    squares = sheet.symbols["vₜ₋₁"] = state["exp_avg_sq"] if state else torch.zeros_like(d)
    m = sheet.put("mₜ", "mean gradient", f"{MEAN}{{{name}}}", old.lerp(d, 1 - beta1), "exp_avg")
    v = squares.mul(beta2).addcmul(d, d, value=1 - beta2)
    return m, sheet.put("vₜ", "mean square", f"{SQUARE}{{{name}}}²", v, "exp_avg_sq")


def decoupled(sheet: Sheet, group: dict) -> float:
    """Writes a weight decay that acts beside the step; returns the one that acts through the gradient."""
    wd = group.get("weight_decay", 0)
    if not wd or not group.get("decoupled_weight_decay"):
        return wd
    sheet.symbols["λ"] = wd
    sheet.term("decay", "weight decay", "−{lr}·{λ}·{p}", -group["lr"] * wd * sheet.symbols["p"])
    return 0


def of_means(sheet: Sheet, before: str, after: str, factor: Tensor, wd: float) -> None:
    """Writes the parts of −factor·m: what was kept and what this gradient brings."""
    beta1, old = sheet.symbols["β₁"], sheet.symbols["mₜ₋₁"]
    sheet.term("kept", "mean kept", f"{before}{{β₁}}·{{mₜ₋₁}}{after}", -factor * beta1 * old)
    sheet.shares(f"{before}(1 − {{β₁}})·", after, -factor * (1 - beta1), wd)


def finish(sheet: Sheet, formula: str, step: Tensor, rate: Tensor, said: str) -> Explanation:
    """The last line, with the decoupled decay if there is one; that arrow comes last."""
    beside = [term for term in sheet.terms if term.formula == "−{lr}·{λ}·{p}"]
    sheet.terms = [term for term in sheet.terms if term not in beside] + beside
    for term in beside:
        formula, step = f"{formula} − {{lr}}·{{λ}}·{{p}}", step + term.value
    return sheet.finish(formula, step, rate, said)


def adam(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adam` and `AdamW`; with amsgrad the largest mean square so far divides."""
    sheet, t, _ = begin(group, state, p, g)
    beta1, beta2 = group["betas"]
    wd = decoupled(sheet, group)
    name, d = sheet.with_decay(wd)
    m, v = means(sheet, state, name, d)
    c1 = sheet.put("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    c2 = sheet.put("c₂", "bias correction of v", "1 − {β₂}^{t}", 1 - beta2**t)
    largest = "vₜ"
    if group["amsgrad"]:
        before = sheet.symbols["Vₜ₋₁"] = state["max_exp_avg_sq"] if state else torch.zeros_like(p)
        v = sheet.put("Vₜ", "largest mean square", "max({Vₜ₋₁}, {vₜ})", torch.maximum(before, v), "max_exp_avg_sq")
        largest = "Vₜ"
    mean = sheet.put("m̂", "mean gradient, corrected", "{mₜ} / {c₁}", m / c1)
    below = sheet.put("D", "divisor", f"√({{{largest}}} / {{c₂}}) + {{ε}}", (v.sqrt() / c2**0.5).add(group["eps"]))
    rate = group["lr"] / below
    of_means(sheet, "−{lr}·", " / ({c₁}·{D})", rate / c1, wd)
    return finish(sheet, "−{lr}·{m̂} / {D}", -rate * mean, rate, "lr / (√v̂ + ε)")


def sparse_adam(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.SparseAdam`, all all_hparams present: ε is added before the bias correction, so it counts for more."""
    sheet, t, old = begin(group, state, p, g)
    beta1, beta2 = group["betas"]
    squares = sheet.symbols["vₜ₋₁"] = state["exp_avg_sq"] if state else torch.zeros_like(p)
    change, growth = g.sub(old).mul(1 - beta1), g.pow(2).sub(squares).mul(1 - beta2)
    m = sheet.put("mₜ", "mean gradient", MEAN + "{g}", old + change, "exp_avg")
    v = sheet.put("vₜ", "mean square", SQUARE + "{g}²", squares + growth, "exp_avg_sq")
    c1 = sheet.put("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    c2 = sheet.put("c₂", "bias correction of v", "1 − {β₂}^{t}", 1 - beta2**t)
    a = sheet.put("a", "corrected lr", "{lr}·√({c₂}) / {c₁}", group["lr"] * c2**0.5 / c1)
    below = sheet.put("D", "divisor", "√({vₜ}) + {ε}", v.sqrt().add(group["eps"]))
    of_means(sheet, "−{a}·", " / {D}", a / below, 0)
    return sheet.finish("−{a}·{mₜ} / {D}", -a * m / below, group["lr"] * c2**0.5 / below, "lr·√c₂ / (√v + ε)")


def adamax(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adamax`: the largest gradient so far, which fades by β₂, divides; ε is added to |g|."""
    sheet, t, old = begin(group, state, p, g)
    beta1, beta2 = group["betas"]
    wd = group["weight_decay"]
    name, d = sheet.with_decay(wd)
    m = sheet.put("mₜ", "mean gradient", f"{MEAN}{{{name}}}", old.lerp(d, 1 - beta1), "exp_avg")
    before = sheet.symbols["uₜ₋₁"] = state["exp_inf"] if state else torch.zeros_like(p)
    u = torch.maximum(before.mul(beta2), d.abs().add(group["eps"]))
    sheet.put("uₜ", "largest recent gradient", f"max({{β₂}}·{{uₜ₋₁}}, |{{{name}}}| + {{ε}})", u, "exp_inf")
    c1 = sheet.put("c₁", "bias correction of m", "1 − {β₁}^{t}", 1 - beta1**t)
    rate = group["lr"] / u
    of_means(sheet, "−{lr}·", " / ({c₁}·{uₜ})", rate / c1, wd)
    return sheet.finish("−{lr}·{mₜ} / ({c₁}·{uₜ})", -rate / c1 * m, rate, "lr / u")
