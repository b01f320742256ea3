"""The figures of the optimizers page."""
