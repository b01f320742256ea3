"""Models as boxes, what flows through them as strips, their parameters as bars and histograms."""
