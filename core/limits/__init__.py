"""Limits of what a request, and all requests together, may wait for."""
