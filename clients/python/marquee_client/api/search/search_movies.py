from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.mode import Mode
from ...models.problem import Problem
from ...models.search_movies_genre_mode import SearchMoviesGenreMode
from ...models.search_response import SearchResponse
from ...models.sort import Sort
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
    q: str | Unset = "",
    mode: Mode | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    genre_mode: SearchMoviesGenreMode | Unset = SearchMoviesGenreMode.ALL,
    person: str | Unset = "",
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    votes_min: int | Unset = UNSET,
    rating_min: float | Unset = UNSET,
    mood: list[str] | Unset = UNSET,
    adult: bool | int | Unset = False,
    sort: Sort | Unset = UNSET,
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["lang"] = lang

    params["page"] = page

    params["size"] = size

    params["q"] = q

    json_mode: str | Unset = UNSET
    if not isinstance(mode, Unset):
        json_mode = mode.value

    params["mode"] = json_mode

    json_genre: list[str] | Unset = UNSET
    if not isinstance(genre, Unset):
        json_genre = genre

    params["genre"] = json_genre

    json_genre_mode: str | Unset = UNSET
    if not isinstance(genre_mode, Unset):
        json_genre_mode = genre_mode.value

    params["genre_mode"] = json_genre_mode

    params["person"] = person

    params["language"] = language

    params["year_from"] = year_from

    params["year_to"] = year_to

    params["runtime_min"] = runtime_min

    params["runtime_max"] = runtime_max

    params["votes_min"] = votes_min

    params["rating_min"] = rating_min

    json_mood: list[str] | Unset = UNSET
    if not isinstance(mood, Unset):
        json_mood = mood

    params["mood"] = json_mood

    json_adult: bool | int | Unset
    if isinstance(adult, Unset):
        json_adult = UNSET
    else:
        json_adult = adult
    params["adult"] = json_adult

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort.value

    params["sort"] = json_sort

    json_drop: list[str] | Unset = UNSET
    if not isinstance(drop, Unset):
        json_drop = drop

    params["drop"] = json_drop

    json_literal: bool | int | Unset
    if isinstance(literal, Unset):
        json_literal = UNSET
    else:
        json_literal = literal
    params["literal"] = json_literal

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/search",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SearchResponse | None:
    if response.status_code == 200:
        response_200 = SearchResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 414:
        response_414 = Problem.from_dict(response.json())

        return response_414

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | SearchResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
    q: str | Unset = "",
    mode: Mode | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    genre_mode: SearchMoviesGenreMode | Unset = SearchMoviesGenreMode.ALL,
    person: str | Unset = "",
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    votes_min: int | Unset = UNSET,
    rating_min: float | Unset = UNSET,
    mood: list[str] | Unset = UNSET,
    adult: bool | int | Unset = False,
    sort: Sort | Unset = UNSET,
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Response[Problem | SearchResponse]:
    """Search movies

     Return a page of results with facets. An empty query returns all movies that match the filters.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.
        q (str | Unset): A description, a title or a person. Empty: every movie that matches the
            filters. Default: ''.
        mode (Mode | Unset): The candidate lists that a search uses.
        genre (list[str] | Unset): Genre; may be repeated.
        genre_mode (SearchMoviesGenreMode | Unset): Whether a movie must have any or all of the
            genres. Default: SearchMoviesGenreMode.ALL.
        person (str | Unset): An actor, director or writer of the movie. Default: ''.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        votes_min (int | Unset): Minimum number of votes.
        rating_min (float | Unset): Minimum average vote, 0 to 10.
        mood (list[str] | Unset): Mood of the movie, by name (`feel-good`); may be repeated: all
            must match.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.
        sort (Sort | Unset): The sort orders of results.
        drop (list[str] | Unset): Piece of the text to ignore, by its `key` (`genre:Horror`); may
            be repeated.
        literal (bool | int | Unset): Match the text as typed, without interpretation or spelling
            correction. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SearchResponse]
    """

    kwargs = _get_kwargs(
        lang=lang,
        page=page,
        size=size,
        q=q,
        mode=mode,
        genre=genre,
        genre_mode=genre_mode,
        person=person,
        language=language,
        year_from=year_from,
        year_to=year_to,
        runtime_min=runtime_min,
        runtime_max=runtime_max,
        votes_min=votes_min,
        rating_min=rating_min,
        mood=mood,
        adult=adult,
        sort=sort,
        drop=drop,
        literal=literal,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
    q: str | Unset = "",
    mode: Mode | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    genre_mode: SearchMoviesGenreMode | Unset = SearchMoviesGenreMode.ALL,
    person: str | Unset = "",
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    votes_min: int | Unset = UNSET,
    rating_min: float | Unset = UNSET,
    mood: list[str] | Unset = UNSET,
    adult: bool | int | Unset = False,
    sort: Sort | Unset = UNSET,
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Problem | SearchResponse | None:
    """Search movies

     Return a page of results with facets. An empty query returns all movies that match the filters.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.
        q (str | Unset): A description, a title or a person. Empty: every movie that matches the
            filters. Default: ''.
        mode (Mode | Unset): The candidate lists that a search uses.
        genre (list[str] | Unset): Genre; may be repeated.
        genre_mode (SearchMoviesGenreMode | Unset): Whether a movie must have any or all of the
            genres. Default: SearchMoviesGenreMode.ALL.
        person (str | Unset): An actor, director or writer of the movie. Default: ''.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        votes_min (int | Unset): Minimum number of votes.
        rating_min (float | Unset): Minimum average vote, 0 to 10.
        mood (list[str] | Unset): Mood of the movie, by name (`feel-good`); may be repeated: all
            must match.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.
        sort (Sort | Unset): The sort orders of results.
        drop (list[str] | Unset): Piece of the text to ignore, by its `key` (`genre:Horror`); may
            be repeated.
        literal (bool | int | Unset): Match the text as typed, without interpretation or spelling
            correction. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SearchResponse
    """

    return sync_detailed(
        client=client,
        lang=lang,
        page=page,
        size=size,
        q=q,
        mode=mode,
        genre=genre,
        genre_mode=genre_mode,
        person=person,
        language=language,
        year_from=year_from,
        year_to=year_to,
        runtime_min=runtime_min,
        runtime_max=runtime_max,
        votes_min=votes_min,
        rating_min=rating_min,
        mood=mood,
        adult=adult,
        sort=sort,
        drop=drop,
        literal=literal,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
    q: str | Unset = "",
    mode: Mode | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    genre_mode: SearchMoviesGenreMode | Unset = SearchMoviesGenreMode.ALL,
    person: str | Unset = "",
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    votes_min: int | Unset = UNSET,
    rating_min: float | Unset = UNSET,
    mood: list[str] | Unset = UNSET,
    adult: bool | int | Unset = False,
    sort: Sort | Unset = UNSET,
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Response[Problem | SearchResponse]:
    """Search movies

     Return a page of results with facets. An empty query returns all movies that match the filters.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.
        q (str | Unset): A description, a title or a person. Empty: every movie that matches the
            filters. Default: ''.
        mode (Mode | Unset): The candidate lists that a search uses.
        genre (list[str] | Unset): Genre; may be repeated.
        genre_mode (SearchMoviesGenreMode | Unset): Whether a movie must have any or all of the
            genres. Default: SearchMoviesGenreMode.ALL.
        person (str | Unset): An actor, director or writer of the movie. Default: ''.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        votes_min (int | Unset): Minimum number of votes.
        rating_min (float | Unset): Minimum average vote, 0 to 10.
        mood (list[str] | Unset): Mood of the movie, by name (`feel-good`); may be repeated: all
            must match.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.
        sort (Sort | Unset): The sort orders of results.
        drop (list[str] | Unset): Piece of the text to ignore, by its `key` (`genre:Horror`); may
            be repeated.
        literal (bool | int | Unset): Match the text as typed, without interpretation or spelling
            correction. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SearchResponse]
    """

    kwargs = _get_kwargs(
        lang=lang,
        page=page,
        size=size,
        q=q,
        mode=mode,
        genre=genre,
        genre_mode=genre_mode,
        person=person,
        language=language,
        year_from=year_from,
        year_to=year_to,
        runtime_min=runtime_min,
        runtime_max=runtime_max,
        votes_min=votes_min,
        rating_min=rating_min,
        mood=mood,
        adult=adult,
        sort=sort,
        drop=drop,
        literal=literal,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
    q: str | Unset = "",
    mode: Mode | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    genre_mode: SearchMoviesGenreMode | Unset = SearchMoviesGenreMode.ALL,
    person: str | Unset = "",
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    votes_min: int | Unset = UNSET,
    rating_min: float | Unset = UNSET,
    mood: list[str] | Unset = UNSET,
    adult: bool | int | Unset = False,
    sort: Sort | Unset = UNSET,
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Problem | SearchResponse | None:
    """Search movies

     Return a page of results with facets. An empty query returns all movies that match the filters.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.
        q (str | Unset): A description, a title or a person. Empty: every movie that matches the
            filters. Default: ''.
        mode (Mode | Unset): The candidate lists that a search uses.
        genre (list[str] | Unset): Genre; may be repeated.
        genre_mode (SearchMoviesGenreMode | Unset): Whether a movie must have any or all of the
            genres. Default: SearchMoviesGenreMode.ALL.
        person (str | Unset): An actor, director or writer of the movie. Default: ''.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        votes_min (int | Unset): Minimum number of votes.
        rating_min (float | Unset): Minimum average vote, 0 to 10.
        mood (list[str] | Unset): Mood of the movie, by name (`feel-good`); may be repeated: all
            must match.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.
        sort (Sort | Unset): The sort orders of results.
        drop (list[str] | Unset): Piece of the text to ignore, by its `key` (`genre:Horror`); may
            be repeated.
        literal (bool | int | Unset): Match the text as typed, without interpretation or spelling
            correction. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SearchResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            lang=lang,
            page=page,
            size=size,
            q=q,
            mode=mode,
            genre=genre,
            genre_mode=genre_mode,
            person=person,
            language=language,
            year_from=year_from,
            year_to=year_to,
            runtime_min=runtime_min,
            runtime_max=runtime_max,
            votes_min=votes_min,
            rating_min=rating_min,
            mood=mood,
            adult=adult,
            sort=sort,
            drop=drop,
            literal=literal,
        )
    ).parsed
