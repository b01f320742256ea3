"""What is said about the update from one point, and all of its numbers as tables."""

import math

import pandas as pd
import torch

from core.multilayer_perceptron.maps import neuron_names
from core.multilayer_perceptron.sample import Lesson, Link, is_finite, share_that_falls
from core.multilayer_perceptron.watch import Run
from figures.words import bracketed, fmt

NOT_FINITE = "At this moment the run has diverged: the network has no finite numbers any more."
MOST_DECIMALS, LARGEST = 12, 1e6  # of a weight whose update is written out


def taught(run: Run, found: Lesson, index: int) -> str:
    """What the update does to the point's own loss, and to those of the others."""
    if not is_finite(found, index):
        return NOT_FINITE
    before, after = (fmt(passes.loss[index].item()) for passes in (found.before, found.after))
    own = f"One update takes the loss of point {found.row + 1} from {before} to {after}."
    if run.settings.is_regression or run.data.n_train < 2:
        return f"{own} Of the other training points, {share_that_falls(found, index):.0%} get a lower loss."
    same = run.data.target[: run.data.n_train] == found.target
    shares = [share_that_falls(found, index, of=which) for which in (same, ~same)]
    said = ["none are there" if math.isnan(share) else f"{share:.0%} get a lower loss" for share in shares]
    return f"{own} Of the other points of its class, {said[0]}; of the other class, {said[1]}."


def by_hand(found: Lesson, one: Link) -> str:
    """The update of a weight with numbers that give the result digit by digit; empty where they are not finite."""
    names = neuron_names(found.settings)
    source = "the bias" if one.source is None else names[one.layer - 1][one.source]
    neuron = names[one.layer][one.neuron]
    values = (one.weight, one.by_sum, one.given, one.updated)
    if not all(math.isfinite(value) and abs(value) < LARGEST for value in values):
        return ""
    name = f"Weight {one.number}, from {source} to {neuron}," if one.source is not None else f"The bias of {neuron}"
    if one.frozen:
        return f"{name} belongs to the frozen layer: it stays **{fmt(one.weight)}**, whatever its gradient would be."
    lr, delta, h = found.settings.lr, float(f"{one.by_sum:.5g}"), float(f"{one.given:.5g}")
    step = lr * delta * h
    decimals = min(max(4, 3 - math.floor(math.log10(abs(step)))), MOST_DECIMALS) if step else 4
    rounded_step, weight = round(step, decimals), round(one.weight, decimals)
    shown = [fmt(value, decimals=decimals) for value in (weight, weight - rounded_step)]
    symbols, factors = ("w − lr · δ", [lr, delta]) if one.source is None else ("w − lr · δ · h", [lr, delta, h])
    product = " · ".join(bracketed(value, 15) for value in factors)
    taken = fmt(abs(rounded_step), decimals=decimals)
    sign = "+" if step < 0 else "−"
    return f"{name} becomes {symbols} = {shown[0]} − {product} = {shown[0]} {sign} {taken} = **{shown[1]}**."


def neuron_table(found: Lesson, index: int) -> pd.DataFrame:
    """Every neuron's sum, answer and gradient, before and after the update."""
    names = [name for layer in neuron_names(found.settings)[1:] for name in layer]
    columns = {"neuron": names}
    for when, passes in (("", found.before), (" after the update", found.after)):
        for said, layers in (("sum", passes.sums), ("answer", passes.answers), ("δ", passes.by_sums)):
            columns[said + when] = torch.cat([layer[index] for layer in layers]).numpy()
    return pd.DataFrame(columns)


def link_table(found: Lesson, index: int) -> pd.DataFrame:
    """Every weight and bias with its gradient, before and after the update."""
    names, ends = neuron_names(found.settings), []
    for layer in range(1, len(names)):
        ends += [(source, neuron) for neuron in names[layer] for source in names[layer - 1]]
        ends += [("bias", neuron) for neuron in names[layer]]
    weights = {"weight": found.weights, "gradient": found.before.gradient, "after the update": found.updated}
    shown = {name: tensor[index].numpy() for name, tensor in weights.items()}
    sources, neurons = zip(*ends, strict=True)
    return pd.DataFrame({"number": range(1, len(ends) + 1), "from": sources, "to": neurons} | shown)
