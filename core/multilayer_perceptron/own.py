"""The reader's own points, all of which the page's network trains on."""

import math
import re
from dataclasses import dataclass, replace

import torch

from core.multilayer_perceptron.data import HALF, Samples
from core.multilayer_perceptron.maps import layer_answers
from core.multilayer_perceptron.program import with_network
from core.multilayer_perceptron.settings import MAX_UPDATES, PlaygroundSettings
from core.multilayer_perceptron.watch import Run, RunTask
from core.points import LONGEST_TEXT, MAX_POINTS, Point, decode, encode, point, window
from core.program import Program, source, with_constants
from core.settings import Integer, Settings, Text, parameter

ALLOWED = f"allowed: 2 to {MAX_POINTS} points, at least one of each class"
NOT_FOR_POINTS = ("data", "noise", "share", "data_seed", "patience")  # they are about drawn points and a test set
IN_A_LINE = 4


def ring(n_points: int, radius: float, y: int) -> list[Point]:
    """Points of one class on a circle around the origin."""
    angles = [2 * math.pi * i / n_points for i in range(n_points)]
    return [point(round(8 * radius * math.cos(a)) / 8, round(8 * radius * math.sin(a)) / 8, y) for a in angles]


TARGET = encode([*ring(4, 0.7, 1), *ring(9, 2.4, 0), *ring(14, 4.6, 1)])
STRANGER = encode(point(1.75 * i, 1.75 * j, int(i == j == 0)) for i in range(-2, 3) for j in range(-2, 3))
STRIPES = encode(point(2.0 * i, 1.5 * j, abs(i) % 2) for i in range(-2, 3) for j in range(-2, 3))


@dataclass(frozen=True)
class OwnSettings(Settings):
    """The reader's points, and the moment of the run that is looked at."""

    points: str = parameter(TARGET, Text("Your points", LONGEST_TEXT))
    own_at: int = parameter(MAX_UPDATES, Integer("Update of “Your points”", 0, MAX_UPDATES))


@dataclass(frozen=True)
class Own:
    """What is learned, and how: the points as a link carries them."""

    settings: PlaygroundSettings = PlaygroundSettings()
    points: str = TARGET


def own_task(own: Own) -> RunTask:
    """The run of these points, not yet begun.

    Raises:
        ValueError: if there is nothing to tell apart, or the run would be too long.
    """
    points, usual = decode(own.points), PlaygroundSettings()
    check(points)
    settings = replace(own.settings, **{name: getattr(usual, name) for name in NOT_FOR_POINTS})
    per_epoch = math.ceil(len(points) / settings.batch_size)
    if per_epoch * settings.num_epochs > MAX_UPDATES:
        raise ValueError(
            f"{settings.num_epochs:,} epochs of {per_epoch:,} updates are {settings.num_epochs * per_epoch:,} updates; "
            f"allowed: at most {MAX_UPDATES:,}. Choose a larger batch size or fewer epochs "
            f"({MAX_UPDATES // per_epoch:,} would fit)"
        )
    task = RunTask(settings, own_samples(points), key=own.points)
    task.cost *= per_epoch / settings.per_epoch
    return task


def check(points: list[Point]) -> None:
    """Whether there is something to tell apart.

    Raises:
        ValueError: in one sentence, if not.
    """
    if not points:
        raise ValueError(f"There are no points; {ALLOWED}")
    if len(points) == 1:
        raise ValueError(f"There is only one point; {ALLOWED}")
    if len({p.y for p in points}) == 1:
        every = "Both" if len(points) == 2 else f"All {len(points)}"
        raise ValueError(f"{every} points are of class {points[0].y}; {ALLOWED}")


def scale_of(points: list[Point]) -> int:
    """What coordinates are divided by before the network is given them: 1, or as much as far points need."""
    return window(points, int(HALF)) // int(HALF)


def own_samples(points: list[Point]) -> Samples:
    """The points as the network is given them, within ±6; all are for training."""
    rows = torch.tensor(points, dtype=torch.float64)
    return Samples(rows[:, :2] / scale_of(points), 2 * rows[:, 2] - 1, len(points))


def n_right(run: Run) -> list[int]:
    """How many points were on the right side before the first epoch and after each."""
    shares = run.curve("train_accuracy").nan_to_num().tolist()
    return [round(share * run.data.n_train) for share in shares]


def all_right_since(run: Run) -> int | None:
    """The epoch from which on every point was on the right side until the end; None if the last one was not so."""
    wrong = [epoch for epoch, right in enumerate(n_right(run)) if right < run.data.n_train]
    since = wrong[-1] + 1 if wrong else 0
    return since if since <= run.epochs else None


def last_sum(run: Run, place: int) -> float:
    """The output's sum for one of the points at the end: before its activation, if it has one."""
    points = run.data.points[place : place + 1]
    return layer_answers(run.settings, run.weights[-1:], points)[-1].item()


def own_program(run: Run, points: list[Point]) -> Program:
    """The program that learns the points and prints the loss about ten times."""
    text = with_network(source("multilayer_perceptron_own"), run.settings)
    rows = [points[i : i + IN_A_LINE] for i in range(0, len(points), IN_A_LINE)]
    written = "".join("    " + " ".join(f"{tuple(p)!r}," for p in row) + "\n" for row in rows)
    text, found = re.subn(
        r"(?<=^POINTS = \[  # x1, x2, class\n).*?(?=^\])", written, text, flags=re.DOTALL | re.MULTILINE
    )
    if found != 1:
        raise ValueError("The points must stand in the program once.")
    text = with_constants(text, {"SCALE": scale_of(points), "SEED": run.settings.seed})
    return Program("multilayer_perceptron_own", text, [] if run.diverged_at is not None else printed(run))


def printed(run: Run) -> list[str]:
    """What `report` prints, before the first epoch and about ten times more."""
    every, right = max(run.settings.num_epochs // 10, 1), n_right(run)
    return [
        f"Epoch {epoch}: loss {loss:.6f}, {right[epoch]} of {run.data.n_train} points on the right side"
        for epoch, loss in enumerate(run.curve("train_loss").tolist())
        if epoch % every == 0
    ]
