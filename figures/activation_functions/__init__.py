"""Pictures of activation functions."""
