"""Three networks that learn XOR side by side, and the two layers that are one."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.activation_functions.collapse import HIGH, LOW, SIDE, SURE, Collapse, X, XorRun, Y
from figures.picture import Picture
from figures.style import DIVERGING, axes
from figures.words import fmt, listed, plural

SAID = {"Identity": "no activation", "Step": "step"}
MARKS = ((0.0, "class 0", "circle"), (1.0, "class 1", "x"))


def said(run: XorRun) -> str:
    """What a network is called."""
    return SAID.get(run.activation, run.activation)


def three_planes(found: Collapse) -> Picture:
    """The probability of class 1 over both inputs, one plane a network, a frame for each recorded update."""
    figure, side = go.Figure(), np.linspace(LOW, HIGH, SIDE, dtype=np.float32)
    maps = [(run.probabilities * 200).round().numpy().astype(np.uint8) for run in found.runs]  # 200: certain
    scale = {"zmin": 0, "zmax": 200, "colorscale": DIVERGING, "showscale": False, "hoverinfo": "skip"}
    for i, (run, z) in enumerate(zip(found.runs, maps, strict=True)):
        on = {"xaxis": f"x{i + 1}", "yaxis": f"y{i + 1}"} if i else {}
        figure.add_heatmap(x=side, y=side, z=z[0], **scale, **on)
        for target, name, symbol in MARKS:
            points = X[Y[:, 0] == target].numpy()
            mark = {"symbol": symbol, "size": 13, "color": "white", "line": {"color": "black", "width": 2}}
            once = {"name": name, "showlegend": False, "mode": "markers", "marker": mark}
            figure.add_scatter(x=points[:, 0], y=points[:, 1], **once, **on)
        place = {"domain": [0.345 * i, 0.345 * i + 0.31], "range": [LOW, HIGH], "title": "x₁", "tickvals": [0, 1]}
        figure.update_layout({f"xaxis{i + 1}": place | {"anchor": f"y{i + 1}", "constrain": "domain"}})
        square = {"anchor": f"x{i + 1}", "scaleanchor": f"x{i + 1}", "range": [LOW, HIGH], "tickvals": [0, 1]}
        square |= {"showticklabels": i == 0, "domain": [0, 0.88], "constraintoward": "top"}
        figure.update_layout({f"yaxis{i + 1}": square | {"constrain": "domain"}})
        above = {"y": 0.89, "xref": "paper", "yref": "paper", "yanchor": "bottom", "xanchor": "center"}
        figure.add_annotation(x=0.345 * i + 0.155, text=f"<b>{said(run)}</b>", showarrow=False, **above)
    axes(figure, "x₁", "x₂").update_layout(height=290, meta={"height": "min(290px, 52vw)"})  # squares: no room below
    planes = [0, 3, 6]
    frames = [{"traces": planes, "data": [{"z": z[i]} for z in maps]} for i in range(len(found.steps))]
    counts = [f"{said(run)} {run.right[-1]}" for run in found.runs]
    caption = (
        "Each plane is one network; its colour is the probability of class 1 (×), from 0 (blue) over ½ (grey) to 1 "
        f"(orange). Right of the four points at the end (own class above {SURE:.0%}): {', '.join(counts)}."
    )
    return Picture(figure, caption, f"Three maps of a network's answers. {caption}", _table(found), frames)


def _table(found: Collapse) -> pd.DataFrame:
    rows = [
        {
            "activation": said(run),
            "right of 4": run.right[-1],
            "loss (nats)": run.loss,
            "largest gradient of a hidden weight": run.gradient,
            "farthest that a hidden weight moved": run.moved,
        }
        for run in found.runs
    ]
    return pd.DataFrame(rows)


def label(found: Collapse, place: int) -> str:
    """Where the scrubber stands."""
    counts = ", ".join(f"{said(run)} {run.right[place]}" for run in found.runs)
    return f"After {plural(found.steps[place], 'update')}, right of 4: {counts}."


def outcome_words(found: Collapse) -> str:
    """Which networks tell the four points apart, and why the step's hidden layer cannot help."""
    solved = listed([said(run) for run in found.runs if run.solved]) or "none of them"
    step, all_right = found.runs[1], f"All four points right, each with more than {SURE:.0%} for its class"
    if step.learned_hidden:
        return f"{all_right}: {solved}."
    if found.runs[0].is_undecided:
        solved += ". No line helps: without an activation ½ everywhere is the best answer (loss ln 2 = 0.6931)"
    luck = "its hidden layer happened to begin well" if step.solved else "its hidden layer stays as it began"
    return f"{all_right}: {solved}. The step's hidden weights got a gradient of exactly 0: {luck}."


def product_table(found: Collapse) -> str:
    """The layers of the network without an activation, and their product."""
    weights = found.runs[0].weights
    rows = zip(weights["0.weight"].tolist(), weights["2.weight"][0].tolist(), strict=True)
    lines = ["| hidden unit | its weights W₁ | output weight W₂ |", "|---|---|---|"]
    lines += [
        f"| {i} | {fmt(first, decimals=4)}, {fmt(second, decimals=4)} | {fmt(out, decimals=4)} |"
        for i, ((first, second), out) in enumerate(rows, start=1)
    ]
    one = ", ".join(fmt(value, decimals=4) for value in found.product[0].tolist())
    return "\n".join(lines) + (
        f"\n\nTheir product W₂W₁ is **({one})**. One layer with these two weights and the bias "
        f"{fmt(found.bias.item(), decimals=4)} answers the same: over the picture the two differ by at most "
        f"{fmt(found.difference, 1)}."
    )


def by_hand(found: Collapse) -> str:
    """The first entry of the product, from weights rounded as the table shows them."""
    weights = found.runs[0].weights
    outs, firsts = (
        [round(value, 4) + 0.0 for value in column]
        for column in (weights["2.weight"][0].tolist(), weights["0.weight"][:, 0].tolist())
    )
    terms = " + ".join(f"({fmt(a, decimals=4)}) · ({fmt(b, decimals=4)})" for a, b in zip(outs, firsts, strict=True))
    total = sum(a * b for a, b in zip(outs, firsts, strict=True))
    return (
        f"The first weight of the one layer is output weight times hidden weight, summed over the units: {terms} = "
        f"**{fmt(total, decimals=6)}**; with all digits it is {fmt(found.product[0, 0].item(), decimals=6)}."
    )
