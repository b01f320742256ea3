"""The views of the loss page, each with one question, one main figure and at most five controls."""
