from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.preferences_request_language_type_0 import PreferencesRequestLanguageType0
from ..types import UNSET, Unset

T = TypeVar("T", bound="PreferencesRequest")


@_attrs_define
class PreferencesRequest:
    """Preferences to change; omitted ones keep their values.

    Attributes:
        familiarity (float | None | Unset): 0: lesser-known movies; 1: well-known movies.
        genres (list[str] | None | Unset): Favourite genres, as spelled in the catalogue.
        keep_events (bool | None | Unset): Whether to record impressions, clicks and searches; `false` deletes the
            recorded ones.
        language (None | PreferencesRequestLanguageType0 | Unset): Interface language; empty: the browser's preference.
        taste_in_search (bool | None | Unset): Whether taste may reorder search results.
        time_zone (None | str | Unset): IANA name of the zone of dates on pages and in imports, `Europe/Madrid`; empty:
            the site's.
        watchlist_in_lists (bool | None | Unset): Whether recommendations include movies of the watchlist.
    """

    familiarity: float | Unset | None = UNSET
    genres: list[str] | Unset | None = UNSET
    keep_events: bool | Unset | None = UNSET
    language: PreferencesRequestLanguageType0 | Unset | None = UNSET
    taste_in_search: bool | Unset | None = UNSET
    time_zone: str | Unset | None = UNSET
    watchlist_in_lists: bool | Unset | None = UNSET

    def to_dict(self) -> dict[str, Any]:
        familiarity: float | Unset | None
        if isinstance(self.familiarity, Unset):
            familiarity = UNSET
        else:
            familiarity = self.familiarity

        genres: list[str] | Unset | None
        if isinstance(self.genres, Unset):
            genres = UNSET
        elif isinstance(self.genres, list):
            genres = self.genres

        else:
            genres = self.genres

        keep_events: bool | Unset | None
        if isinstance(self.keep_events, Unset):
            keep_events = UNSET
        else:
            keep_events = self.keep_events

        language: str | Unset | None
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, PreferencesRequestLanguageType0):
            language = self.language.value
        else:
            language = self.language

        taste_in_search: bool | Unset | None
        if isinstance(self.taste_in_search, Unset):
            taste_in_search = UNSET
        else:
            taste_in_search = self.taste_in_search

        time_zone: str | Unset | None
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        else:
            time_zone = self.time_zone

        watchlist_in_lists: bool | Unset | None
        if isinstance(self.watchlist_in_lists, Unset):
            watchlist_in_lists = UNSET
        else:
            watchlist_in_lists = self.watchlist_in_lists

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if familiarity is not UNSET:
            field_dict["familiarity"] = familiarity
        if genres is not UNSET:
            field_dict["genres"] = genres
        if keep_events is not UNSET:
            field_dict["keep_events"] = keep_events
        if language is not UNSET:
            field_dict["language"] = language
        if taste_in_search is not UNSET:
            field_dict["taste_in_search"] = taste_in_search
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if watchlist_in_lists is not UNSET:
            field_dict["watchlist_in_lists"] = watchlist_in_lists

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_familiarity(data: object) -> float | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("float | None | Unset", data)

        familiarity = _parse_familiarity(d.pop("familiarity", UNSET))

        def _parse_genres(data: object) -> list[str] | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                genres_type_0 = cast("list[str]", data)

                return genres_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("list[str] | None | Unset", data)

        genres = _parse_genres(d.pop("genres", UNSET))

        def _parse_keep_events(data: object) -> bool | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("bool | None | Unset", data)

        keep_events = _parse_keep_events(d.pop("keep_events", UNSET))

        def _parse_language(data: object) -> PreferencesRequestLanguageType0 | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = PreferencesRequestLanguageType0(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | PreferencesRequestLanguageType0 | Unset", data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_taste_in_search(data: object) -> bool | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("bool | None | Unset", data)

        taste_in_search = _parse_taste_in_search(d.pop("taste_in_search", UNSET))

        def _parse_time_zone(data: object) -> str | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("None | str | Unset", data)

        time_zone = _parse_time_zone(d.pop("time_zone", UNSET))

        def _parse_watchlist_in_lists(data: object) -> bool | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("bool | None | Unset", data)

        watchlist_in_lists = _parse_watchlist_in_lists(d.pop("watchlist_in_lists", UNSET))

        preferences_request = cls(
            familiarity=familiarity,
            genres=genres,
            keep_events=keep_events,
            language=language,
            taste_in_search=taste_in_search,
            time_zone=time_zone,
            watchlist_in_lists=watchlist_in_lists,
        )

        return preferences_request
