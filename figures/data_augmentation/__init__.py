"""Copies of pictures, words and what happened to them, accuracies as dots."""
