"""Retention policy: which versions to delete. The registry deletes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.recommendations.models import Status

ORDER = {Status.DAMAGED: 0, Status.REJECTED: 2}
"""Order of deletion; good versions are deleted last. Within a rank, the oldest is deleted first."""
SUPERSEDED, GOOD = 1, 3
"""Ranks of good versions: one that a derived version has replaced is nearly the same model."""


def choose(
    versions: Sequence[tuple[str, Status]], *, published: str | None, keep: int, superseded: Collection[str] = ()
) -> list[str]:
    """Return the versions to delete, so that `keep` stay (at least the published one and one for rollback).

    Never deleted: the published version, the newest other good one, and the newest of all, which somebody may be about
    to publish or inspect.

    Args:
        versions: name and status (that of the published one does not matter), oldest first.
        superseded: versions with a derived version, which differs in lists or catalogue only. Otherwise daily derived
            versions would displace all other trainings.
    """
    good = [name for name, status in versions if status not in ORDER and name != published]
    kept = {published, *good[-1:], *(name for name, _ in versions[-1:])}
    good_ranks = dict.fromkeys(superseded, SUPERSEDED)
    spare = sorted(
        (ORDER.get(status, good_ranks.get(name, GOOD)), place, name) for place, (name, status) in enumerate(versions)
    )
    removable = [name for _, _, name in spare if name not in kept]
    return removable[: max(0, len(versions) - max(keep, 1))]
