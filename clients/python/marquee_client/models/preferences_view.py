from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PreferencesView")


@_attrs_define
class PreferencesView:
    """A user's preferences.

    Attributes:
        familiarity (float): 0: lesser-known movies; 1: well-known movies.
        genres (list[str]): Favourite genres.
        keep_events (bool):
        onboarded (bool):
        taste_in_search (bool):
        language (str | Unset): ISO 639-1 code of the interface language; empty: the browser's preference. Default: ''.
        time_zone (str | Unset): IANA name of the zone of dates; empty: the site's. Default: ''.
        watchlist_in_lists (bool | Unset): Whether recommendations include movies of the watchlist. Default: False.
    """

    familiarity: float
    genres: list[str]
    keep_events: bool
    onboarded: bool
    taste_in_search: bool
    language: str | Unset = ""
    time_zone: str | Unset = ""
    watchlist_in_lists: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        familiarity = self.familiarity

        genres = self.genres

        keep_events = self.keep_events

        onboarded = self.onboarded

        taste_in_search = self.taste_in_search

        language = self.language

        time_zone = self.time_zone

        watchlist_in_lists = self.watchlist_in_lists

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "familiarity": familiarity,
                "genres": genres,
                "keep_events": keep_events,
                "onboarded": onboarded,
                "taste_in_search": taste_in_search,
            }
        )
        if language is not UNSET:
            field_dict["language"] = language
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if watchlist_in_lists is not UNSET:
            field_dict["watchlist_in_lists"] = watchlist_in_lists

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        familiarity = d.pop("familiarity")

        genres = cast("list[str]", d.pop("genres"))

        keep_events = d.pop("keep_events")

        onboarded = d.pop("onboarded")

        taste_in_search = d.pop("taste_in_search")

        language = d.pop("language", UNSET)

        time_zone = d.pop("time_zone", UNSET)

        watchlist_in_lists = d.pop("watchlist_in_lists", UNSET)

        preferences_view = cls(
            familiarity=familiarity,
            genres=genres,
            keep_events=keep_events,
            onboarded=onboarded,
            taste_in_search=taste_in_search,
            language=language,
            time_zone=time_zone,
            watchlist_in_lists=watchlist_in_lists,
        )

        preferences_view.additional_properties = d
        return preferences_view

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
