"""The interpretation of a search text as links that remove or restore its pieces."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from webapp.browse import navigation
from webapp.browse.navigation import Choice
from webapp.localization import labels
from webapp.localization.translation import gettext as _
from webapp.movies import schemas
from webapp.movies.forms import SearchQuery


@dataclass(frozen=True, slots=True)
class PieceLink:
    """A piece of the text with a link to the search without it or, if it was dropped, with it."""

    label: str
    url: str
    wanted: bool = True
    relaxed: bool = False
    """Whether the piece is ignored because too few movies match all pieces."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The interpretation as shown on the results page."""

    pieces: tuple[PieceLink, ...] = ()
    dropped: tuple[PieceLink, ...] = ()
    other: Choice | None = None


def views(
    query: SearchQuery,
    found: schemas.QueryUnderstanding | None,
    *,
    whole: schemas.QueryUnderstanding | None,
    relaxed: Collection[str],
) -> Interpretation:
    """Return the interpretation of a search text with its links.

    Args:
        found: The interpretation that the results are based on.
        whole: The interpretation without dropped pieces, for their labels.
        relaxed: Keys of pieces that were ignored.
    """
    if found is None:
        return Interpretation()
    return Interpretation(
        pieces=tuple(_kept(query, piece, relaxed) for piece in found.pieces),
        dropped=tuple(_dropped(query, key, whole) for key in query.drop if key in found.dropped),
        other=_other(query, found.other),
    )


def _kept(query: SearchQuery, piece: schemas.QueryPiece, relaxed: Collection[str]) -> PieceLink:
    url = navigation.search_url(query, drop=(*query.drop, piece.key))
    return PieceLink(labels.piece(piece), url, wanted=piece.wanted, relaxed=piece.key in relaxed)


def _dropped(query: SearchQuery, key: str, whole: schemas.QueryUnderstanding | None) -> PieceLink:
    url = navigation.search_url(query, drop=tuple(other for other in query.drop if other != key))
    piece = next((piece for piece in whole.pieces if piece.key == key), None) if whole else None
    return PieceLink(labels.piece(piece) if piece else key.partition(":")[2], url)


def _other(query: SearchQuery, other: schemas.OtherReading | None) -> Choice | None:
    if other is None:
        return None
    label = ", ".join(_wish(part) for part in other.label.split(", "))
    question = label if label.endswith("?") else _("Looking for %(wish)s?", wish=label)
    return Choice(question, navigation.search_url(query, drop=tuple(dict.fromkeys((*query.drop, *other.drop)))))


def _wish(label: str) -> str:
    wanted = label.removeprefix("not ")
    return labels.piece_value(wanted) if wanted == label else _("not %(label)s", label=labels.piece_value(wanted))
