"""What people read in place of a name that programs use."""

from __future__ import annotations

MOODS = {
    "cry": "Sad, a good cry",
    "date-night": "Date night",
    "heartwarming": "Heart-warming",
    "kids": "With kids",
    "family": "For the whole family",
}
"""Moods of which the name alone would not do."""


def mood(name: str) -> str:
    """The label of a mood: `feel-good` is "Feel-good"."""
    return MOODS.get(name) or name[:1].upper() + name[1:]
