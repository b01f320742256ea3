"""The figures of the race, all moved by one cursor."""
