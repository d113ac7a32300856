"""The commands: results, messages, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import marquee as package
from core.config import Settings
from core.errors import (
    BuildRejected,
    DataError,
    IndexMissing,
    InvalidSettings,
    ModelMissing,
    SearchUnavailable,
    StoreUnavailable,
)
from core.types import Job
from engine.search.encoders import encoder
from marquee import cli
from marquee.commands import search, server
from marquee.context import Parts
from tests import fake_taste
from tests.marquee.conftest import World
from webapp.movies.schemas import CreditView

Command = Callable[..., Result]

COMMANDS = ("run", "index", "search", "understand", "similar", "info", "count-events", "serve")


def test_the_version_is_that_of_the_package(marquee: Command) -> None:
    assert package.__version__ in marquee("--version").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_examples(marquee: Command, command: str) -> None:
    shown = marquee(command, "--help")
    assert shown.exit_code == 0
    assert "Examples:" in shown.stdout
    assert f"marquee {command}" in shown.stdout.partition("Examples:")[2]


def test_the_main_help_lists_every_command_and_exit_code(marquee: Command) -> None:
    shown = marquee("--help").stdout
    assert all(f"\n  {command} " in shown for command in COMMANDS)
    assert all(f"\n    {code}  " in shown for code in (0, 1, 2))


def test_every_option_has_a_help_text() -> None:
    options = [option for command in cli.main.commands.values() for option in command.params]
    assert [option.name for option in options if isinstance(option, click.Option) and not option.help] == []


def test_search_prints_what_the_people_that_it_names_did(marquee: Command) -> None:
    found = marquee("search", "--person", "Ada Rowe", "--size", "1")
    assert found.exit_code == 0
    assert "\n     Ada Rowe as " in found.stdout


@pytest.mark.parametrize(
    ("jobs", "character", "words"),
    [
        ((Job.ACTOR, Job.DIRECTOR), "Woody", "Ada as Woody, directed by Ada"),
        ((Job.ACTOR,), "", "with Ada"),
        ((Job.WRITER, Job.COMPOSER), "", "written by Ada, music by Ada"),
    ],
)
def test_credits_name_each_job(jobs: tuple[Job, ...], character: str, words: str) -> None:
    assert search._credit(CreditView(name="Ada", jobs=jobs, character=character)) == words


def test_search_prints_movies_to_standard_output_and_their_number_to_standard_error(marquee: Command) -> None:
    found = marquee("search", "keeper", "bottle", "--size", "2")
    assert found.exit_code == 0
    assert found.stdout.startswith("  1. The Lighthouse Keeper 29 (2008) · ")
    assert "· 129\n" in found.stdout
    assert "2. The Lighthouse Keeper 28" in found.stdout
    assert "30 movies, page 1" in found.stderr


def test_search_continues_the_ranks_on_further_pages(marquee: Command) -> None:
    assert marquee("search", "keeper", "--size", "5", "--page", "3").stdout.startswith(" 11. ")


def test_search_as_json_prints_only_the_response_of_the_api(marquee: Command) -> None:
    found = marquee("search", "keeper", "--size", "3", "--json")
    answer = json.loads(found.stdout)
    assert {"query", "total", "page", "size", "took_ms", "results", "facets", "notice"} <= set(answer)
    assert [result["id"] for result in answer["results"]] == [129, 128, 127]
    assert found.stderr == ""


def test_a_character_that_the_terminal_cannot_encode_becomes_a_question_mark(world: World) -> None:
    found = CliRunner(charset="latin-1").invoke(cli.main, ("search", "keeper", "--size", "1"), obj=world.parts())
    assert found.exit_code == 0, found.output
    assert "Has ?keeper?" in found.stdout


def test_json_is_complete_on_a_terminal_that_cannot_encode_a_character(world: World) -> None:
    arguments = ("search", "keeper \u201cbottle\u201d", "--size", "1", "--json")
    found = CliRunner(charset="latin-1").invoke(cli.main, arguments, obj=world.parts())
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["query"] == "keeper \u201cbottle\u201d"


def test_search_passes_on_every_filter(marquee: Command) -> None:
    found = marquee(
        *("search", "--genre", "Drama", "--genre", "Horror", "--any-genre", "--person", "Ada Rowe", "--language", "en"),
        *("--year-from", "1960", "--year-to", "1990", "--runtime-min", "85", "--runtime-max", "99"),
        *("--votes-min", "100", "--rating-min", "5.5", "--sort", "newest", "--json"),
    )
    results = json.loads(found.stdout)["results"]
    assert results
    for movie in results:
        assert {"Drama", "Horror"} & set(movie["genres"])
        assert 1960 <= movie["year"] <= 1990
        assert 85 <= movie["runtime"] <= 99
    assert [movie["year"] for movie in results] == sorted((movie["year"] for movie in results), reverse=True)


def test_all_genres_must_match_unless_any_genre_is_set(marquee: Command) -> None:
    both = json.loads(marquee("search", "--genre", "Drama", "--genre", "Horror", "--json").stdout)
    assert both["total"] > 0
    assert all({"Drama", "Horror"} <= set(movie["genres"]) for movie in both["results"])


def test_a_search_without_results_prints_suggestions_and_succeeds(marquee: Command) -> None:
    found = marquee("search", "zzzz")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "Nothing comes close" in found.stderr
    assert "did you mean: lighthouse" in found.stderr
    assert "Name what happens." in found.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["search", "x", "--size", "500"], "size"),
        (["search", "x", "--page", "0"], "page"),
        (["search", "x", "--year-from", "2000", "--year-to", "1990"], "year_from"),
        (["search", "x" * 6_000], "q"),
        (["search", "x", "--mode", "magic"], "--mode"),
        (["search", "x", "--bogus"], "--bogus"),
        (["similar"], "MOVIE"),
        (["similar", "7", "--size", "0"], "--size"),
        (["similar", "x" * 6_000], "q"),
        (["understand"], "TEXT"),
        (["understand", "x" * 6_000], "q"),
        (["understand", "x", *(["--drop", "genre:x"] * 21)], "drop"),
        (["nothing"], "nothing"),
    ],
)
def test_a_usage_error_exits_with_2_and_names_the_error(marquee: Command, arguments: list[str], named: str) -> None:
    ended = marquee(*arguments)
    assert ended.exit_code == 2
    assert named in ended.stderr.splitlines()[-1]
    assert ended.stdout == ""


def test_search_prints_the_interpretation_in_one_line(marquee: Command) -> None:
    printed = marquee("search", "drama", "from", "the", "80s", "but", "not", "horror").stderr
    assert "\nlooking for: Drama, 1980s, not Horror\n" in printed


def test_search_says_which_pieces_it_dropped_and_why(marquee: Command) -> None:
    printed = marquee("search", "scary western romance").stderr
    assert "looking for: Scary, Western, Romance (left out)" in printed
    assert "No movie meets all of that" in printed


def test_search_names_the_correction_unless_the_search_is_literal(marquee: Command) -> None:
    assert (
        "showing results for: lighthouse (--literal searches for 'lighthose')" in marquee("search", "lighthose").stderr
    )
    literal = marquee("search", "lighthose", "--literal")
    assert literal.stdout == ""
    assert "showing results for" not in literal.stderr


def test_search_drops_pieces_and_filters_by_mood(marquee: Command) -> None:
    found = json.loads(marquee("search", "scary drama", "--drop", "genre:Drama", "--mood", "scary", "--json").stdout)
    assert [piece["key"] for piece in found["understood"]["pieces"]] == ["mood:scary"]
    assert all("Horror" in movie["genres"] for movie in found["results"])


def test_understand_prints_the_pieces_as_a_table_and_the_rest_to_standard_error(marquee: Command) -> None:
    shown = marquee("understand", "drama storm from the 80s but not horror")
    assert shown.stdout.splitlines() == [
        "PIECE       KIND   VALUE      TEXT        CONFIDENCE",
        "Drama       genre  Drama      drama       90%",
        "1980s       years  1980-1989  80s         90%",
        "not Horror  genre  Horror     not horror  90%",
    ]
    assert shown.stderr == "read as a wish by rules\nrest of the text: storm\n"


def test_understand_offers_the_alternative_interpretation(marquee: Command) -> None:
    assert "Looking for movies about a date? --drop mood:date-night" in marquee("understand", "date-night").stderr


def test_understand_says_if_no_pieces_were_recognized(marquee: Command) -> None:
    shown = marquee("understand", "storm")
    assert shown.stdout == ""
    assert "no pieces were recognized" in shown.stderr


def test_understand_as_json_prints_the_response_of_the_api(marquee: Command) -> None:
    found = json.loads(marquee("understand", "scary drama", "--drop", "mood:scary", "--json").stdout)
    assert [piece["key"] for piece in found["pieces"]] == ["genre:Drama"]
    assert found["dropped"] == ["mood:scary"]


def test_similar_accepts_an_id(marquee: Command) -> None:
    found = marquee("similar", "103", "--size", "2")
    assert found.exit_code == 0
    assert "movies similar to The Lighthouse Keeper 3 (1956), 103" in found.stderr
    assert len(found.stdout.splitlines()) == 4


def test_similar_accepts_a_title_in_any_case_and_language(marquee: Command) -> None:
    for title in ("the lighthouse KEEPER 3", "Le Gardien 3"):
        assert "Keeper 3 (1956), 103" in marquee("similar", title).stderr


def test_similar_as_json_is_a_list_of_results(marquee: Command) -> None:
    answer = json.loads(marquee("similar", "103", "--size", "2", "--json").stdout)
    assert len(answer["results"]) == 2


def test_similar_movies_are_ranked_as_on_the_website_or_by_meaning_or_taste_alone(marquee: Command) -> None:
    both, taste, meaning = (
        json.loads(marquee("similar", "103", *by, "--json").stdout)
        for by in ([], ["--by", "taste"], ["--by", "meaning"])
    )
    assert [answer["model"] for answer in (both, taste, meaning)] == [fake_taste.MODEL, fake_taste.MODEL, ""]
    assert both["results"] != taste["results"]
    assert marquee("similar", "103", "--by", "colour").exit_code == 2


def test_an_unknown_title_is_reported_with_similar_titles(marquee: Command) -> None:
    ended = marquee("similar", "The Lighthouse")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "no movie has the title 'The Lighthouse'" in ended.stderr
    assert "similar: The Lighthouse Keeper 0 (1950) 100" in ended.stderr


@pytest.mark.parametrize("unknown", ["424242", "9" * 5_000])
def test_an_unknown_id_is_reported(marquee: Command, unknown: str) -> None:
    ended = marquee("similar", unknown[:4_000])
    assert ended.exit_code == 1
    assert unknown[:10] in ended.stderr


def test_info_shows_what_is_served(marquee: Command, world: World) -> None:
    shown = marquee("info")
    assert shown.exit_code == 0
    assert "made-up films" in shown.stdout
    assert f"{len(world.movies)}" in shown.stdout


def test_info_as_json_contains_engine_and_index(marquee: Command) -> None:
    content = json.loads(marquee("info", "--json").stdout)
    assert content["engine"] == "embedded"
    assert content["index"] == "20240101-000000"


def test_index_shows_both_steps_and_reports_what_it_did(marquee: Command, world: World) -> None:
    built = marquee("index")
    assert built.exit_code == 0
    assert world.done == ["index"]
    assert "encoding: 100%" in built.stderr
    assert "writing: 100%" in built.stderr
    assert "published 20240102-000000: 34 movies" in built.stdout
    assert "4 encoded, 30 reused" in built.stdout
    assert "20240101-000000 is kept" in built.stdout


def test_index_may_confirm_a_catalogue_that_shrank(marquee: Command, world: World) -> None:
    marquee("index", "--accept-shrink")
    assert world.done == ["index, shrunk or not"]


def test_index_as_json_counts_and_names_skipped_rows(marquee: Command) -> None:
    report = json.loads(marquee("index", "--json").stdout)
    assert report["movies"] == 34
    assert report["skipped"] == ["films.csv, row 7, column 'id': expected a number, got 'x'"]
    assert report["previous"] == "20240101-000000"


def test_spark_encodes_if_asked_to(marquee: Command, world: World) -> None:
    marquee("encode", "--spark", "--shard", "1/2")
    assert world.done == ["encode (1, 2) by Spark"]


def test_a_shard_of_the_catalogue_is_encoded(marquee: Command, world: World) -> None:
    whole, part = marquee("encode"), marquee("encode", "--shard", "2/4", "--json")
    assert world.done == ["encode (1, 1)", "encode (2, 4)"]
    assert "shard 1 of 1: 3 movies encoded, 1,200 reused, in " in whole.stdout
    told = json.loads(part.stdout)
    assert (told["shard"], told["shards"], told["encoded"], told["reused"]) == (2, 4, 3, 1200)


def test_the_encoder_is_exported_into_the_home_folder(tmp_path: Path) -> None:
    exported = CliRunner().invoke(cli.main, ["export-encoder"], obj=Parts(settings=lambda: Settings(home=tmp_path)))
    assert exported.exit_code == 0, exported.output
    folder = Path(exported.stdout.strip())
    assert folder.is_relative_to(tmp_path)
    assert encoder.load(Settings(home=tmp_path)).dimension == 384
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.iterdir())
    CliRunner().invoke(cli.main, ["export-encoder"], obj=Parts(settings=lambda: Settings(home=tmp_path)))
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.iterdir()) == before


@pytest.mark.parametrize("shard", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4", "1/99999"])
def test_a_shard_that_does_not_exist_is_refused(marquee: Command, world: World, shard: str) -> None:
    refused = marquee("encode", "--shard", shard)
    assert refused.exit_code == 2
    assert "expected its number and the number of shards, such as 2/8" in refused.stderr
    assert world.done == []


def test_a_rollback_names_the_published_version(marquee: Command, world: World) -> None:
    back = marquee("index", "--rollback")
    assert world.done == ["rollback"]
    assert back.stdout == "rolled back to 20240101-000000\n"
    assert json.loads(marquee("index", "--rollback", "--json").stdout) == {"version": "20240101-000000"}


def test_run_serves_immediately_if_the_index_is_current(marquee: Command, world: World, free_port: int) -> None:
    world.settings = Settings(port=free_port)
    assert marquee("run").exit_code == 0
    assert world.done == ["become server"]


def test_run_builds_a_stale_index_first_and_says_why(marquee: Command, world: World, free_port: int) -> None:
    world.settings, world.why_stale = Settings(port=free_port), "no index is published yet"
    ran = marquee("run")
    assert world.done == ["index apart", "become server"]
    assert "building the index: no index is published yet" in ran.stderr


def test_run_does_not_serve_when_the_build_failed(marquee: Command, world: World, free_port: int) -> None:
    world.settings, world.why_stale, world.index_exit = Settings(port=free_port), "the catalogue has changed", 1
    ran = marquee("run")
    assert ran.exit_code == 1
    assert world.done == ["index apart"]
    assert "`marquee serve`" in ran.stderr


def test_each_step_of_run_says_what_it_does_and_how_long_it_usually_takes(
    marquee: Command, world: World, free_port: int
) -> None:
    world.settings, world.why_stale, world.why_untrained = Settings(port=free_port), "none yet", "none yet"
    told = marquee("run").stderr.splitlines()
    steps = [place for place, line in enumerate(told) if line.startswith(("building", "training", "starting"))]
    assert len(steps) == 3
    for place in steps:
        assert "usually" in " ".join(told[place : place + 2])


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("loaded", "loaded demo data: made-up"), ("kept", "demo data is loaded"), ("removed", "removed demo data")],
)
def test_run_reports_changes_of_demo_data(
    marquee: Command, world: World, free_port: int, outcome: str, words: str
) -> None:
    world.settings, world.demo = Settings(port=free_port), outcome
    assert words in marquee("run").stderr


def test_run_does_not_mention_demo_data_if_there_is_none(marquee: Command, world: World, free_port: int) -> None:
    world.settings = Settings(port=free_port)
    assert "demo" not in marquee("run").stderr


def test_run_serves_and_explains_if_demo_data_cannot_be_loaded(marquee: Command, world: World, free_port: int) -> None:
    world.settings, world.demo_failure = Settings(port=free_port), StoreUnavailable("the database is down")
    ran = marquee("run")
    assert world.done == ["become server"]
    assert "demo data could not be updated: the database is down" in ran.stderr


def test_the_last_words_of_a_server_offer_something_to_try() -> None:
    last = server.greeting(Settings(port=8080)).splitlines()[-1]
    assert last.startswith("Open http://127.0.0.1:8080 and search for “a man relives the same day”")
    assert last.endswith("curl 'http://127.0.0.1:8080/api/search?q=a+man+relives+the+same+day'")


def test_serve_does_not_migrate_if_told_so(marquee: Command, world: World, free_port: int) -> None:
    world.settings = Settings(port=free_port)
    for arguments, migrate in (("serve",), True), (("serve", "--no-migrate"), False):
        assert marquee(*arguments).exit_code == 0
        assert world.served is not None
        assert world.served.migrate is migrate


def test_serve_builds_nothing(marquee: Command, world: World, free_port: int) -> None:
    world.settings, world.why_stale = Settings(port=free_port), "the catalogue has changed"
    assert marquee("serve").exit_code == 0
    assert world.done == ["serve"]


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_port_in_use_is_reported_before_anything_is_built(
    marquee: Command, world: World, taken_port: int, command: str
) -> None:
    world.settings, world.why_stale = Settings(port=taken_port), "no index is published yet"
    ended = marquee(command)
    assert ended.exit_code == 1
    assert world.done == []
    assert f"cannot listen on 127.0.0.1:{taken_port}: Address already in use" in ended.stderr
    assert "MARQUEE_PORT" in ended.stderr


def test_an_address_of_another_machine_is_refused(marquee: Command, world: World) -> None:
    world.settings = Settings(host="192.0.2.1")
    ended = marquee("serve")
    assert ended.exit_code == 1
    assert "MARQUEE_HOST" in ended.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org"])  # noqa: S104
def test_the_debugger_is_never_exposed_to_other_machines(marquee: Command, world: World, host: str) -> None:
    world.settings = Settings(host=host, debug=True)
    ended = marquee("serve")
    assert ended.exit_code == 1
    assert "MARQUEE_DEBUG" in ended.stderr


@pytest.mark.parametrize(
    "failure",
    [
        InvalidSettings("invalid settings:\n  MARQUEE_PORT: should be a number"),
        DataError("expected UTF-8", file="films.csv", row=3),
        ModelMissing("no exported encoder; run `marquee index`"),
        IndexMissing("no index is published yet; run `marquee index`"),
        SearchUnavailable("no Elasticsearch at http://127.0.0.1:9200"),
        BuildRejected("the index was not published"),
        PermissionError(13, "Permission denied", "/some/folder"),
    ],
)
@pytest.mark.parametrize("command", [("index",), ("search", "x"), ("similar", "7"), ("info",), ("run",), ("serve",)])
def test_every_expected_error_exits_with_1_and_a_message_without_traceback(
    marquee: Command, world: World, failure: Exception, command: tuple[str, ...]
) -> None:
    world.failure = failure
    ended = marquee(*command)
    assert ended.exit_code == 1
    assert ended.stdout == ""
    assert str(failure) in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_bug_is_not_hidden(marquee: Command, world: World) -> None:
    world.failure = ZeroDivisionError("a bug")
    assert isinstance(marquee("info").exception, ZeroDivisionError)
