"""What one point does in the network, and what it teaches."""
