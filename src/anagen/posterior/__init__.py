"""Releases of the model's parameters: load, verify, draw."""
