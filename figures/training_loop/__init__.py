"""The training loop drawn: losses, answers, one update, broken loops, the error map, the sweep, own data."""
