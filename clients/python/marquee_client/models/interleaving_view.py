from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="InterleavingView")


@_attrs_define
class InterleavingView:
    """Result of interleaving two models.

    Attributes:
        credits_ (list[int]): Credited movies, by the model that contributed them.
        p (float | None): p-value of the sign test.
        teams (list[str]):
        ties (int):
        winner (str): Empty if the difference is not significant.
        wins (list[int]): Users with more credits for one model than for the other.
    """

    credits_: list[int]
    p: float | None
    teams: list[str]
    ties: int
    winner: str
    wins: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        credits_ = []
        for credits_item_data in self.credits_:
            credits_item: int
            credits_item = credits_item_data
            credits_.append(credits_item)

        p: float | None
        p = self.p

        teams = []
        for teams_item_data in self.teams:
            teams_item: str
            teams_item = teams_item_data
            teams.append(teams_item)

        ties = self.ties

        winner = self.winner

        wins = []
        for wins_item_data in self.wins:
            wins_item: int
            wins_item = wins_item_data
            wins.append(wins_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "credits": credits_,
                "p": p,
                "teams": teams,
                "ties": ties,
                "winner": winner,
                "wins": wins,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        credits_ = []
        _credits_ = d.pop("credits")
        for credits_item_data in _credits_:

            def _parse_credits_item(data: object) -> int:
                return cast("int", data)

            credits_item = _parse_credits_item(credits_item_data)

            credits_.append(credits_item)

        def _parse_p(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        p = _parse_p(d.pop("p"))

        teams = []
        _teams = d.pop("teams")
        for teams_item_data in _teams:

            def _parse_teams_item(data: object) -> str:
                return cast("str", data)

            teams_item = _parse_teams_item(teams_item_data)

            teams.append(teams_item)

        ties = d.pop("ties")

        winner = d.pop("winner")

        wins = []
        _wins = d.pop("wins")
        for wins_item_data in _wins:

            def _parse_wins_item(data: object) -> int:
                return cast("int", data)

            wins_item = _parse_wins_item(wins_item_data)

            wins.append(wins_item)

        interleaving_view = cls(
            credits_=credits_,
            p=p,
            teams=teams,
            ties=ties,
            winner=winner,
            wins=wins,
        )

        interleaving_view.additional_properties = d
        return interleaving_view

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
