"""Every optimizer of `torch.optim`, raced, explained and mapped."""
