from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.scope import Scope
from ..types import UNSET, Unset

T = TypeVar("T", bound="TokenRequest")


@_attrs_define
class TokenRequest:
    """A new API token.

    Attributes:
        name (str): What the token is for.
        scopes (list[Scope]): What the token may do.
        account (str | Unset): Name of the account; not needed with a session cookie. Default: ''.
        code (str | Unset): One-time password or recovery code, if the account has a second factor. Default: ''.
        days (int | None | Unset): Days until it expires; omitted: as this site is configured, usually 90.
        password (str | Unset): Password of the account. Default: ''.
    """

    name: str
    scopes: list[Scope]
    account: str | Unset = ""
    code: str | Unset = ""
    days: int | Unset | None = UNSET
    password: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item = scopes_item_data.value
            scopes.append(scopes_item)

        account = self.account

        code = self.code

        days: int | Unset | None
        if isinstance(self.days, Unset):
            days = UNSET
        else:
            days = self.days

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "scopes": scopes,
            }
        )
        if account is not UNSET:
            field_dict["account"] = account
        if code is not UNSET:
            field_dict["code"] = code
        if days is not UNSET:
            field_dict["days"] = days
        if password is not UNSET:
            field_dict["password"] = password

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = Scope(scopes_item_data)

            scopes.append(scopes_item)

        account = d.pop("account", UNSET)

        code = d.pop("code", UNSET)

        def _parse_days(data: object) -> int | Unset | None:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast("int | None | Unset", data)

        days = _parse_days(d.pop("days", UNSET))

        password = d.pop("password", UNSET)

        token_request = cls(
            name=name,
            scopes=scopes,
            account=account,
            code=code,
            days=days,
            password=password,
        )

        return token_request
