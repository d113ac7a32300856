"""Measures taste: lists against held-out ratings, new viewers, new films, certainty. `python -m benchmarks.taste`."""
