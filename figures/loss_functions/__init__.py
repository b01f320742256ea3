"""Losses drawn: as bars, as curves, as surfaces, and as a search for the best constant."""
