"""SGD with and without momentum, and averaged SGD."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation


def sgd(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.SGD`: momentum, dampening, Nesterov, weight decay.

    The buffer begins as the first gradient, undampened.
    """
    lr, b, damp, wd = (group[key] for key in ("lr", "momentum", "dampening", "weight_decay"))
    derivation = Derivation(p, g, {"lr": lr, "b": b, "τ": damp})
    name, d = derivation.with_decay(wd)
    if b == 0:
        derivation.shares("−{lr}·", "", -lr, wd)
        return derivation.finish(f"−{{lr}}·{{{name}}}", -lr * d, lr, "lr")
    old = state.get("momentum_buffer")
    first = old is None
    if first:
        m = derivation.define("mₜ", "momentum, first step", f"{{{name}}}", d.clone(), "momentum_buffer")
        old, share, said = torch.zeros_like(d), 1.0, ""
    else:
        derivation.define("mₜ₋₁", "momentum kept", "from the step before", old)
        share, said = 1 - damp, "(1 − {τ})·"
        formula = f"{{b}}·{{mₜ₋₁}} + {said}{{{name}}}"
        m = derivation.define("mₜ", "momentum", formula, old.mul(b).add(d, alpha=share), "momentum_buffer")
    if group["nesterov"]:
        last, u = "u", derivation.define("u", "looking ahead", f"{{{name}}} + {{b}}·{{mₜ}}", d.add(m, alpha=b))
        keeps, kept = "−{lr}·{b}·{b}·{mₜ₋₁}", -lr * b * b * old
        before, factor = f"−{{lr}}·(1 + {{b}}{'·' if said else ''}{said.rstrip('·')})·", -lr * (1 + b * share)
    else:
        last, u = "mₜ", m
        keeps, kept = "−{lr}·{b}·{mₜ₋₁}", -lr * b * old
        before, factor = f"−{{lr}}·{said}", -lr * share
    derivation.term("kept", "momentum kept", "0" if first else keeps, kept)
    derivation.shares(before, "", factor, wd)
    return derivation.finish(f"−{{lr}}·{{{last}}}", -lr * u, -factor, "weight of this gradient")


def asgd(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.ASGD`: a falling lr η, a pull towards 0, and the average of the places beside it.

    PyTorch keeps η and μ in single precision; both are for the next step.
    """
    lr, lambd, alpha, t0, wd = (group[key] for key in ("lr", "lambd", "alpha", "t0", "weight_decay"))
    t = state["step"].item() + 1 if state else 1.0
    eta = state["eta"].item() if state else torch.as_tensor(lr).item()
    mu = state["mu"].item() if state else 1.0
    ax = state["ax"] if state else torch.zeros_like(p)
    derivation = Derivation(p, g, {"lr": lr, "λ₀": lambd, "α": alpha, "t0": t0, "t": t})
    derivation.define("η", "lr of this step", "from the step before", eta)
    name, d = derivation.with_decay(wd)
    derivation.term("decay", "pull towards 0", "−{λ₀}·{η}·{p}", -lambd * eta * p)
    derivation.shares("−{η}·", "", -eta, wd)
    step = -lambd * eta * p - eta * d
    after = p.mul(1 - lambd * eta).add(d, alpha=-eta)
    derivation.define("p′", "place after the step", f"(1 − {{λ₀}}·{{η}})·{{p}} − {{η}}·{{{name}}}", after)
    derivation.symbols |= {"μ": mu, "aₜ₋₁": ax}
    if mu == 1:
        derivation.define("aₜ", "average of the places", "{p′}", after.clone(), "ax")
    else:
        derivation.define(
            "aₜ", "average of the places", "{aₜ₋₁} + {μ}·({p′} − {aₜ₋₁})", ax.add(after.sub(ax).mul(mu)), "ax"
        )
    fallen = lr / ((1 + lambd * lr * t) ** alpha)
    derivation.define(
        "ηₜ₊₁", "lr of the next step", "{lr} / (1 + {λ₀}·{lr}·{t})^{α}", torch.as_tensor(fallen).item(), "eta"
    )
    derivation.define("μₜ₊₁", "share of the next place", "1 / max(1, {t} − {t0})", _single(1 / max(1, t - t0)), "mu")
    return derivation.finish(f"−{{λ₀}}·{{η}}·{{p}} − {{η}}·{{{name}}}", step, eta, "η")


def _single(value: float) -> float:
    return torch.tensor(value, dtype=torch.float32).item()
