from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_event_kind import NewEventKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewEvent")


@_attrs_define
class NewEvent:
    """An impression, a click or a swipe.

    Attributes:
        kind (NewEventKind): A movie was seen in a list, opened from it, or swiped.
        movie (int): TMDB id of the movie.
        list_ (str | Unset): List that the movie was in: `for-you`, `search`, `similar`, `swipe`, … Default: ''.
        model (str | Unset): Version of the model that produced the list, as returned with the list. Default: ''.
        position (int | Unset): Position in the list, from 1.
        query (str | Unset): The query that the list is the result of. Default: ''.
    """

    kind: NewEventKind
    movie: int
    list_: str | Unset = ""
    model: str | Unset = ""
    position: int | Unset = UNSET
    query: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        movie = self.movie

        list_ = self.list_

        model = self.model

        position = self.position

        query = self.query

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "movie": movie,
            }
        )
        if list_ is not UNSET:
            field_dict["list"] = list_
        if model is not UNSET:
            field_dict["model"] = model
        if position is not UNSET:
            field_dict["position"] = position
        if query is not UNSET:
            field_dict["query"] = query

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = NewEventKind(d.pop("kind"))

        movie = d.pop("movie")

        list_ = d.pop("list", UNSET)

        model = d.pop("model", UNSET)

        position = d.pop("position", UNSET)

        query = d.pop("query", UNSET)

        new_event = cls(
            kind=kind,
            movie=movie,
            list_=list_,
            model=model,
            position=position,
            query=query,
        )

        return new_event
