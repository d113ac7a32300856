"""Users' lists of movies, and who may read and change them.

A list is private unless its owner makes it public. Its owner and its members, who join with a single-use invitation,
may read and change its movies; only its owner may rename, share, delete it or invite. To everybody else, a private
list does not exist. Nor does a public one, if moderators hid it or suspended its owner, or if its owner and the reader
are separated by a block.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from core.diary.lists import (
    INVITATION_LIFE,
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    ListDetails,
    ListEntry,
    ListMember,
    MovieList,
)
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.ports import MovieIndex
from core.types import MovieId
from core.users import User
from data.database.diary.lists import ListStore
from engine import clock
from engine.accounts import diaries, plain_text

PAGE_SIZE = 100
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list as one user sees it."""

    list: MovieList
    owned: bool
    editable: bool


class Lists:
    """Lists of movies. Each call checks the permission of the user; a list that they may not read is `NotFound`."""

    def __init__(self, store: ListStore, index: MovieIndex, *, clock: clock.Clock = clock.now) -> None:
        self._store, self._index, self._clock = store, index, clock

    def of_user(self, user: User) -> Sequence[MovieList]:
        """Return the lists that a user owns or may edit, the last changed first."""
        return self._store.of_user(user.id)

    def containing(self, user: User, movie: MovieId) -> frozenset[int]:
        """Return the numbers of the user's lists that contain a movie."""
        return self._store.containing(user.id, movie)

    def open(self, user: User | None, number: int) -> OpenList:
        """Return a list that a user, or a visitor, may read. Raises `NotFound`."""
        found = self._store.get(number)
        owned = user is not None and found.owner == user.id
        editable = owned or (user is not None and self._store.is_member(number, user.id))
        if not owned and (found.hidden or not (editable or self._store.shared(number, user.id if user else None))):
            raise NotFound(f"no list {number}")
        return OpenList(found, owned, editable)

    def entries(self, user: User | None, number: int, *, page: int = 1, size: int = PAGE_SIZE) -> Sequence[ListEntry]:
        """Return a page of the entries of a list. Raises `NotFound`."""
        self.open(user, number)
        return self._store.entries(number, limit=size, offset=(page - 1) * size)

    def members(self, user: User, number: int) -> Sequence[ListMember]:
        """Return who may edit a list, for those who may. Raises `NotFound`, `NotAllowed`."""
        self._editable(user, number)
        return self._store.members(number)

    def create(self, user: User, details: ListDetails) -> MovieList:
        """Create a list. Raises `InvalidRequest` (fields `name`, `description`)."""
        return self._store.get(self._store.create(user.id, _checked(details), at=self._clock()))

    def change(self, user: User, number: int, details: ListDetails) -> MovieList:
        """Change name, description and visibility of an own list. Raises `InvalidRequest`, `NotFound`, `NotAllowed`."""
        self._owned(user, number)
        self._store.change(number, _checked(details), at=self._clock())
        return self._store.get(number)

    def delete(self, user: User, number: int) -> None:
        """Delete an own list. Raises `NotFound`, `NotAllowed`."""
        self._owned(user, number)
        self._store.delete(number, at=self._clock())

    def clone(self, user: User, number: int) -> MovieList:
        """Copy a list into a new private one of the user, with the notes that they wrote. Raises `NotFound`."""
        found = self.open(user, number).list
        entries = [(entry.movie, entry.note if entry.by == user.id else "") for entry in self._store.entries(number)]
        made = self._store.create(user.id, replace(found.details, public=False), at=self._clock(), entries=entries)
        return self._store.get(made)

    def put(self, user: User, number: int, movie: MovieId, note: str | None = None) -> None:
        """Add a movie at the end of a list, or change its note. Raises `InvalidRequest`, `NotFound`, `NotAllowed`."""
        self._editable(user, number)
        cleaned = None if note is None else plain_text.clean(note)
        if cleaned is not None and len(cleaned) > MAX_DESCRIPTION_LENGTH:
            fault = f"expected at most {MAX_DESCRIPTION_LENGTH:,} characters, got {len(cleaned):,}"
            raise InvalidRequest({"note": fault})
        if not diaries.in_catalogue(self._index, movie):
            raise diaries.missing(movie)
        self._store.put(number, user.id, movie, cleaned, at=self._clock())

    def remove(self, user: User, number: int, movie: MovieId) -> None:
        """Remove a movie from a list, if it is there. Raises `NotFound`, `NotAllowed`."""
        self._editable(user, number)
        self._store.remove(number, movie, at=self._clock())

    def move(self, user: User, number: int, movie: MovieId, *, by: int) -> None:
        """Move a movie up (negative) or down. Raises `NotFound`, `NotAllowed`."""
        self._editable(user, number)
        self._store.move(number, movie, by=by, at=self._clock())

    def arrange(self, user: User, number: int, movies: Sequence[MovieId]) -> None:
        """Put the movies of a list in a new order; those not named follow. Raises `NotFound`, `NotAllowed`."""
        self._editable(user, number)
        self._store.arrange(number, movies, at=self._clock())

    def invite(self, user: User, number: int) -> str:
        """Return the secret of a new invitation to an own list, valid once and for `INVITATION_LIFE`."""
        self._owned(user, number)
        secret, at = secrets.token_urlsafe(SECRET_BYTES), self._clock()
        self._store.invite(number, user.id, secret_hash=_digest(secret), expires_at=at + INVITATION_LIFE, at=at)
        return secret

    def invited(self, secret: str) -> MovieList:
        """Return the list of a valid invitation, without using it up. Raises `NotFound`."""
        number = self._store.invited(_digest(secret), at=self._clock())
        if number is None:
            raise _expired()
        return self._store.get(number)

    def join(self, user: User, secret: str) -> MovieList:
        """Use an invitation up; its owner's own list stays as it is. Raises `NotFound`, `InvalidRequest`."""
        if self.invited(secret).owner == user.id:
            raise InvalidRequest({"invitation": "this is an invitation to your own list; send it to somebody else"})
        number = self._store.join(_digest(secret), user.id, at=self._clock())
        if number is None:
            raise _expired()
        return self._store.get(number)

    def leave(self, user: User, number: int) -> None:
        """Give up the right to edit a list. Raises `NotFound`, `NotAllowed`."""
        self._editable(user, number)
        self._store.remove_member(number, user.id)

    def participants(self, user: User, number: int) -> Sequence[ListMember]:
        """Return whose ratings the suggestions of a list use, for those who may edit it.

        Raises `NotFound`, `NotAllowed`.
        """
        self._editable(user, number)
        found = self._store.get(number)
        editors = {found.owner, *(member.user for member in self._store.members(number))}
        return [one for one in self._store.tastes(number) if one.user in editors]

    def take_part(self, user: User, number: int, *, on: bool) -> None:
        """Let the user's ratings be used for the suggestions of a list, or no longer.

        Raises `NotFound`, `NotAllowed`, and `InvalidRequest` if too many people take part.
        """
        self._editable(user, number)
        self._store.share_taste(number, user.id, on=on, at=self._clock())

    def remove_member(self, user: User, number: int, name: str) -> None:
        """Take the right to edit an own list from the member with a name. Raises `NotFound`, `NotAllowed`."""
        self._owned(user, number)
        for member in self._store.members(number):
            if member.name == name:
                self._store.remove_member(number, member.user)

    def _editable(self, user: User, number: int) -> None:
        if not self.open(user, number).editable:
            raise NotAllowed("only the owner of this list and its members may change it")

    def _owned(self, user: User, number: int) -> None:
        if not self.open(user, number).owned:
            raise NotAllowed("only the owner of this list may do this")


def _checked(details: ListDetails) -> ListDetails:
    name = " ".join(plain_text.clean(details.name).split())
    description = plain_text.clean(details.description)
    faults = {}
    if not name:
        faults["name"] = "expected a name"
    elif len(name) > MAX_NAME_LENGTH:
        faults["name"] = f"expected at most {MAX_NAME_LENGTH} characters, got {len(name)}"
    if len(description) > MAX_DESCRIPTION_LENGTH:
        faults["description"] = f"expected at most {MAX_DESCRIPTION_LENGTH:,} characters, got {len(description):,}"
    if faults:
        raise InvalidRequest(faults)
    return ListDetails(name=name, description=description, public=details.public)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _expired() -> NotFound:
    return NotFound("this invitation was used or has expired; ask for a new one")
