"""The views of the gradient descent page."""
