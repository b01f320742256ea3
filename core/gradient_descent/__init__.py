"""Gradient descent: how big a step?"""
