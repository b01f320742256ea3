"""Which updates of a long run are recorded, so that time can be a slider."""

PARTS = 30  # of a run, at whose ends its state is recorded


def frame_steps(per_epoch: int, num_epochs: int) -> set[int]:
    """The ends of the epochs, equal parts of the run, and more of its beginning; counted from 1.

    A run changes most at first, so part of them are spaced by equal ratios: 1, 2, 3, 5, 7, ... There are at most
    2 PARTS + num_epochs.
    """
    total = per_epoch * num_epochs
    ends = {per_epoch * (epoch + 1) for epoch in range(num_epochs)}
    even = {round(total * (part + 1) / PARTS) for part in range(PARTS)}
    early = {round(total ** (part / PARTS)) for part in range(PARTS)}
    return (ends | even | early) - {0}
