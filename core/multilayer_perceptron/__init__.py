"""The playground: a network on points of the plane, its whole run, and many runs at once."""
