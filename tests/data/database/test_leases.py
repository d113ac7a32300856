"""Leases and the audit log: the contracts of their stores."""

from __future__ import annotations

from core.jobs.runs import Lease
from core.users import User, UserId
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW


def test_a_free_lease_can_be_taken(stores: Stores) -> None:
    assert stores.leases.get("scheduler") is None
    assert stores.leases.acquire("scheduler", holder="a", at=NOW, until=NOW + MINUTE)
    assert stores.leases.get("scheduler") == Lease("scheduler", "a", NOW, NOW + MINUTE)
    assert stores.leases.acquire("another", holder="b", at=NOW, until=NOW + MINUTE)


def test_a_held_lease_cannot_be_taken_by_another_process(stores: Stores) -> None:
    stores.leases.acquire("scheduler", holder="a", at=NOW, until=NOW + MINUTE)
    assert not stores.leases.acquire("scheduler", holder="b", at=NOW + MINUTE / 2, until=NOW + 9 * MINUTE)
    assert stores.leases.get("scheduler") == Lease("scheduler", "a", NOW, NOW + MINUTE)


def test_a_held_lease_can_be_taken_again_and_keeps_its_start(stores: Stores) -> None:
    stores.leases.acquire("scheduler", holder="a", at=NOW, until=NOW + MINUTE)
    assert stores.leases.acquire("scheduler", holder="a", at=NOW + MINUTE / 2, until=NOW + 2 * MINUTE)
    assert stores.leases.get("scheduler") == Lease("scheduler", "a", NOW, NOW + 2 * MINUTE)


def test_an_expired_lease_is_taken_by_the_first_process(stores: Stores) -> None:
    stores.leases.acquire("scheduler", holder="a", at=NOW, until=NOW + MINUTE)
    assert stores.leases.acquire("scheduler", holder="b", at=NOW + MINUTE, until=NOW + 2 * MINUTE)
    assert stores.leases.get("scheduler") == Lease("scheduler", "b", NOW + MINUTE, NOW + 2 * MINUTE)
    assert not stores.leases.renew("scheduler", holder="a", until=NOW + 9 * MINUTE)


def test_a_lease_can_be_renewed_by_its_holder_even_if_expired(stores: Stores) -> None:
    stores.leases.acquire("scheduler", holder="a", at=NOW, until=NOW)
    assert stores.leases.renew("scheduler", holder="a", until=NOW + MINUTE)
    assert not stores.leases.renew("scheduler", holder="b", until=NOW + MINUTE)
    assert not stores.leases.renew("unknown", holder="a", until=NOW + MINUTE)
    assert stores.leases.get("scheduler") == Lease("scheduler", "a", NOW, NOW + MINUTE)


def test_a_lease_can_only_be_released_by_its_holder(stores: Stores) -> None:
    stores.leases.acquire("scheduler", holder="a", at=NOW, until=NOW + MINUTE)
    stores.leases.release("scheduler", holder="b")
    assert stores.leases.get("scheduler") is not None
    stores.leases.release("scheduler", holder="a")
    assert stores.leases.get("scheduler") is None


def test_the_audit_log_is_paged_latest_first(stores: Stores, ann: User) -> None:
    for number in range(3):
        stores.audit_log.add(by=ann.id, action="activate", subject=f"v{number}", details={"n": number}, at=NOW)
    stores.audit_log.add(by=None, action="delete", subject="v0", details={}, at=NOW + MINUTE)
    found = stores.audit_log.latest()
    assert [(act.by, act.action, act.subject) for act in found] == [
        (None, "delete", "v0"),
        *((ann.id, "activate", f"v{number}") for number in (2, 1, 0)),
    ]
    assert (found[1].details, found[0].at) == ({"n": 2}, NOW + MINUTE)
    assert list(stores.audit_log.latest(limit=1, before=found[1].id)) == [found[2]]


def test_the_audit_log_outlives_the_account(stores: Stores, ann: User) -> None:
    stores.audit_log.add(by=ann.id, action="activate", subject="v1", details={}, at=NOW)
    stores.accounts.delete(ann.id)
    stores.audit_log.add(by=ann.id, action="activate", subject="v2", details={}, at=NOW)
    stores.audit_log.add(by=UserId(2**70), action="activate", subject="v3", details={}, at=NOW)
    assert [(act.by, act.subject) for act in stores.audit_log.latest()] == [(None, "v3"), (None, "v2"), (None, "v1")]
