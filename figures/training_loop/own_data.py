"""How well the network does on the rows of a reader's table that it has not seen."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.training_loop.model import predict
from core.training_loop.own_data import Prepared, holdout_score
from core.training_loop.record import Run
from figures.picture import Picture
from figures.style import BLUE, GREY, axes, numbers


def holdout(run: Run, prepared: Prepared) -> Picture:
    """Confusion matrix for classes; prediction against truth for numbers."""
    said = predict(run.weights, run.validation.features)
    return _confusion(run, prepared, said) if prepared.classes else _scatter(run, prepared, said)


def _confusion(run: Run, prepared: Prepared, said: torch.Tensor) -> Picture:
    k = len(prepared.classes)
    counts = torch.bincount(run.validation.targets * k + said.argmax(1), minlength=k * k).reshape(k, k)
    names = list(prepared.classes)
    figure = go.Figure(
        go.Heatmap(
            x=names,
            y=names,
            z=counts.numpy(),
            colorscale="Cividis",
            text=counts.tolist(),
            texttemplate="%{text}",
            colorbar={"title": {"text": "rows", "side": "top"}, "thickness": 14},
        )
    )
    axes(figure, "the network says", "the table says", xaxis_type="category", yaxis_type="category")
    accuracy = holdout_score(run, prepared)[1]
    usual = int(torch.bincount(run.samples.targets, minlength=k).argmax())
    always = (run.validation.targets == usual).float().mean().item()
    caption = (
        f"{len(said)} rows that were kept out of the training. On the diagonal the network is right: "
        f"{accuracy:.1%} of them. Always saying “{names[usual]}”, the most frequent in the training, would be right in "
        f"{always:.1%}."
    )
    table = pd.DataFrame(counts.numpy(), columns=[f"said {n}" for n in names]).assign(truth=names)
    return Picture(figure, caption, "Confusion matrix. " + caption, table)


def _scatter(run: Run, prepared: Prepared, said: torch.Tensor) -> Picture:
    truth = run.validation.targets[:, 0] * prepared.target_scale + prepared.target_center
    answer = said[:, 0] * prepared.target_scale + prepared.target_center
    ends = [truth.min().item(), truth.max().item()]
    figure = go.Figure(
        [
            go.Scatter(x=ends, y=ends, mode="lines", name="right", line={"color": GREY, "width": 3}),
            go.Scatter(
                x=numbers(truth), y=numbers(answer), mode="markers", name="a row", marker={"color": BLUE, "size": 8}
            ),
        ]
    )
    axes(figure, f"{prepared.target} in the table", "the network's answer")
    error = holdout_score(run, prepared)[1]
    guess = truth.std(correction=0).item()
    caption = (
        f"{len(said)} rows that were kept out of the training, in the target's own unit. The typical error (root "
        f"mean square) is {error:.4g}; "
        f"always answering their mean would give {guess:.4g}."
    )
    table = pd.DataFrame({"truth": numbers(truth), "answer": numbers(answer)})
    return Picture(figure, caption, "Scatter chart of answers against the truth. " + caption, table)
