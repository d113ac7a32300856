"""Addresses in the settings, and the removal of their secrets from text."""
