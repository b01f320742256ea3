"""How data reaches the model: datasets, samplers, collate functions, loaders and their workers."""
