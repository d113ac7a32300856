"""Previews of imports in memory, and no connections with other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.sync.records import ImportDraft, Scrobble, Webhook
from core.users import User, UserId


@dataclass
class FakeDrafts:
    """Stores previews in a dictionary."""

    drafts: dict[str, ImportDraft] = field(default_factory=dict)

    def add(self, draft: ImportDraft, *, at: datetime) -> None:
        """Store a preview."""
        del at
        self.drafts[draft.id] = draft

    def get(self, user: UserId, draft: str, *, at: datetime) -> ImportDraft | None:
        """Return a preview of a user that has not expired."""
        found = self.drafts.get(draft)
        return found if found and found.user == user and found.expires_at > at else None

    def replace(self, user: UserId, draft: str, content: bytes) -> bool:
        """Replace the content of a preview; return whether it exists."""
        found = self.drafts.get(draft)
        if found is None or found.user != user:
            return False
        self.drafts[draft] = replace(found, content=content)
        return True

    def delete(self, user: UserId, draft: str) -> None:
        """Delete a preview, if it exists."""
        if draft in self.drafts and self.drafts[draft].user == user:
            del self.drafts[draft]


class NoWebhooks:
    """A store without webhooks."""

    def of_user(self, user: UserId) -> Sequence[Webhook]:
        """Return none."""
        del user
        return []


class NoScrobbles:
    """A store without reports of media servers."""

    def latest(self, user: UserId) -> Sequence[Scrobble]:
        """Return none."""
        del user
        return []


class EmptyExport:
    """An export for Letterboxd without anything in it."""

    def archive(self, user: User) -> bytes:
        """Return an archive without a file."""
        del user
        return b"PK\x05\x06" + bytes(18)
