"""The export of a user's data as plain JSON values. Movies are TMDB ids, times ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from core.diary.watches import Watch
from core.jobs.runs import AuditEntry, Run
from core.users import Event, OneTimeSecret, Passkey, SecurityEvent, Session, Token, User
from data.database import Stores

FORMAT = "marquee-export-1"
EVERYTHING = 2**31 - 1
"""A limit that no history reaches."""
SECRETS = (
    "Passwords, session secrets, token secrets and recovery codes are stored as hashes only, and keys of second "
    "factors are encrypted or public; the export does not include them."
)


def everything(stores: Stores, user: User, *, at: datetime) -> dict[str, Any]:
    """Return the export of `user`, dated `at`."""
    return {
        "format": FORMAT,
        "exported_at": _time(at),
        "note": SECRETS,
        "account": _plain(user),
        "sessions": [_owned(session) for session in stores.accounts.sessions(user.id)],
        "tokens": [{**_owned(token), "scopes": sorted(token.scopes)} for token in stores.accounts.tokens(user.id)],
        **_second_factors(stores, user),
        "one_time_secrets": [_one_time_secret(one) for one in stores.one_time_secrets.of_user(user.id)],
        "security_events": [_security_event(event) for event in stores.security_events.of_user(user.id)],
        **_diary(stores, user),
        "watches": [_watch(watch) for watch in stores.watches.read(user.id)],
        "watch_goals": [_plain(goal) for goal in stores.watches.goals(user.id)],
        **_lists(stores, user),
        **_social(stores, user),
        **_connections(stores, user),
        "history": [_plain(change) for change in stores.diaries.history(user.id, limit=EVERYTHING)],
        "events": [_event(event) for event in stores.events.of_user(user.id)],
        "jobs": [_queued_run(run) for run in stores.jobs.queued_by(user.id)],
        "audit_log": [_audit_entry(entry) for entry in stores.audit_log.of_user(user.id)],
        "implicit_feedback": [_plain(feedback) for feedback in stores.implicit_feedback.of_user(user.id)],
        "explorations": [
            {**_plain(draw.explored), "at": _time(draw.at)} for draw in stores.explorations.of_user(user.id)
        ],
        "exposures": [
            {"experiment": name, "variant": variant, "at": _time(since)}
            for name, (variant, since) in stores.exposures.of_user(user.id).items()
        ],
    }


def _second_factors(stores: Stores, user: User) -> dict[str, Any]:
    since = stores.second_factors.totp_since(user.id)
    return {
        "totp_keys": [] if since is None else [{"created_at": _time(since)}],
        "passkeys": [
            {name: value for name, value in _owned(passkey).items() if name != "public_key"}
            for passkey in stores.second_factors.passkeys(user.id)
        ],
        "recovery_codes": [{"used": False}] * stores.second_factors.codes_left(user.id),
    }


def _one_time_secret(one: OneTimeSecret) -> dict[str, Any]:
    shown = {name: value for name, value in one.details.items() if name == "email"}
    return {"kind": one.kind.value, "expires_at": _time(one.expires_at), "details": shown}


def _security_event(event: SecurityEvent) -> dict[str, Any]:
    return {name: value for name, value in _owned(event).items() if name != "device_hash"}


def _diary(stores: Stores, user: User) -> dict[str, Any]:
    diary = stores.diaries.read(user.id)
    return {
        "revision": diary.revision,
        "ratings": [_plain(rating) for _, rating in sorted(diary.ratings.items())],
        "marks": [
            {"movie": int(movie), "kind": kind.value, "at": _time(since)}
            for kind, movies in sorted(diary.marks.items())
            for movie, since in sorted(movies.items())
        ],
        "reviews": [_plain(review) for _, review in sorted(diary.reviews.items())],
    }


def _watch(watch: Watch) -> dict[str, Any]:
    return {**_plain(watch.entry), "created_at": _time(watch.created_at)}


def _lists(stores: Stores, user: User) -> dict[str, Any]:
    """Return the user's lists, and what they did on lists of others."""
    plain: dict[str, Any] = to_jsonable_python(stores.lists.exported(user.id))
    return plain


def _social(stores: Stores, user: User) -> dict[str, Any]:
    """Return the profile, connections, published reviews, likes and reports of the user."""
    plain: dict[str, Any] = to_jsonable_python(stores.social_exports.of_user(user.id))
    return plain


def _connections(stores: Stores, user: User) -> dict[str, Any]:
    """Return open previews of imports, webhooks with their messages, and reports of media servers."""
    plain: dict[str, Any] = to_jsonable_python(
        {
            "import_drafts": stores.import_drafts.exported(user.id),
            **stores.webhooks.exported(user.id),
            "scrobbles": stores.scrobbles.latest(user.id),
        }
    )
    return plain


def _event(event: Event) -> dict[str, Any]:
    return {name: value for name, value in _owned(event).items() if value not in (None, "")}


def _queued_run(run: Run) -> dict[str, Any]:
    """Return a run that the user queued, without its messages and figures, which belong to the site."""
    return {"job": run.job, "queued_at": _time(run.queued_at), "parameters": dict(run.parameters)}


def _audit_entry(entry: AuditEntry) -> dict[str, Any]:
    return {"at": _time(entry.at), "action": entry.action, "subject": entry.subject, "details": dict(entry.details)}


def _owned(record: Session | Token | Event | Passkey | SecurityEvent) -> dict[str, Any]:
    """Return the fields of a record except its owner: the whole export is about one user."""
    values = _plain(record)
    del values["user"]
    return values


def _plain(record: object) -> dict[str, Any]:
    """Return the fields of a record (a dataclass) as plain JSON values."""
    values: dict[str, Any] = to_jsonable_python(record)
    return values


def _time(at: datetime) -> str:
    """Format a time like the fields of records: ISO 8601 with `Z`."""
    return str(to_jsonable_python(at))
