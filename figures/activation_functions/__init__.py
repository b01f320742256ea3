"""Pictures of the perceptron."""
