"""Tensors as coloured cells, storages as rows of slots, powers as curves."""
