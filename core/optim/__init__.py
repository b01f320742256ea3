"""The optimizers of the installed PyTorch: their names, classes and hyperparameters."""
