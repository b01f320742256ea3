"""The program of each view, with the settings on screen written in."""
