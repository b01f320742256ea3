"""The views of the perceptron's page."""
