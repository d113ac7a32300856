"""Trending movies: counted by the hour, ranked every quarter of an hour, read by pages and API."""

from engine.trending.refresh import PARAMETERS, refresh

__all__ = ["PARAMETERS", "refresh"]
