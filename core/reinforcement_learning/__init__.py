"""Learning from rewards: worlds made of cells, planning in them, and learning from what happens."""
