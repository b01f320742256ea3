"""The complete programs for the settings on screen, and the lines that they print."""

import csv
import io

from core.data_augmentation.affine import Affine
from core.data_augmentation.compare import NONE, Compared
from core.data_augmentation.images import Variants
from core.data_augmentation.label import Survival
from core.data_augmentation.mistakes import WRONG, Fooled
from core.data_augmentation.sentences import N_SEEDS, Read, copies_for, few_sentences, holdout
from core.data_augmentation.settings import SentencesSettings
from core.data_augmentation.text import Copies
from core.data_augmentation.words import sisters_of, small, synonyms_of
from core.program import Program, source, with_constants, with_line

PICTURES = """from PIL import Image
from sklearn.datasets import load_sample_images
from torch.nn.functional import interpolate"""
LOAD = """flower, china = (torch.tensor(photo) for photo in reversed(load_sample_images().images))
picture, second = {picture}
scale = 96 / max(picture.shape[:2])
size = tuple(max(round(scale * side), 8) for side in picture.shape[:2])
small = [photo.permute(2, 0, 1)[None] / 255 for photo in (picture, second)]
image, other = (interpolate(p, size=size, mode="bilinear", antialias=True)[0] for p in small)"""


def images_program(variants: Variants, copy: int, file_name: str) -> Program:
    """The sixteen copies; what is printed of an uploaded picture depends on how its file is unpacked."""
    s = variants.settings
    constants = {"OPERATIONS": s.operations, "STRENGTH": s.strength, "P": s.p, "SEED": s.seed, "COPY": copy}
    text = with_constants(source("data_augmentation_images"), constants)
    old = "image, other = digits[6].expand(3, 8, 8), digits[3].expand(3, 8, 8)"
    if s.source in ("flower", "china") or file_name:
        picture = {"flower": "flower, china", "china": "china, flower"}.get(
            s.source, f"torch.tensor(np.array(Image.open({file_name!r}).convert('RGB'))), flower"
        )
        text = with_line(text, "digits = torch.from_numpy(load_digits().images).float() / 16", "")
        imports = PICTURES if file_name else PICTURES.partition("\n")[2]
        text = text.replace("from sklearn.datasets import load_digits", imports)
        text = text.replace("import torch\n", "import numpy as np\nimport torch\n", 1) if file_name else text
        text = with_line(text, old, LOAD.format(picture=picture))
    else:
        other = 3 + (s.digit == 3)
        text = with_line(text, old, old.replace("[3]", f"[{other}]").replace("[6]", f"[{s.digit}]"))
    M = [round(value, 4) for value in variants.M[copy].flatten().tolist()]
    share, mean = variants.share[copy].item(), variants.images[copy].mean().item()
    prints = [f"matrix of copy {copy + 1}: {M}", f"share of the label: {share:.4f}; mean of its pixels: {mean:.4f}"]
    return Program("data_augmentation_images", text, [] if file_name else prints)


def affine_program(found: Affine) -> Program:
    """The digit by kornia and by plain torch."""
    s = found.settings
    names = ("digit", "angle", "scale", "row", "column")
    text = with_constants(source("data_augmentation_affine"), {name.upper(): getattr(s, name) for name in names})
    value = found.by_torch[s.row, s.column].abs().item()
    prints = [
        f"kornia and torch agree within 1e-5: {found.largest_difference < 1e-5}",
        f"row {s.row}, column {s.column}: {value:.3f}",
    ]
    return Program("data_augmentation_affine", text, prints)


def label_program(found: Survival, amount: float) -> Program:
    """The training, and one amount of the change."""
    s, place = found.settings, found.place(amount)
    constants = {"CHANGE": s.change, "AMOUNT": found.amounts[place]}
    constants |= {"DIGIT": s.digit, "EXAMPLE": s.example, "SEED": s.seed}
    text = with_constants(source("data_augmentation_label"), constants)
    right = round(found.accuracy[place].item() * found.n_holdout)
    prints = [
        f"the network calls the {s.digit} now: {found.answer(amount)[0]}",
        f"of all unseen digits, changed likewise, it names {right} of {found.n_holdout} right",
    ]
    return Program("data_augmentation_label", text, prints)


def digits_program(found: Compared) -> Program:
    """All trainings."""
    s = found.settings
    names = ("augmentations", "n", "updates", "seed", "n_seeds")
    text = with_constants(source("data_augmentation_digits"), {name.upper(): getattr(s, name) for name in names})
    prints = [f"{name}: {right} of {found.n_holdout} digits right" for name, right in found.right.items()]
    return Program("data_augmentation_digits", text, prints if len(prints) == 1 + len(s.augmentations) else [])


def mistakes_program(found: Fooled) -> Program:
    """The mistake and the right way."""
    names = ("mistake", "n", "copies", "angle", "digit", "seed")
    constants = {name.upper(): getattr(found.settings, name) for name in names}
    text = with_constants(source("data_augmentation_mistakes"), constants)
    prints = []
    for way, said in found.reported.items():
        said, true = ([f"{value:.3f}" for value in values] for values in (said, found.true[way]))
        prints.append(f"{way}: {said}; right on new digits: {true}")
    return Program("data_augmentation_mistakes", text, prints if WRONG in found.true else [])


def text_program(copies: Copies) -> Program:
    """The changes of all copies; the table holds the words that are needed."""
    s, words = copies.settings, [token.word for token in copies.tokens]
    look_up = sisters_of if s.operation == "back" else synonyms_of
    known = {place: list(look_up(words[place], small(copies.tokens))) for place in copies.known}
    constants = {"WORDS": words, "KNOWN": known, "OPERATION": s.operation, "ALPHA": s.alpha, "SEED": s.seed}
    text = with_constants(source("data_augmentation_text"), constants)
    prints = []
    for number, copy in enumerate(copies.copies, 1):
        changes = [c for c in copy.changes if c.kind != "mended"]
        pairs = [(f"before the word in place {c.at + 1}" if c.at is not None else c.before, c.after) for c in changes]
        said = [f"{before} -> {after or 'nothing'}" for before, after in pairs]
        prints.append(f"copy {number}: {'; '.join(said) or 'no change'}")
    return Program("data_augmentation_text", text, prints)


def sentences_program(found: Read) -> Program:
    """The trainings on the sentences and copies of `sentences_table`."""
    whole = len(found.right) == 1 + len(found.settings.treatments)
    prints = [f"{name}: {right} of {found.n_holdout} sentences right" for name, right in found.right.items()]
    return Program("data_augmentation_sentences", source("data_augmentation_sentences"), prints if whole else [])


def sentences_table(settings: SentencesSettings) -> str:
    """Every sentence and copy that is learned from or tested, as CSV."""
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\n")
    table.writerow(("part", "augmentation", "seed", "label", "text"))
    for name in (NONE, *settings.treatments):
        for seed in range(settings.seed, settings.seed + N_SEEDS):
            texts, y = few_sentences(settings.n, seed)
            copies, labels = copies_for(settings, texts, y, name, seed)
            for text, label in zip(texts + copies, [*y.tolist(), *labels.tolist()], strict=True):
                table.writerow(("train", name, seed, int(label), text))
    for text, label in zip(*holdout(), strict=True):
        table.writerow(("test", "", "", int(label), text))
    return target.getvalue()
