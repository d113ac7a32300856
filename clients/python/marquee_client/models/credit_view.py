from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job import Job
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreditView")


@_attrs_define
class CreditView:
    """A person that the search names, and what they did in the movie.

    Attributes:
        jobs (list[Job]): `actor`, `director`, `writer` or `composer`, one or several.
        name (str):
        character (str | Unset): The characters that they played, separated by commas; empty if unknown. Default: ''.
    """

    jobs: list[Job]
    name: str
    character: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        jobs = []
        for jobs_item_data in self.jobs:
            jobs_item = jobs_item_data.value
            jobs.append(jobs_item)

        name = self.name

        character = self.character

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "jobs": jobs,
                "name": name,
            }
        )
        if character is not UNSET:
            field_dict["character"] = character

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jobs = []
        _jobs = d.pop("jobs")
        for jobs_item_data in _jobs:
            jobs_item = Job(jobs_item_data)

            jobs.append(jobs_item)

        name = d.pop("name")

        character = d.pop("character", UNSET)

        credit_view = cls(
            jobs=jobs,
            name=name,
            character=character,
        )

        credit_view.additional_properties = d
        return credit_view

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
