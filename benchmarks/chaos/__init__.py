"""Faults caused on purpose under load, and what users notice of them."""
