"""Rprop: only the gradient's sign counts."""

import torch
from torch import Tensor

from core.optimizers.explain.derivation import Derivation, Explanation


def rprop(group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """`torch.optim.Rprop`: a step size for each coordinate; where the sign turned, no step and a smaller size."""
    (minus, plus), (least, most) = group["etas"], group["step_sizes"]
    before = state["prev"] if state else torch.zeros_like(p)
    size = state["step_size"] if state else torch.full_like(p, group["lr"])
    derivation = Derivation(p, g, {"η⁻": minus, "η⁺": plus, "s_min": least, "s_max": most})
    derivation.define("gₜ₋₁", "gradient before", "0 after a turn", before)
    derivation.define("sₜ₋₁", "step size before", "from the step before", size)
    sign = derivation.define("c", "same sign 1, turned −1, else 0", "sign({g}·{gₜ₋₁})", g.mul(before).sign())
    factor = torch.ones_like(p)
    factor[sign > 0], factor[sign < 0] = plus, minus
    derivation.define("f", "factor", "η⁺, η⁻ or 1", factor)
    new = derivation.define(
        "sₜ", "step size", "min(max({f}·{sₜ₋₁}, {s_min}), {s_max})", size.mul(factor).clamp(least, most), "step_size"
    )
    used = g.clone()
    used[sign < 0] = 0
    derivation.define("g′", "gradient used", "0 where the sign turned", used, "prev")
    direction = used.sign()
    derivation.term("gradient", "step size as before", "−sign({g′})·{sₜ₋₁}", -direction * size)
    derivation.term("size", "its growth or shrinkage", "−sign({g′})·({sₜ} − {sₜ₋₁})", -direction * (new - size))
    return derivation.finish("−sign({g′})·{sₜ}", -direction * new, new, "step size")
