from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.follow import Follow

if TYPE_CHECKING:
    from ..models.list_view import ListView
    from ..models.movie_card import MovieCard
    from ..models.profile_view_stars import ProfileViewStars
    from ..models.profile_watch_view import ProfileWatchView
    from ..models.published_review_view import PublishedReviewView


T = TypeVar("T", bound="ProfileView")


@_attrs_define
class ProfileView:
    """A user's profile. What they do not share with you is empty or 0.

    Attributes:
        bio (str): Plain text: escape it before showing it.
        diary (list[ProfileWatchView]): The latest watchings.
        favourites (list[MovieCard]):
        follow (Follow): How far one user follows another.
        followers (int):
        following (int):
        lists (list[ListView]): Lists that are shared by link.
        lists_count (int):
        name (str):
        opened (bool): False if only followers see more than the name and you are none.
        own (bool):
        rated (int):
        reviews (list[PublishedReviewView]): The latest reviews.
        reviews_count (int):
        since (datetime.date | None): When the account was created.
        stars (ProfileViewStars): How often each number of stars was given.
        url (str): Path of its page on this site.
        watched (int): Watchings in the diary.
    """

    bio: str
    diary: list[ProfileWatchView]
    favourites: list[MovieCard]
    follow: Follow
    followers: int
    following: int
    lists: list[ListView]
    lists_count: int
    name: str
    opened: bool
    own: bool
    rated: int
    reviews: list[PublishedReviewView]
    reviews_count: int
    since: datetime.date | None
    stars: ProfileViewStars
    url: str
    watched: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bio = self.bio

        diary = []
        for diary_item_data in self.diary:
            diary_item = diary_item_data.to_dict()
            diary.append(diary_item)

        favourites = []
        for favourites_item_data in self.favourites:
            favourites_item = favourites_item_data.to_dict()
            favourites.append(favourites_item)

        follow = self.follow.value

        followers = self.followers

        following = self.following

        lists = []
        for lists_item_data in self.lists:
            lists_item = lists_item_data.to_dict()
            lists.append(lists_item)

        lists_count = self.lists_count

        name = self.name

        opened = self.opened

        own = self.own

        rated = self.rated

        reviews = []
        for reviews_item_data in self.reviews:
            reviews_item = reviews_item_data.to_dict()
            reviews.append(reviews_item)

        reviews_count = self.reviews_count

        since: str | None
        if isinstance(self.since, datetime.date):
            since = self.since.isoformat()
        else:
            since = self.since

        stars = self.stars.to_dict()

        url = self.url

        watched = self.watched

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bio": bio,
                "diary": diary,
                "favourites": favourites,
                "follow": follow,
                "followers": followers,
                "following": following,
                "lists": lists,
                "lists_count": lists_count,
                "name": name,
                "opened": opened,
                "own": own,
                "rated": rated,
                "reviews": reviews,
                "reviews_count": reviews_count,
                "since": since,
                "stars": stars,
                "url": url,
                "watched": watched,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.list_view import ListView  # noqa: PLC0415
        from ..models.movie_card import MovieCard  # noqa: PLC0415
        from ..models.profile_view_stars import ProfileViewStars  # noqa: PLC0415
        from ..models.profile_watch_view import ProfileWatchView  # noqa: PLC0415
        from ..models.published_review_view import PublishedReviewView  # noqa: PLC0415

        d = dict(src_dict)
        bio = d.pop("bio")

        diary = []
        _diary = d.pop("diary")
        for diary_item_data in _diary:
            diary_item = ProfileWatchView.from_dict(diary_item_data)

            diary.append(diary_item)

        favourites = []
        _favourites = d.pop("favourites")
        for favourites_item_data in _favourites:
            favourites_item = MovieCard.from_dict(favourites_item_data)

            favourites.append(favourites_item)

        follow = Follow(d.pop("follow"))

        followers = d.pop("followers")

        following = d.pop("following")

        lists = []
        _lists = d.pop("lists")
        for lists_item_data in _lists:
            lists_item = ListView.from_dict(lists_item_data)

            lists.append(lists_item)

        lists_count = d.pop("lists_count")

        name = d.pop("name")

        opened = d.pop("opened")

        own = d.pop("own")

        rated = d.pop("rated")

        reviews = []
        _reviews = d.pop("reviews")
        for reviews_item_data in _reviews:
            reviews_item = PublishedReviewView.from_dict(reviews_item_data)

            reviews.append(reviews_item)

        reviews_count = d.pop("reviews_count")

        def _parse_since(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.date.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.date | None", data)

        since = _parse_since(d.pop("since"))

        stars = ProfileViewStars.from_dict(d.pop("stars"))

        url = d.pop("url")

        watched = d.pop("watched")

        profile_view = cls(
            bio=bio,
            diary=diary,
            favourites=favourites,
            follow=follow,
            followers=followers,
            following=following,
            lists=lists,
            lists_count=lists_count,
            name=name,
            opened=opened,
            own=own,
            rated=rated,
            reviews=reviews,
            reviews_count=reviews_count,
            since=since,
            stars=stars,
            url=url,
            watched=watched,
        )

        profile_view.additional_properties = d
        return profile_view

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
