"""Every parameter of the generalization page, written once."""

from dataclasses import dataclass

from core.settings import Choice, Integer, Real, Settings, Switch, parameter

VIEWS = {
    "fit": "The fit",
    "bias_variance": "Bias and variance",
    "double_descent": "Double descent",
    "learning_curve": "More data",
    "training": "Stop in time",
    "width": "How wide?",
    "digits": "Digits, kept out",
    "peeking": "Peeking",
    "leakage": "Leaks",
}
CURVES = {"sine": "a wave", "line": "a straight line", "bump": "a bump", "step": "a step"}
MOST_SAMPLES = 20
MAX_EPOCHS = 200
MOST_OPENINGS = 100
NOISES = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)
WIDTHS = (1, 2, 4, 8, 16, 32, 64)  # hidden neurons
SHARES = (0.0, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class CurveSettings(Settings):
    """Noisy points of a true curve over −1 to 1, which a polynomial is fitted to."""

    n_samples: int = parameter(15, Integer("Training points n", 5, MOST_SAMPLES))
    noise: float = parameter(
        0.3, Real("Noise σ", 0.0, 1.0, NOISES, help="Standard deviation of what is added to the true curve's height.")
    )
    curve: str = parameter("sine", Choice("True curve", CURVES))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the points: same seed, same points."))


@dataclass(frozen=True)
class DegreeSettings(Settings):
    """How much the polynomial can bend; it looks at fits that are all computed anyway."""

    degree: int = parameter(
        3, Integer("Degree d", 0, MOST_SAMPLES - 1, help="The highest power of x: 0 is a level line, 1 a slanted one.")
    )


@dataclass(frozen=True)
class DoubleSettings(Settings):
    """Odd or even: images of digits, seen through random features."""

    n_samples: int = parameter(40, Integer("Training images n", 10, 80, (10, 20, 40, 60, 80)))
    label_noise: float = parameter(
        0.0, Real("Wrong labels", 0.0, 0.4, (0.0, 0.1, 0.2, 0.4), "share of the training images")
    )
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the features and of the 200 data sets."))


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """A network that learns few digits for long, some of them with wrong labels."""

    width: int = parameter(64, Integer("Hidden neurons", 2, 128, (2, 4, 8, 16, 32, 64, 128)))
    label_noise: float = parameter(
        0.2, Real("Random labels", 0.0, 1.0, SHARES, "share", help="So many labels are drawn anew, 0 to 9 by chance.")
    )
    weight_decay: float = parameter(
        0.0, Real("Weight decay", 0.0, 3.0, (0.0, 0.1, 0.3, 1.0, 3.0), help="AdamW shrinks the weights in each update.")
    )
    n_samples: int = parameter(200, Integer("Training images", 50, 400, (50, 100, 200, 400)))
    num_epochs: int = parameter(60, Integer("Epochs", 5, MAX_EPOCHS, (5, 20, 60, 100, 200)))
    lr: float = parameter(0.01, Real("Learning rate lr", 1e-4, 0.1, (1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1)))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the split, the random labels, the weights, the order."))


@dataclass(frozen=True)
class WidthSettings(Settings):
    """How the networks of all widths learn the points of the curve."""

    n_seeds: int = parameter(5, Integer("Random starts", 2, 10, help="So many networks of each width: seeds 0, 1, ..."))
    updates: int = parameter(500, Integer("Updates", 100, 2_000, (100, 200, 500, 1_000, 2_000)))
    lr: float = parameter(0.03, Real("Learning rate lr", 0.003, 0.1, (0.003, 0.01, 0.03, 0.1), help="Of Adam."))


@dataclass(frozen=True)
class HiddenSettings(Settings):
    """The width whose curves are drawn; it looks at networks that are all trained anyway."""

    hidden: int = parameter(8, Integer("Width: hidden neurons", WIDTHS[0], WIDTHS[-1], WIDTHS))


@dataclass(frozen=True)
class SplitSettings(Settings):
    """How the digits are split, and the network that learns one part."""

    holdout: float = parameter(
        0.3, Real("Kept out", 0.02, 0.8, (0.02, 0.05, 0.1, 0.3, 0.5, 0.8), "share of the images")
    )
    stratified: bool = parameter(
        True,
        Switch("Stratified split", help="Every digit has the same share in both parts."),
    )
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the split, the first weights and the order."))
    width: int = parameter(64, Integer("Hidden neurons", 0, 64, (0, 8, 16, 32, 64), help="0: none, a logistic model."))
    num_epochs: int = parameter(20, Integer("Epochs", 1, 40, (1, 5, 10, 20, 40)))


@dataclass(frozen=True)
class PeekingSettings(Settings):
    """Models of pure noise, and a holdout set that is opened for each of them."""

    openings: int = parameter(
        20, Integer("Models tried, each on the holdout set", 1, MOST_OPENINGS, help="So often the set has been opened.")
    )
    n_holdout: int = parameter(100, Integer("Holdout people", 20, 500, (20, 50, 100, 200, 500)))
    signal: float = parameter(
        0.0, Real("What the answers reveal", 0.0, 1.0, (0.0, 0.1, 0.2, 0.5, 1.0), help="0: nothing at all, pure noise.")
    )
    seed: int = parameter(0, Integer("Seed", 0, 999))


@dataclass(frozen=True)
class LeakageSettings(Settings):
    """Data without any signal, and three ways in which the holdout part leaks into training."""

    n_samples: int = parameter(50, Integer("People", 20, 100, (20, 50, 100), help="Half of them are kept out."))
    n_features: int = parameter(2_000, Integer("Questions", 20, 2_000, (20, 100, 500, 2_000)))
    n_chosen: int = parameter(20, Integer("Questions chosen", 1, 20, (1, 5, 10, 20)))
    copies: float = parameter(0.5, Real("Entered twice", 0.0, 1.0, (0.0, 0.1, 0.2, 0.5, 1.0), "share of the people"))
    seed: int = parameter(0, Integer("Seed", 0, 999))


@dataclass(frozen=True)
class GeneralizationViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("fit", Choice("What do you want to see?", VIEWS))
    at: int = parameter(MAX_EPOCHS, Integer("Epoch", 0, MAX_EPOCHS))
