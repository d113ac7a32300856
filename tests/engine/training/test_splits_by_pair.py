"""The split by pairs: a pair is always in the same part."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.recommender.models.interactions import Interactions
from engine.training.evaluation import splits

names = st.sampled_from([f"ml:{number}" for number in range(30)] + [str(number) for number in range(30)])
pairs = st.dictionaries(st.tuples(names, st.integers(1, 2_000)), st.floats(0.5, 5), min_size=1, max_size=60)


def said(told: dict[tuple[str, int], float]) -> Interactions:
    """Return interactions of named users, numbered by first appearance, which differs between trainings."""
    people = tuple(dict.fromkeys(name for name, _ in told))
    rows = sorted((people.index(name), movie, stars) for (name, movie), stars in told.items())
    users, movies, stars = (np.array(column) for column in zip(*rows, strict=True))
    values, movies = stars.astype(np.float32), movies.astype(np.int64)
    return Interactions(people, users.astype(np.int64), movies, values, values, movies)


def where(interactions: Interactions) -> dict[tuple[str, int], str]:
    parts = splits.by_pair(interactions)
    return {
        (part.names[user], movie): name
        for name, part in (("train", parts.train), ("validation", parts.validation), ("test", parts.test))
        for user, movie in zip(part.users.tolist(), part.movies.tolist(), strict=True)
    }


@given(first=pairs, more=pairs)
def test_no_new_rating_moves_an_old_one_to_another_part(
    first: dict[tuple[str, int], float], more: dict[tuple[str, int], float]
) -> None:
    before, after = where(said(first)), where(said({**more, **first}))
    assert set(before) == set(first)
    assert before == {pair: after[pair] for pair in before}


@given(told=pairs)
def test_every_pair_is_in_exactly_one_part_and_histories_exclude_the_test(
    told: dict[tuple[str, int], float],
) -> None:
    parts = splits.by_pair(said(told))
    assert len(parts.train) + len(parts.validation) + len(parts.test) == len(told)
    assert len(parts.told) == len(parts.train) + len(parts.validation)
    for part in (parts.train, parts.validation, parts.test, parts.told):
        assert np.all(np.diff(part.users) >= 0)


def test_parts_have_the_expected_sizes() -> None:
    many = said({(f"ml:{user}", movie): 4.0 for user in range(100) for movie in range(1, 101)})
    parts = splits.by_pair(many)
    assert abs(len(parts.train) - 7_000) < 200
    assert abs(len(parts.validation) - 2_000) < 150
    assert abs(len(parts.test) - 1_000) < 120


def test_folds_are_independent_of_the_parts() -> None:
    many = said({(f"ml:{user}", movie): 4.0 for user in range(100) for movie in range(1, 101)})
    test = splits.by_pair(many).test
    folds = np.bincount(splits.classes(test, 5, salt="fold/"), minlength=5)
    assert folds.min() > 140


def test_the_hash_never_changes() -> None:
    """Fixed values: if the hash changed, published holdout models would have seen the test part."""
    told = said({(name, movie): 4.0 for name in ("42", "ml:1", "ml:610") for movie in (11, 603, 99_999)})
    assert splits.classes(told, splits.CLASSES).tolist() == [2, 0, 2, 2, 2, 3, 3, 1, 0]
