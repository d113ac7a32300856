"""Measures taste: lists against held-out ratings, new users, new movies, certainty. `python -m benchmarks.taste`."""
