"""Which versions may go: decided here, done by the registry."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.recommendations.models import Status

ORDER = {Status.DAMAGED: 0, Status.REJECTED: 2}
"""What goes first; good versions go last. Within a kind the oldest goes first."""
SUPERSEDED, GOOD = 1, 3
"""Where good versions stand in this order: one that a child has taken the place of is nearly the same model again."""


def choose(
    versions: Sequence[tuple[str, Status]], *, published: str | None, keep: int, superseded: Collection[str] = ()
) -> list[str]:
    """The versions to delete, so that `keep` stay (at least the published one and one to fall back on).

    Never goes: the published one, the newest good one beside it, and the newest of all, which somebody may be about to
    publish or to read why it was rejected.

    Args:
        versions: name and status (the published one's own status does not matter), oldest first.
        superseded: versions with a child that differs from them in lists or catalogue alone. Daily children would push
            every other training out.
    """
    good = [name for name, status in versions if status not in ORDER and name != published]
    kept = {published, *good[-1:], *(name for name, _ in versions[-1:])}
    good_ranks = dict.fromkeys(superseded, SUPERSEDED)
    spare = sorted(
        (ORDER.get(status, good_ranks.get(name, GOOD)), place, name) for place, (name, status) in enumerate(versions)
    )
    removable = [name for _, _, name in spare if name not in kept]
    return removable[: max(0, len(versions) - max(keep, 1))]
