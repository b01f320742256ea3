"""Pictures of samples on their way through a loader."""
