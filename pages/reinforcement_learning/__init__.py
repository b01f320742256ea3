"""The views of the reinforcement-learning page."""
