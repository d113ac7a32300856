from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.contributing_movie import ContributingMovie
    from ..models.nearest_movie import NearestMovie
    from ..models.neighbours_opinion import NeighboursOpinion
    from ..models.shared_trait import SharedTrait


T = TypeVar("T", bound="RecommendationReason")


@_attrs_define
class RecommendationReason:
    """Why a movie is or is not recommended to a user.

    Attributes:
        because (list[ContributingMovie]):
        confidence (float | None): Calibrated probability of 4 stars or more.
        nearest (NearestMovie | None):
        predicted (float | None): Predicted rating of the user, 0.5 to 5 stars.
        sentences (list[str]): The reasons as sentences, strongest first.
        shared (list[SharedTrait]):
        source (str): Main source of the movie: `taste`, `meaning`, `genres`, `trending` or `popular`.
        genre_match (float | None | Unset): Cosine of the movie's genres and the user's genre profile, 0 to 1.
        neighbours (NeighboursOpinion | None | Unset): What the users with the most similar ratings gave; null if fewer
            than 5 of them rated it.
    """

    because: list[ContributingMovie]
    confidence: float | None
    nearest: NearestMovie | None
    predicted: float | None
    sentences: list[str]
    shared: list[SharedTrait]
    source: str
    genre_match: float | Unset | None = UNSET
    neighbours: NeighboursOpinion | Unset | None = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.nearest_movie import NearestMovie  # noqa: PLC0415
        from ..models.neighbours_opinion import NeighboursOpinion  # noqa: PLC0415

        because = []
        for because_item_data in self.because:
            because_item = because_item_data.to_dict()
            because.append(because_item)

        confidence: float | None
        confidence = self.confidence

        nearest: dict[str, Any] | None
        if isinstance(self.nearest, NearestMovie):
            nearest = self.nearest.to_dict()
        else:
            nearest = self.nearest

        predicted: float | None
        predicted = self.predicted

        sentences = self.sentences

        shared = []
        for shared_item_data in self.shared:
            shared_item = shared_item_data.to_dict()
            shared.append(shared_item)

        source = self.source

        genre_match: float | Unset | None
        if isinstance(self.genre_match, Unset):
            genre_match = UNSET
        else:
            genre_match = self.genre_match

        neighbours: dict[str, Any] | Unset | None
        if isinstance(self.neighbours, Unset):
            neighbours = UNSET
        elif isinstance(self.neighbours, NeighboursOpinion):
            neighbours = self.neighbours.to_dict()
        else:
            neighbours = self.neighbours

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "because": because,
                "confidence": confidence,
                "nearest": nearest,
                "predicted": predicted,
                "sentences": sentences,
                "shared": shared,
                "source": source,
            }
        )
        if genre_match is not UNSET:
            field_dict["genre_match"] = genre_match
        if neighbours is not UNSET:
            field_dict["neighbours"] = neighbours

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contributing_movie import ContributingMovie  # noqa: PLC0415
        from ..models.nearest_movie import NearestMovie  # noqa: PLC0415
        from ..models.neighbours_opinion import NeighboursOpinion  # noqa: PLC0415
        from ..models.shared_trait import SharedTrait  # noqa: PLC0415

        d = dict(src_dict)
        because = []
        _because = d.pop("because")
        for because_item_data in _because:
            because_item = ContributingMovie.from_dict(because_item_data)

            because.append(because_item)

        def _parse_confidence(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        confidence = _parse_confidence(d.pop("confidence"))

        def _parse_nearest(data: object) -> NearestMovie | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                nearest_type_0 = NearestMovie.from_dict(data)

                return nearest_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("NearestMovie | None", data)

        nearest = _parse_nearest(d.pop("nearest"))

        def _parse_predicted(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        predicted = _parse_predicted(d.pop("predicted"))

        sentences = cast("list[str]", d.pop("sentences"))

        shared = []
        _shared = d.pop("shared")
        for shared_item_data in _shared:
            shared_item = SharedTrait.from_dict(shared_item_data)

            shared.append(shared_item)

        source = d.pop("source")

        def _parse_genre_match(data: object) -> float | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("float | None | Unset", data)

        genre_match = _parse_genre_match(d.pop("genre_match", UNSET))

        def _parse_neighbours(data: object) -> NeighboursOpinion | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                neighbours_type_0 = NeighboursOpinion.from_dict(data)

                return neighbours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("NeighboursOpinion | None | Unset", data)

        neighbours = _parse_neighbours(d.pop("neighbours", UNSET))

        recommendation_reason = cls(
            because=because,
            confidence=confidence,
            nearest=nearest,
            predicted=predicted,
            sentences=sentences,
            shared=shared,
            source=source,
            genre_match=genre_match,
            neighbours=neighbours,
        )

        recommendation_reason.additional_properties = d
        return recommendation_reason

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
