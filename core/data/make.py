"""Writes the files of this folder from the data sets that scikit-learn ships: `python core/data/make.py`.

The app reads the files (`core/datasets.py`), so that its server need not import scikit-learn.
"""

import shutil
from pathlib import Path

import numpy as np
import sklearn.datasets as sklearn

HERE = Path(__file__).parent


def main() -> None:
    """Writes all of them."""
    digits = sklearn.load_digits()
    np.savez_compressed(
        HERE / "digits.npz", images=digits.images.astype(np.uint8), target=digits.target.astype(np.uint8)
    )
    for name, load in {"diabetes": lambda: sklearn.load_diabetes(scaled=False), "iris": sklearn.load_iris}.items():
        bunch = load()
        names = {
            "feature_names": np.array(bunch.feature_names),
            "target_names": np.array(bunch.get("target_names", [])),
        }
        scaled = {"scaled": sklearn.load_diabetes().data} if name == "diabetes" else {}
        np.savez_compressed(HERE / f"{name}.npz", data=bunch.data, target=bunch.target, **scaled, **names)
    for name in ("flower.jpg", "china.jpg"):
        shutil.copy(Path(sklearn.__file__).parent / "images" / name, HERE / name)


if __name__ == "__main__":
    main()
