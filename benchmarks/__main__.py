"""Run with `python -m benchmarks` (all of them) or `python -m benchmarks training_loop` (one or a few).

Ends with exit code 1 if a goal is missed. Nothing else should be working on the machine meanwhile.
"""

import sys
from importlib import import_module

NAMES = (
    "training_loop",
    "map",
    "perceptron",
    "gradient_descent",
    "optimizers",
    "multilayer_perceptron",
    "generalization",
    "data_augmentation",
    "bandits",
    "datasets_and_loaders",
    "reinforcement_learning",
    "drawing",
    "rerun",
    "memory",
    "cold_start",
    "neighbour",
)


def main(names: list[str]) -> int:
    """Runs the named benchmarks, or all; returns the exit code."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.")
        return 2
    missed = []
    for name in names or NAMES:
        if not import_module(f"benchmarks.{name}").main():
            missed.append(name)
    print(f"\ngoals missed in: {', '.join(missed)}" if missed else "\nno goal missed")
    return 1 if missed else 0


sys.exit(main(sys.argv[1:]))
