"""Views of the generalization page."""
