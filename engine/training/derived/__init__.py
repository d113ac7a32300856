"""Derived versions: the published model with new lists, for a changed catalogue, or with new ratings of its items."""
