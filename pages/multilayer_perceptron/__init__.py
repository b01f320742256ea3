"""The views of the playground."""
