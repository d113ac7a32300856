from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.query_understanding import QueryUnderstanding
    from ..models.search_response_facets import SearchResponseFacets
    from ..models.search_result import SearchResult


T = TypeVar("T", bound="SearchResponse")


@_attrs_define
class SearchResponse:
    """A page of results.

    Attributes:
        catalogue (str): Name of the catalogue.
        did_you_mean (str): A suggested correction of the query.
        facets (SearchResponseFacets): Counts by `genre`, `mood`, `decade` and `language`, over all matches.
        kind (str): Detected kind of query: `title`, `person` or `description`.
        notice (str): A note for the user, e.g. that nothing is close.
        page (int):
        query (str):
        results (list[SearchResult]):
        size (int):
        suggestions (list[str]):
        took_ms (float):
        total (int): Number of matching movies, over all pages.
        corrected_to (str | Unset): The correction that was searched instead; use `literal` to search for the query as
            typed. Default: ''.
        degraded (list[str] | Unset): What is missing because a part of the site does not work; normally empty.
            `encoder`: found by words and names, not by meaning. `cached`: an earlier answer to the same search. `popular`:
            popular movies that meet the filters, whatever the text.
        relaxed (list[str] | Unset): Keys of pieces that were dropped because too few movies match all of them; see
            `notice`.
        understood (None | QueryUnderstanding | Unset): The interpretation of the text.
    """

    catalogue: str
    did_you_mean: str
    facets: SearchResponseFacets
    kind: str
    notice: str
    page: int
    query: str
    results: list[SearchResult]
    size: int
    suggestions: list[str]
    took_ms: float
    total: int
    corrected_to: str | Unset = ""
    degraded: list[str] | Unset = UNSET
    relaxed: list[str] | Unset = UNSET
    understood: QueryUnderstanding | Unset | None = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.query_understanding import QueryUnderstanding  # noqa: PLC0415

        catalogue = self.catalogue

        did_you_mean = self.did_you_mean

        facets = self.facets.to_dict()

        kind = self.kind

        notice = self.notice

        page = self.page

        query = self.query

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        size = self.size

        suggestions = self.suggestions

        took_ms = self.took_ms

        total = self.total

        corrected_to = self.corrected_to

        degraded: list[str] | Unset = UNSET
        if not isinstance(self.degraded, Unset):
            degraded = self.degraded

        relaxed: list[str] | Unset = UNSET
        if not isinstance(self.relaxed, Unset):
            relaxed = self.relaxed

        understood: dict[str, Any] | Unset | None
        if isinstance(self.understood, Unset):
            understood = UNSET
        elif isinstance(self.understood, QueryUnderstanding):
            understood = self.understood.to_dict()
        else:
            understood = self.understood

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "catalogue": catalogue,
                "did_you_mean": did_you_mean,
                "facets": facets,
                "kind": kind,
                "notice": notice,
                "page": page,
                "query": query,
                "results": results,
                "size": size,
                "suggestions": suggestions,
                "took_ms": took_ms,
                "total": total,
            }
        )
        if corrected_to is not UNSET:
            field_dict["corrected_to"] = corrected_to
        if degraded is not UNSET:
            field_dict["degraded"] = degraded
        if relaxed is not UNSET:
            field_dict["relaxed"] = relaxed
        if understood is not UNSET:
            field_dict["understood"] = understood

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.query_understanding import QueryUnderstanding  # noqa: PLC0415
        from ..models.search_response_facets import SearchResponseFacets  # noqa: PLC0415
        from ..models.search_result import SearchResult  # noqa: PLC0415

        d = dict(src_dict)
        catalogue = d.pop("catalogue")

        did_you_mean = d.pop("did_you_mean")

        facets = SearchResponseFacets.from_dict(d.pop("facets"))

        kind = d.pop("kind")

        notice = d.pop("notice")

        page = d.pop("page")

        query = d.pop("query")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = SearchResult.from_dict(results_item_data)

            results.append(results_item)

        size = d.pop("size")

        suggestions = cast("list[str]", d.pop("suggestions"))

        took_ms = d.pop("took_ms")

        total = d.pop("total")

        corrected_to = d.pop("corrected_to", UNSET)

        degraded = cast("list[str]", d.pop("degraded", UNSET))

        relaxed = cast("list[str]", d.pop("relaxed", UNSET))

        def _parse_understood(data: object) -> QueryUnderstanding | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                understood_type_0 = QueryUnderstanding.from_dict(data)

                return understood_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | QueryUnderstanding | Unset", data)

        understood = _parse_understood(d.pop("understood", UNSET))

        search_response = cls(
            catalogue=catalogue,
            did_you_mean=did_you_mean,
            facets=facets,
            kind=kind,
            notice=notice,
            page=page,
            query=query,
            results=results,
            size=size,
            suggestions=suggestions,
            took_ms=took_ms,
            total=total,
            corrected_to=corrected_to,
            degraded=degraded,
            relaxed=relaxed,
            understood=understood,
        )

        search_response.additional_properties = d
        return search_response

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
