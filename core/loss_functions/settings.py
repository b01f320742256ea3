"""Every parameter of the loss page, written once; one class a view."""

from dataclasses import dataclass, replace

from core.settings import Choice, Integer, Real, Settings, Switch, Text, ladder, parameter, parameters

MAX_ROWS = 8  # samples in a table
MAX_CLASSES = 6
TABLE = 1200  # characters of a table in a link

VIEWS = {
    "cross_entropy": "Which class?",
    "regression": "Which number?",
    "other_losses": "Yes or no, order, distance",
    "curve": "Shape of a loss",
    "constant": "What a loss chooses",
    "probability": "One probability, two losses",
    "mistakes": "Mistakes",
}
OLD_VIEWS = {"classes": "cross_entropy", "numbers": "regression", "more": "other_losses"}  # their names in older links
REDUCTIONS = {"mean": "mean", "sum": "sum", "none": "none"}
REDUCTION = Choice("Reduction", REDUCTIONS, help="How the losses of the samples become what torch returns.")
# Where the sliders stop.
TEMPERATURES = (0.1, 0.2, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 5.0, 10.0)
SMOOTHINGS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.9, 1.0)
MARGINS = (-1.0, -0.5, 0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
POS_WEIGHTS = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 100.0)
QUARTERS = tuple(i / 4 for i in range(-24, 25))
OUTLIERS = (-1000.0, -100.0, -10.0, 0.0, 2.5, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
LEADS = (-20.0, -10.0, -5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
PROBABILITIES = (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
SHARES = (0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95)
DISTANCES = (1.0, 5.0, 10.0, 17.0, 50.0, 80.0, 87.0, 90.0, 100.0, 103.0, 104.0, 120.0)


@dataclass(frozen=True)
class LossViewState(Settings):
    """Where the reader looks; changes no result."""

    view: str = parameter("cross_entropy", Choice("What do you want to see?", VIEWS, aliases=OLD_VIEWS))
    row: int = parameter(1, Integer("Sample", 1, MAX_ROWS, help="The row of the table, from 1."))
    at: int = parameter(100, Integer("Step of the optimizer", 0, 100))


@dataclass(frozen=True)
class CrossEntropySettings(Settings):
    """`nn.CrossEntropyLoss`; the default is the course's picture of a dog."""

    table: str = parameter("2,5,1", Text("Scores (logits) and target", TABLE))
    temperature: float = parameter(1.0, Real("Temperature T", 0.1, 10.0, TEMPERATURES, help="Divides every score."))
    label_smoothing: float = parameter(
        0.0, Real("Label smoothing ε", 0.0, 1.0, SMOOTHINGS, help="Spread over all classes.")
    )
    reduction: str = parameter("mean", REDUCTION)
    weight: str = parameter("", Text("Class weights", 80, help="One number a class, as in 1,2. Nothing: none."))
    ignore_index: int = parameter(-100, Integer("Ignored target ignore_index", -100, MAX_CLASSES - 1))


REGRESSION_LOSSES = {
    "MSELoss": "MSELoss: squared error",
    "L1Loss": "L1Loss: absolute error",
    "HuberLoss": "HuberLoss: squared near, absolute far",
    "SmoothL1Loss": "SmoothL1Loss: Huber divided by β",
    "GaussianNLLLoss": "GaussianNLLLoss: a number and its variance",
    "PoissonNLLLoss": "PoissonNLLLoss: a count",
}


@dataclass(frozen=True)
class RegressionSettings(Settings):
    """The losses of a number; the default is the course's house. Each kind of table has a field of its own."""

    loss: str = parameter("MSELoss", Choice("Loss", REGRESSION_LOSSES))
    table: str = parameter("320000,300000", Text("Predicted and actual", TABLE))
    gaussian: str = parameter("3,2,1;3,2,0.1;3,2,4", Text("Predicted, actual, variance", TABLE))
    counts: str = parameter("1.5,4;0.5,0;2,7", Text("Predicted and counted", TABLE))
    reduction: str = parameter("mean", REDUCTION)
    delta: float = parameter(1.0, Real("Threshold δ of Huber, β of SmoothL1", 0.01, 1e5, ladder(-2, 5)))
    full: bool = parameter(False, Switch("Constant terms too (full)", help="Only GaussianNLLLoss and PoissonNLLLoss."))
    log_input: bool = parameter(True, Switch("The prediction is a logarithm (log_input)", help="Only PoissonNLLLoss."))


OTHER_LOSSES = {
    "BCEWithLogitsLoss": "BCEWithLogitsLoss: yes or no, from a score",
    "BCELoss": "BCELoss: yes or no, from a probability",
    "NLLLoss": "NLLLoss: log-probabilities",
    "CrossEntropyLoss": "CrossEntropyLoss: class probabilities",
    "KLDivLoss": "KLDivLoss: two distributions",
    "SoftMarginLoss": "SoftMarginLoss: 1 or −1, smooth",
    "HingeEmbeddingLoss": "HingeEmbeddingLoss: near or far",
    "MarginRankingLoss": "MarginRankingLoss: which is larger",
    "MultiMarginLoss": "MultiMarginLoss: hinge for classes",
    "CosineEmbeddingLoss": "CosineEmbeddingLoss: same direction",
    "TripletMarginLoss": "TripletMarginLoss: nearer than",
}


@dataclass(frozen=True)
class OtherLossesSettings(Settings):
    """The rest of the family. Each loss has a table of its own, since each wants other columns."""

    loss: str = parameter("BCEWithLogitsLoss", Choice("Loss", OTHER_LOSSES))
    reduction: str = parameter(
        "mean", replace(REDUCTION, aliases={"batchmean": "mean"})
    )  # in links from before the next
    kl_reduction: str = parameter("batchmean", replace(REDUCTION, options={"batchmean": "batchmean"} | REDUCTIONS))
    pos_weight: float = parameter(1.0, Real("Weight of a yes pos_weight", 0.1, 100.0, POS_WEIGHTS))
    margin: float = parameter(1.0, Real("Margin", -1.0, 5.0, MARGINS, help="The distance that is asked for."))
    cosine_margin: float = parameter(0.0, Real("Margin of the cosine", -1.0, 1.0, MARGINS[:6]))
    p: int = parameter(1, Integer("Power p", 1, 2, help="MultiMarginLoss: power of each violation."))
    norm: int = parameter(2, Integer("Norm p of the distance", 1, 2, help="TripletMarginLoss: 2 is the usual length."))
    swap: bool = parameter(False, Switch("Take the nearer negative distance (swap)", help="TripletMarginLoss only."))
    weight: str = parameter("", Text("Class weights", 60, help="Three numbers, as in 1,2,0.5. Nothing: none."))
    label_smoothing: float = parameter(
        0.0, Real("Label smoothing ε", 0.0, 1.0, SMOOTHINGS, help="Spread over all classes.")
    )
    logits: str = parameter("2,1;-1,1;0.5,0;-3,0", Text("Score and target", TABLE))
    probability: str = parameter("0.9,1;0.3,1;0.6,0;0.05,0", Text("Probability and target", TABLE))
    classes: str = parameter("0.7,0.2,0.1,0;0.1,0.3,0.6,1", Text("Probabilities and target", TABLE))
    soft: str = parameter("2,0.5,-1,0.7,0.2,0.1;0,3,1,0.1,0.8,0.1", Text("Scores and class probabilities", TABLE))
    distributions: str = parameter("0.5,0.3,0.2,0.7,0.2,0.1", Text("Model q and truth p", TABLE))
    signs: str = parameter("2,1;0.3,1;-1,1;-2,-1", Text("Score and target", TABLE))
    distance: str = parameter("0.2,1;1.5,1;0.4,-1;1.8,-1", Text("Distance and target", TABLE))
    ranking: str = parameter("2,0.5,1;0.4,0.2,1;1,2,1;1,2,-1", Text("Two scores and target", TABLE))
    scores: str = parameter("0.1,0.2,0.4,2;2,0.5,-1,0;0,3,1,2", Text("Scores and target", TABLE))
    vectors: str = parameter("1,0,1,0.2,1;1,0,0,1,1;1,0,1,1,-1;1,0,-1,0.3,-1", Text("Two vectors and target", TABLE))
    triplets: str = parameter("0,0,1,0,0,1.5;0,0,1,0,3,0;0,0,2,0,0.5,0.5", Text("Anchor, positive, negative", TABLE))


SHAPES = {"numbers": "a number", "yes_no": "yes or no", "map": "two scores, as a map", "surface": "two scores, in 3-D"}


@dataclass(frozen=True)
class CurveSettings(Settings):
    """One prediction moves, the target stays."""

    shape: str = parameter("numbers", Choice("What is predicted", SHAPES))
    at: float = parameter(2.0, Real("Prediction, or score of class 0", -6.0, 6.0, QUARTERS))
    second: float = parameter(-1.0, Real("Score of class 1", -6.0, 6.0, QUARTERS))
    target: str = parameter("1", Choice("Right answer", {"1": "1 (yes)", "0": "0 (no)"}))
    delta: float = parameter(0.5, Real("Threshold δ = β", 0.1, 5.0, (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0)))
    pos_weight: float = parameter(1.0, Real("Weight of a yes pos_weight", 0.1, 10.0, ladder(-1, 1)))
    temperature: float = parameter(1.0, Real("Temperature T", 0.1, 10.0, ladder(-1, 1)))


@dataclass(frozen=True)
class ConstantSettings(Settings):
    """Data with an outlier; which one number answers for all of them?"""

    table: str = parameter("1;2;3;4", Text("The usual values", 300))
    outlier: float = parameter(100.0, Real("One more value, the outlier", -1000.0, 1000.0, OUTLIERS))
    delta: float = parameter(1.0, Real("Threshold δ of Huber", 0.1, 200.0, (*ladder(-1, 2), 200.0)))
    quantile: float = parameter(
        0.9, Real("q of the quantile loss", 0.05, 0.95, QUANTILES, help="Too low costs q a unit, too high 1 − q.")
    )


MISTAKES = {
    "softmax_twice": "softmax before CrossEntropyLoss",
    "probabilities_nll": "probabilities into NLLLoss",
    "kl_order": "the two arguments of KLDivLoss swapped",
    "kl_mean": "KLDivLoss with mean instead of batchmean",
    "mse_classes": "MSELoss for classes",
    "naive_log": "log(softmax) instead of log_softmax",
}


@dataclass(frozen=True)
class ProbabilitySettings(Settings):
    """The probability of the right class, and the unit of its cross-entropy."""

    p: float = parameter(0.1, Real("Probability of the right class p", 0.001, 0.999, PROBABILITIES))
    unit: str = parameter("nats", Choice("Cross-entropy in", {"nats": "nats", "bits": "bits"}))


@dataclass(frozen=True)
class MistakeSettings(Settings):
    """One mistake beside the right way."""

    mistake: str = parameter("softmax_twice", Choice("The mistake", MISTAKES))
    gap: float = parameter(5.0, Real("Lead of the right class over each other score", -20.0, 20.0, LEADS))
    classes: int = parameter(3, Integer("Number of classes", 2, 50))
    truth: float = parameter(0.9, Real("Truth p", 0.05, 0.95, SHARES, help="How often it really is class 0."))
    said: float = parameter(0.5, Real("Model q", 0.05, 0.95, SHARES, help="What the model says for class 0."))
    side: str = parameter("behind", Choice("The right class is", {"behind": "far behind", "ahead": "far ahead"}))
    wide_gap: float = parameter(100.0, Real("Distance of the two scores", 1.0, 120.0, DISTANCES))


_CLASSES = (
    CrossEntropySettings,
    RegressionSettings,
    OtherLossesSettings,
    CurveSettings,
    ConstantSettings,
    ProbabilitySettings,
    MistakeSettings,
)
SETTINGS = dict(zip(VIEWS, _CLASSES, strict=True))
ALIASES = {f"{old}.{name}": f"{new}.{name}" for old, new in OLD_VIEWS.items() for name in parameters(SETTINGS[new])}
