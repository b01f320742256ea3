"""The perceptron: a weighted sum that decides, and Rosenblatt's rule that finds its weights."""
