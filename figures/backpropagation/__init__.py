"""The pictures of backpropagation."""
