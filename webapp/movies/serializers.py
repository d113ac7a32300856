"""Conversion of domain objects into the views that pages show and the API returns. Independent of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from core.recommendations.records import Because, Explanation, Opinion, Recommendation, Recommendations, Row
from core.types import (
    Credit,
    Degradation,
    Facets,
    FacetValue,
    Hit,
    Movie,
    Page,
    Reason,
    Relation,
    RelationKind,
    Suggestion,
)
from core.understanding import Piece, Understanding
from webapp.localization import engine_messages, labels, language_names, movie_language
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop, ngettext
from webapp.movies import addresses, demo_notice, extra_schemas, schemas

MATCH = re.compile("\x02([^\x03]*)\x03")
SHOWN_MATCHES = 4
NEAR = (
    (0.55, gettext_noop("very near in meaning")),
    (0.4, gettext_noop("near in meaning")),
    (0.25, gettext_noop("related in meaning")),
)
"""Minimum cosines of the default encoder for each wording; lower similarities are not mentioned."""

DEGRADED = {
    Degradation.ENCODER: gettext_noop("Search by meaning is unavailable right now; these films contain your words."),
    Degradation.CACHED: gettext_noop("Search is unavailable right now: these are earlier results."),
    Degradation.POPULAR: gettext_noop("Search is unavailable right now: these are popular films instead."),
}
"""The sentences about answers that lack something."""

RELATIONS = {
    RelationKind.SEQUEL: gettext_noop("The sequel"),
    RelationKind.PREVIOUS: gettext_noop("The film before it"),
    RelationKind.SERIES: gettext_noop("Same series"),
    RelationKind.CHARACTERS: gettext_noop("Same characters: %(names)s"),
    RelationKind.DIRECTOR: gettext_noop("Same director: %(names)s"),
    RelationKind.WRITER: gettext_noop("Same writer: %(names)s"),
    RelationKind.CAST: gettext_noop("Also with %(names)s"),
    RelationKind.KEYWORDS: gettext_noop("Shares: %(names)s"),
    RelationKind.GENRES: gettext_noop("Same genres: %(names)s"),
    RelationKind.STORY: gettext_noop("Similar story"),
    RelationKind.TASTE: gettext_noop("Liked by the same people"),
}
"""The sentences about similar movies."""

NOTABLE_TASTE = 0.01
"""Minimum share of the best score; a smaller one hardly changes the order."""


def search(page: Page, *, poster_base: str, catalogue: str) -> schemas.SearchResponse:
    """Return a page of results as a view."""
    return schemas.SearchResponse(
        query=page.request.query,
        total=page.total,
        page=page.request.page,
        size=page.request.size,
        took_ms=round(page.took_ms, 2),
        results=results(page.hits, poster_base=poster_base),
        facets=facets(page.facets),
        notice=_notice(page),
        kind=page.kind,
        did_you_mean=page.did_you_mean,
        corrected_to=page.corrected_to,
        understood=understood(page.understood) if page.understood else None,
        relaxed=page.relaxed,
        suggestions=page.suggestions,
        catalogue=catalogue,
        degraded=tuple(reason.value for reason in page.degraded),
    )


def _notice(page: Page) -> str:
    """Return the engine's notice; behind what is missing, in the language of the page, if something is."""
    if not page.degraded:
        return page.notice
    sentences = [_(DEGRADED[reason]) for reason in page.degraded]
    return " ".join((*sentences, *filter(None, (engine_messages.translated(page.notice),))))


def understood(found: Understanding) -> schemas.QueryUnderstanding:
    """Return the interpretation of a text as a view, with its pieces in the order of the text."""
    pieces = sorted(found.pieces, key=lambda piece: (piece.start, piece.end))
    return schemas.QueryUnderstanding(
        query=found.query,
        query_type=found.query_type.value,
        pieces=tuple(_piece(piece, found.query) for piece in pieces),
        remainder=found.remainder,
        reader=found.reader,
        other=schemas.OtherReading(label=found.other.label, drop=found.other.drop) if found.other else None,
        dropped=found.dropped,
        language=found.language,
    )


def results(hits: Iterable[Hit], *, poster_base: str) -> tuple[schemas.SearchResult, ...]:
    """Return hits as views."""
    return tuple(
        schemas.SearchResult(
            **_card(hit.movie, poster_base),
            score=round(hit.score, 5),
            why=why(hit.reason),
            credits=tuple(_credit(credit) for credit in hit.credits),
        )
        for hit in hits
    )


def _credit(credit: Credit) -> schemas.CreditView:
    return schemas.CreditView(name=credit.name, jobs=credit.jobs, character=credit.character)


def card(movie: Movie, *, poster_base: str) -> schemas.MovieCard:
    """Return a movie as a list entry."""
    return schemas.MovieCard(**_card(movie, poster_base))


def movie(
    movie: Movie,
    *,
    poster_base: str,
    moods: Mapping[str, float] | None = None,
    extras: extra_schemas.Extras | None = None,
) -> schemas.Movie:
    """Return a movie with all of its data."""
    return schemas.Movie(
        **_card(movie, poster_base),
        original_title=movie.original_title,
        release_date=movie.release_date.isoformat() if movie.release_date else None,
        tagline=movie.tagline,
        keywords=movie.keywords,
        cast=tuple(schemas.Role(name=member.name, character=member.character) for member in movie.cast),
        writers=movie.writers,
        composers=movie.composers,
        language=movie.language,
        spoken_languages=movie.spoken_languages,
        countries=movie.countries,
        collection=movie.collection,
        popularity=movie.popularity,
        moods=tuple(
            schemas.MovieMood(mood=name, label=labels.mood(name), score=round(score, 4))
            for name, score in (moods or {}).items()
        ),
        extras=extras,
    )


def recommendations(found: Recommendations, *, poster_base: str, demo: bool = False) -> schemas.RecommendationsResponse:
    """Return a list of recommendations as a view; `demo`: it is based on demo data."""
    return schemas.RecommendationsResponse(
        results=tuple(recommendation(item, poster_base=poster_base) for item in found.items),
        stage=found.stage.value,
        model=found.model,
        movies=found.movies,
        demo=demo,
        notice=demo_notice.sentence() if demo else "",
    )


def recommendation_rows(
    rows: Sequence[Row], found: Recommendations, *, poster_base: str, demo: bool = False
) -> schemas.RecommendationRowsResponse:
    """Return rows of recommendations as a view; `demo`: they are based on demo data."""
    whole = recommendations(found, poster_base=poster_base, demo=demo).model_dump(exclude={"results"})
    views = tuple(
        schemas.RecommendationsRow(
            key=row.key,
            name=row.name,
            results=tuple(recommendation(item, poster_base=poster_base) for item in row.items),
        )
        for row in rows
    )
    return schemas.RecommendationRowsResponse(rows=views, **whole)


def recommendation(item: Recommendation, *, poster_base: str) -> schemas.RecommendedMovie:
    """Return a recommended movie with its reasons as a view."""
    return schemas.RecommendedMovie(
        **_card(item.movie, poster_base),
        score=round(item.score, 5),
        why=explanation(item.explanation),
        model=item.model,
    )


def explained(found: Recommendation) -> schemas.ExplanationResponse:
    """Return an explanation with its model as a view."""
    return schemas.ExplanationResponse(**explanation(found.explanation).model_dump(), model=found.model)


def explanation(found: Explanation) -> schemas.RecommendationReason:
    """Return an explanation as a view."""
    return schemas.RecommendationReason(
        source=found.source.value,
        sentences=found.sentences,
        because=tuple(_because(one) for one in found.because),
        shared=tuple(schemas.SharedTrait(kind=kind, value=value) for kind, value in found.shared),
        nearest=_nearest(found.nearest),
        predicted=None if found.predicted is None else round(found.predicted, 2),
        confidence=None if found.confidence is None else round(found.confidence, 3),
        genre_match=found.genre_match,
        neighbours=_neighbours(found.neighbours),
    )


def _neighbours(found: Opinion | None) -> schemas.NeighboursOpinion | None:
    return None if found is None else schemas.NeighboursOpinion(users=found.users, mean=round(found.mean, 2))


def why(reason: Reason) -> schemas.MatchReason:
    """Return the reasons for a hit, as figures and as a sentence."""
    return schemas.MatchReason(
        sentence=_sentence(reason),
        words_rank=reason.words_rank,
        meaning_rank=reason.meaning_rank,
        similarity=None if reason.similarity is None else round(reason.similarity, 4),
        popularity=round(reason.popularity, 4),
        taste=round(reason.taste, 4),
        matched=reason.matched,
        snippet=snippet(reason.snippet),
        relation=_relation(reason.relation) if reason.relation is not None else None,
    )


def related(found: Relation) -> str:
    """Return why a movie is similar to another one as a sentence."""
    names = (labels.genre(name) for name in found.values) if found.kind is RelationKind.GENRES else found.values
    return _(RELATIONS[found.kind], names=", ".join(names)) if found.values else _(RELATIONS[found.kind])


def snippet(marked: str) -> tuple[schemas.SnippetPart, ...]:
    """Split text with U+0002 and U+0003 around its matches into parts."""
    parts = [(_plain(text), bool(n % 2)) for n, text in enumerate(MATCH.split(marked))]
    return tuple(schemas.SnippetPart(text=text, match=match) for text, match in parts if text)


def facets(found: Facets) -> dict[str, tuple[schemas.FacetCount, ...]]:
    """Return facets with labels."""
    return {name: counts(name, values) for name, values in found.items()}


def counts(facet: str, values: Sequence[FacetValue]) -> tuple[schemas.FacetCount, ...]:
    """Return the values of a facet with labels."""
    return tuple(
        schemas.FacetCount(value=value.value, label=_label(facet, value.value), count=value.count) for value in values
    )


def line(suggestion: Suggestion) -> schemas.SuggestionView:
    """Return a suggestion with its URL as a view."""
    url = (
        f"{addresses.MOVIES}/{suggestion.id}"
        if suggestion.id is not None
        else f"/people/{quote(suggestion.text, safe='')}"
    )
    return schemas.SuggestionView(
        kind=suggestion.kind, text=suggestion.text, id=suggestion.id, year=suggestion.year, url=url
    )


def _card(movie: Movie, poster_base: str) -> dict[str, object]:
    url = addresses.path(movie)
    movie = movie_language.translated(movie)
    drawn = f"/poster/{movie.id}.svg"
    return {
        "id": movie.id,
        "title": movie.title,
        "url": url,
        "year": movie.year,
        "genres": movie.genres,
        "overview": movie.overview,
        "poster": poster_base.rstrip("/") + movie.poster if movie.poster and poster_base else drawn,
        "drawn": drawn,
        "directors": movie.directors,
        "runtime": movie.runtime,
        "rating": movie.vote_average,
        "votes": movie.vote_count,
    }


def _piece(piece: Piece, text: str) -> schemas.QueryPiece:
    return schemas.QueryPiece(
        key=piece.key,
        kind=piece.kind.value,
        value=piece.value,
        label=piece.label,
        text=text[piece.start : piece.end],
        start=piece.start,
        end=piece.end,
        wanted=piece.wanted,
        confidence=round(piece.confidence, 4),
        role=piece.role,
        movies=piece.movies,
    )


def _because(one: Because) -> schemas.ContributingMovie:
    return schemas.ContributingMovie(
        id=one.movie, title=one.title, share=round(one.share, 4), stars=one.stars, mark=one.mark
    )


def _nearest(found: tuple[int, str, float] | None) -> schemas.NearestMovie | None:
    if found is None:
        return None
    movie, title, similarity = found
    return schemas.NearestMovie(id=movie, title=title, similarity=round(similarity, 4))


def _relation(found: Relation) -> schemas.SimilarityReason:
    return schemas.SimilarityReason(kind=found.kind.value, values=found.values)


def _sentence(reason: Reason) -> str:
    if reason.relation is not None:
        return related(reason.relation)
    parts = []
    if reason.matched:
        quoted = _("“%(word)s”")
        shown = ", ".join(quoted % {"word": word} for word in reason.matched[:SHOWN_MATCHES])
        more = len(reason.matched) - SHOWN_MATCHES
        parts.append(_has(shown, more) if more > 0 else _("has %(words)s", words=shown))
    near = next((words for least, words in NEAR if (reason.similarity or 0) >= least), "")
    if near:
        parts.append(_(near))
    if abs(reason.taste) >= NOTABLE_TASTE:
        parts.append(_("moved up for your taste") if reason.taste > 0 else _("moved down for your taste"))
    whole = _("; ").join(parts)
    return whole[:1].upper() + whole[1:]


def _has(words: str, more: int) -> str:
    return ngettext(
        "has %(words)s and %(n)s more of your words",
        "has %(words)s and %(n)s more of your words",
        more,
        words=words,
        n=more,
    )


def _plain(text: str) -> str:
    return text.replace("\x02", "").replace("\x03", "")


def _label(facet: str, value: str) -> str:
    if facet == "decade":
        return labels.decade(value)
    if facet == "mood":
        return labels.mood(value)
    return language_names.name(value) if facet == "language" else labels.genre(value)
