"""Adagrad, Adadelta and RMSprop: the gradient divided by the size of the gradients so far."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation


def adagrad(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adagrad`: divides by the root of the sum of all squares."""
    lr, decay, eps, wd = (group[key] for key in ("lr", "lr_decay", "eps", "weight_decay"))
    t, old = state["step"].item() + 1, state["sum"]  # there before the first step
    derivation = Derivation(p, g, {"lr": lr, "η₀": decay, "ε": eps, "t": t, "Sₜ₋₁": old})
    name, d = derivation.with_decay(wd)
    clr, shown = lr, "lr"
    if decay:
        clr = derivation.define("lrₜ", "fallen lr", "{lr} / (1 + ({t} − 1)·{η₀})", lr / (1 + (t - 1) * decay))
        shown = "lrₜ"
    s = derivation.define("Sₜ", "sum of squares", f"{{Sₜ₋₁}} + {{{name}}}²", old.addcmul(d, d), "sum")
    std = derivation.define("D", "divisor", "√({Sₜ}) + {ε}", s.sqrt().add(eps))
    derivation.shares(f"−{{{shown}}}·", " / {D}", -clr / std, wd)
    return derivation.finish(f"−{{{shown}}}·{{{name}}} / {{D}}", -clr * d / std, clr / std, "lr / (√S + ε)")


def adadelta(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Adadelta`: the root mean square of the steps before, over that of the gradients."""
    lr, rho, eps, wd = (group[key] for key in ("lr", "rho", "eps", "weight_decay"))
    squares = state["square_avg"] if state else torch.zeros_like(p)
    deltas = state["acc_delta"] if state else torch.zeros_like(p)
    derivation = Derivation(p, g, {"lr": lr, "ρ": rho, "ε": eps, "vₜ₋₁": squares, "uₜ₋₁": deltas})
    name, d = derivation.with_decay(wd)
    v = squares.mul(rho).addcmul(d, d, value=1 - rho)
    derivation.define("vₜ", "mean square of gradients", f"{{ρ}}·{{vₜ₋₁}} + (1 − {{ρ}})·{{{name}}}²", v, "square_avg")
    above = derivation.define("N", "size of the steps before", "√({uₜ₋₁} + {ε})", deltas.add(eps).sqrt())
    below = derivation.define("D", "size of the gradients", "√({vₜ} + {ε})", v.add(eps).sqrt())
    delta = derivation.define("s", "step before lr", f"{{N}} / {{D}}·{{{name}}}", above.div(below).mul(d))
    u = deltas.mul(rho).addcmul(delta, delta, value=1 - rho)
    derivation.define("uₜ", "mean square of steps", "{ρ}·{uₜ₋₁} + (1 − {ρ})·{s}²", u, "acc_delta")
    derivation.shares("−{lr}·{N} / {D}·", "", -lr * above / below, wd)
    return derivation.finish("−{lr}·{s}", -lr * delta, lr * above / below, "lr·√(u + ε) / √(v + ε)")


def rmsprop(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.RMSprop`: divides by the root of a running mean of squares, about its mean if centred."""
    lr, alpha, eps, wd, b = (group[key] for key in ("lr", "alpha", "eps", "weight_decay", "momentum"))
    none = torch.zeros_like(p)
    old = state.get("square_avg", none)
    derivation = Derivation(p, g, {"lr": lr, "α": alpha, "ε": eps, "b": b, "vₜ₋₁": old})
    name, d = derivation.with_decay(wd)
    v = old.mul(alpha).addcmul(d, d, value=1 - alpha)
    derivation.define("vₜ", "mean square", f"{{α}}·{{vₜ₋₁}} + (1 − {{α}})·{{{name}}}²", v, "square_avg")
    if group["centered"]:
        mean = derivation.symbols["aₜ₋₁"] = state.get("grad_avg", none)
        a = derivation.define(
            "aₜ", "mean gradient", f"{{α}}·{{aₜ₋₁}} + (1 − {{α}})·{{{name}}}", mean.lerp(d, 1 - alpha), "grad_avg"
        )
        below = derivation.define("D", "divisor", "√({vₜ} − {aₜ}²) + {ε}", v.addcmul(a, a, value=-1).sqrt().add(eps))
    else:
        below = derivation.define("D", "divisor", "√({vₜ}) + {ε}", v.sqrt().add(eps))
    rate = "lr / (√(v − a²) + ε)" if group["centered"] else "lr / (√v + ε)"
    if not b:
        derivation.shares("−{lr}·", " / {D}", -lr / below, wd)
        return derivation.finish(f"−{{lr}}·{{{name}}} / {{D}}", -lr * d / below, lr / below, rate)
    kept = derivation.define("mₜ₋₁", "momentum kept", "from the step before", state.get("momentum_buffer", none))
    m = kept.mul(b).addcdiv(d, below)
    derivation.define("mₜ", "momentum", f"{{b}}·{{mₜ₋₁}} + {{{name}}} / {{D}}", m, "momentum_buffer")
    derivation.term("kept", "momentum kept", "−{lr}·{b}·{mₜ₋₁}", -lr * b * kept)
    derivation.shares("−{lr}·", " / {D}", -lr / below, wd)
    return derivation.finish("−{lr}·{mₜ}", -lr * m, lr / below, rate)
