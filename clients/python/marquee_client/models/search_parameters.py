from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.mode import Mode
from ..models.search_parameters_genre_mode import SearchParametersGenreMode
from ..models.sort import Sort
from ..types import UNSET, Unset

T = TypeVar("T", bound="SearchParameters")


@_attrs_define
class SearchParameters:
    """The parameters of a search as a JSON object, for texts that are too long for a URL.

    Attributes:
        adult (bool | Unset): Whether adult movies are included. Default: False.
        drop (list[str] | Unset): Piece of the text to ignore, by its `key` (`genre:Horror`); may be repeated.
        genre (list[str] | Unset): Genre; may be repeated.
        genre_mode (SearchParametersGenreMode | Unset): Whether a movie must have any or all of the genres. Default:
            SearchParametersGenreMode.ALL.
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the catalogue has them.
            Default: ''.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        literal (bool | Unset): Match the text as typed, without interpretation or spelling correction. Default: False.
        mode (Mode | Unset): The candidate lists that a search uses.
        mood (list[str] | Unset): Mood of the movie, by name (`feel-good`); may be repeated: all must match.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are empty. Default: 1.
        person (str | Unset): An actor, director or writer of the movie. Default: ''.
        q (str | Unset): A description, a title or a person. Empty: every movie that matches the filters. Default: ''.
        rating_min (float | Unset): Minimum average vote, 0 to 10.
        runtime_max (int | Unset): Maximum runtime in minutes.
        runtime_min (int | Unset): Minimum runtime in minutes.
        size (int | Unset): Movies per page. Default: 20.
        sort (Sort | Unset): The sort orders of results.
        votes_min (int | Unset): Minimum number of votes.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
    """

    adult: bool | Unset = False
    drop: list[str] | Unset = UNSET
    genre: list[str] | Unset = UNSET
    genre_mode: SearchParametersGenreMode | Unset = SearchParametersGenreMode.ALL
    lang: str | Unset = ""
    language: str | Unset = ""
    literal: bool | Unset = False
    mode: Mode | Unset = UNSET
    mood: list[str] | Unset = UNSET
    page: int | Unset = 1
    person: str | Unset = ""
    q: str | Unset = ""
    rating_min: float | Unset = UNSET
    runtime_max: int | Unset = UNSET
    runtime_min: int | Unset = UNSET
    size: int | Unset = 20
    sort: Sort | Unset = UNSET
    votes_min: int | Unset = UNSET
    year_from: int | Unset = UNSET
    year_to: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        adult = self.adult

        drop: list[str] | Unset = UNSET
        if not isinstance(self.drop, Unset):
            drop = self.drop

        genre: list[str] | Unset = UNSET
        if not isinstance(self.genre, Unset):
            genre = self.genre

        genre_mode: str | Unset = UNSET
        if not isinstance(self.genre_mode, Unset):
            genre_mode = self.genre_mode.value

        lang = self.lang

        language = self.language

        literal = self.literal

        mode: str | Unset = UNSET
        if not isinstance(self.mode, Unset):
            mode = self.mode.value

        mood: list[str] | Unset = UNSET
        if not isinstance(self.mood, Unset):
            mood = self.mood

        page = self.page

        person = self.person

        q = self.q

        rating_min = self.rating_min

        runtime_max = self.runtime_max

        runtime_min = self.runtime_min

        size = self.size

        sort: str | Unset = UNSET
        if not isinstance(self.sort, Unset):
            sort = self.sort.value

        votes_min = self.votes_min

        year_from = self.year_from

        year_to = self.year_to

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if adult is not UNSET:
            field_dict["adult"] = adult
        if drop is not UNSET:
            field_dict["drop"] = drop
        if genre is not UNSET:
            field_dict["genre"] = genre
        if genre_mode is not UNSET:
            field_dict["genre_mode"] = genre_mode
        if lang is not UNSET:
            field_dict["lang"] = lang
        if language is not UNSET:
            field_dict["language"] = language
        if literal is not UNSET:
            field_dict["literal"] = literal
        if mode is not UNSET:
            field_dict["mode"] = mode
        if mood is not UNSET:
            field_dict["mood"] = mood
        if page is not UNSET:
            field_dict["page"] = page
        if person is not UNSET:
            field_dict["person"] = person
        if q is not UNSET:
            field_dict["q"] = q
        if rating_min is not UNSET:
            field_dict["rating_min"] = rating_min
        if runtime_max is not UNSET:
            field_dict["runtime_max"] = runtime_max
        if runtime_min is not UNSET:
            field_dict["runtime_min"] = runtime_min
        if size is not UNSET:
            field_dict["size"] = size
        if sort is not UNSET:
            field_dict["sort"] = sort
        if votes_min is not UNSET:
            field_dict["votes_min"] = votes_min
        if year_from is not UNSET:
            field_dict["year_from"] = year_from
        if year_to is not UNSET:
            field_dict["year_to"] = year_to

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        adult = d.pop("adult", UNSET)

        drop = cast("list[str]", d.pop("drop", UNSET))

        genre = cast("list[str]", d.pop("genre", UNSET))

        _genre_mode = d.pop("genre_mode", UNSET)
        genre_mode: SearchParametersGenreMode | Unset
        if isinstance(_genre_mode, Unset):
            genre_mode = UNSET
        else:
            genre_mode = SearchParametersGenreMode(_genre_mode)

        lang = d.pop("lang", UNSET)

        language = d.pop("language", UNSET)

        literal = d.pop("literal", UNSET)

        _mode = d.pop("mode", UNSET)
        mode: Mode | Unset
        if isinstance(_mode, Unset):
            mode = UNSET
        else:
            mode = Mode(_mode)

        mood = cast("list[str]", d.pop("mood", UNSET))

        page = d.pop("page", UNSET)

        person = d.pop("person", UNSET)

        q = d.pop("q", UNSET)

        rating_min = d.pop("rating_min", UNSET)

        runtime_max = d.pop("runtime_max", UNSET)

        runtime_min = d.pop("runtime_min", UNSET)

        size = d.pop("size", UNSET)

        _sort = d.pop("sort", UNSET)
        sort: Sort | Unset
        if isinstance(_sort, Unset):
            sort = UNSET
        else:
            sort = Sort(_sort)

        votes_min = d.pop("votes_min", UNSET)

        year_from = d.pop("year_from", UNSET)

        year_to = d.pop("year_to", UNSET)

        search_parameters = cls(
            adult=adult,
            drop=drop,
            genre=genre,
            genre_mode=genre_mode,
            lang=lang,
            language=language,
            literal=literal,
            mode=mode,
            mood=mood,
            page=page,
            person=person,
            q=q,
            rating_min=rating_min,
            runtime_max=runtime_max,
            runtime_min=runtime_min,
            size=size,
            sort=sort,
            votes_min=votes_min,
            year_from=year_from,
            year_to=year_to,
        )

        return search_parameters
