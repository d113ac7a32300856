"""Synchronisation with other sites and devices: webhooks out, reports of media servers in."""
