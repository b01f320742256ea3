"""The views of the page on neural networks."""
