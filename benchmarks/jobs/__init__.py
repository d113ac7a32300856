"""Measurements of scheduled jobs."""
