"""How well the network does on the rows of a reader's table that it has not seen."""

import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.nn import predict
from core.quote import literal
from core.table_tensors import Prepared
from core.training_loop.own import holdout_score, scored
from core.training_loop.run import Run
from figures.picture import Picture
from figures.style import BLUE, GREY, PALE, axes, numbers
from figures.words import drawn_text, fmt, plain, plural

NO_NUMBER = "at the end, not every answer is a finite number"
MOST_DRAWN = 500  # rows; the picture has a frame for each snapshot


def holdout(run: Run, prepared: Prepared) -> Picture:
    """Confusion matrix for classes; prediction against truth for numbers; one frame a snapshot."""
    said = torch.stack([predict(snapshot.weights, run.X_validation) for snapshot in run.snapshots])
    return _confusion(run, prepared, said) if prepared.classes else _scatter(run, prepared, said)


def _confusion(run: Run, prepared: Prepared, said: Tensor) -> Picture:
    """Shape of `said`: (snapshots, rows, classes)."""
    kinds, k, truth = prepared.classes, len(prepared.classes), run.y_validation
    places = zip(truth * k + said.argmax(2), said.isfinite().all(2), strict=True)
    matrices = [torch.bincount(at[finite], minlength=k * k).reshape(k, k).numpy() for at, finite in places]
    bar = {"title": {"text": "rows", "side": "top"}, "thickness": 14}
    scale = {"zmin": 0, "zmax": int(truth.bincount().max()), "colorscale": PALE, "textfont": {"color": "black"}}
    figure = go.Figure(go.Heatmap(z=matrices[-1], texttemplate="%{z}", colorbar=bar, **scale))
    # By number: as categories of plotly, two names that look alike would be one row.
    ticks = {"tickvals": list(range(k)), "ticktext": list(map(drawn_text, kinds))}
    axes(figure, "the network says", "the table says", xaxis=ticks, yaxis=ticks)
    figure.update_yaxes(autorange="reversed")  # the diagonal runs as in a matrix
    usual = int(run.y.bincount().argmax())  # the most frequent in the training
    end = f"at the end in {holdout_score(run, prepared)[1]:.1%} of them" if scored(run, prepared) else NO_NUMBER
    caption = (
        f"{plural(len(truth), 'row')} kept out of the training; on the diagonal the network is right; {end}. "
        f"Always saying {literal(kinds[usual])} would be right in {(truth == usual).float().mean().item():.1%}."
    )
    table = pd.DataFrame(matrices[-1], columns=[f"said {kind}" for kind in kinds]).assign(truth=list(kinds))
    frames = [{"data": [{"z": m}], "traces": [0]} for m in matrices]
    return Picture(figure, caption, f"Confusion matrix. {plain(caption)}", table, frames)


def _scatter(run: Run, prepared: Prepared, said: Tensor) -> Picture:
    """Shape of `said`: (snapshots, rows, 1)."""
    truth, answers = prepared.in_unit(run.y_validation[:, 0]), prepared.in_unit(said[:, :, 0])
    answer, drawn = answers[-1], min(len(truth), MOST_DRAWN)
    ends, line = [truth.min().item(), truth.max().item()], {"color": GREY, "width": 3}
    figure = go.Figure(go.Scatter(x=ends, y=ends, mode="lines", name="right", line=line))
    row = {"mode": "markers", "name": "a row", "marker": {"color": BLUE, "size": 8}}
    figure.add_scatter(x=numbers(truth[:drawn]), y=numbers(answer[:drawn]), **row)
    shown = torch.cat([truth, answer[torch.isfinite(answer)]])
    margin = 0.05 * (shown.max() - shown.min()).item()
    bounds = [shown.min().item() - margin, shown.max().item() + margin]  # the same at every snapshot
    axes(figure, f"{drawn_text(prepared.target)} in the table", "the network's answer", yaxis_range=bounds)
    end = f"the typical error (root mean square) at the end is {fmt(holdout_score(run, prepared)[1])}"
    caption = (
        f"{plural(len(truth), 'row')} kept out of the training{f' ({drawn} drawn)' if drawn < len(truth) else ''}, in "
        f"the target's own unit; {end if scored(run, prepared) else NO_NUMBER}. Always answering their mean would give "
        f"{fmt(truth.std(correction=0).item())}."
    )
    table = pd.DataFrame({"truth": truth.numpy(), "answer": answer.numpy()})
    frames = [{"data": [{"y": numbers(row[:drawn])}], "traces": [1]} for row in answers]
    return Picture(figure, caption, "Scatter chart of answers against the truth. " + caption, table, frames)
