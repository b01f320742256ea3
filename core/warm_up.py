"""What PyTorch does only once, done before a visitor waits for it."""

import torch


def warm_up() -> None:
    """The first optimizer of a process imports a large part of torch (about a second)."""
    weight = torch.nn.Parameter(torch.zeros(1))
    torch.optim.SGD([weight], lr=0.1)
