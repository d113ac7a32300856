from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="GoalRequest")


@_attrs_define
class GoalRequest:
    """The goal of a year.

    Attributes:
        goal (int | Unset): How many movies you want to watch in the year; without it, the goal is removed.
    """

    goal: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        goal = self.goal

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if goal is not UNSET:
            field_dict["goal"] = goal

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        goal = d.pop("goal", UNSET)

        goal_request = cls(
            goal=goal,
        )

        return goal_request
