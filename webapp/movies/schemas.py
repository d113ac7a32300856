"""The shapes in which movies and results leave the site: pages show them, the API sends and documents them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from core.understanding import PieceKind
from webapp.http.schemas import View


class SnippetPart(View):
    """A stretch of a snippet; joined, the parts are the text."""

    text: str
    match: bool = Field(description="Whether the query's words stand here.")


class MatchReason(View):
    """Why a movie is in the results."""

    sentence: str = Field(description="All of it in words.")
    words_rank: int | None = Field(description="Rank among the films found by words, from 1.")
    meaning_rank: int | None = Field(description="Rank among the films nearest in meaning, from 1.")
    similarity: float | None = Field(description="Nearness in meaning: cosine, -1 to 1.")
    popularity: float = Field(description="Share of the score that came from popularity, 0 to 1.")
    taste: float = Field(
        0.0, description="What the viewer's taste added (below 0: took away), as a share of the best score."
    )
    matched: tuple[str, ...] = Field(description="Words of the query that the film has.")
    snippet: tuple[SnippetPart, ...]


class MovieCard(View):
    """A movie in a list."""

    id: int = Field(description="TMDB id.")
    title: str
    year: int | None
    genres: tuple[str, ...]
    overview: str
    poster: str = Field(
        description="URL of TMDB's poster where there is one, else of a drawn one (relative to this site)."
    )
    drawn: str = Field(description="URL of the drawn poster.")
    directors: tuple[str, ...]
    runtime: int | None = Field(description="Minutes.")
    rating: float | None = Field(description="Mean vote, 0 to 10.")
    votes: int


class SearchResult(MovieCard):
    """A movie that a search found."""

    score: float = Field(description="Orders the results of one query; does not compare across queries.")
    why: MatchReason


class ContributingMovie(View):
    """One of the user's own movies that speaks for (or against) a recommendation."""

    id: int = Field(description="TMDB id.")
    title: str
    share: float = Field(description="Part of everything that speaks for it, 0 to 1; negative: speaks against it.")
    stars: float | None = Field(description="The viewer's rating.")
    mark: str = Field(description="What the viewer said of it where it was not rated: `watchlist`, `liked`, …")


class SharedTrait(View):
    """Something that a movie has in common with movies that the user liked."""

    kind: str = Field(description="`genre`, `person` or `keyword`.")
    value: str


class NearestMovie(View):
    """The liked movie whose plot is nearest."""

    id: int = Field(description="TMDB id.")
    title: str
    similarity: float = Field(description="Cosine, -1 to 1.")


class RecommendationReason(View):
    """Why a movie suits (or does not suit) a user."""

    source: str = Field(description="What chiefly put it there: `taste`, `meaning`, `genres`, `trending` or `popular`.")
    sentences: tuple[str, ...] = Field(description="The reasons in words, the strongest first.")
    because: tuple[ContributingMovie, ...]
    shared: tuple[SharedTrait, ...]
    nearest: NearestMovie | None
    predicted: float | None = Field(description="Stars that the viewer would give, .5 to 5.")
    confidence: float | None = Field(description="Calibrated probability of 4 stars or more.")


class ExplanationResponse(RecommendationReason):
    """The same, with the model that says so."""

    model: str = Field(description="Version of the model; empty where none was at hand.")


class RecommendedMovie(MovieCard):
    """A recommended movie."""

    score: float = Field(description="Orders one list; compares with nothing else.")
    why: RecommendationReason
    model: str = Field("", description="Version of the model that put it there; send it along with events.")


class RecommendationsResponse(View):
    """A list for somebody, and what stands behind it."""

    results: tuple[RecommendedMovie, ...]
    stage: str = Field(description="How much is known of the viewer: `nobody`, `genres`, `few` or `known`.")
    model: str = Field(description="Version of the model; empty where none was at hand.")
    movies: int = Field(description="Films of the viewer that were counted.")


class PredictedRating(View):
    """What a user would give a movie."""

    id: int = Field(description="TMDB id.")
    stars: float | None = Field(description="Stars, .5 to 5; null where nothing can be said.")


class PredictionsResponse(View):
    """What a user would give some movies."""

    user_id: str
    results: tuple[PredictedRating, ...]
    model: str = Field(description="Version of the model; empty where none was at hand.")


class ReviewView(View):
    """What somebody wrote of a movie."""

    name: str
    stars: float | None
    text: str
    at: datetime


class Role(View):
    """Somebody on screen."""

    name: str
    character: str


class MovieMood(View):
    """A mood that a movie has."""

    mood: str = Field(description="Name of the mood, as the filter `mood` takes it.")
    label: str
    score: float = Field(description="How much of it the movie has: above 0, up to 1.")


class Movie(MovieCard):
    """A movie with all that is known of it."""

    original_title: str
    release_date: str | None = Field(description="ISO 8601.")
    tagline: str
    keywords: tuple[str, ...]
    cast: tuple[Role, ...]
    writers: tuple[str, ...]
    composers: tuple[str, ...] = Field((), description="Who wrote the music.")
    language: str = Field(description="ISO 639-1 code of the original language.")
    spoken_languages: tuple[str, ...]
    countries: tuple[str, ...]
    collection: str
    popularity: float
    moods: tuple[MovieMood, ...] = Field((), description="The moods of the movie, the strongest first.")


class FacetCount(View):
    """A value of a facet, and how many movies have it."""

    value: str
    label: str
    count: int


class QueryPiece(View):
    """One piece of a search text and what it was taken for."""

    key: str = Field(description="Names the piece; send it as `drop` to leave the piece out.")
    kind: str = Field(description=f"One of: {', '.join(f'`{kind.value}`' for kind in PieceKind)}.")
    value: str = Field(description="For programs: a genre, `1990-1999`, an ISO 639-1 code, `<=90` minutes, a mood, …")
    label: str = Field(description="For people.")
    text: str = Field(description="The characters of the text.")
    start: int = Field(description="First character of the piece in the text, from 0.")
    end: int = Field(description="The character after its last one.")
    wanted: bool = Field(description="False: results must not have it.")
    confidence: float = Field(description="0 to 1.")
    role: str = Field(description="Of a person: `actor`, `director`, or empty for any part in the movie.")
    movies: tuple[int, ...] = Field(description="TMDB ids of the movies that the piece names.")


class OtherReading(View):
    """Another way to read the same text."""

    label: str = Field(description="For people: a question, such as `Looking for date-night films?`.")
    drop: tuple[str, ...] = Field(description="Keys of the pieces to leave out to get it.")


class QueryUnderstanding(View):
    """What a search text asks for."""

    query: str = Field(description="The text that was read: the corrected one where a correction was searched for.")
    stance: str = Field(
        description="How the text speaks: `wish` (pieces filter), `description`, `memory`, `title` (they only score)."
    )
    pieces: tuple[QueryPiece, ...] = Field(description="In the order of the text.")
    remainder: str = Field(description="What is left to be matched by words and meaning.")
    reader: str = Field(description="What read the text: `rules`, or the name of a language model.")
    other: OtherReading | None = Field(description="A second way to read the text; null where there is none.")
    dropped: tuple[str, ...] = Field(description="Keys of the pieces that `drop` left out.")
    language: str = Field(description="ISO 639-1 code of the text's language; empty where it is a title or a name.")


class SearchResponse(View):
    """A page of results."""

    query: str
    total: int = Field(description="Films that match, on all pages.")
    page: int
    size: int
    took_ms: float
    results: tuple[SearchResult, ...]
    facets: dict[str, tuple[FacetCount, ...]] = Field(
        description="`genre`, `mood`, `decade` and `language` over everything that matches."
    )
    notice: str = Field(description="A sentence for the reader, e.g. that nothing is close.")
    kind: str = Field(description="What the query was taken for: `title`, `person` or `description`.")
    did_you_mean: str = Field(description="A correction that the reader may want to search for.")
    corrected_to: str = Field(
        "", description="The correction that was searched for instead; `literal` searches for the query itself."
    )
    understood: QueryUnderstanding | None = Field(None, description="What the text was understood to ask for.")
    relaxed: tuple[str, ...] = Field(
        (), description="Keys of pieces that were left out because too few movies met all of them; `notice` says so."
    )
    suggestions: tuple[str, ...]
    catalogue: str = Field(description="Which catalogue was searched.")


class SuggestionView(View):
    """One as-you-type line."""

    kind: str = Field(description="`movie` or `person`.")
    text: str
    id: int | None = Field(description="The film's TMDB id; none for people.")
    year: int | None
    url: str = Field(description="The page that it leads to.")


class SuggestionsResponse(View):
    """As-you-type lines."""

    results: tuple[SuggestionView, ...]


class SimilarMoviesResponse(View):
    """Movies like another."""

    results: tuple[SearchResult, ...]
    model: str = Field(description="Version of the model; empty where they were chosen by meaning alone.")


class PopularMoviesResponse(View):
    """A page of the catalogue by popularity."""

    total: int
    page: int
    size: int
    results: tuple[MovieCard, ...]


class GenresResponse(View):
    """All genres."""

    results: tuple[FacetCount, ...]
