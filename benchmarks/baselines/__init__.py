"""Models for comparison: simpler ones, and the original libraries."""
