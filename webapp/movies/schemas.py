"""Schemas of movies and results, for pages and for the API."""

from __future__ import annotations

from pydantic import Field

from core.types import Job
from core.understanding import PieceKind
from webapp.http.schemas import View
from webapp.movies.extra_schemas import Extras


class SnippetPart(View):
    """A part of a snippet; the parts joined are the text."""

    text: str
    match: bool = Field(description="Whether this part matches the query.")


class SimilarityReason(View):
    """Why a movie is similar to another one."""

    kind: str = Field(
        description="`sequel`, `previous`, `series`, `characters`, `director`, `writer`, `cast`, `keywords`, `genres`, "
        "`story` or `taste`."
    )
    values: tuple[str, ...] = Field(description="What both have in common: names, keywords or genres.")


class MatchReason(View):
    """Why a movie is in the results."""

    sentence: str = Field(description="The reasons as a sentence.")
    words_rank: int | None = Field(description="Rank in the word search, from 1.")
    meaning_rank: int | None = Field(description="Rank in the semantic search, from 1.")
    similarity: float | None = Field(description="Similarity in meaning: cosine, -1 to 1.")
    popularity: float = Field(description="Share of the score due to popularity, 0 to 1.")
    taste: float = Field(
        0.0,
        description="Effect of the user's taste, as a share of the best score; negative: moved down. Among similar "
        "movies: how much the same users like both, -1 to 1.",
    )
    matched: tuple[str, ...] = Field(description="Words of the query that occur in the movie.")
    snippet: tuple[SnippetPart, ...]
    relation: SimilarityReason | None = Field(None, description="Only among similar movies.")


class MovieCard(View):
    """A movie in a list."""

    id: int = Field(description="TMDB id.")
    title: str
    url: str = Field(description="Path of the movie's page on this site.")
    year: int | None
    genres: tuple[str, ...]
    overview: str
    poster: str = Field(
        description="URL of TMDB's poster if there is one, otherwise of a drawn one (relative to this site)."
    )
    drawn: str = Field(description="URL of the drawn poster.")
    directors: tuple[str, ...]
    runtime: int | None = Field(description="Minutes.")
    rating: float | None = Field(description="Average vote, 0 to 10.")
    votes: int


class CreditView(View):
    """A person that the search names, and what they did in the movie."""

    name: str
    jobs: tuple[Job, ...] = Field(description="`actor`, `director`, `writer` or `composer`, one or several.")
    character: str = Field("", description="The characters that they played, separated by commas; empty if unknown.")


class SearchResult(MovieCard):
    """A movie found by a search."""

    score: float = Field(description="Orders the results of one query; not comparable across queries.")
    why: MatchReason
    credits: tuple[CreditView, ...] = Field(
        (), description="The people that the search names, at most 3, with what they did in this movie."
    )


class ContributingMovie(View):
    """One of the user's movies that contributes to a recommendation."""

    id: int = Field(description="TMDB id.")
    title: str
    share: float = Field(description="Share of the personal part of the score, up to 1; negative: against the movie.")
    stars: float | None = Field(description="The user's rating.")
    mark: str = Field(description="The user's mark if the movie is not rated: `watchlist`, `liked`, …")


class SharedTrait(View):
    """A trait that a movie shares with movies that the user liked."""

    kind: str = Field(description="`genre`, `person` or `keyword`.")
    value: str


class NearestMovie(View):
    """The liked movie with the most similar plot."""

    id: int = Field(description="TMDB id.")
    title: str
    similarity: float = Field(description="Cosine, -1 to 1.")


class NeighboursOpinion(View):
    """What the users with the most similar ratings gave to a movie."""

    users: int = Field(description="How many of the nearest users rated it; at least 5.")
    mean: float = Field(description="The mean of their stars.")


class RecommendationReason(View):
    """Why a movie is or is not recommended to a user."""

    source: str = Field(description="Main source of the movie: `taste`, `meaning`, `genres`, `trending` or `popular`.")
    sentences: tuple[str, ...] = Field(description="The reasons as sentences, strongest first.")
    because: tuple[ContributingMovie, ...]
    shared: tuple[SharedTrait, ...]
    nearest: NearestMovie | None
    predicted: float | None = Field(description="Predicted rating of the user, 0.5 to 5 stars.")
    confidence: float | None = Field(description="Calibrated probability of 4 stars or more.")
    genre_match: float | None = Field(
        None, description="Cosine of the movie's genres and the user's genre profile, 0 to 1."
    )
    neighbours: NeighboursOpinion | None = Field(
        None, description="What the users with the most similar ratings gave; null if fewer than 5 of them rated it."
    )


class ExplanationResponse(RecommendationReason):
    """An explanation, with the model that it comes from."""

    model: str = Field(description="Version of the model; empty if no model is available.")


class RecommendedMovie(MovieCard):
    """A recommended movie."""

    score: float = Field(description="Orders the movies of one list; not comparable across lists.")
    why: RecommendationReason
    model: str = Field("", description="Version of the model that recommended the movie; send it with events.")


class RecommendationsResponse(View):
    """A list of recommendations and how it was made."""

    results: tuple[RecommendedMovie, ...]
    stage: str = Field(description="How much is known about the user: `nobody`, `genres`, `few` or `known`.")
    model: str = Field(description="Version of the model; empty if no model is available.")
    movies: int = Field(description="Number of the user's movies that were used.")
    demo: bool = Field(False, description="Whether the list is based on demo data, made up for the sample catalogue.")
    notice: str = Field("", description="A sentence for the reader about demo data; empty if there is none.")


class RecommendationsRow(View):
    """A row of recommended movies."""

    key: str = Field(
        description="`for-you`, `because` (you loved a movie), `gems`, `watchlist` or `different`; send it with events "
        "as the list."
    )
    name: str = Field(description="The heading in English.")
    results: tuple[RecommendedMovie, ...]


class RecommendationRowsResponse(View):
    """Recommendations by rows and how they were made."""

    rows: tuple[RecommendationsRow, ...] = Field(description="Rows that are not empty; no movie is in two of them.")
    stage: str = Field(description="How much is known about the user: `nobody`, `genres`, `few` or `known`.")
    model: str = Field(description="Version of the model; empty if no model is available.")
    movies: int = Field(description="Number of the user's movies that were used.")
    demo: bool = Field(False, description="Whether the rows are based on demo data, made up for the sample catalogue.")
    notice: str = Field("", description="A sentence for the reader about demo data; empty if there is none.")


class PredictedRating(View):
    """The predicted rating of a movie."""

    id: int = Field(description="TMDB id.")
    stars: float | None = Field(description="0.5 to 5 stars; null if no prediction is possible.")


class PredictionsResponse(View):
    """Predicted ratings of a user."""

    user_id: str
    results: tuple[PredictedRating, ...]
    model: str = Field(description="Version of the model; empty if no model is available.")


class Role(View):
    """A member of the cast and their role."""

    name: str
    character: str


class MovieMood(View):
    """A mood of a movie."""

    mood: str = Field(description="Name of the mood, as accepted by the filter `mood`.")
    label: str
    score: float = Field(description="Strength of the mood: above 0, up to 1.")


class Movie(MovieCard):
    """A movie with all of its data."""

    original_title: str
    release_date: str | None = Field(description="ISO 8601.")
    tagline: str
    keywords: tuple[str, ...]
    cast: tuple[Role, ...]
    writers: tuple[str, ...]
    composers: tuple[str, ...] = Field((), description="Composers of the music.")
    language: str = Field(description="ISO 639-1 code of the original language.")
    spoken_languages: tuple[str, ...]
    countries: tuple[str, ...]
    collection: str
    popularity: float
    moods: tuple[MovieMood, ...] = Field((), description="Moods of the movie, strongest first.")
    extras: Extras | None = Field(None, description="What TMDB and OMDb say about it; null without `marquee enrich`.")


class FacetCount(View):
    """A facet value and its number of movies."""

    value: str
    label: str
    count: int


class QueryPiece(View):
    """A piece of a search text and its interpretation."""

    key: str = Field(description="Identifies the piece; send it as `drop` to ignore the piece.")
    kind: str = Field(description=f"One of: {', '.join(f'`{kind.value}`' for kind in PieceKind)}.")
    value: str = Field(
        description="Machine-readable: a genre, `1990-1999`, an ISO 639-1 code, `<=90` minutes, a mood, …"
    )
    label: str = Field(description="Human-readable label.")
    text: str = Field(description="The piece as it occurs in the text.")
    start: int = Field(description="Offset of the first character, from 0.")
    end: int = Field(description="Offset after the last character.")
    wanted: bool = Field(description="False: results must not match it.")
    confidence: float = Field(description="0 to 1.")
    role: str = Field(description="For a person: `actor`, `director`, or empty for any role.")
    movies: tuple[int, ...] = Field(description="TMDB ids of the movies named by the piece.")


class OtherReading(View):
    """An alternative interpretation of the text."""

    label: str = Field(description="A question for people, such as `Looking for date-night films?`.")
    drop: tuple[str, ...] = Field(description="Keys of the pieces to drop for this interpretation.")


class QueryUnderstanding(View):
    """The interpretation of a search text."""

    query: str = Field(description="The interpreted text; if a correction was searched instead, the corrected text.")
    query_type: str = Field(
        description="Kind of request: `wish` (pieces filter), or `description`, `memory`, `title` (pieces only score)."
    )
    pieces: tuple[QueryPiece, ...] = Field(description="Pieces in the order of the text.")
    remainder: str = Field(description="The rest of the text, matched by words and meaning.")
    reader: str = Field(description="What interpreted the text: `rules`, or the name of a language model.")
    other: OtherReading | None = Field(description="An alternative interpretation; null if there is none.")
    dropped: tuple[str, ...] = Field(description="Keys of the pieces ignored by `drop`.")
    language: str = Field(description="ISO 639-1 code of the text's language; empty if the text is a title or a name.")


class SearchResponse(View):
    """A page of results."""

    query: str
    total: int = Field(description="Number of matching movies, over all pages.")
    page: int
    size: int
    took_ms: float
    results: tuple[SearchResult, ...]
    facets: dict[str, tuple[FacetCount, ...]] = Field(
        description="Counts by `genre`, `mood`, `decade` and `language`, over all matches."
    )
    notice: str = Field(description="A note for the user, e.g. that nothing is close.")
    kind: str = Field(description="Detected kind of query: `title`, `person` or `description`.")
    did_you_mean: str = Field(description="A suggested correction of the query.")
    corrected_to: str = Field(
        "", description="The correction that was searched instead; use `literal` to search for the query as typed."
    )
    understood: QueryUnderstanding | None = Field(None, description="The interpretation of the text.")
    relaxed: tuple[str, ...] = Field(
        (), description="Keys of pieces that were dropped because too few movies match all of them; see `notice`."
    )
    suggestions: tuple[str, ...]
    catalogue: str = Field(description="Name of the catalogue.")
    degraded: tuple[str, ...] = Field(
        (),
        description="What is missing because a part of the site does not work; normally empty. `encoder`: found by "
        "words and names, not by meaning. `cached`: an earlier answer to the same search. `popular`: popular movies "
        "that meet the filters, whatever the text.",
    )


class SuggestionView(View):
    """A suggestion while typing."""

    kind: str = Field(description="`movie` or `person`.")
    text: str
    id: int | None = Field(description="TMDB id of the movie; null for people.")
    year: int | None
    url: str = Field(description="URL of the page.")


class SuggestionsResponse(View):
    """Suggestions while typing."""

    results: tuple[SuggestionView, ...]


class SimilarMoviesResponse(View):
    """Movies similar to another."""

    results: tuple[SearchResult, ...]
    model: str = Field(description="Version of the model; empty if they were selected by meaning alone.")
    demo: bool = Field(False, description="Whether the model was trained on demo data, made up for the sample.")


class PopularMoviesResponse(View):
    """A page of the catalogue, sorted by popularity."""

    total: int
    page: int
    size: int
    results: tuple[MovieCard, ...]


class GenresResponse(View):
    """All genres with their numbers of movies."""

    results: tuple[FacetCount, ...]
