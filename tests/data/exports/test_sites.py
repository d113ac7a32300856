"""Exports of Letterboxd (reviews), Trakt, Simkl, TV Time and MovieLens, in their own forms. All titles are made up."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diary.lists import ListDetails
from core.errors import DataError
from core.users import MarkKind
from data.exports import reader
from data.exports.entries import Export, SeriesRow

MOVIE = {"title": "Fargo", "year": 1996, "ids": {"trakt": 1, "slug": "fargo", "imdb": "tt0116282", "tmdb": 275}}
SHOW = {"title": "Fargo", "year": 2014, "ids": {"trakt": 2, "imdb": "tt2802850", "tmdb": 60622}}


def read(text: str, name: str = "export.csv") -> Export:
    return reader.read(io.BytesIO(text.encode()), name=name)


def read_json(value: object, name: str) -> Export:
    return read(json.dumps(value), name)


def test_letterboxds_reviews_are_plain_text_with_line_breaks() -> None:
    export = read(
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
        '2020-06-02,Fargo,1996,u,4.5,Yes,"<b>Snow</b> &amp; more.<br/>\nI <3 it.","cold, coen",2020-06-01\n'
    )
    (entry,) = export.entries
    assert (export.kind, entry.review) == ("Letterboxd reviews", "Snow & more.\n\nI <3 it.")
    assert (entry.watched, entry.rewatch, entry.stars, entry.tags) == (date(2020, 6, 1), True, 4.5, "cold, coen")


def test_the_description_of_a_letterboxd_list_may_have_several_lines() -> None:
    export = read(
        "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
        '2024-02-01,Rainy days,,https://boxd.it/l,"For <i>rain</i>\nand snow"\n\n'
        "Position,Name,Year,URL,Description\n1,Fargo,1996,u,First\n2,Heat,1995,u,\n",
        "rainy-days.csv",
    )
    assert export.lists == (ListDetails(name="Rainy days", description="For rain\nand snow"),)
    assert [(entry.title, entry.list, entry.note) for entry in export.entries] == [
        ("Fargo", 0, "First"),
        ("Heat", 0, ""),
    ]


def test_a_list_of_imdb_is_a_list_if_its_name_says_so() -> None:
    header = "Position,Const,Created,Modified,Description,Title,Title Type,Year"
    text = f"{header}\n1,tt0116282,2020-05-17,,Snow,Fargo,Movie,1996\n"
    export = read(text, "list-of-winter.csv")
    assert (export.kind, export.lists) == ("IMDb list", (ListDetails(name="list-of-winter"),))
    assert [(entry.list, entry.note, entry.mark) for entry in export.entries] == [(0, "Snow", None)]
    assert read(text, "watchlist.csv").entries[0].mark is MarkKind.WATCHLIST


def test_trakts_ratings_have_their_time_and_name_series() -> None:
    export = read_json(
        [
            {"rated_at": "2021-03-01T20:15:00.000Z", "rating": 9, "type": "movie", "movie": MOVIE},
            {"rated_at": "2021-03-02T20:15:00.000Z", "rating": 8, "type": "show", "show": SHOW},
            {"rated_at": "2021-03-02T20:15:00.000Z", "rating": 8, "type": "episode", "episode": {}, "show": SHOW},
            {"rated_at": "2021-03-02T20:15:00.000Z", "rating": 11, "type": "movie", "movie": MOVIE},
        ],
        "ratings-movies.json",
    )
    (entry,) = export.entries
    assert (entry.title, entry.year, entry.imdb, entry.tmdb, entry.stars) == ("Fargo", 1996, 116282, 275, 4.5)
    assert entry.at == datetime(2021, 3, 1, 20, 15, tzinfo=UTC)
    assert export.series == (
        SeriesRow("ratings-movies.json", 2, "Fargo"),
        SeriesRow("ratings-movies.json", 3, "Fargo", episodes=1),
    )
    assert [str(bad) for bad in export.bad] == [
        "ratings-movies.json, row 4, column 'rating': expected a whole number from 1 to 10, got '11'"
    ]


def test_trakts_history_has_a_watching_for_each_record() -> None:
    export = read_json(
        [
            {"id": 1, "watched_at": "2021-03-01T20:15:00.000Z", "action": "watch", "type": "movie", "movie": MOVIE},
            {
                "id": 2,
                "watched_at": "2021-03-01T21:15:00.000Z",
                "type": "episode",
                "episode": {"season": 1},
                "show": SHOW,
            },
        ],
        "history-1.json",
    )
    (entry,) = export.entries
    assert (entry.mark, entry.watched_at) == (MarkKind.WATCHED, datetime(2021, 3, 1, 20, 15, tzinfo=UTC))
    assert [(row.series, row.episodes) for row in export.series] == [("Fargo", 1)]


def test_trakts_watched_series_name_their_episodes() -> None:
    seasons = [{"number": 1, "episodes": [{"number": 1, "plays": 1}, {"number": 2, "plays": 1}]}]
    export = read_json([{"plays": 2, "show": SHOW, "seasons": seasons}], "watched-shows.json")
    assert export.series == (SeriesRow("watched-shows.json", 1, "Fargo", episodes=2),)
    (entry,) = read_json([{"plays": 2, "last_watched_at": "2021-03-01T20:15:00Z", "movie": MOVIE}], "w.json").entries
    assert entry.mark is MarkKind.WATCHED


@pytest.mark.parametrize(
    ("name", "mark", "lists"),
    [
        ("lists-watchlist.json", MarkKind.WATCHLIST, ()),
        ("watchlist.json", MarkKind.WATCHLIST, ()),
        ("lists-favorites.json", MarkKind.FAVOURITE, ()),
        ("lists-cold-places.json", None, (ListDetails(name="cold places"),)),
    ],
)
def test_a_list_of_trakt_is_told_by_the_name_of_its_file(
    name: str, mark: MarkKind | None, lists: tuple[ListDetails, ...]
) -> None:
    export = read_json(
        [{"rank": 1, "listed_at": "2021-03-01T20:15:00Z", "notes": None, "type": "movie", "movie": MOVIE}], name
    )
    assert (export.entries[0].mark, export.lists) == (mark, lists)
    assert export.entries[0].list == (0 if lists else None)


def test_simkls_backup_has_movies_series_and_anime() -> None:
    export = read_json(
        {
            "movies": [
                {
                    "last_watched_at": "2022-05-01T19:00:00Z", "status": "completed", "user_rating": 7,
                    "user_rated_at": "2022-05-02T08:00:00Z", "movie": MOVIE, "memo": {"text": "With Bo"},
                },
                {"status": "plantowatch", "user_rating": None, "movie": {**MOVIE, "title": "Heat", "year": 1995}},
                {"status": "dropped", "user_rating": None, "movie": MOVIE},
            ],
            "shows": [
                {"status": "watching", "watched_episodes_count": 3, "show": SHOW},
                {"status": "completed", "show": SHOW, "seasons": [{"number": 1, "episodes": [{"number": 1}]}]},
            ],
            "anime": [
                {"status": "completed", "anime_type": "movie", "show": {"title": "Akira", "year": 1988, "ids": {}}},
                {"status": "completed", "anime_type": "tv", "show": {"title": "Monster", "year": 2004, "ids": {}}},
            ],
        },
        "SimklBackup.json",
    )  # fmt: skip
    assert [(entry.title, entry.mark, entry.stars, entry.note) for entry in export.entries] == [
        ("Fargo", MarkKind.WATCHED, 3.5, "With Bo"),
        ("Heat", MarkKind.WATCHLIST, None, ""),
        ("Akira", MarkKind.WATCHED, None, ""),
    ]
    assert export.entries[0].at == datetime(2022, 5, 2, 8, tzinfo=UTC)
    assert [(row.series, row.episodes) for row in export.series] == [("Fargo", 3), ("Fargo", 1), ("Monster", 0)]
    assert [bad.row for bad in export.bad] == [3]


def test_simkls_table_is_read_with_its_ids() -> None:
    export = read(
        "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n"
        "1,Fargo,movie,1996,completed,,2022-05-01,7,Cold,,275,tt0116282\n"
        "2,Fargo,tv,2014,watching,S01E02,2022-05-03,9,,,60622,tt2802850\n"
        "3,Heat,movie,1995,plantowatch,,,,,,949,tt0113277\n"
    )
    assert [(e.title, e.tmdb, e.imdb, e.stars, e.mark, e.watched) for e in export.entries] == [
        ("Fargo", 275, 116282, 3.5, MarkKind.WATCHED, date(2022, 5, 1)),
        ("Heat", 949, 113277, None, MarkKind.WATCHLIST, None),
    ]
    assert [row.series for row in export.series] == ["Fargo"]


TV_TIME = (
    "type,user_id,created_at,updated_at,entity_type,movie_name,series_name,season_number,episode_number,release_date"
)


def test_tv_times_movies_are_watched_or_wanted_and_its_episodes_are_named() -> None:
    export = read(
        f"{TV_TIME}\n"
        "watch,7,2020-05-01 20:00:00,2020-05-01 21:00:00,movie,Fargo,,,,1996-03-08 00:00:00\n"
        "rewatch,7,2021-05-01 20:00:00,2021-05-02 21:00:00,movie,Fargo,,,,1996-03-08 00:00:00\n"
        "towatch,7,2020-05-03 20:00:00,2020-05-03 20:00:00,movie,Heat (1995),,,,\n"
        "watch,7,2020-05-03 20:00:00,2020-05-03 20:00:00,episode,,Fargo,1,2,\n"
        "follow,7,2020-05-03 20:00:00,2020-05-03 20:00:00,series,,Fargo,,,\n"
        "vote,7,2020-05-03 20:00:00,2020-05-03 20:00:00,movie,Heat,,,,\n",
        "tracking-prod-records.csv",
    )
    assert [(e.title, e.year, e.mark, e.rewatch) for e in export.entries] == [
        ("Fargo", 1996, MarkKind.WATCHED, False),
        ("Fargo", 1996, MarkKind.WATCHED, True),
        ("Heat", 1995, MarkKind.WATCHLIST, False),
    ]
    assert export.entries[0].watched_at == datetime(2020, 5, 1, 21, tzinfo=UTC)
    assert export.entries[1].watched_at == datetime(2021, 5, 1, 20, tzinfo=UTC)
    assert [(row.series, row.episodes) for row in export.series] == [("Fargo", 1), ("Fargo", 0)]
    assert [bad.row for bad in export.bad] == [7]


def test_tv_times_second_form_has_only_episodes() -> None:
    export = read(
        "key,s_id,series_name,season_number,episode_number,created_at\n"
        "watch-episode-1,5,Fargo,1,2,2020-05-03 20:00:00\n",
        "tracking-prod-records-v2.csv",
    )
    assert (export.entries, [(row.series, row.episodes) for row in export.series]) == ((), [("Fargo", 1)])


def test_movielens_ratings_have_all_ids_and_the_year_in_the_title() -> None:
    header = "movie_id,imdb_id,tmdb_id,rating,average_rating,title"
    (entry,) = read(f"{header}\n608,0116282,275,4.5,4.1,Fargo (1996)\n").entries
    assert (entry.title, entry.year, entry.imdb, entry.tmdb, entry.movielens, entry.stars) == (
        "Fargo", 1996, 116282, 275, 608, 4.5,
    )  # fmt: skip
    (wish,) = read("movie_id,imdb_id,tmdb_id,average_rating,title\n608,0116282,275,4.1,Fargo (1996)\n").entries
    assert (wish.mark, wish.stars) == (MarkKind.WATCHLIST, None)


def test_the_ratings_of_one_user_of_a_data_set_are_read_and_those_of_another_refused() -> None:
    export = read("userId,movieId,rating,timestamp\n5,608,4.5,964982703\n6,608,1.0,964982703\n")
    (entry,) = export.entries
    assert (entry.movielens, entry.stars, entry.at) == (608, 4.5, datetime(2000, 7, 30, 18, 45, 3, tzinfo=UTC))
    assert [bad.reason for bad in export.bad] == ["expected the ratings of user 5 alone, got '6'"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["movie", "completed", "2021-03-01T20:15:00Z", "marquee-export-1", "tt1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(
            ["movie", "show", "type", "rating", "rated_at", "watched_at", "listed_at", "ids", "imdb", "tmdb", "title",
             "year", "movies", "shows", "anime", "status", "user_rating", "format", "ratings", "marks", "watches",
             "lists",
             "list_entries", "reviews", "stars", "kind", "at", "day", "note", "id", "list_id", "rank", "name", "text"]
        ), inner, max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_any_json_is_read_or_rejected_with_a_message(value: Any) -> None:
    with suppress(DataError):
        read_json(value, "any.json")


@given(
    st.lists(
        st.fixed_dictionaries({"movie": JSON, "type": JSON}, optional={"rating": JSON, "listed_at": JSON}), max_size=4
    )
)
def test_any_records_of_trakt_are_entries_or_reported(records: list[dict[str, Any]]) -> None:
    with suppress(DataError):
        export = read_json(records, "ratings.json")
        found = [one.row for part in (export.entries, export.bad, export.series) for one in part]
        assert sorted(found) == list(range(1, len(records) + 1))
