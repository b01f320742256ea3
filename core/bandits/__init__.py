"""Bandits: an agent that pulls one of several arms again and again, and strategies to find the best one."""
