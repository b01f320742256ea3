"""The views of the backpropagation page."""
