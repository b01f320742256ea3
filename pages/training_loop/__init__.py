"""The views of the training-loop page, each with one question, one main figure and at most five controls."""
