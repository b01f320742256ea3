"""Tensors: what they hold, how they lie in memory, and what operations do to both."""
