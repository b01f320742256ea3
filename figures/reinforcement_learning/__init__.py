"""Figures of the reinforcement-learning page."""
