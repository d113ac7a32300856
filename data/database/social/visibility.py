"""SQL conditions: what one user shows to another. All stores that return data to others use them."""

from __future__ import annotations

import sqlalchemy as sa

from core.social.profiles import Visibility
from core.users import UserId
from data.database.social.tables import blocks, follows, profiles

Condition = sa.ColumnElement[bool]


def shows(owner: sa.ColumnElement[int], reader: UserId | None, switch: str) -> Condition:
    """Return the condition that a user shows what a switch of the profile stands for to a reader (None: a visitor).

    It holds neither for users whom moderators suspended nor between users of whom one blocked the other.
    """
    profile = profiles.alias()
    shared = sa.exists().where(
        profile.c.user_id == owner, profile.c.suspended == "", profile.c[switch], _admits(profile, reader)
    )
    return shared if reader is None else sa.and_(shared, apart_from_blocks(owner, reader))


def apart_from_blocks(owner: sa.ColumnElement[int], reader: UserId) -> Condition:
    """Return the condition that neither user blocked the other."""
    theirs, ours = blocks.alias(), blocks.alias()
    by_owner = sa.exists().where(theirs.c.user_id == owner, theirs.c.blocked_id == reader)
    by_reader = sa.exists().where(ours.c.user_id == reader, ours.c.blocked_id == owner)
    return sa.and_(sa.not_(by_owner), sa.not_(by_reader))


def reaches_strangers(owner: sa.ColumnElement[int]) -> Condition:
    """Return the condition that moderators let a user share anything by link."""
    profile = profiles.alias()
    return sa.not_(sa.exists().where(profile.c.user_id == owner, profile.c.suspended != ""))


def _admits(profile: sa.FromClause, reader: UserId | None) -> Condition:
    public = profile.c.visibility == Visibility.PUBLIC
    if reader is None:
        return public
    follow = follows.alias()
    followed = sa.exists().where(
        follow.c.user_id == reader, follow.c.followed_id == profile.c.user_id, follow.c.accepted
    )
    return sa.or_(public, sa.and_(profile.c.visibility == Visibility.FOLLOWERS, followed))
