"""The figures of one update: its terms as arrows, where in the plane it is, all steps side by side, its calculation."""
