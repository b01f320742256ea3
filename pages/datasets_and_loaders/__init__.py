"""The views of the page on datasets and loaders."""
