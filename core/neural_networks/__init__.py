"""What is inside an nn.Module: a model from a short list of layers, taken apart."""
