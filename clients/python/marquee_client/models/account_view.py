from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.preferences_view import PreferencesView


T = TypeVar("T", bound="AccountView")


@_attrs_define
class AccountView:
    """An account.

    Attributes:
        administrator (bool): Whether the caller has the rights of an administrator.
        created_at (datetime.datetime):
        id (int):
        name (str):
        preferences (PreferencesView): A user's preferences.
        second_factor (bool): Whether signing in needs a second factor.
    """

    administrator: bool
    created_at: datetime.datetime
    id: int
    name: str
    preferences: PreferencesView
    second_factor: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        administrator = self.administrator

        created_at = self.created_at.isoformat()

        id = self.id

        name = self.name

        preferences = self.preferences.to_dict()

        second_factor = self.second_factor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "administrator": administrator,
                "created_at": created_at,
                "id": id,
                "name": name,
                "preferences": preferences,
                "second_factor": second_factor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.preferences_view import PreferencesView  # noqa: PLC0415

        d = dict(src_dict)
        administrator = d.pop("administrator")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        id = d.pop("id")

        name = d.pop("name")

        preferences = PreferencesView.from_dict(d.pop("preferences"))

        second_factor = d.pop("second_factor")

        account_view = cls(
            administrator=administrator,
            created_at=created_at,
            id=id,
            name=name,
            preferences=preferences,
            second_factor=second_factor,
        )

        account_view.additional_properties = d
        return account_view

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
