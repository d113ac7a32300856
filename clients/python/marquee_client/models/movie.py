from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from typing import cast as typing_cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.extras import Extras
    from ..models.movie_mood import MovieMood
    from ..models.role import Role


T = TypeVar("T", bound="Movie")


@_attrs_define
class Movie:
    """A movie with all of its data.

    Attributes:
        cast (list[Role]):
        collection (str):
        countries (list[str]):
        directors (list[str]):
        drawn (str): URL of the drawn poster.
        genres (list[str]):
        id (int): TMDB id.
        keywords (list[str]):
        language (str): ISO 639-1 code of the original language.
        original_title (str):
        overview (str):
        popularity (float):
        poster (str): URL of TMDB's poster if there is one, otherwise of a drawn one (relative to this site).
        rating (float | None): Average vote, 0 to 10.
        release_date (None | str): ISO 8601.
        runtime (int | None): Minutes.
        spoken_languages (list[str]):
        tagline (str):
        title (str):
        url (str): Path of the movie's page on this site.
        votes (int):
        writers (list[str]):
        year (int | None):
        composers (list[str] | Unset): Composers of the music.
        extras (Extras | None | Unset): What TMDB and OMDb say about it; null without `marquee enrich`.
        moods (list[MovieMood] | Unset): Moods of the movie, strongest first.
    """

    cast: list[Role]
    collection: str
    countries: list[str]
    directors: list[str]
    drawn: str
    genres: list[str]
    id: int
    keywords: list[str]
    language: str
    original_title: str
    overview: str
    popularity: float
    poster: str
    rating: float | None
    release_date: str | None
    runtime: int | None
    spoken_languages: list[str]
    tagline: str
    title: str
    url: str
    votes: int
    writers: list[str]
    year: int | None
    composers: list[str] | Unset = UNSET
    extras: Extras | Unset | None = UNSET
    moods: list[MovieMood] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.extras import Extras  # noqa: PLC0415

        cast = []
        for cast_item_data in self.cast:
            cast_item = cast_item_data.to_dict()
            cast.append(cast_item)

        collection = self.collection

        countries = self.countries

        directors = self.directors

        drawn = self.drawn

        genres = self.genres

        id = self.id

        keywords = self.keywords

        language = self.language

        original_title = self.original_title

        overview = self.overview

        popularity = self.popularity

        poster = self.poster

        rating: float | None
        rating = self.rating

        release_date: str | None
        release_date = self.release_date

        runtime: int | None
        runtime = self.runtime

        spoken_languages = self.spoken_languages

        tagline = self.tagline

        title = self.title

        url = self.url

        votes = self.votes

        writers = self.writers

        year: int | None
        year = self.year

        composers: list[str] | Unset = UNSET
        if not isinstance(self.composers, Unset):
            composers = self.composers

        extras: dict[str, Any] | Unset | None
        if isinstance(self.extras, Unset):
            extras = UNSET
        elif isinstance(self.extras, Extras):
            extras = self.extras.to_dict()
        else:
            extras = self.extras

        moods: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.moods, Unset):
            moods = []
            for moods_item_data in self.moods:
                moods_item = moods_item_data.to_dict()
                moods.append(moods_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cast": cast,
                "collection": collection,
                "countries": countries,
                "directors": directors,
                "drawn": drawn,
                "genres": genres,
                "id": id,
                "keywords": keywords,
                "language": language,
                "original_title": original_title,
                "overview": overview,
                "popularity": popularity,
                "poster": poster,
                "rating": rating,
                "release_date": release_date,
                "runtime": runtime,
                "spoken_languages": spoken_languages,
                "tagline": tagline,
                "title": title,
                "url": url,
                "votes": votes,
                "writers": writers,
                "year": year,
            }
        )
        if composers is not UNSET:
            field_dict["composers"] = composers
        if extras is not UNSET:
            field_dict["extras"] = extras
        if moods is not UNSET:
            field_dict["moods"] = moods

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.extras import Extras  # noqa: PLC0415
        from ..models.movie_mood import MovieMood  # noqa: PLC0415
        from ..models.role import Role  # noqa: PLC0415

        d = dict(src_dict)
        cast = []
        _cast = d.pop("cast")
        for cast_item_data in _cast:
            cast_item = Role.from_dict(cast_item_data)

            cast.append(cast_item)

        collection = d.pop("collection")

        countries = typing_cast(list[str], d.pop("countries"))

        directors = typing_cast(list[str], d.pop("directors"))

        drawn = d.pop("drawn")

        genres = typing_cast(list[str], d.pop("genres"))

        id = d.pop("id")

        keywords = typing_cast(list[str], d.pop("keywords"))

        language = d.pop("language")

        original_title = d.pop("original_title")

        overview = d.pop("overview")

        popularity = d.pop("popularity")

        poster = d.pop("poster")

        def _parse_rating(data: object) -> float | None:
            if data is None:
                return data
            return typing_cast(float | None, data)

        rating = _parse_rating(d.pop("rating"))

        def _parse_release_date(data: object) -> str | None:
            if data is None:
                return data
            return typing_cast(None | str, data)

        release_date = _parse_release_date(d.pop("release_date"))

        def _parse_runtime(data: object) -> int | None:
            if data is None:
                return data
            return typing_cast(int | None, data)

        runtime = _parse_runtime(d.pop("runtime"))

        spoken_languages = typing_cast(list[str], d.pop("spoken_languages"))

        tagline = d.pop("tagline")

        title = d.pop("title")

        url = d.pop("url")

        votes = d.pop("votes")

        writers = typing_cast(list[str], d.pop("writers"))

        def _parse_year(data: object) -> int | None:
            if data is None:
                return data
            return typing_cast(int | None, data)

        year = _parse_year(d.pop("year"))

        composers = typing_cast(list[str], d.pop("composers", UNSET))

        def _parse_extras(data: object) -> Extras | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                extras_type_0 = Extras.from_dict(data)

                return extras_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return typing_cast(Extras | None | Unset, data)

        extras = _parse_extras(d.pop("extras", UNSET))

        _moods = d.pop("moods", UNSET)
        moods: list[MovieMood] | Unset = UNSET
        if _moods is not UNSET:
            moods = []
            for moods_item_data in _moods:
                moods_item = MovieMood.from_dict(moods_item_data)

                moods.append(moods_item)

        movie = cls(
            cast=cast,
            collection=collection,
            countries=countries,
            directors=directors,
            drawn=drawn,
            genres=genres,
            id=id,
            keywords=keywords,
            language=language,
            original_title=original_title,
            overview=overview,
            popularity=popularity,
            poster=poster,
            rating=rating,
            release_date=release_date,
            runtime=runtime,
            spoken_languages=spoken_languages,
            tagline=tagline,
            title=title,
            url=url,
            votes=votes,
            writers=writers,
            year=year,
            composers=composers,
            extras=extras,
            moods=moods,
        )

        movie.additional_properties = d
        return movie

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
