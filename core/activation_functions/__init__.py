"""Activation functions: what a neuron does with its sum."""
