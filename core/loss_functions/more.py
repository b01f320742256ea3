"""Yes or no, order and distance: the losses for targets that are not one plain number.

Source of the formulas: https://docs.pytorch.org/docs/stable/nn.html#loss-functions
"""

import torch
from torch import Tensor

from core.loss_functions.calculation import Argument, Calculation, Step, calculate
from core.loss_functions.classes import read_weights
from core.loss_functions.settings import MAX_ROWS, MoreSettings
from core.number_rows import Column, Row, read_rows

CLASSES = 3  # columns of the tables with class numbers
CLOSE_TO_ONE = 1e-4  # how far probabilities may add up from 1
BCE_LOG_FLOOR = -100.0  # BCELoss never takes a logarithm below this
COSINE_EPS, DISTANCE_EPS = 1e-12, 1e-6  # torch's own, against a division by zero and a root of zero


def _numbers(*names: str, low: float = -1e3, high: float = 1e3) -> tuple[Column, ...]:
    return tuple(Column(name, low, high) for name in names)


SIGN = Column("target (1 or −1)", -1, 1, whole=True)
SHARE = Column("target (0 to 1)", 0, 1)
CLASS = Column("target (class)", 0, CLASSES - 1, whole=True)
TABLES = {  # loss -> the field that holds its table, and the columns
    "BCEWithLogitsLoss": ("logits", (*_numbers("score"), SHARE)),
    "BCELoss": ("probability", (Column("probability of yes", 0, 1), SHARE)),
    "NLLLoss": ("classes", (*_numbers("P(0)", "P(1)", "P(2)", low=1e-30, high=1), CLASS)),
    "KLDivLoss": (
        "distributions",
        (
            *_numbers("model q(0)", "model q(1)", "model q(2)", low=1e-30, high=1),
            *_numbers("truth p(0)", "truth p(1)", "truth p(2)", low=0, high=1),
        ),
    ),
    "SoftMarginLoss": ("signs", (*_numbers("score"), SIGN)),
    "HingeEmbeddingLoss": ("distance", (*_numbers("distance"), SIGN)),
    "MarginRankingLoss": ("ranking", (*_numbers("score a", "score b"), SIGN)),
    "MultiMarginLoss": ("scores", (*_numbers("score 0", "score 1", "score 2"), CLASS)),
    "CosineEmbeddingLoss": ("vectors", (*_numbers("a(1)", "a(2)", "b(1)", "b(2)"), SIGN)),
    "TripletMarginLoss": (
        "triplets",
        _numbers("anchor(1)", "anchor(2)", "positive(1)", "positive(2)", "negative(1)", "negative(2)"),
    ),
}


def more_table_of(settings: MoreSettings) -> tuple[str, tuple[Column, ...]]:
    """The field that holds the table of the chosen loss, and its columns."""
    return TABLES[settings.loss]


def more_loss(settings: MoreSettings) -> Calculation:
    """The chosen loss on its table.

    Raises:
        ValueError: if the table cannot be read, or a target is not what this loss allows.
    """
    field, columns = more_table_of(settings)
    rows = read_rows(getattr(settings, field), columns, MAX_ROWS)
    if SIGN in columns:
        _check_signs(rows)
    made = {
        "BCEWithLogitsLoss": _bce_with_logits,
        "BCELoss": _bce,
        "NLLLoss": _nll,
        "KLDivLoss": _kl,
        "SoftMarginLoss": _soft_margin,
        "HingeEmbeddingLoss": _hinge,
        "MarginRankingLoss": _ranking,
        "MultiMarginLoss": _multi_margin,
        "CosineEmbeddingLoss": _cosine,
        "TripletMarginLoss": _triplet,
    }
    return made[settings.loss](rows, settings)


def _check_signs(rows: list[Row]) -> None:
    for number, row in enumerate(rows, start=1):
        if row[-1] not in (1, -1):
            raise ValueError(f"Row {number} has target {row[-1]:g}; allowed: 1 or -1.")


def _check_sums(rows: list[Row], start: int, what: str) -> None:
    for number, row in enumerate(rows, start=1):
        total = sum(row[start : start + CLASSES])
        if abs(total - 1) > CLOSE_TO_ONE:
            raise ValueError(f"Row {number}: {what} add up to {total:g}; allowed: a sum of 1.")


def _target(rows: list[Row]) -> Argument:
    return Argument("target", [row[-1] for row in rows], ("target",))


def _bce_with_logits(rows: list[Row], settings: MoreSettings) -> Calculation:
    score = Argument("logits", [row[0] for row in rows], ("score",), learned=True)
    target = Argument("target", [float(row[1]) for row in rows], ("target",))
    x, t = score.tensor().detach(), target.tensor()
    no = (-x).clamp(min=0) + torch.log1p(torch.exp(-x.abs()))
    factor = 1 + (settings.pos_weight - 1) * t
    steps = (
        Step("probability of yes", "sigmoid(x) = 1 / (1 + e^−x)", torch.sigmoid(x)),
        Step("−log of it", "max(−x, 0) + log(1 + e^−|x|)", no),
        Step("loss", "(1 − t) x + (1 + (pos_weight − 1) t) · (−log of it)", (1 - t) * x + factor * no),
    )
    options = {"pos_weight": [settings.pos_weight]}
    return calculate("BCEWithLogitsLoss", options, settings.reduction, (score, target), steps, unit="nats")


def _bce(rows: list[Row], settings: MoreSettings) -> Calculation:
    probability = Argument("probability", [float(row[0]) for row in rows], ("probability of yes",), learned=True)
    target = Argument("target", [float(row[1]) for row in rows], ("target",))
    p, t = probability.tensor().detach(), target.tensor()
    yes, no = p.log().clamp(min=BCE_LOG_FLOOR), torch.log1p(-p).clamp(min=BCE_LOG_FLOOR)
    steps = (
        Step("log p", f"never below {BCE_LOG_FLOOR:g}", yes),
        Step("log(1 − p)", f"never below {BCE_LOG_FLOOR:g}", no),
        Step("loss", "−t log p − (1 − t) log(1 − p)", (t - 1) * no - t * yes),
    )
    return calculate("BCELoss", {}, settings.reduction, (probability, target), steps, unit="nats")


def _class_weights(settings: MoreSettings) -> tuple[dict[str, object], Tensor]:
    listed = read_weights(settings.weight, CLASSES)
    return ({}, torch.ones(CLASSES)) if listed is None else ({"weight": listed}, torch.tensor(listed))


def _nll(rows: list[Row], settings: MoreSettings) -> Calculation:
    _check_sums(rows, 0, "the probabilities")
    options, weight = _class_weights(settings)
    log_p = Argument(
        "log_probabilities",
        [[float(v) for v in row[:CLASSES]] for row in rows],
        ("log P(0)", "log P(1)", "log P(2)"),
        learned=True,
        log=True,
    )
    target = Argument("target", [row[-1] for row in rows], ("target",), whole=True)
    index = target.tensor()
    right = log_p.tensor().detach().gather(1, index[:, None])[:, 0]
    w = weight[index]
    steps = (
        Step("log-probability", "log P of the target's class", right),
        Step("weight", "of the target's class", w),
        Step("loss", "−weight · log-probability", w * -right),
    )
    divisor = w.sum().item()
    return calculate("NLLLoss", options, settings.reduction, (log_p, target), steps, unit="nats", divisor=divisor)


def _kl(rows: list[Row], settings: MoreSettings) -> Calculation:
    _check_sums(rows, 0, "the model's probabilities q")
    _check_sums(rows, CLASSES, "the true probabilities p")
    q = Argument(
        "log_q",
        [[float(v) for v in row[:CLASSES]] for row in rows],
        ("log q(0)", "log q(1)", "log q(2)"),
        learned=True,
        log=True,
    )
    p = Argument("target", [[float(v) for v in row[CLASSES:]] for row in rows], ("p(0)", "p(1)", "p(2)"))
    parts = torch.xlogy(p.tensor(), p.tensor()) - p.tensor() * q.tensor().detach()
    steps = (
        *(Step(f"class {i}", "p log p − p log q", parts[:, i]) for i in range(CLASSES)),
        Step("loss", "sum over the classes", parts.sum(dim=1)),
    )
    return calculate(
        "KLDivLoss", {}, settings.reduction, (q, p), steps, unit="nats", divisor=float(len(rows) * CLASSES)
    )


def _soft_margin(rows: list[Row], settings: MoreSettings) -> Calculation:
    score = Argument("score", [row[0] for row in rows], ("score",), learned=True)
    target = _target(rows)
    agreement = target.tensor() * score.tensor().detach()
    steps = (
        Step("agreement", "target · score", agreement),
        Step("loss", "log(1 + e^−agreement)", torch.log1p(torch.exp(-agreement))),
    )
    return calculate("SoftMarginLoss", {}, settings.reduction, (score, target), steps, unit="nats")


def _hinge(rows: list[Row], settings: MoreSettings) -> Calculation:
    distance = Argument("distance", [row[0] for row in rows], ("distance",), learned=True)
    target = _target(rows)
    x, y, margin = distance.tensor().detach(), target.tensor(), settings.margin
    short = (margin - x).clamp(min=0)
    steps = (
        Step("missing distance", f"max(0, margin {margin:g} − distance)", short),
        Step("loss", "distance where target is 1, missing distance where it is −1", torch.where(y == 1, x, short)),
    )
    return calculate(
        "HingeEmbeddingLoss", {"margin": margin}, settings.reduction, (distance, target), steps, unit="units"
    )


def _ranking(rows: list[Row], settings: MoreSettings) -> Calculation:
    first = Argument("score_a", [row[0] for row in rows], ("score a",), learned=True)
    second = Argument("score_b", [row[1] for row in rows], ("score b",), learned=True)
    target = _target(rows)
    lead = target.tensor() * (first.tensor() - second.tensor()).detach()
    steps = (
        Step("lead of the right one", "target · (a − b)", lead),
        Step("loss", f"max(0, margin {settings.margin:g} − lead)", (-lead + settings.margin).clamp(min=0)),
    )
    options = {"margin": settings.margin}
    return calculate("MarginRankingLoss", options, settings.reduction, (first, second, target), steps, unit="units")


def _multi_margin(rows: list[Row], settings: MoreSettings) -> Calculation:
    options, weight = _class_weights(settings)
    scores = Argument("scores", [list(row[:CLASSES]) for row in rows], ("score 0", "score 1", "score 2"), learned=True)
    target = Argument("target", [row[-1] for row in rows], ("target",), whole=True)
    s, y = scores.tensor().detach(), target.tensor()
    right = s.gather(1, y[:, None])
    missing = (settings.margin - right + s).clamp(min=0)
    missing = missing.scatter(1, y[:, None], 0.0)  # the right class is not compared with itself
    cost = weight[y][:, None] * missing**settings.p
    steps = (
        *(Step(f"class {i}", "max(0, margin − s(right) + s(i))", missing[:, i]) for i in range(CLASSES)),
        Step("loss", f"weight · sum of the powers p = {settings.p}, / {CLASSES} classes", cost.sum(dim=1) / CLASSES),
    )
    options = {"p": settings.p, "margin": settings.margin} | options
    return calculate("MultiMarginLoss", options, settings.reduction, (scores, target), steps, unit="units")


def _vectors(name: str, rows: list[Row], at: int, called: str) -> Argument:
    columns = (f"{called}(1)", f"{called}(2)")
    return Argument(name, [list(row[at : at + 2]) for row in rows], columns, learned=True)


def _cosine(rows: list[Row], settings: MoreSettings) -> Calculation:
    a, b, target = _vectors("a", rows, 0, "a"), _vectors("b", rows, 2, "b"), _target(rows)
    u, v = a.tensor().detach(), b.tensor().detach()
    product = (u * v).sum(dim=1)
    lengths = (((u * u).sum(dim=1) + COSINE_EPS) * ((v * v).sum(dim=1) + COSINE_EPS)).sqrt()
    cosine = product / lengths
    too_close = (cosine - settings.cosine_margin).clamp(min=0)
    steps = (
        Step("a · b", "a(1) b(1) + a(2) b(2)", product),
        Step("lengths", "|a| |b|", lengths),
        Step("cosine", "a · b / (|a| |b|)", cosine),
        Step(
            "loss",
            f"1 − cosine where target is 1, max(0, cosine − margin {settings.cosine_margin:g}) where it is −1",
            torch.where(target.tensor() == 1, 1 - cosine, too_close),
        ),
    )
    options = {"margin": settings.cosine_margin}
    return calculate("CosineEmbeddingLoss", options, settings.reduction, (a, b, target), steps, unit="cosine")


def _triplet(rows: list[Row], settings: MoreSettings) -> Calculation:
    if settings.margin <= 0:
        raise ValueError(f"TripletMarginLoss refuses a margin of {settings.margin:g}; allowed: more than 0.")
    parts = [
        _vectors("anchor", rows, 0, "anchor"),
        _vectors("positive", rows, 2, "positive"),
        _vectors("negative", rows, 4, "negative"),
    ]
    a, p, n = (part.tensor().detach() for part in parts)

    def distance(one: Tensor, other: Tensor) -> Tensor:
        return torch.linalg.vector_norm(one - other + DISTANCE_EPS, ord=settings.norm, dim=1)

    near, far = distance(a, p), distance(a, n)
    steps = [
        Step("to the positive", "d(anchor, positive)", near),
        Step("to the negative", "d(anchor, negative)", far),
    ]
    if settings.swap:
        other = distance(p, n)
        steps.append(Step("from the positive to the negative", "the nearer of the two counts", other))
        far = torch.minimum(far, other)
    loss = (settings.margin + near - far).clamp(min=0)
    steps.append(Step("loss", f"max(0, margin {settings.margin:g} + to the positive − to the negative)", loss))
    options = {"margin": settings.margin, "p": float(settings.norm), "swap": settings.swap}
    return calculate("TripletMarginLoss", options, settings.reduction, tuple(parts), tuple(steps), unit="units")
