"""Metrics for Prometheus: what is counted, the figures of the site, and `/metrics`. Imported only if configured."""
