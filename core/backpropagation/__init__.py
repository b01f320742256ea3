"""Backpropagation: how the error finds each weight."""
