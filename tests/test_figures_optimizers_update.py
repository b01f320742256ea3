"""The arrows of a step, the map, the lines over time, and the words about a step."""

import json
import math
import re

import numpy as np
import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.settings import MAX_STEPS, SurfaceSettings
from core.optimizers.update import explained, opening, step_trace
from core.plane.surfaces import SURFACES
from figures.optimizers.update import update
from figures.optimizers.update_caption import label
from figures.optimizers.update_history import history
from figures.optimizers.update_labels import LETTER, LINE
from figures.optimizers.update_map import plane
from figures.optimizers.update_rings import REACH, chain, window_of
from figures.optimizers.update_words import calculation, matters, sum_of_terms, troubles


def run_of(name="Adam", surface="beale", steps=20, lr=0.02, **changes):
    x, y = SURFACES[surface].start
    ground = SurfaceSettings(surface=surface, x=x, y=y)
    return step_trace(ground, hyperparameters_of(name)(lr=lr, **changes), steps)


@pytest.mark.parametrize("name", PLANE_OPTIMIZERS)
def test_every_step_is_a_frame_whose_arrows_lead_from_the_place_to_the_next(name):
    run = run_of(name)
    picture = update(run)
    assert len(picture.frames) == run.steps
    for at, frame in enumerate(picture.frames):
        assert len(frame["data"]) == len(frame["traces"]) == len(picture.figure.data)
        places = [(trace["x"], trace["y"]) for trace in frame["data"][4:-1] if trace["x"][0] is not None]
        assert (places[0][0][0], places[0][1][0]) == (0, 0)
        for (x, y), (x_next, y_next) in zip(places, places[1:], strict=False):
            assert (x[-1], y[-1]) == (x_next[0], y_next[0])
        taken = (run.path[at + 1] - run.path[at]).tolist()
        assert (places[-1][0][-1], places[-1][1][-1]) == pytest.approx(taken, rel=1e-3, abs=1e-12)
    assert all(len(other(run).frames) == run.steps for other in (plane, history))


def test_the_rings_are_those_of_the_surface():
    run = run_of("Momentum", "himmelblau", lr=0.005)
    for at in (0, 7, 19):
        ring, (_, _, half) = update(run).frames[at]["data"][0], window_of(run, at)
        z = np.asarray(ring["z"], dtype=float)
        x = torch.tensor([ring["x0"] + ring["dx"] * i for i in range(z.shape[1])]) + run.path[at, 0]
        y = torch.tensor([ring["y0"] + ring["dy"] * i for i in range(z.shape[0])]) + run.path[at, 1]
        assert (x[-1] - x[0]).item() == pytest.approx(2 * REACH[0] * half, rel=1e-3)
        f = run.function(x[None, :].expand(z.shape), y[:, None].expand(z.shape)).numpy()
        assert np.all(np.diff(z.flatten()[np.argsort(f.flatten())]) >= -1)  # up to rounding in one order


def test_the_longest_run_stays_below_a_megabyte():
    run = run_of("AdamW", "rastrigin", MAX_STEPS, 0.001)  # three terms
    assert max(len(picture(run).json()) for picture in (update, plane, history)) < 1_000_000
    short, long = (len(update(run_of("LBFGS", "booth", n, 0.001, max_iter=25)).json()) for n in (4, 8))
    assert short + (long - short) / 4 * MAX_STEPS < 1_000_000  # 25 moves in each step


@pytest.mark.parametrize(
    ("name", "surface", "lr", "steps"),
    [
        ("SGD", "rosenbrock", 1.0, 30),
        ("LBFGS", "monkey", 1.0, 9),
        ("RMSprop", "beale", 100.0, 30),
        ("Adam", "booth", 1e-8, 5),
    ],
)
def test_wild_runs_are_drawn_and_said(name, surface, lr, steps):
    run = run_of(name, surface, steps, lr)
    for picture in (update, plane, history):
        json.loads(picture(run).json())
    for at in range(run.steps):
        assert label(run, at) and matters(run, at) and calculation(run, at) and sum_of_terms(run, at)
    if run.diverged_at is not None:
        assert run.diverged in update(run).caption
        assert "no longer finite" in matters(run, run.steps - 1) or torch.isfinite(run.path).all()


def test_a_start_without_a_gradient_is_drawn_too():
    run = step_trace(SurfaceSettings(surface="typed", text="log(x) + y", x=-1.0), hyperparameters_of("Adam")(), 5)
    for picture in (update, plane, history):
        assert json.loads(picture(run).json())["layout"]["xaxis"]["title"]["text"]
        assert "0" in picture(run).caption


@pytest.mark.parametrize("name", PLANE_OPTIMIZERS)
def test_the_numbers_in_the_tables_can_be_checked_by_hand(name):
    run = run_of(name, lr=0.002)
    for text in (calculation(run, 5), sum_of_terms(run, 5)):
        for row in text.splitlines()[2:]:
            cells = [cell.strip().strip("*") for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
            written, x = cells[-3].replace("\\|", "|"), cells[-2]
            if not written or re.search("[a-zA-Z‖]{4}", written):
                continue
            for sign, python in (("−", "-"), ("·", "*"), ("²", "**2"), ("^", "**"), ("√", "math.sqrt")):
                written = written.replace(sign, python)
            written = re.sub(r"\|([^|]+)\|", r"abs(\1)", written)
            found = eval(written, {"math": math, "sign": lambda v: (v > 0) - (v < 0)} | {"max": max, "min": min})
            near = 3e-3 if "0.9**" not in written and "0.999" not in written else 3e-2
            assert found == pytest.approx(float(x.replace("−", "-")), rel=near, abs=1e-9), (row, found)
    together = [row for row in sum_of_terms(run, 5).splitlines() if "together" in row][0]
    taken = sum_of_terms(run, 5).splitlines()[-1]
    assert together.split("|")[-3:] == taken.split("|")[-3:]


@pytest.mark.parametrize(
    ("name", "surface", "lr", "at", "said"),
    [
        ("RAdam", "beale", 0.001, 3, "still warming up"),
        ("RAdam", "beale", 0.001, 5, "rectification r"),
        ("Rprop", "beale", 0.01, 14, "In x the gradient **turned**"),
        ("Rprop", "beale", 0.01, 0, "it is the first step"),
        ("Adafactor", "himmelblau", 0.1, 4, "was **limited**"),
        ("Adafactor", "booth", 0.1, 4, "was not limited"),
        ("LBFGS", "beale", 1.0, 0, "**15 moves** in this one step, for which it took 16 gradients"),
        ("LBFGS", "beale", 1.0, 3, "at rest"),
        ("Momentum", "himmelblau", 0.005, 13, "goes **uphill**"),
        ("SGD", "beale", 0.001, 3, "straight downhill"),
        ("Adadelta", "beale", 1.0, 0, "ε decides"),
        ("Adam", "beale", 0.01, 0, "First step: the mean corrected is the gradient itself"),
        ("ASGD", "beale", 0.001, 3, "average of its places"),
    ],
)
def test_what_mattered_is_named(name, surface, lr, at, said):
    run = run_of(name, surface, 20, lr)
    assert said in matters(run, at)


def test_the_share_of_the_longest_term_is_the_run_s():
    run = run_of("Momentum", "himmelblau", lr=0.005)
    lengths = run.terms[7].norm(dim=1)
    name, share = re.search(r"is \*\*(.+)\*\*: (\d+) %", matters(run, 7)).groups()
    assert name == run.names[int(lengths.argmax())][1]
    assert int(share) == round(100 * (lengths.max() / lengths.sum()).item())
    assert torch.equal(chain(run, 7)[-1], run.terms[7].cumsum(dim=0)[-1])
    assert explained(run, 7).terms[0].kind == "kept"


@pytest.mark.parametrize(("name", "surface", "lr"), [("Adam", "beale", 0.01), ("Momentum", "himmelblau", 0.005)])
def test_no_name_lies_on_an_arrowhead_or_on_another_name(name, surface, lr):
    run = run_of(name, surface, 60, lr)
    picture = update(run)
    named, names = 0, picture.figure.data[-1].text
    for at, frame in enumerate(picture.frames):
        half, labels = window_of(run, at)[2], frame["data"][-1]
        heads = [(arrow["x"][-1], arrow["y"][-1]) for arrow in frame["data"][2:-1]]
        boxes = []
        for x, y, side, text in zip(labels["x"], labels["y"], labels["textposition"], names, strict=True):
            if x is None:
                continue
            up, along = side.split()
            wide, high = LETTER * len(re.sub("<.*?>", "", text)) * half, LINE * half
            x += {"left": -wide, "center": 0, "right": wide}[along] / 2
            y += {"bottom": -high, "middle": 0, "top": high}[up] / 2
            assert sum(abs(a - x) < wide / 2 and abs(b - y) < high / 2 for a, b in heads) <= 1, (at, text)
            for a, b, w, h in boxes:
                assert abs(a - x) >= 0.99 * (w + wide) / 2 or abs(b - y) >= 0.99 * (h + high) / 2, (at, text)
            boxes.append((x, y, wide, high))
        named += len(boxes)
    assert named > 2 * run.steps


def test_every_line_is_in_the_legend():
    for trace in update(run_of("Momentum")).figure.data:
        assert trace.name in ("rings", "labels") or trace.showlegend is not False


def test_the_map_is_cut_to_the_part_that_the_race_shows():
    run = run_of("Adam")
    low, high = plane(run).figure.layout.xaxis.range
    assert high - low < 7  # of the box's 9
    (way,) = [trace for trace in plane(run).figure.data if trace.meta and trace.line.color != "white"]
    assert way.meta["upto"] == list(range(run.steps))
    assert way.x.tolist() == pytest.approx(run.path[:, 0].tolist(), rel=1e-6)


def test_a_lost_run_says_why_and_its_lengths_are_all_on_the_axis():
    run = run_of("Momentum", lr=0.01, steps=200)
    (said,) = troubles(run)
    assert f"lost after {run.diverged_at} of its steps" in said
    assert "is above 2(1 + b)/L" in said
    assert "is above 2(1 + b)/L" in matters(run, opening(run))
    assert "is above" not in matters(run, 1)
    lengths = history(run).figure.data[0].y
    assert lengths.max() == pytest.approx((run.path[1:] - run.path[:-1]).norm(dim=1).max().item(), rel=1e-6)
    assert 10 ** history(run).figure.layout.yaxis.range[1] > lengths.max()
    for name in ("Momentum", "Nesterov"):
        lost = run_of(name, lr=0.01, steps=200)
        assert not re.search("nan|stand across", " ".join(matters(lost, at) for at in range(lost.steps)))
    assert troubles(run_of("Adam")) == []
