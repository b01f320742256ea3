"""Five networks side by side against one after the other, kornia against plain torch, and what views wait for.

Baseline: networks that are trained one by one, as `Networks` of one seed each. Contestant: the same five as one batch.
The map of sixteen pictures by kornia, against plain torch. Goals: five seeds cost at most 3.5 times one, and all
trainings of “Does it help?” at five seeds take at most 10 s; a control of the image views answers within 0.5 s; kornia
takes at most 40 MB.
"""

import subprocess
import sys
from functools import partial

from benchmarks.report import goal, medians, ms, s, table, times
from core.data_augmentation.affine import affine, kornia_warp, warp
from core.data_augmentation.digits import HelpedTask
from core.data_augmentation.images import make_variants
from core.data_augmentation.sentences import ReadTask
from core.data_augmentation.settings import (
    IMAGE_OPERATIONS,
    AffineSettings,
    DigitsSettings,
    ImagesSettings,
    SentencesSettings,
)
from core.data_augmentation.train import Networks, digits, few
from figures.data_augmentation.affine import two_grids
from figures.data_augmentation.images import sixteen

REPETITIONS, UPDATES, N = 5, 100, 200
LONGEST_TASK, LONGEST_CONTROL, MOST_MB, MOST_TIMES = 10.0, 0.5, 40, 3.5
MEMORY = """
def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) / 1000
import core, pandas, PIL.Image, torch.optim
before = resident()
import kornia.geometry.transform, kornia.enhance
print(resident() - before)
"""


def _train(seeds: range) -> None:
    X, y, _, _ = digits()
    rows = few(N, seeds)
    networks = Networks(X[rows], y[rows], seeds, 0)
    for _ in range(UPDATES):
        networks.update()


def _one_by_one() -> None:
    for seed in range(5):
        _train(range(seed, seed + 1))


def main() -> bool:
    flower = ImagesSettings(source="flower", operations=tuple(IMAGE_OPERATIONS), strength=1.0)
    variants = make_variants(flower)
    pictures = variants.image.expand(16, -1, -1, -1).contiguous()
    contestants = {
        "one": partial(_train, range(1)),
        "one by one": _one_by_one,
        "batch": partial(_train, range(5)),
        "torch": partial(warp, pictures, variants.M),
        "kornia": partial(kornia_warp, pictures, variants.M),
        "images": lambda: sixteen(make_variants.__wrapped__(flower), 0).json,
        "affine": lambda: two_grids(affine.__wrapped__(AffineSettings())).json,
    }
    took = medians(REPETITIONS, contestants)
    tasks = {"digits": HelpedTask(DigitsSettings()), "sentences": ReadTask(SentencesSettings())}
    took |= medians(1, {name: task.run for name, task in tasks.items()})
    rows = [
        (f"five networks, {UPDATES} updates, one by one (baseline)", s(took["one by one"]), times(1)),
        ("the same as one batch", s(took["batch"]), times(took["one by one"] / took["batch"])),
        ("sixteen photographs by plain torch (baseline)", ms(took["torch"]), times(1)),
        ("the same by kornia", ms(took["kornia"]), times(took["torch"] / took["kornia"])),
        ("sixteen copies of a photograph, drawn", ms(took["images"]), ""),
        ("a digit pixel by pixel, drawn", ms(took["affine"]), ""),
        *((f"does it help? {name}", s(took[name]), f"guess {task.cost:.1f} s") for name, task in tasks.items()),
    ]
    table(f"Data augmentation, median of {REPETITIONS}", ("", "processor time", "speed"), rows)
    met = goal(f"five seeds at most {MOST_TIMES:g} times one", took["batch"] < MOST_TIMES * took["one"])
    met &= goal(f"“Does it help?” within {LONGEST_TASK:g} s", max(took[name] for name in tasks) < LONGEST_TASK)
    slowest = max(took["images"], took["affine"])
    met &= goal(f"a control of the image views within {LONGEST_CONTROL:g} s", slowest < LONGEST_CONTROL)
    if sys.platform == "linux":
        said = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True).stdout
        met &= goal(f"importing kornia takes {float(said):.0f} MB, at most {MOST_MB}", float(said) < MOST_MB)
    return met
