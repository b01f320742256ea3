"""What the map of learning rate and momentum shows, and why it parts from theory, in sentences with its numbers."""

import numpy as np
import torch

from core.cache import cached
from core.optimizers.momentum import (
    STEPS,
    StabilityMap,
    StabilitySettings,
    bowl_theory,
    cell_run,
    elsewhere,
    left,
    momenta,
    too_steep,
)
from core.plane.stability import limit
from core.plane.surfaces import function_of
from figures.optimizers.heights import scaled
from figures.words import fmt

SPAN = 20.0  # powers of ten below the top that the colours reach
ABOVE = 4.0  # powers of ten above the height at the start


def describe(found: StabilityMap) -> str:
    """What the colours fmt, theory's line, and how far the runs agree with it."""
    text = f"{found.loss.numel():,} runs of {STEPS} steps. Dark: low at the end; bright: high."
    lost = int(found.diverged.sum())
    if lost:
        text += f" Pale grey: {lost:,} runs were lost, with a number that is no longer finite."
    if found.minimum is None:
        text += " The picture holds no minimum, so there is no limit to draw."
    else:
        formula = "(2 + 2b)/(1 + 2b)" if found.nesterov else "2·(1 + b)"
        text += (
            f" Dashed: lr·L = {formula} with L = {fmt(found.curvature)}, the largest curvature at the minimum "
            f"({fmt(found.minimum.x, 3)}, {fmt(found.minimum.y, 3)}), the nearest to the start. Line and runs "
            f"agree in {int((found.stays == found.kept).sum()):,} of the cells."
        )
    if found.best and found.lowest is not None:
        row, column = found.best
        text += (
            f" Lowest: f = {fmt(found.loss[row, column].item())} with lr = {fmt(found.lr[column].item())}, b = "
            f"{fmt(momenta()[row], 3)}."
        )
    power, low, high = color_ends(found)
    ends = [word for word, out in (("below", power < low), ("above", power > high)) if bool(out.any())]
    if ends:
        text += f" The colours do not go on {' and '.join(ends)} the ends of their bar."
    return text


@cached
def why_they_part(found: StabilityMap) -> str:
    """Where the runs do other than the line says, and the reason, from the runs themselves."""
    if found.minimum is None:
        return _nothing_holds(found)
    below, above = found.stays & ~found.kept, ~found.stays & found.kept
    parts = [_below(found, below)] if bool(below.any()) else []
    parts += [_above(found, above)] if bool(above.any()) else []
    if int(below.sum()) + int(above.sum()) <= found.loss.numel() // 100:
        parts = [
            "Line and map all but agree. "
            + (
                "The surface bends alike at the start and at the minimum."
                if _same_bend(found)
                else "From this start the runs meet the ground that theory supposes."
            )
        ]
    if bool(found.fell.any()):
        parts.append(f"{int(found.fell.sum()):,} runs ended below every minimum of the picture and count as unstable.")
    return " ".join(parts)


def _nothing_holds(found: StabilityMap) -> str:
    """On ground without a minimum: how many runs have left, and which have not."""
    gone, total = left(found), found.loss.numel()
    finite = found.loss[torch.isfinite(found.loss)]
    text = "**No lr is stable here.** " if bool(gone.all()) else "**Without a minimum theory has no limit.** "
    text += f"After {STEPS} steps {int(gone.sum()):,} of {total:,} runs have left the picture or are lost"
    text += f", the lowest at f = {fmt(finite.min().item(), 3)}. " if len(finite) and bool(gone.any()) else ". "
    stay = found.lr[(~gone).any(dim=0)]
    if len(stay) and bool(gone.any()):
        text += f"Those still in it have an lr of {fmt(stay.max().item(), 3)} or less."
    return text.strip()


def _same_bend(found: StabilityMap) -> bool:
    return abs(found.curvature / found.curvature - 1) < 1e-6


def _below(found: StabilityMap, below: torch.Tensor) -> str:
    """Runs that theory lets stay and that did not come down: which ground did the calmest of them meet?"""
    n = int(below.sum())
    column = int(below.any(dim=0).nonzero()[0])
    row = int(below[:, column].nonzero()[0])
    lr, b = found.lr[column].item(), momenta()[row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    met = too_steep(run, function_of(found.surface.surface, found.surface.text), lr, b, found.nesterov)
    text = f"**Below the line, {n:,} runs did not end lower than they began.** "
    cell = f"The one with the smallest lr, {fmt(lr, 3)} with b = {fmt(b, 2)},"
    if met is None:
        return text + f"{cell} never met ground too steep for its lr: after {STEPS} steps it is still no lower."
    step, curvature = met
    return text + (
        f"Theory looks at the minimum only. {cell} stands {f'at step {step}' if step else 'at its start'} on ground "
        f"with curvature {fmt(curvature, 3)}, {fmt(curvature / found.curvature, 3)} times L; there the limit is "
        f"{fmt(limit(curvature, b, found.nesterov), 3)}, and its lr is above it."
    )


def _above(found: StabilityMap, above: torch.Tensor) -> str:
    """Runs that theory throws out and that ended lower: at another minimum, or at none."""
    n, others = int(above.sum()), elsewhere(found)
    text = f"**Above the line, {n:,} runs ended lower than they began.** "
    home = int((above & found.at_home).sum())
    resting = sum(count for _, count in others)
    if others:
        point, count = others[0]
        flat = f", where 2/L is {fmt(point.limit, 3)}" if point.kind == "minimum" else ", a cusp"
        text += (
            f"{resting:,} of them are at another minimum, {count:,} at ({fmt(point.x, 3)}, {fmt(point.y, 3)}){flat}. "
        )
    if home:
        text += f"{home:,} are at this minimum all the same. "
    rest = n - resting - home
    if rest > 0:
        text += f"{rest:,} are at no minimum."
    return text.strip()


def cell_words(found: StabilityMap, settings: StabilitySettings) -> str:
    """What theory and the run say of the chosen cell."""
    lr, b = found.lr[settings.column].item(), momenta()[settings.row]
    run = cell_run(found.surface, found.nesterov, lr, b)
    text = f"**lr = {fmt(lr)}, b = {fmt(b, 3)}.** "
    if found.minimum:
        most = found.line[settings.row].item()
        text += f"Theory's limit is {fmt(most)}; lr is {'below' if lr < most else 'above'} it. "
    text += _near_the_minimum(found, lr, b)
    if run.diverged_at is not None:
        return text + f"The run is lost: {run.diverged} after step {run.diverged_at}."
    x, y = run.path[-1].tolist()
    return text + (
        f"After {STEPS} steps it is at ({fmt(x, 3)}, {fmt(y, 3)}) with f = {fmt(run.loss[-1].item())}, from "
        f"{fmt(found.first)}."
    )


def _near_the_minimum(found: StabilityMap, lr: float, b: float) -> str:
    """What a step makes of the distance on the bowl at the minimum, and the best that the heavy ball can do there."""
    theory = bowl_theory(found, lr, b)
    if theory is None:
        return ""
    swing = ("", ", swinging across the valley or along it", ", swinging both across and along")[theory.swings]
    root = " (√b)" if theory.swings == 2 and not found.nesterov else ""
    best_lr, best_b, best = theory.best
    low, high = found.minimum.curvatures
    return (
        f"On the bowl at the minimum, curvatures {fmt(low, 3)} and {fmt(high, 3)}, a step makes the distance "
        f"{fmt(theory.factor)} times as long in the long run{root}{swing if theory.factor < 1 else ''}. "
        f"Best there without Nesterov: lr = {fmt(best_lr, 3)}, b = {fmt(best_b, 3)}, factor {fmt(best)}. "
    )


def color_ends(found: StabilityMap) -> tuple[np.ndarray, float, float]:
    """The powers of ten of all cells, and those between which the colours differ."""
    power = scaled(found.loss.numpy(), found.lowest)
    start = scaled(np.array([found.first]), found.lowest)[0]
    good = power[np.isfinite(power)]
    start = start if np.isfinite(start) else (good.max() if len(good) else 0.0)
    high = start + ABOVE
    low = good.min() if len(good) else high - 1
    if found.lowest is not None:
        low = max(low, high - SPAN)
    return power, min(low, high - 1), high
