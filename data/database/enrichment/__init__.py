"""The store of what other services say about movies."""
