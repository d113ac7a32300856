"""Import of ratings: upload, preview, confirmation."""

from __future__ import annotations

import io
import re

import pytest
from werkzeug.test import TestResponse

from core.types import MovieId
from core.users import MarkKind
from tests.fakes import FakeDiaries
from tests.webapp.user_browser import Join, Member
from webapp.imports import pages

RATINGS = (
    "Date,Name,Year,Letterboxd URI,Rating\n"
    "2024-01-01,The Lighthouse Keeper 1,1952,https://boxd.it/1,4.5\n"
    "2024-01-02,Nowhere to be Found,1999,https://boxd.it/2,3\n"
    "2024-01-03,The Lighthouse Keeper 2,1954,https://boxd.it/3,nine\n"
)
HOSTILE = 'Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,"<script>alert(1)</script>",1952,https://boxd.it/1,4.5\n'


def upload(member: Member, content: str | bytes, *, name: str = "ratings.csv") -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    return member.client.post("/import", data={"csrf_token": member.token, "file": (io.BytesIO(body), name)})


def previewed(member: Member, content: str | bytes, *, name: str = "ratings.csv") -> str:
    """Upload a file and return the address of its preview."""
    answer = upload(member, content, name=name)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_preview_shows_matched_unmatched_and_invalid_rows(ada: Member) -> None:
    url = previewed(ada, RATINGS)
    answer = ada.client.get(url)
    assert re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", answer.text) == [
        ("Matched", "1"),
        ("Without a film", "1"),
        ("Skipped", "0"),
        ("Invalid rows", "1"),
    ]
    for words in ("Letterboxd ratings", "Nowhere to be Found", "none found", "Import 1 film", "1 rating."):
        assert words in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "title and year" in ada.page(f"{url}?show=matched")
    assert "ratings.csv, row 4" in ada.page(f"{url}?show=bad")
    assert ada.diary.revision == 0


def test_a_confirmed_import_is_applied_reported_and_its_preview_deleted(ada: Member) -> None:
    url = previewed(ada, RATINGS)
    text = ada.follow(ada.post(url))
    assert "1 film imported from ratings.csv. (1 rating)" in text
    assert ada.diary.ratings[MovieId(101)].stars == 4.5
    revision = ada.diary.revision
    assert ada.post(url).status_code == 404
    assert ada.diary.revision == revision


def test_a_watchlist_becomes_marks(ada: Member) -> None:
    content = "Date,Name,Year,Letterboxd URI\n2024-01-01,The Lighthouse Keeper 1,1952,https://boxd.it/1\n"
    ada.post(previewed(ada, content, name="watchlist.csv"))
    assert MovieId(101) in ada.diary.marked(MarkKind.WATCHLIST)


def test_a_row_without_a_movie_gets_one_that_a_search_finds(ada: Member) -> None:
    url = previewed(ada, RATINGS)
    line = f"{url}/lines/2"
    assert f'href="{line}"' in ada.page(url)
    assert "No film has such a title." in ada.page(line)
    found = ada.page(f"{line}?q=The+Lighthouse+Keeper+3")
    (movie,) = re.findall(r'name="movie" value="(\d+)"', found)
    text = ada.follow(ada.post(line, movie=movie, show="unmatched"))
    assert "“Nowhere to be Found” is now “The Lighthouse Keeper 3”." in text
    assert "Import 2 films" in text
    ada.post(url)
    assert ada.diary.ratings[MovieId(int(movie))].stars == 3


def test_a_wrong_row_is_skipped_and_restored(ada: Member) -> None:
    url = previewed(ada, RATINGS)
    assert "Import 1 film" not in ada.follow(ada.post(f"{url}/lines/1", skip="1"))
    assert "The Lighthouse Keeper 1" in ada.page(f"{url}?show=skipped")
    assert "As it was at first" in ada.page(f"{url}/lines/1")
    assert "Import 1 film" in ada.follow(ada.post(f"{url}/lines/1", restore="1"))


def test_the_movies_with_the_title_of_a_row_are_proposed(ada: Member) -> None:
    content = RATINGS.replace("The Lighthouse Keeper 1,1952", "The Lighthouse Keeper 1,1990")
    assert 'name="movie" value="101"' in ada.page(f"{previewed(ada, content)}/lines/1")


def test_a_preview_belongs_to_its_user_and_can_be_discarded(ada: Member, join: Join) -> None:
    url = previewed(ada, RATINGS)
    bob = join("Bob")
    for answer in (bob.client.get(url), bob.client.get(f"{url}/lines/1"), bob.post(url), bob.post(f"{url}/lines/1")):
        assert answer.status_code == 404
    ada.page(url)
    ada.post(f"{url}/discard")
    assert ada.client.get(url).status_code == 404


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999"])
def test_an_unknown_row_is_not_found(ada: Member, number: str) -> None:
    url = previewed(ada, RATINGS)
    assert ada.client.get(f"{url}/lines/{number}").status_code == 404
    assert ada.post(f"{url}/lines/{number}", skip="1").status_code in (400, 404)


def test_an_unknown_movie_is_refused(ada: Member) -> None:
    url = previewed(ada, RATINGS)
    assert ada.post(f"{url}/lines/1", movie="999999").status_code == 404
    assert ada.post(f"{url}/lines/1", movie="x").status_code == 404


def test_a_large_preview_is_paged(ada: Member) -> None:
    rows = "".join(f"2024-01-01,Film {n},1999,https://boxd.it/{n:09},4\n" for n in range(120))
    url = previewed(ada, "Date,Name,Year,Letterboxd URI,Rating\n" + rows)
    last = ada.page(f"{url}?page=3")
    assert "Film 119" in last
    assert "Film 99<" not in last
    assert 'rel="next"' not in last
    assert "Page 3 of 3" in last


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.csv", "'><b>.csv", "مدينة.csv"])
def test_names_and_content_of_a_file_are_escaped(ada: Member, name: str) -> None:
    url = previewed(ada, HOSTILE, name=name)
    for text in (ada.page(url), ada.page(f"{url}/lines/1"), ada.page(f"{url}/lines/1?q=<script>alert(2)</script>")):
        assert "<script>alert" not in text
        assert "<b>.csv" not in text
        assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("content", ["", "hello", "a,b\n1,2\n", b"\x00\xff\xfe", b"PK\x03\x04"])
def test_a_file_that_is_not_an_export_is_refused_with_a_message(ada: Member, content: str | bytes) -> None:
    answer = upload(ada, content)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'type="file"' in answer.text


def test_a_missing_file_is_refused_with_a_message(ada: Member) -> None:
    answer = ada.post("/import")
    assert answer.status_code == 400
    assert "Choose a file:" in answer.text


def test_a_large_export_is_accepted_and_a_larger_one_is_refused(ada: Member) -> None:
    rows = "".join(f"2024-01-01,Film {n},1999,https://boxd.it/{n:09},4\n" for n in range(20_000))
    content = "Date,Name,Year,Letterboxd URI,Rating\n" + rows
    assert "20,000" in ada.page(previewed(ada, content))
    answer = upload(ada, b"Name,Year\n" + b"x" * pages.MAX_FILE)
    assert answer.status_code == 400
    assert "larger than 30 MB" in answer.text


def test_a_second_import_of_a_user_is_refused_while_the_first_runs(ada: Member) -> None:
    diaries = ada.services.diaries
    assert isinstance(diaries, FakeDiaries)
    diaries.importing.add(ada.user.id)
    answer = upload(ada, RATINGS)
    assert answer.status_code == 409
    assert "another import of yours is running" in answer.text
    diaries.importing.clear()
