"""Figures of the generalization page."""
