from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.similarity_reason import SimilarityReason
    from ..models.snippet_part import SnippetPart


T = TypeVar("T", bound="MatchReason")


@_attrs_define
class MatchReason:
    """Why a movie is in the results.

    Attributes:
        matched (list[str]): Words of the query that occur in the movie.
        meaning_rank (int | None): Rank in the semantic search, from 1.
        popularity (float): Share of the score due to popularity, 0 to 1.
        sentence (str): The reasons as a sentence.
        similarity (float | None): Similarity in meaning: cosine, -1 to 1.
        snippet (list[SnippetPart]):
        words_rank (int | None): Rank in the word search, from 1.
        relation (None | SimilarityReason | Unset): Only among similar movies.
        taste (float | Unset): Effect of the user's taste, as a share of the best score; negative: moved down. Among
            similar movies: how much the same users like both, -1 to 1. Default: 0.0.
    """

    matched: list[str]
    meaning_rank: int | None
    popularity: float
    sentence: str
    similarity: float | None
    snippet: list[SnippetPart]
    words_rank: int | None
    relation: SimilarityReason | Unset | None = UNSET
    taste: float | Unset = 0.0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.similarity_reason import SimilarityReason  # noqa: PLC0415

        matched = self.matched

        meaning_rank: int | None
        meaning_rank = self.meaning_rank

        popularity = self.popularity

        sentence = self.sentence

        similarity: float | None
        similarity = self.similarity

        snippet = []
        for snippet_item_data in self.snippet:
            snippet_item = snippet_item_data.to_dict()
            snippet.append(snippet_item)

        words_rank: int | None
        words_rank = self.words_rank

        relation: dict[str, Any] | Unset | None
        if isinstance(self.relation, Unset):
            relation = UNSET
        elif isinstance(self.relation, SimilarityReason):
            relation = self.relation.to_dict()
        else:
            relation = self.relation

        taste = self.taste

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "matched": matched,
                "meaning_rank": meaning_rank,
                "popularity": popularity,
                "sentence": sentence,
                "similarity": similarity,
                "snippet": snippet,
                "words_rank": words_rank,
            }
        )
        if relation is not UNSET:
            field_dict["relation"] = relation
        if taste is not UNSET:
            field_dict["taste"] = taste

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.similarity_reason import SimilarityReason  # noqa: PLC0415
        from ..models.snippet_part import SnippetPart  # noqa: PLC0415

        d = dict(src_dict)
        matched = cast("list[str]", d.pop("matched"))

        def _parse_meaning_rank(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        meaning_rank = _parse_meaning_rank(d.pop("meaning_rank"))

        popularity = d.pop("popularity")

        sentence = d.pop("sentence")

        def _parse_similarity(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        similarity = _parse_similarity(d.pop("similarity"))

        snippet = []
        _snippet = d.pop("snippet")
        for snippet_item_data in _snippet:
            snippet_item = SnippetPart.from_dict(snippet_item_data)

            snippet.append(snippet_item)

        def _parse_words_rank(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        words_rank = _parse_words_rank(d.pop("words_rank"))

        def _parse_relation(data: object) -> SimilarityReason | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                relation_type_0 = SimilarityReason.from_dict(data)

                return relation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | SimilarityReason | Unset", data)

        relation = _parse_relation(d.pop("relation", UNSET))

        taste = d.pop("taste", UNSET)

        match_reason = cls(
            matched=matched,
            meaning_rank=meaning_rank,
            popularity=popularity,
            sentence=sentence,
            similarity=similarity,
            snippet=snippet,
            words_rank=words_rank,
            relation=relation,
            taste=taste,
        )

        match_reason.additional_properties = d
        return match_reason

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
