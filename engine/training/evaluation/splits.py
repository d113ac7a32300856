"""Splits into training and held-out interactions. The same seed gives the same split."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.recommender.models.interactions import Interactions

HELD_OUT = 0.2
HASH_BITS = 64
CLASSES, TRAIN, VALIDATION = 10, 7, 2
"""Of ten classes of pairs, seven are for training, two for validation and one for the test."""


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts of the same users' interactions; `names` are shared."""

    train: Interactions
    test: Interactions


@dataclass(frozen=True, slots=True)
class Parts:
    """Three parts of the same users' interactions; `names` are shared."""

    train: Interactions
    validation: Interactions
    test: Interactions
    told: Interactions
    """Training and validation together: the histories that models are given in the test."""


def by_pair(interactions: Interactions) -> Parts:
    """Split by a hash of (user, movie): a pair is in the same part in every training, whatever the other data.

    So an older model can be evaluated again with a newer one: neither was ever fitted on the test part.
    """
    found = classes(interactions, CLASSES)
    first, second = found < TRAIN, found < TRAIN + VALIDATION
    return Parts(
        interactions.select(first),
        interactions.select(second & ~first),
        interactions.select(~second),
        interactions.select(second),
    )


def classes(interactions: Interactions, count: int, *, salt: str = "") -> NDArray[np.int64]:
    """Return int64, (n,): the class of each pair, 0 to `count` - 1; another `salt` gives independent classes.

    Each user's name is hashed once (BLAKE2b) and mixed with the movie's number by SplitMix64's finalizer (Steele, Lea
    and Flood, "Fast splittable pseudorandom number generators", 2014). Never change this: pairs would change parts.
    """
    names = name_hashes(interactions.names, salt=salt)
    mixed = _mix(names[interactions.users] + _mix(interactions.movies.astype(np.uint64)))
    return np.asarray(mixed % np.uint64(count), np.int64)


def name_hashes(names: Sequence[str], *, salt: str = "") -> NDArray[np.uint64]:
    """Return uint64, (len(names),): the hash of each user's name."""
    return np.array([_hash(salt + name) for name in names], np.uint64)


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=HASH_BITS // 8).digest(), "big")


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the bits; the unsigned 64-bit arithmetic wraps around on purpose."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), np.uint64)


def by_user(interactions: Interactions, *, seed: int, held_out: float = HELD_OUT) -> Split:
    """Hold out a random share of each user's movies; users with one movie keep it."""
    order = np.lexsort((np.random.default_rng(seed).random(len(interactions)), interactions.users))
    counts = np.bincount(interactions.users, minlength=len(interactions.names))
    starts = np.cumsum(counts) - counts
    ranks = np.arange(len(interactions)) - starts[interactions.users[order]]
    taken = np.floor(counts * held_out + 0.5)[interactions.users[order]]
    held = np.zeros(len(interactions), np.bool_)
    held[order[ranks < taken]] = True
    return Split(interactions.select(~held), interactions.select(held))
