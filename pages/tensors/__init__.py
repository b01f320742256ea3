"""The views of the tensors page."""
