"""Deterministic random assignment of users to variants. Pure.

Weighted rendezvous hashing (Schindelhauer and Schomaker, "Weighted distributed hash tables", 2005): each variant draws
a number u for the user from a hash and bids -ln(u) / share; the lowest bid wins. The bids are exponential with rate
`share`, so each wins with its share. Variants that grow only gain users, those that shrink only lose users, and going
from 5 + 5 % to 50 + 50 % moves nobody from one variant to the other.
"""

from __future__ import annotations

import hashlib
import math

from core.experiments import TOLERANCE, Experiment, Variant
from core.users import UserId

SALT = "marquee-experiment"
OUTSIDE = ""
"""The bidder for users outside the experiment. No variant has this name."""
_BITS = 53
"""Bits of a float's significand."""


def assign(experiment: Experiment, user: UserId) -> Variant | None:
    """Return the user's variant; None if the user is not part of the experiment."""
    chosen: Variant | None = None
    rest = 1 - sum(variant.share for variant in experiment.variants)
    least = _bid(experiment.name, OUTSIDE, user, rest) if rest > TOLERANCE else math.inf
    for variant in experiment.variants:
        bid = _bid(experiment.name, variant.name, user, variant.share)
        if bid < least:
            chosen, least = variant, bid
    return chosen


def draw(*words: object) -> float:
    """Return a number in (0, 1) that depends on the words only."""
    text = "\0".join(map(str, (SALT, *words)))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> (64 - _BITS)
    return (number + 0.5) / float(1 << _BITS)


def _bid(experiment: str, variant: str, user: UserId, share: float) -> float:
    return -math.log(draw(experiment, variant, int(user))) / share
