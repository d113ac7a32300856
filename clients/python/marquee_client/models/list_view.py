from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ListView")


@_attrs_define
class ListView:
    """A list of movies.

    Attributes:
        changed_at (datetime.datetime):
        created_at (datetime.datetime):
        description (str): Plain text: escape it before showing it.
        id (int): Number of the list.
        name (str):
        owner (str): Name of the owner.
        public (bool): Whether anybody with the link may read it.
        size (int): Number of movies.
        url (str): Path of its page on this site.
    """

    changed_at: datetime.datetime
    created_at: datetime.datetime
    description: str
    id: int
    name: str
    owner: str
    public: bool
    size: int
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changed_at = self.changed_at.isoformat()

        created_at = self.created_at.isoformat()

        description = self.description

        id = self.id

        name = self.name

        owner = self.owner

        public = self.public

        size = self.size

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changed_at": changed_at,
                "created_at": created_at,
                "description": description,
                "id": id,
                "name": name,
                "owner": owner,
                "public": public,
                "size": size,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        changed_at = datetime.datetime.fromisoformat(d.pop("changed_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        description = d.pop("description")

        id = d.pop("id")

        name = d.pop("name")

        owner = d.pop("owner")

        public = d.pop("public")

        size = d.pop("size")

        url = d.pop("url")

        list_view = cls(
            changed_at=changed_at,
            created_at=created_at,
            description=description,
            id=id,
            name=name,
            owner=owner,
            public=public,
            size=size,
            url=url,
        )

        list_view.additional_properties = d
        return list_view

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
