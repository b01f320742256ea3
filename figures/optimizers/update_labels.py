"""Where the names of a step's arrows stand: beside their arrow, off the other arrows and names."""

import numpy as np

OFF = 0.05  # of half the picture, between an arrow and its name
VISIBLE = 0.07  # of half the picture: shorter arrows get no name
LETTER, LINE = 0.085, 0.2  # of half the picture: the room of a letter and of a line of text on a wide screen
ALONG = np.array([0.5, 0.35, 0.65, 0.8])  # where along its arrow a name may stand
FAR = 1e6  # half widths; an arrow that leads further gets its name, if at all, in the picture
SAMPLES = np.linspace(0, 1, 9)[:, None]
LEANING = 0.2  # share of a side that lets the text lean that way
MOST_HIDDEN = 1  # points of arrows that a name may cover; beyond that the legend alone has it
Places = tuple[np.ndarray, np.ndarray]  # (steps, names, 2), NaN where there is none; which way the text leans, 0 or ±1


def placed(arrows: list[np.ndarray], names: list[str], windows: np.ndarray, reach: tuple[float, float]) -> Places:
    """Where each name stands at each step, and to which side of that place its text leans.

    Args:
        arrows: the corners of each at each step, shape (steps, corners, 2), in the order of the names.
        windows: middle and half width of what is drawn at each step, shape (steps, 3).
        reach: of the picture, in half widths; all below is in half widths, too.
    """
    middle, half = windows[:, :2], windows[:, 2, None]
    arrows = [np.clip(np.nan_to_num((corners - middle[:, None]) / half[:, None]), -FAR, FAR) for corners in arrows]
    dots = np.concatenate([_dots(corners) for corners in arrows], axis=1)
    taken: list[tuple[np.ndarray, np.ndarray]] = []
    found, leans = zip(
        *(
            _best(corners, np.array([LETTER * len(name), LINE]), dots, taken, reach)
            for corners, name in zip(arrows, names, strict=True)
        ),
        strict=True,
    )
    return np.stack(found, axis=1) * half[:, None] + middle[:, None], np.stack(leans, axis=1)


def _dots(corners: np.ndarray) -> np.ndarray:
    """Points along the lines from corner to corner, shape (steps, points, 2)."""
    ways = np.diff(corners, axis=1)[:, :, None]
    return (corners[:, :-1, None] + SAMPLES * ways).reshape(len(corners), -1, 2)


def _best(
    corners: np.ndarray,
    size: np.ndarray,
    dots: np.ndarray,
    taken: list[tuple[np.ndarray, np.ndarray]],
    reach: tuple[float, float],
) -> Places:
    """At each step the first of the places beside the longest line at which the name covers least."""
    steps = np.arange(len(corners))
    ways = np.diff(corners, axis=1)
    longest = np.linalg.norm(ways, axis=2).argmax(axis=1)
    begin, way = corners[steps, longest], ways[steps, longest]
    length = np.linalg.norm(way, axis=1)[:, None]
    across = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.maximum(length, VISIBLE)
    across *= np.where((across * (begin + way / 2)).sum(axis=1) < 0, -1, 1)[:, None]  # the outer side first
    sides = np.stack([across, -across], axis=1).repeat(len(ALONG), axis=1)
    anchors = begin[:, None] + np.tile(ALONG, 2)[:, None] * way[:, None] + OFF * sides
    leans = np.where(np.abs(sides) > LEANING, np.sign(sides), 0.0)
    centers = anchors + leans * size / 2
    covered = (np.abs(dots[:, None] - centers[:, :, None]) < size / 2).all(axis=3).sum(axis=2)
    worse = (np.abs(centers) + size / 2 > np.array(reach)).any(axis=2).astype(int)
    for center, other in taken:
        worse += (np.abs(centers - center[:, None]) < (size + other) / 2).all(axis=2)
    covered += 2 * MOST_HIDDEN * worse
    best = covered.argmin(axis=1)
    named = (length[:, 0] > VISIBLE) & (covered[steps, best] <= MOST_HIDDEN)
    taken.append((np.where(named[:, None], centers[steps, best], np.nan), size))
    return np.where(named[:, None], anchors[steps, best], np.nan), leans[steps, best]
