"""`marquee train`, `recommend` and `accounts`, and training by `marquee run`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.config import Settings
from core.users import Preferences, UserId
from data.database import Stores
from engine.accounts.accounts import now
from engine.accounts.administration import Administration
from marquee import cli
from marquee.context import Parts
from tests import databases
from tests.marquee.conftest import World
from tests.webapp.signed_in import CHEAP

Command = Callable[..., Result]


def test_run_trains_if_there_is_no_model_and_says_why(marquee: Command, world: World, free_port: int) -> None:
    world.settings, world.why_untrained = Settings(port=free_port), "there is no model yet"
    ran = marquee("run")
    assert world.done == ["train apart", "become server"]
    assert "training the recommendation model: there is no model yet" in ran.stderr


def test_run_serves_without_a_model_when_training_failed(marquee: Command, world: World, free_port: int) -> None:
    world.settings, world.why_untrained, world.index_exit = Settings(port=free_port), "there is no model yet", 1
    ran = marquee("run")
    assert ran.exit_code == 0
    assert world.done[-1] == "become server"
    assert "training failed" in ran.stderr


def test_training_reports_what_was_trained_and_published(marquee: Command) -> None:
    trained = marquee("train")
    assert "published model 20240103-000000 in 3.5 s" in trained.stdout
    assert "70,000 ratings of 2,700 movies by 610 users" in trained.stdout
    assert json.loads(marquee("train", "--json").stdout)["stamped"] == 30


def test_training_searches_options_first_if_asked_to(marquee: Command) -> None:
    assert "with a search" in marquee("train", "--tune").stderr
    assert "with a search" not in marquee("train").stderr


def test_recommendations_are_listed_with_their_reasons(marquee: Command) -> None:
    listed = marquee("recommend", "ml:42", "--size", "3")
    assert listed.exit_code == 0
    assert [line[:4] for line in listed.stdout.splitlines() if line[:3].strip().isdigit()] == ["  1.", "  2.", "  3."]
    assert "model: 20240101-000000" in listed.stderr
    content = json.loads(marquee("recommend", "ml:42", "--size", "3", "--json").stdout)
    assert len(content["results"]) == 3
    assert content["results"][0]["why"]["sentences"]


def test_an_unknown_user_exits_with_1_and_a_message(marquee: Command) -> None:
    ended = marquee("recommend", "ml:987")
    assert ended.exit_code == 1
    assert "Traceback" not in ended.stderr
    assert marquee("recommend", "ml:42", "--familiarity", "2").exit_code == 2


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")


@pytest.fixture
def accounts(stores: Stores) -> Command:
    """Runs `marquee accounts …` on a real database with the account `Ada`."""
    stores.accounts.create("Ada", password_hash=CHEAP.hash("old and gone"), preferences=Preferences(), at=now())
    parts = Parts(settings=Settings, administration=lambda _settings: Administration(stores, CHEAP))
    return lambda *arguments, **more: CliRunner().invoke(cli.main, ("accounts", *arguments), obj=parts, **more)


def test_the_administrator_role_is_granted_and_revoked(accounts: Command, stores: Stores) -> None:
    assert accounts("admin", "ada").stdout == "Ada is an administrator\n"
    found = stores.accounts.find("ada")
    assert found is not None
    assert found[0].administrator
    assert accounts("admin", "Ada", "--revoke").stdout == "Ada is no longer an administrator\n"
    again = stores.accounts.user(found[0].id)
    assert again is not None
    assert not again.administrator


def test_a_new_password_signs_out_every_browser(accounts: Command, stores: Stores) -> None:
    user = stores.accounts.find("ada")[0]  # type: ignore[index]
    stores.accounts.open_session(user.id, secret_hash="s", at=now(), expires_at=now() + timedelta(days=1), label="")
    done = accounts("password", "ada", input="a new good one\na new good one\n")
    assert done.exit_code == 0, done.output
    assert CHEAP.verify(stores.accounts.password_hash(user.id), "a new good one")
    assert stores.accounts.sessions(user.id) == []
    assert "a new good one" not in done.output


def test_an_invalid_new_password_is_refused_with_a_message(accounts: Command) -> None:
    done = accounts("password", "ada", "--password", "short")
    assert done.exit_code == 2
    assert "8 to 200 characters" in done.stderr


def test_delete_asks_for_confirmation_and_removes_everything(accounts: Command, stores: Stores) -> None:
    assert accounts("delete", "ada", input="n\n").exit_code == 1
    assert stores.accounts.find("ada") is not None
    assert accounts("delete", "ada", "--yes").stdout == "deleted Ada\n"
    assert stores.accounts.find("ada") is None
    assert stores.accounts.user(UserId(1)) is None


def test_an_unknown_name_is_reported(accounts: Command) -> None:
    done = accounts("admin", "bob")
    assert done.exit_code == 1
    assert "no account has the name 'bob'" in done.stderr
