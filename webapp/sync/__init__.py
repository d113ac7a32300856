"""Connections with other programs: webhooks, and what media servers report."""
