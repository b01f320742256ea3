"""What the runs with weight decay show, in words and tables; each sentence is decided by the runs."""

import torch
from torch import Tensor

from core.optimizers.weight_decay import Decayed, decoupled, way_of_minimum
from core.optimizers.weight_decay_ends import NEAR, adamw_end, at_minimum
from core.plane.critical_points import CriticalPoint
from core.plane.derivatives import hessians
from figures.words import fmt, plural

LAW = 0.01  # a share that differs from the law of a bowl by more differs for a reader


def decay_words(found: Decayed) -> str:
    """What became of the three; empty where f has no minimum in the picture."""
    if found.minimum is None:
        return ""
    return " ".join(filter(None, [_through_the_gradient(found), _same(found), _beside_the_step(found)]))


def _through_the_gradient(found: Decayed) -> str:
    """Where SGD and Adam are."""
    moved, parts = way_of_minimum(found)[-1], {}
    for hparams, path, lost in list(zip(found.all_hparams, found.paths, found.diverged, strict=True))[:2]:
        p = path[-1]
        if lost:
            where = "lost"
        elif not at_minimum(found.function, p, found.weight_decay):
            where = "moving"
        else:
            where = "there" if (p - moved).norm() < 2 * NEAR * max(p.norm().item(), 1.0) else "elsewhere"
        parts.setdefault(where, []).append(hparams.name)
    goal = "the minimum of f + λ/2·|p|²" if found.weight_decay else "f's minimum"
    text = []
    if "there" in parts:
        both = len(parts["there"]) == 2 and found.weight_decay > 0
        why = ": dividing ∇f + λp does not move the place where it is 0" if both else ""
        text.append(f"{_named(parts['there'], 'rest')} at {goal}{why}.")
    if "elsewhere" in parts:
        text.append(f"{_named(parts['elsewhere'], 'rest')} at another minimum of f{' + λ/2·|p|²' * (goal[0] == 't')}.")
    if "moving" in parts:
        text.append(f"After {plural(found.steps)} {' and '.join(parts['moving'])} {_are(parts['moving'])} not at rest.")
    if "lost" in parts:
        text.append(f"{' and '.join(parts['lost'])} {_are(parts['lost'])} lost at this lr.")
    return " ".join(text)


def _named(names: list[str], verb: str) -> str:
    return f"{' and '.join(names)} {verb}{'s' * (len(names) == 1)}"


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _same(found: Decayed) -> str:
    """Without weight decay: whether Adam and AdamW are one."""
    if found.weight_decay:
        return ""
    adam, adamw = found.all_hparams[1:]
    if torch.equal(found.paths[1], found.paths[2]):
        return "Without weight decay, Adam and AdamW are the same, step by step."
    names = {"beta1": "β₁", "beta2": "β₂", "eps": "ε", "amsgrad": "amsgrad"}
    other = [said for name, said in names.items() if getattr(adam, name) != getattr(adamw, name)]
    return f"Without weight decay, Adam and AdamW are one method; here they differ in {', '.join(other)}."


def _beside_the_step(found: Decayed) -> str:
    """Where AdamW is, from its measured distance and trend."""
    if found.diverged[2]:
        return "AdamW is lost at this lr."
    end, lam = adamw_end(found), found.weight_decay
    p = found.paths[2][-1]
    if end.edge:
        places = " and ".join(f"{name} = {fmt(p['xy'.index(name)].item(), 3)}" for name in end.edge)
        return (
            f"AdamW is at the edge of its square |x|, |y| ≤ 1/λ = {fmt(1 / lam, 3)}: {places}. f still falls outwards, "
            "but m/√v is at most about 1 for a gradient that stays and cannot hold a larger weight against λp."
        )
    other = "" if _is(end.goal, found.minimum) else f" ({fmt(end.goal.x, 3)}, {fmt(end.goal.y, 3)})"
    goal = f"another minimum of f{other}" if other else "f's own minimum"
    if end.arrived:
        return f"AdamW has arrived at {goal}."
    trend = {-1: "on its way there", 0: "hardly moving", 1: "going away from it"}[end.trend]
    text = f"AdamW is {fmt(end.distance, 3)} from {goal} and {trend}"
    if end.trend:
        text += f": {fmt(end.before, 3)} and then {fmt(end.recently, 3)} in the last two tenths of the run (medians)"
    if end.farthest > 1.05 * end.distance:
        text += f"; its farthest was {fmt(end.farthest, 3)}"
    text += "."
    if lam and max(abs(end.goal.x), abs(end.goal.y)) > 1 / lam:
        text += f" That lies outside of its square |x|, |y| ≤ 1/λ = {fmt(1 / lam, 3)}, where AdamW cannot rest."
    elif lam:
        text += _divisor(found, end.trend < 0)
    return text


def _is(one: CriticalPoint, other: CriticalPoint) -> bool:
    return (one.x, one.y) == (other.x, other.y)


def _divisor(found: Decayed, nearer: bool) -> str:
    """What AdamW divides by, beside the gradient that it has now."""
    hparams, slope, root = found.all_hparams[2], found.gradients[2].norm().item(), found.root.norm().item()
    text = (
        " In each coordinate a gradient of λ|p|·(√v + ε) holds the decay. "
        f"Now |∇f| = {fmt(slope, 2)} and |√v| = {fmt(root, 2)}"
    )
    if hparams.eps > root:
        return f"{text}: less than ε = {fmt(hparams.eps)}, which never shrinks."
    if nearer and root > slope:
        return f"{text}: √v still remembers larger gradients, and as it forgets them, less is needed."
    return f"{text}."


def balance_table(found: Decayed) -> str:
    """What pulls at each of the three in the end: the terms that cancel where they are balanced."""
    lines = ["| | what pulls down f | what pulls to 0 | left over |", "|---|---|---|---|"]
    for hparams, path, slope, lost in zip(found.all_hparams, found.paths, found.gradients, found.diverged, strict=True):
        name, p = hparams.name, path[-1]
        if lost:
            lines.append(f"| {name} | lost | lost | lost |")
            continue
        beside = decoupled(hparams)
        down, back = -(found.divided[name] if beside else slope), -found.weight_decay * p
        first = "−m/(√v + ε)" if beside else "−∇f"
        lines.append(f"| {name} | {first} = {_pair(down)} | −λp = {_pair(back)} | {_pair(down + back)} |")
    return "\n".join(lines)


def _pair(values: Tensor) -> str:
    x, y = (0.0 if abs(value) < 5e-7 else value for value in values.tolist())
    return f"({fmt(x, 3)}, {fmt(y, 3)})"


def direction_table(found: Decayed) -> str:
    """The two directions at f's minimum: what a decay through the gradient leaves of its coordinates."""
    point = torch.tensor([[found.minimum.x, found.minimum.y]], dtype=torch.float64)
    curvature = hessians(found.function, point)[0]
    if not torch.isfinite(curvature).all():
        return "At its lowest point f has no curvature: it is a cusp."
    if point.norm() < 1e-9:
        return "f's minimum is 0 itself: there weight decay has nothing to shrink."
    end = way_of_minimum(found)[-1]
    if not torch.isfinite(end).all():
        return "Weight decay has filled the valley of f's minimum: there is nothing left to compare."
    curvatures, directions = torch.linalg.eigh(curvature)
    lines, differs = ["| direction | curvature c | c/(c + λ) of a bowl | left of p here |", "|---|---|---|---|"], False
    for c, direction in zip(curvatures.tolist(), directions.T, strict=True):
        before, after = (point[0] @ direction).item(), (end @ direction).item()
        x, y = (direction * (-1 if direction[0] < 0 else 1)).tolist()
        law = c / (c + found.weight_decay) if c + found.weight_decay > 0 else float("nan")
        small = abs(before) <= 1e-9
        differs = differs or not (small or abs(after / before - law) < LAW)
        kept = "was 0" if small else fmt(after / before, 3)
        lines.append(f"| ({fmt(x, 2)}, {fmt(y, 2)}) | {fmt(c, 3)} | {fmt(law, 3) if law == law else 'none'} | {kept} |")
    said = (
        "Here the law does not hold: f is no bowl as far as the minimum moves, its valley bends or widens on the way."
        if differs
        else ""
        if found.weight_decay == 0
        else "Here the law holds: as far as the minimum moves, f is like a bowl."
    )
    return "\n".join([*lines, "", said])
