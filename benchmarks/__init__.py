"""What Marquee measures of itself. `python -m benchmarks --help` says how to run it."""
