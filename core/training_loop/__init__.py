"""The training loop of the course, run for real: a small network learns to add two numbers."""
