from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_event_kind import NewEventKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewEvent")


@_attrs_define
class NewEvent:
    """An impression, a click, a swipe, or an answer to "Was this helpful?".

    Attributes:
        kind (NewEventKind): A movie was seen in a list, opened from it, or swiped; or the user said whether the list
            helped.
        list_ (str | Unset): List of the movie, or that the answer is about: `for-you`, `search`, `similar`, `swipe`, …
            Default: ''.
        model (str | Unset): Version of the model that produced the list, as returned with the list. Default: ''.
        movie (int | Unset): TMDB id of the movie; required unless the event is an answer, which is about a list.
        position (int | Unset): Position in the list, from 1.
        query (str | Unset): The query that the list is the result of. Default: ''.
    """

    kind: NewEventKind
    list_: str | Unset = ""
    model: str | Unset = ""
    movie: int | Unset = UNSET
    position: int | Unset = UNSET
    query: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        list_ = self.list_

        model = self.model

        movie = self.movie

        position = self.position

        query = self.query

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )
        if list_ is not UNSET:
            field_dict["list"] = list_
        if model is not UNSET:
            field_dict["model"] = model
        if movie is not UNSET:
            field_dict["movie"] = movie
        if position is not UNSET:
            field_dict["position"] = position
        if query is not UNSET:
            field_dict["query"] = query

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = NewEventKind(d.pop("kind"))

        list_ = d.pop("list", UNSET)

        model = d.pop("model", UNSET)

        movie = d.pop("movie", UNSET)

        position = d.pop("position", UNSET)

        query = d.pop("query", UNSET)

        new_event = cls(
            kind=kind,
            list_=list_,
            model=model,
            movie=movie,
            position=position,
            query=query,
        )

        return new_event
