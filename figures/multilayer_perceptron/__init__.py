"""The figures of the playground."""
