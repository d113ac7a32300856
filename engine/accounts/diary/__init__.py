"""Watchings and the year in film."""
