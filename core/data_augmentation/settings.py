"""Every parameter of the page on data augmentation, written once."""

from dataclasses import dataclass

from core.data_augmentation.words import read_words
from core.settings import Choice, Integer, Real, Settings, Several, Text, parameter

VIEWS = {
    "images": "Sixteen from one",
    "affine": "Pixel by pixel",
    "label": "Still the same label?",
    "digits": "Does it help?",
    "mistakes": "How it fools you",
    "text": "Words",
    "sentences": "Does it help with words?",
}
SOURCES = {"digit": "a digit", "flower": "a flower", "china": "a temple", "upload": "a picture of your own"}
IMAGE_OPERATIONS = {
    "rotate": "rotate",
    "flip": "mirror",
    "scale": "scale",
    "shear": "shear",
    "crop": "crop",
    "colour": "colour",
    "noise": "noise",
    "erase": "erase",
    "mixup": "mixup",
    "cutmix": "CutMix",
}
TURNS = {"angle": "rotate", "width": "mirror, from 1 to −1", "scale": "scale"}
AUGMENTATIONS = {
    "mild": "small turns and shifts",
    "noise": "noise",
    "erase": "erase a square",
    "flip": "mirror",
    "half_turn": "any angle",
}
AMOUNTS = "Small: up to 15° and half a pixel. Noise: standard deviation 0.2. The square: 2 × 2 pixels."
MISTAKES = {"leak": "Augment, then split", "one_class": "Augment one class only"}
TEXT_OPERATIONS = {
    "replace": "synonym replacement",
    "insert": "random insertion",
    "swap": "random swap",
    "delete": "random deletion",
    "back": "back-translation (a toy)",
}
TREATMENTS = TEXT_OPERATIONS | {"eda": "one of the four at random"}
EXAMPLE = "The actors are not good, but it is a lovely film with a clever story."
TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SEED = "Fixes every draw: same seed, same copies."


@dataclass(frozen=True)
class ImagesSettings(Settings):
    """One picture and how its copies are changed."""

    source: str = parameter("digit", Choice("Picture", SOURCES))
    operations: tuple[str, ...] = parameter(("rotate", "scale"), Several("Operations", IMAGE_OPERATIONS))
    strength: float = parameter(
        0.2, Real("Strength", 0.1, 1.0, TENTHS, help="1: rotate by up to 180°, scale by up to 2, shear by up to 45°.")
    )
    p: float = parameter(
        1.0, Real("Probability p", 0.1, 1.0, TENTHS, help="Each operation is applied to a copy with this probability.")
    )
    digit: int = parameter(6, Integer("Number of the digit", 0, 1796, unit="of 1,797"))
    seed: int = parameter(0, Integer("Seed", 0, 999, help=SEED))


@dataclass(frozen=True)
class AffineSettings(Settings):
    """One affine map of a digit, and the pixel of the result that is looked at."""

    angle: int = parameter(30, Integer("Angle", -180, 180, unit="degrees", help="Counter-clockwise."))
    scale: float = parameter(1.0, Real("Scale", 0.5, 2.0, (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)))
    row: int = parameter(3, Integer("Row of the result's pixel", 0, 7))
    column: int = parameter(4, Integer("Column of the result's pixel", 0, 7))
    digit: int = parameter(6, Integer("Number of the digit", 0, 1796, unit="of 1,797"))


@dataclass(frozen=True)
class LabelSettings(Settings):
    """A digit that the network has not been trained on, and how it is changed."""

    change: str = parameter("angle", Choice("Change", TURNS))
    digit: int = parameter(6, Integer("Digit", 0, 9))
    example: int = parameter(2, Integer("Example", 1, 20, help="Which of those that the network has never seen."))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Fixes the first weights and the batches."))


@dataclass(frozen=True)
class DigitsSettings(Settings):
    """Few digits, and the augmentations that are compared."""

    augmentations: tuple[str, ...] = parameter(
        tuple(AUGMENTATIONS), Several("Augmentations", AUGMENTATIONS, help=AMOUNTS)
    )
    n: int = parameter(200, Integer("Digits to learn from", 20, 800, (20, 50, 100, 200, 400, 800)))
    updates: int = parameter(400, Integer("Updates", 50, 600, (50, 100, 200, 400, 600)))
    n_seeds: int = parameter(5, Integer("Seeds", 2, 10, (2, 5, 10)))
    seed: int = parameter(0, Integer("First seed", 0, 999, help="Each seed has its own digits, first weights, draws."))


@dataclass(frozen=True)
class MistakesSettings(Settings):
    """One mistake and what it is made with."""

    mistake: str = parameter("leak", Choice("Mistake", MISTAKES))
    n: int = parameter(100, Integer("Digits to begin with", 50, 400, (50, 100, 200, 400)))
    copies: int = parameter(8, Integer("Copies of each", 1, 16, (1, 2, 4, 8, 16)))
    angle: int = parameter(20, Integer("Rotated by up to", 5, 60, (5, 10, 20, 40, 60), unit="degrees"))
    digit: int = parameter(3, Integer("The class that is augmented", 0, 9))
    seed: int = parameter(0, Integer("First of five seeds", 0, 999, help=SEED))


@dataclass(frozen=True)
class TextSettings(Settings):
    """A sentence and how its copies are changed.

    Raises:
        ValueError: if there is no word in it, or too many.
    """

    text: str = parameter(EXAMPLE, Text("Sentence", 300, help="English; at most 40 words."))
    operation: str = parameter("replace", Choice("Operation", TEXT_OPERATIONS))
    alpha: float = parameter(
        0.2, Real("Strength α", 0.1, 0.5, (0.1, 0.2, 0.3, 0.4, 0.5), help="The share of the words that is changed.")
    )
    seed: int = parameter(0, Integer("Seed", 0, 999, help=SEED))

    def __post_init__(self) -> None:
        super().__post_init__()
        read_words(self.text)


@dataclass(frozen=True)
class SentencesSettings(Settings):
    """Few sentences, and the augmentations that are compared."""

    treatments: tuple[str, ...] = parameter(tuple(TREATMENTS), Several("Augmentations", TREATMENTS))
    n: int = parameter(20, Integer("Sentences to learn from", 10, 100, (10, 20, 50, 100)))
    copies: int = parameter(4, Integer("Copies of each", 1, 8, (1, 2, 4, 8)))
    alpha: float = parameter(0.2, Real("Strength α", 0.1, 0.5, (0.1, 0.2, 0.3, 0.4, 0.5), help="Share of the words."))
    seed: int = parameter(0, Integer("First of ten seeds", 0, 999, help="Each has its own sentences and draws."))


@dataclass(frozen=True)
class AugmentationViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("images", Choice("What do you want to see?", VIEWS))
    variant: int = parameter(1, Integer("Copy to look at", 1, 16, help="Counted from the upper left."))
    angle: int = parameter(180, Integer("Angle", 0, 360, tuple(range(0, 361, 10)), unit="degrees"))
    width: float = parameter(-1.0, Real("Width", -1.0, 1.0, tuple(i / 10 for i in range(-10, 11) if i)))
    scale: float = parameter(0.5, Real("Scale", 0.3, 2.0, tuple(i / 10 for i in range(3, 21))))
    copy: int = parameter(1, Integer("Copy to read", 1, 8))
