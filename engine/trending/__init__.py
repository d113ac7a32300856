"""What many people turn to now: counted by the hour, ranked by the quarter of an hour, read by pages and API."""

from engine.trending.refresh import PARAMETERS, refresh

__all__ = ["PARAMETERS", "refresh"]
