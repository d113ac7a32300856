"""Reading a user's diary, once for each request: pages, search and recommendations all need it."""

from __future__ import annotations

from core.users import Diary, UserId
from data.database.stores.diaries import DiaryStore
from engine import request_scope


def read(store: DiaryStore, user: UserId) -> Diary:
    """Return the whole diary; empty for an unknown user.

    Within a request, a diary that has not changed since is not read again: its revision tells, by an indexed lookup.
    """
    return request_scope.once(("diary", user, store.revision(user)), lambda: store.read(user))
