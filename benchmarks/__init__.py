"""Measurements of quality, speed and cost: `python -m benchmarks --help`."""
