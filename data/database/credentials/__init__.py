"""Stores of second factors, one-time secrets and the security log."""
