"""Connections to a cluster: addresses, errors, nodes that hang, and builds that run."""
