"""How well the network does on the rows of a reader's table that it has not seen."""

import pandas as pd
import plotly.graph_objects as go
import torch

from core.training_loop.model import predict
from core.training_loop.own_data import Prepared, holdout_score
from core.training_loop.record import Run
from figures.picture import Picture
from figures.style import BLUE, GREY, axes, numbers

MOST_DRAWN = 500  # rows; the picture has a frame for each recorded moment


def holdout(run: Run, prepared: Prepared) -> Picture:
    """Confusion matrix for classes; prediction against truth for numbers; one frame a recorded moment."""
    said = torch.stack([predict(moment.weights, run.validation.features) for moment in run.moments])
    return _confusion(run, prepared, said) if prepared.classes else _scatter(run, prepared, said)


def _confusion(run: Run, prepared: Prepared, said: torch.Tensor) -> Picture:
    """Shape of `said`: (moments, rows, classes)."""
    k, n = len(prepared.classes), len(run.validation)
    pairs = run.validation.targets * k + said.argmax(2)
    matrices = [torch.bincount(row, minlength=k * k).reshape(k, k) for row in pairs]
    counts, names = matrices[-1], list(prepared.classes)
    figure = go.Figure(
        go.Heatmap(
            x=names,
            y=names,
            z=counts.numpy(),
            zmin=0,
            zmax=torch.bincount(run.validation.targets, minlength=k).max().item(),
            colorscale="Cividis",
            texttemplate="%{z}",
            colorbar={"title": {"text": "rows", "side": "top"}, "thickness": 14},
        )
    )
    frames = [{"data": [{"z": m.numpy()}], "traces": [0]} for m in matrices]
    axes(figure, "the network says", "the table says", xaxis_type="category", yaxis_type="category")
    accuracy = holdout_score(run, prepared)[1]
    usual = int(torch.bincount(run.samples.targets, minlength=k).argmax())
    always = (run.validation.targets == usual).float().mean().item()
    caption = (
        f"{n} rows that were kept out of the training. On the diagonal the network is right: at the end with "
        f"{accuracy:.1%} of them. Always saying “{names[usual]}”, the most frequent in the training, would be right in "
        f"{always:.1%}."
    )
    table = pd.DataFrame(counts.numpy(), columns=[f"said {n}" for n in names]).assign(truth=names)
    return Picture(figure, caption, "Confusion matrix. " + caption, table, frames=frames)


def _scatter(run: Run, prepared: Prepared, said: torch.Tensor) -> Picture:
    """Shape of `said`: (moments, rows, 1)."""
    truth = run.validation.targets[:, 0] * prepared.target_scale + prepared.target_center
    answers = said[:, :, 0] * prepared.target_scale + prepared.target_center
    answer, drawn = answers[-1], min(len(truth), MOST_DRAWN)
    ends = [truth.min().item(), truth.max().item()]
    figure = go.Figure(
        [
            go.Scatter(x=ends, y=ends, mode="lines", name="right", line={"color": GREY, "width": 3}),
            go.Scatter(
                x=numbers(truth[:drawn]),
                y=numbers(answer[:drawn]),
                mode="markers",
                name="a row",
                marker={"color": BLUE, "size": 8},
            ),
        ]
    )
    frames = [{"data": [{"y": numbers(row[:drawn])}], "traces": [1]} for row in answers]
    shown = torch.cat([truth, answer[torch.isfinite(answer)]])
    margin = 0.05 * (shown.max() - shown.min()).item()
    frame = [shown.min().item() - margin, shown.max().item() + margin]  # the same at every moment
    axes(figure, f"{prepared.target} in the table", "the network's answer", yaxis_range=frame)
    error = holdout_score(run, prepared)[1]
    guess = truth.std(correction=0).item()
    caption = (
        f"{len(truth)} rows that were kept out of the training{f' ({drawn} drawn)' if drawn < len(truth) else ''}, in "
        f"the target's own unit. At the end the typical error (root mean square) is {error:.4g}; "
        f"always answering their mean would give {guess:.4g}."
    )
    table = pd.DataFrame({"truth": numbers(truth), "answer": numbers(answer)})
    return Picture(figure, caption, "Scatter chart of answers against the truth. " + caption, table, frames=frames)
