"""SQL conditions: what one user shows to another. All stores that return data to others use them."""

from __future__ import annotations

import sqlalchemy as sa

from core.social.profiles import Visibility
from core.users import UserId
from data.database.social.tables import blocks, follows, profiles

Condition = sa.ColumnElement[bool]
Reader = UserId | sa.BindParameter[int] | None
"""Who reads; None for a visitor. A statement that is kept has the parameter `READER`."""
READER = sa.bindparam("reader", type_=sa.Integer())

# Made once: SQLAlchemy takes longer to copy the columns of an alias than to build the rest of a condition. Each is used
# within `EXISTS` alone, so that a statement may have it several times.
_PROFILE, _FOLLOW, _THEIRS, _OURS = profiles.alias(), follows.alias(), blocks.alias(), blocks.alias()


def shows(owner: sa.ColumnElement[int], reader: Reader, switch: str) -> Condition:
    """Return the condition that a user shows what a switch of the profile stands for to a reader (None: a visitor).

    It holds neither for users whom moderators suspended nor between users of whom one blocked the other.
    """
    shared = sa.exists().where(
        _PROFILE.c.user_id == owner, _PROFILE.c.suspended == "", _PROFILE.c[switch], _admits(reader)
    )
    return shared if reader is None else sa.and_(shared, apart_from_blocks(owner, reader))


def apart_from_blocks(owner: sa.ColumnElement[int], reader: UserId | sa.BindParameter[int]) -> Condition:
    """Return the condition that neither user blocked the other."""
    by_owner = sa.exists().where(_THEIRS.c.user_id == owner, _THEIRS.c.blocked_id == reader)
    by_reader = sa.exists().where(_OURS.c.user_id == reader, _OURS.c.blocked_id == owner)
    return sa.and_(sa.not_(by_owner), sa.not_(by_reader))


def reaches_strangers(owner: sa.ColumnElement[int]) -> Condition:
    """Return the condition that moderators let a user share anything by link."""
    return sa.not_(sa.exists().where(_PROFILE.c.user_id == owner, _PROFILE.c.suspended != ""))


def _admits(reader: Reader) -> Condition:
    public = _PROFILE.c.visibility == Visibility.PUBLIC
    if reader is None:
        return public
    followed = sa.exists().where(
        _FOLLOW.c.user_id == reader, _FOLLOW.c.followed_id == _PROFILE.c.user_id, _FOLLOW.c.accepted
    )
    return sa.or_(public, sa.and_(_PROFILE.c.visibility == Visibility.FOLLOWERS, followed))
