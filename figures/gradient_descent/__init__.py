"""The pictures of gradient descent."""
