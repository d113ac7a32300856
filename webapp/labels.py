"""What people read in place of a name that programs use."""

from __future__ import annotations

from core.understanding import PieceKind
from webapp import views

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


def piece(found: views.UnderstoodPiece) -> str:
    """The label of a piece of a search text, with what is said about it: "not Horror", "like Inception"."""
    label = _without(found.label, "not ")
    if found.kind == PieceKind.LIKE:
        label = f"like {_without(label, 'like ')}"
    return label if found.wanted else f"not {label}"


def _without(label: str, word: str) -> str:
    return label[len(word) :] if label.lower().startswith(word) else label
