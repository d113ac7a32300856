"""Measurements of recommendations: lists, new users, new movies, confidence. `python -m benchmarks.taste`."""
