"""How wrong is a prediction? PyTorch's loss modules, each with a second path written out step by step."""
