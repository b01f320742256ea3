"""Yes or no, order and distance: the losses for targets that are not one plain number.

Source of the formulas: https://docs.pytorch.org/docs/stable/nn.html#loss-functions
"""

import torch
from torch import Tensor

from core.loss_functions.calculation import WEIGHT, Argument, Calculation, Loss, Step, class_weights, refuse
from core.loss_functions.settings import OtherLossesSettings
from core.number_rows import Column

CLASSES = 3  # columns of the tables with class numbers
CLOSE_TO_ONE = 1e-4  # how far probabilities may add up from 1
BCE_LOG_FLOOR = -100.0  # BCELoss never takes a logarithm below this
COSINE_EPS, DISTANCE_EPS = 1e-12, 1e-6  # torch's own, against a division by zero and a root of zero
S = OtherLossesSettings
Steps = tuple[Step, ...]


def _check_signs(target: Tensor) -> None:
    refuse(target.abs() != 1, lambda row: f"has target {target[row]:g}", "1 or -1.")


def _check_sums(p: Tensor, what: str) -> None:
    total = p.sum(dim=1)
    refuse((total - 1).abs() > CLOSE_TO_ONE, lambda row: f"has {what} that add up to {total[row]:g}", "a sum of 1.")


def _bce_with_logits(x: Tensor, t: Tensor, s: S) -> Steps:
    cost = (-x).clamp(min=0) + torch.log1p(torch.exp(-x.abs()))
    loss = (1 - t) * x + (1 + (s.pos_weight - 1) * t) * cost
    return (
        Step("probability of yes", "sigmoid(x) = 1 / (1 + e^−x)", torch.sigmoid(x)),
        Step("−log of it", "max(−x, 0) + log(1 + e^−|x|)", cost),
        Step("loss", "(1 − t) x + (1 + (pos_weight − 1) t) · (−log of it)", loss),
    )


def _bce(p: Tensor, t: Tensor, s: S) -> Steps:
    yes, no = p.log().clamp(min=BCE_LOG_FLOOR), torch.log1p(-p).clamp(min=BCE_LOG_FLOOR)
    return (
        Step("log p", f"never below {BCE_LOG_FLOOR:g}", yes),
        Step("log(1 − p)", f"never below {BCE_LOG_FLOOR:g}", no),
        Step("loss", "−t log p − (1 − t) log(1 − p)", (t - 1) * no - t * yes),
    )


def _nll(p: Tensor, y: Tensor, s: S) -> Steps:
    _check_sums(p, "probabilities")
    log_p, weight = p.gather(1, y[:, None])[:, 0].log(), class_weights(s.weight, CLASSES)[y]
    return (
        Step("log-probability", "log P of the target's class", log_p),
        Step(WEIGHT, "of the target's class", weight),
        Step("loss", "−weight · log-probability", weight * -log_p),
    )


def _kl(q: Tensor, p: Tensor, s: S) -> Steps:
    _check_sums(q, "probabilities q")
    _check_sums(p, "probabilities p")
    parts = torch.xlogy(p, p) - p * q.log()
    return Step("each class", "p log p − p log q", parts), Step("loss", "sum over the classes", parts.sum(dim=1))


def _soft_cross_entropy(z: Tensor, p: Tensor, s: S) -> Steps:
    """The mean divides by the number of samples, whatever the weights; torch takes any numbers for probabilities."""
    lead = z - z.amax(dim=1, keepdim=True)
    cost = lead.exp().sum(dim=1, keepdim=True).log() - lead
    target = class_weights(s.weight, CLASSES) * ((1 - s.label_smoothing) * p + s.label_smoothing / CLASSES)
    return (
        Step("−log softmax", "log of the sum of all e^score, − score", cost),
        Step("target", f"weight · ((1 − ε) p + ε / {CLASSES})", target),
        Step("loss", "Σ target · −log softmax", (target * cost).sum(dim=1)),
    )


def rows_without_sum_one(found: Calculation) -> list[int]:
    """The samples, from 1, whose class probabilities do not add up to 1."""
    sums = torch.tensor(found.numbers[1], dtype=torch.float64).sum(dim=1)
    return ((sums - 1).abs() > CLOSE_TO_ONE).nonzero().flatten().add(1).tolist()


def _soft_margin(x: Tensor, y: Tensor, s: S) -> Steps:
    _check_signs(y)
    loss = torch.log1p(torch.exp(-y * x))
    return Step("agreement", "target · score", y * x), Step("loss", "log(1 + e^−agreement)", loss)


def _hinge(x: Tensor, y: Tensor, s: S) -> Steps:
    _check_signs(y)
    missing = (s.margin - x).clamp(min=0)
    loss = Step("loss", "the distance for a target of 1, the missing distance for −1", torch.where(y == 1, x, missing))
    return Step("missing distance", f"max(0, margin {s.margin:g} − distance)", missing), loss


def _ranking(a: Tensor, b: Tensor, y: Tensor, s: S) -> Steps:
    _check_signs(y)
    lead = Step("lead of the right one", "target · (a − b)", y * (a - b))
    return lead, Step("loss", f"max(0, margin {s.margin:g} − lead)", (s.margin - lead.values).clamp(min=0))


def _multi_margin(scores: Tensor, y: Tensor, s: S) -> Steps:
    right = scores.gather(1, y[:, None])
    missing = (s.margin - right + scores).clamp(min=0)
    missing = missing.scatter(1, y[:, None], 0.0)  # the right class is not compared with itself
    cost = class_weights(s.weight, CLASSES)[y] * (missing**s.p).sum(dim=1) / CLASSES
    return (
        Step("missing lead", f"max(0, margin {s.margin:g} − s(right) + s(i))", missing),
        Step("loss", f"weight · sum of the powers p = {s.p}, / {CLASSES} classes", cost),
    )


def _cosine(a: Tensor, b: Tensor, y: Tensor, s: S) -> Steps:
    _check_signs(y)
    product = (a * b).sum(dim=1)
    lengths = (((a * a).sum(dim=1) + COSINE_EPS) * ((b * b).sum(dim=1) + COSINE_EPS)).sqrt()
    cosine = product / lengths
    loss = torch.where(y == 1, 1 - cosine, (cosine - s.cosine_margin).clamp(min=0))
    return (
        Step("a · b", "a(1) b(1) + a(2) b(2)", product),
        Step("lengths", f"√((a · a + {COSINE_EPS:g}) (b · b + {COSINE_EPS:g}))", lengths),
        Step("cosine", "a · b / lengths", cosine),
        Step("loss", f"1 − cosine for a target of 1, max(0, cosine − {s.cosine_margin:g}) for −1", loss),
    )


def _triplet(a: Tensor, p: Tensor, n: Tensor, s: S) -> Steps:
    if s.margin <= 0:
        raise ValueError(f"TripletMarginLoss refuses a margin of {s.margin:g}; allowed: more than 0.")

    def distance(one: Tensor, other: Tensor) -> Tensor:
        return torch.linalg.vector_norm(one - other + DISTANCE_EPS, ord=s.norm, dim=1)

    near, far, other = distance(a, p), distance(a, n), distance(p, n)
    nearest = torch.minimum(far, other) if s.swap else far
    loss = (s.margin + near - nearest).clamp(min=0)
    how = "d(anchor, negative)" + (" or d(positive, negative), the nearer one" if s.swap else "")
    return (
        Step("to the positive", f"d(anchor, positive) with {DISTANCE_EPS:g} added to each difference", near),
        Step("to the negative", how, nearest),
        Step("loss", f"max(0, margin {s.margin:g} + to the positive − to the negative)", loss),
    )


def _learned(name: str, *columns: str, low: float = -1e3, high: float = 1e3, log: bool = False) -> Argument:
    return Argument(name, tuple(Column(column, low, high) for column in columns), learned=True, log=log)


SIGN = Argument("target", (Column("target (1 or −1)", -1, 1, whole=True),))
SHARE = Argument("target", (Column("target (0 to 1)", 0, 1),))
CLASS = Argument("target", (Column("target (class)", 0, CLASSES - 1, whole=True),), index=True)
SCORE, YES = _learned("logits", "score"), _learned("probability", "probability of yes", low=0, high=1)
LOG_P = _learned("log_probabilities", "P(0)", "P(1)", "P(2)", low=1e-30, high=1, log=True)
LOG_Q = _learned("log_q", "model q(0)", "model q(1)", "model q(2)", low=1e-30, high=1, log=True)
TRUTH = Argument("target", tuple(Column(f"truth p({i})", 0, 1) for i in range(CLASSES)))
PAIR = _learned("score_a", "score a"), _learned("score_b", "score b"), SIGN
SCORES = _learned("scores", "score 0", "score 1", "score 2")
SOFT = Argument("target", tuple(Column(f"p of class {i}", 0, 1) for i in range(CLASSES)))
SMOOTHED = {"weight": "weight", "label_smoothing": "label_smoothing"}
VECTORS = _learned("a", "a(1)", "a(2)"), _learned("b", "b(1)", "b(2)"), SIGN
TRIPLET = tuple(_learned(name, f"{name}(1)", f"{name}(2)") for name in ("anchor", "positive", "negative"))
MARGIN = {"margin": "margin"}
LOSSES = {
    "BCEWithLogitsLoss": Loss((SCORE, SHARE), _bce_with_logits, "nats", "logits", {"pos_weight": "pos_weight"}),
    "BCELoss": Loss((YES, SHARE), _bce, "nats", "probability"),
    "NLLLoss": Loss((LOG_P, CLASS), _nll, "nats", "classes", {"weight": "weight"}),
    "CrossEntropyLoss": Loss((SCORES, SOFT), _soft_cross_entropy, "nats", "soft", SMOOTHED),
    "KLDivLoss": Loss((LOG_Q, TRUTH), _kl, "nats", "distributions", reduction="kl_reduction"),
    "SoftMarginLoss": Loss((_learned("score", "score"), SIGN), _soft_margin, "nats", "signs"),
    "HingeEmbeddingLoss": Loss((_learned("distance", "distance"), SIGN), _hinge, "units", "distance", MARGIN),
    "MarginRankingLoss": Loss(PAIR, _ranking, "units", "ranking", MARGIN),
    "MultiMarginLoss": Loss((SCORES, CLASS), _multi_margin, "units", "scores", MARGIN | {"p": "p", "weight": "weight"}),
    "CosineEmbeddingLoss": Loss(VECTORS, _cosine, "cosine", "vectors", {"margin": "cosine_margin"}),
    "TripletMarginLoss": Loss(TRIPLET, _triplet, "units", "triplets", MARGIN | {"p": "norm", "swap": "swap"}),
}


def pulls(found: Calculation, row: int) -> dict[str, tuple[float, ...]]:
    """For each learned tensor of a sample, the way downhill: minus its gradient."""
    slopes = iter(found.gradients.values())
    learned = [argument for argument in found.loss.arguments if argument.learned]
    return {argument.name: tuple(-next(slopes)[row].item() for _ in argument.columns) for argument in learned}
