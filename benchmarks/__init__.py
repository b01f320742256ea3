"""Speed and memory, always as a ratio against a named baseline that was measured in the same run."""
