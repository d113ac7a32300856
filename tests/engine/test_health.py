"""The parts of a site by name, with what is wrong with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.config import Settings
from core.errors import MarqueeError, ModelMissing, StoreUnavailable, WrongRevision
from data.shared_store.store import SharedStore
from engine import health
from tests import fakes

PARTS = ("search", "accounts", "recommendations")


def test_a_site_that_works_has_no_problems() -> None:
    checks = health.checks(fakes.services())
    assert {name: check() for name, check in checks.items()} == dict.fromkeys(PARTS, "")


@pytest.mark.parametrize("error", [StoreUnavailable("the database does not respond"), ModelMissing("damaged")])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_fails_says_why(part: str, error: MarqueeError) -> None:
    assert health.checks(fakes.broken_services(error))[part]() == str(error)


def test_an_unreachable_store_of_limits_is_named() -> None:
    services = replace(fakes.services(), shared=SharedStore("redis://:pA55word@127.0.0.1:1"))
    problem = health.checks(services)["limits"]()
    assert problem.startswith("Redis at 127.0.0.1:1 cannot be used: ")
    assert "pA55word" not in problem
    assert not isinstance(problem, health.Blocking)


def test_a_site_that_never_had_an_index_has_no_details() -> None:
    assert health.summary(fakes.broken_services(StoreUnavailable("no index"))) == {}


@pytest.mark.parametrize("migrate", [True, False])
def test_a_database_that_somebody_else_migrates_blocks_a_server(migrate: bool) -> None:
    error = WrongRevision("the user database is at revision 1: run `marquee database migrate`")
    services = replace(fakes.broken_services(error), settings=Settings(migrate=migrate))
    problem = health.checks(services)["accounts"]()
    assert problem == str(error)
    assert isinstance(problem, health.Blocking) is not migrate
