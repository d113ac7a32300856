"""Check of the server that counts attempts and requests for all web servers."""

from __future__ import annotations

from core.config import Settings, variable
from data.shared_store import store
from engine.diagnosis.findings import Finding, ok

LIMITS = "rate limits"
ADVICE = (
    f"check that Redis runs and that {variable('rate_limit_storage')} is right; until it responds, each process counts "
    "by itself"
)


def rate_limits(settings: Settings) -> list[Finding]:
    """Check that the shared store responds."""
    shared = store.of(settings)
    if shared is None:
        return [ok(LIMITS, f"each process counts by itself ({variable('rate_limit_storage')} is not set)")]
    try:
        shared.check()
    finally:
        shared.close()
    return [ok(LIMITS, f"Redis at {shared.location} responds; all servers count together")]
