from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.visibility import Visibility
from ..types import UNSET, Unset

T = TypeVar("T", bound="SharingRequest")


@_attrs_define
class SharingRequest:
    """What you share, and with whom.

    Attributes:
        approve_followers (bool | Unset): Whether you accept each follower. Default: False.
        bio (str | Unset): Plain text of at most 300 characters. Default: ''.
        diary (bool | Unset): Whether to show watchings, never their notes. Default: False.
        favourites (list[int] | Unset): TMDB ids of movies that you marked as favourites.
        lists (bool | Unset): Whether the profile shows the lists that are shared by link. Default: False.
        ratings (bool | Unset): Whether to show ratings and favourites. Default: False.
        reviews (bool | Unset): Whether to show published reviews. Default: False.
        visibility (Visibility | Unset): Who sees a profile, besides its owner.
    """

    approve_followers: bool | Unset = False
    bio: str | Unset = ""
    diary: bool | Unset = False
    favourites: list[int] | Unset = UNSET
    lists: bool | Unset = False
    ratings: bool | Unset = False
    reviews: bool | Unset = False
    visibility: Visibility | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        approve_followers = self.approve_followers

        bio = self.bio

        diary = self.diary

        favourites: list[int] | Unset = UNSET
        if not isinstance(self.favourites, Unset):
            favourites = self.favourites

        lists = self.lists

        ratings = self.ratings

        reviews = self.reviews

        visibility: str | Unset = UNSET
        if not isinstance(self.visibility, Unset):
            visibility = self.visibility.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if approve_followers is not UNSET:
            field_dict["approve_followers"] = approve_followers
        if bio is not UNSET:
            field_dict["bio"] = bio
        if diary is not UNSET:
            field_dict["diary"] = diary
        if favourites is not UNSET:
            field_dict["favourites"] = favourites
        if lists is not UNSET:
            field_dict["lists"] = lists
        if ratings is not UNSET:
            field_dict["ratings"] = ratings
        if reviews is not UNSET:
            field_dict["reviews"] = reviews
        if visibility is not UNSET:
            field_dict["visibility"] = visibility

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        approve_followers = d.pop("approve_followers", UNSET)

        bio = d.pop("bio", UNSET)

        diary = d.pop("diary", UNSET)

        favourites = cast("list[int]", d.pop("favourites", UNSET))

        lists = d.pop("lists", UNSET)

        ratings = d.pop("ratings", UNSET)

        reviews = d.pop("reviews", UNSET)

        _visibility = d.pop("visibility", UNSET)
        visibility: Visibility | Unset
        if isinstance(_visibility, Unset):
            visibility = UNSET
        else:
            visibility = Visibility(_visibility)

        sharing_request = cls(
            approve_followers=approve_followers,
            bio=bio,
            diary=diary,
            favourites=favourites,
            lists=lists,
            ratings=ratings,
            reviews=reviews,
            visibility=visibility,
        )

        return sharing_request
