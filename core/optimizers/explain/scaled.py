"""Adagrad, Adadelta and RMSprop: the gradient divided by the size of the gradients so far."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Explanation, Sheet


def adagrad(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adagrad`: divides by the root of the sum of all squares."""
    lr, decay, eps, wd = (group[key] for key in ("lr", "lr_decay", "eps", "weight_decay"))
    t, old = state["step"].item() + 1, state["sum"]  # there before the first step
    sheet = Sheet(p, g, {"lr": lr, "η₀": decay, "ε": eps, "t": t, "Sₜ₋₁": old})
    name, d = sheet.with_decay(wd)
    clr, shown = lr, "lr"
    if decay:
        clr = sheet.put("lrₜ", "fallen lr", "{lr} / (1 + ({t} − 1)·{η₀})", lr / (1 + (t - 1) * decay))
        shown = "lrₜ"
    s = sheet.put("Sₜ", "sum of squares", f"{{Sₜ₋₁}} + {{{name}}}²", old.addcmul(d, d), "sum")
    std = sheet.put("D", "divisor", "√({Sₜ}) + {ε}", s.sqrt().add(eps))
    sheet.shares(f"−{{{shown}}}·", " / {D}", -clr / std, wd)
    return sheet.finish(f"−{{{shown}}}·{{{name}}} / {{D}}", -clr * d / std, clr / std, "lr / (√S + ε)")


def adadelta(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adadelta`: the root mean square of the steps before, over that of the gradients."""
    lr, rho, eps, wd = (group[key] for key in ("lr", "rho", "eps", "weight_decay"))
    squares = state["square_avg"] if state else torch.zeros_like(p)
    deltas = state["acc_delta"] if state else torch.zeros_like(p)
    sheet = Sheet(p, g, {"lr": lr, "ρ": rho, "ε": eps, "vₜ₋₁": squares, "uₜ₋₁": deltas})
    name, d = sheet.with_decay(wd)
    v = squares.mul(rho).addcmul(d, d, value=1 - rho)
    sheet.put("vₜ", "mean square of gradients", f"{{ρ}}·{{vₜ₋₁}} + (1 − {{ρ}})·{{{name}}}²", v, "square_avg")
    above = sheet.put("N", "size of the steps before", "√({uₜ₋₁} + {ε})", deltas.add(eps).sqrt())
    below = sheet.put("D", "size of the gradients", "√({vₜ} + {ε})", v.add(eps).sqrt())
    delta = sheet.put("s", "step before lr", f"{{N}} / {{D}}·{{{name}}}", above.div(below).mul(d))
    u = deltas.mul(rho).addcmul(delta, delta, value=1 - rho)
    sheet.put("uₜ", "mean square of steps", "{ρ}·{uₜ₋₁} + (1 − {ρ})·{s}²", u, "acc_delta")
    sheet.shares("−{lr}·{N} / {D}·", "", -lr * above / below, wd)
    return sheet.finish("−{lr}·{s}", -lr * delta, lr * above / below, "lr·√(u + ε) / √(v + ε)")


def rmsprop(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.RMSprop`: divides by the root of a running mean of squares, about its mean if centred."""
    lr, alpha, eps, wd, b = (group[key] for key in ("lr", "alpha", "eps", "weight_decay", "momentum"))
    none = torch.zeros_like(p)
    old = state.get("square_avg", none)
    sheet = Sheet(p, g, {"lr": lr, "α": alpha, "ε": eps, "b": b, "vₜ₋₁": old})
    name, d = sheet.with_decay(wd)
    v = old.mul(alpha).addcmul(d, d, value=1 - alpha)
    sheet.put("vₜ", "mean square", f"{{α}}·{{vₜ₋₁}} + (1 − {{α}})·{{{name}}}²", v, "square_avg")
    if group["centered"]:
        mean = sheet.symbols["aₜ₋₁"] = state.get("grad_avg", none)
        a = sheet.put(
            "aₜ", "mean gradient", f"{{α}}·{{aₜ₋₁}} + (1 − {{α}})·{{{name}}}", mean.lerp(d, 1 - alpha), "grad_avg"
        )
        below = sheet.put("D", "divisor", "√({vₜ} − {aₜ}²) + {ε}", v.addcmul(a, a, value=-1).sqrt().add(eps))
    else:
        below = sheet.put("D", "divisor", "√({vₜ}) + {ε}", v.sqrt().add(eps))
    rate = "lr / (√(v − a²) + ε)" if group["centered"] else "lr / (√v + ε)"
    if not b:
        sheet.shares("−{lr}·", " / {D}", -lr / below, wd)
        return sheet.finish(f"−{{lr}}·{{{name}}} / {{D}}", -lr * d / below, lr / below, rate)
    kept = sheet.put("mₜ₋₁", "momentum kept", "from the step before", state.get("momentum_buffer", none))
    m = kept.mul(b).addcdiv(d, below)
    sheet.put("mₜ", "momentum", f"{{b}}·{{mₜ₋₁}} + {{{name}}} / {{D}}", m, "momentum_buffer")
    sheet.term("kept", "momentum kept", "−{lr}·{b}·{mₜ₋₁}", -lr * b * kept)
    sheet.shares("−{lr}·", " / {D}", -lr / below, wd)
    return sheet.finish("−{lr}·{mₜ}", -lr * m, lr / below, rate)
