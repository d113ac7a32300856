from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.visibility import Visibility

T = TypeVar("T", bound="SharingView")


@_attrs_define
class SharingView:
    """What you share, and with whom.

    Attributes:
        approve_followers (bool):
        bio (str):
        diary (bool):
        favourites (list[int]): TMDB ids of the movies at the top of your profile.
        hidden (str): Why moderators hid your profile; empty if they did not.
        lists (bool): Whether the profile shows the lists that are shared by link.
        ratings (bool): Whether ratings and favourites are shown.
        reviews (bool):
        suspended (str): Why moderators stopped you from sharing; empty if they did not.
        visibility (Visibility): Who sees a profile, besides its owner.
    """

    approve_followers: bool
    bio: str
    diary: bool
    favourites: list[int]
    hidden: str
    lists: bool
    ratings: bool
    reviews: bool
    suspended: str
    visibility: Visibility
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        approve_followers = self.approve_followers

        bio = self.bio

        diary = self.diary

        favourites = self.favourites

        hidden = self.hidden

        lists = self.lists

        ratings = self.ratings

        reviews = self.reviews

        suspended = self.suspended

        visibility = self.visibility.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "approve_followers": approve_followers,
                "bio": bio,
                "diary": diary,
                "favourites": favourites,
                "hidden": hidden,
                "lists": lists,
                "ratings": ratings,
                "reviews": reviews,
                "suspended": suspended,
                "visibility": visibility,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        approve_followers = d.pop("approve_followers")

        bio = d.pop("bio")

        diary = d.pop("diary")

        favourites = cast("list[int]", d.pop("favourites"))

        hidden = d.pop("hidden")

        lists = d.pop("lists")

        ratings = d.pop("ratings")

        reviews = d.pop("reviews")

        suspended = d.pop("suspended")

        visibility = Visibility(d.pop("visibility"))

        sharing_view = cls(
            approve_followers=approve_followers,
            bio=bio,
            diary=diary,
            favourites=favourites,
            hidden=hidden,
            lists=lists,
            ratings=ratings,
            reviews=reviews,
            suspended=suspended,
            visibility=visibility,
        )

        sharing_view.additional_properties = d
        return sharing_view

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
