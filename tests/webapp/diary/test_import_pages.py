"""Import of ratings: upload, preview, confirmation."""

from __future__ import annotations

import base64
import io
import random
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from core.errors import InvalidRequest
from core.types import MovieId
from core.users import MarkKind
from tests.fakes import FakeDiaries
from tests.webapp.user_browser import Member
from webapp.diary import imports

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


def packed(text: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input type="hidden" name="(name|payload)" value="([^"]*)">', text))
    assert set(fields) == {"name", "payload"}
    return fields


def test_a_preview_shows_matched_unmatched_and_invalid_rows(ada: Member) -> None:
    answer = upload(ada, RATINGS)
    assert answer.status_code == 200
    assert re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", answer.text) == [
        ("Matched", "1"),
        ("Not in this catalogue", "1"),
        ("Invalid rows", "1"),
    ]
    for words in ("Letterboxd ratings", "Nowhere to be Found", "ratings.csv, row 4", "title and year", "Import 1 film"):
        assert words in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert ada.diary.revision == 0


def test_a_confirmed_import_is_applied_and_reported(ada: Member) -> None:
    fields = packed(upload(ada, RATINGS).text)
    text = ada.follow(ada.post("/import", **fields))
    assert "1 film imported from ratings.csv." in text
    assert ada.diary.ratings[MovieId(101)].stars == 4.5
    revision = ada.diary.revision
    ada.post("/import", **fields)
    assert ada.diary.revision == revision


def test_a_watchlist_becomes_marks(ada: Member) -> None:
    content = "Date,Name,Year,Letterboxd URI\n2024-01-01,The Lighthouse Keeper 1,1952,https://boxd.it/1\n"
    ada.post("/import", **packed(upload(ada, content, name="watchlist.csv").text))
    assert MovieId(101) in ada.diary.marked(MarkKind.WATCHLIST)


def test_any_process_can_import_after_the_preview(ada: Member) -> None:
    fields = packed(upload(ada, RATINGS).text)
    with imports.unpack(fields["payload"]) as file:
        assert file.read() == RATINGS.encode()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.csv", "'><b>.csv", "مدينة.csv"])
def test_names_and_content_of_a_file_are_escaped(ada: Member, name: str) -> None:
    text = upload(ada, HOSTILE, name=name).text
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
    answer = upload(ada, content)
    assert answer.status_code == 200
    assert "20,000" in answer.text
    answer = upload(ada, b"Name,Year\n" + b"x" * imports.MAX_FILE)
    assert answer.status_code == 400
    assert "larger than 30 MB" in answer.text


def test_a_payload_larger_than_other_forms_is_accepted(ada: Member) -> None:
    noise = "".join(f"2024-01-01,Film {hash((n, 'x')):x},1999,u{hash((n, 'y')):x},4\n" for n in range(30_000))
    content = RATINGS + noise
    payload = imports.pack(io.BytesIO(content.encode()))
    assert len(payload) > 600_000
    assert ada.post("/import", name="ratings.csv", payload=payload).status_code == 303
    assert ada.diary.ratings[MovieId(101)].stars == 4.5


def test_a_file_whose_preview_would_be_too_large_for_a_page_is_refused(ada: Member) -> None:
    titles = (random.Random(n).randbytes(30_000).hex() for n in range(440))  # noqa: S311
    answer = upload(ada, RATINGS + "".join(f"2024-01-01,{title},1999,u,4\n" for title in titles))
    assert answer.status_code == 400
    assert "larger than 16 MB" in answer.text


def test_a_second_import_of_a_user_is_refused_while_the_first_runs(ada: Member) -> None:
    diaries = ada.services.diaries
    assert isinstance(diaries, FakeDiaries)
    diaries.importing.add(ada.user.id)
    answer = upload(ada, RATINGS)
    assert answer.status_code == 409
    assert "another import of yours is running" in answer.text
    diaries.importing.clear()


@pytest.mark.parametrize("payload", ["", "x", "!!!", "AAAA", imports.pack(io.BytesIO())])
def test_a_tampered_payload_is_refused_by_its_field(ada: Member, payload: str) -> None:
    answer = ada.post("/import", name="ratings.csv", payload=payload)
    assert answer.status_code == 400
    assert "<b>payload</b>" in answer.text


def test_a_payload_never_unpacks_to_more_than_the_maximum_file_size() -> None:
    bomb = base64.b64encode(zlib.compress(b"\0" * (imports.MAX_FILE + 1))).decode()
    assert len(bomb) < 100_000
    with pytest.raises(InvalidRequest):
        imports.unpack(bomb)


@given(st.binary(min_size=1, max_size=2_000))
def test_packing_is_lossless(content: bytes) -> None:
    with imports.unpack(imports.pack(io.BytesIO(content))) as file:
        assert file.read() == content


@pytest.mark.parametrize("size", [0, imports.MAX_FILE + 1, imports.MAX_FILE + 50_000_000])
def test_a_payload_without_content_or_with_too_much_is_refused(size: int) -> None:
    payload = base64.b64encode(zlib.compress(b"0" * size)).decode()
    with pytest.raises(InvalidRequest, match="damaged"):
        imports.unpack(payload)


def test_a_payload_may_have_the_maximum_size() -> None:
    with imports.unpack(imports.pack(io.BytesIO(b"0" * imports.MAX_FILE))) as file:
        assert len(file.read()) == imports.MAX_FILE


def test_a_large_file_is_on_disk_while_it_is_imported() -> None:
    with imports.unpack(imports.pack(io.BytesIO(b"0" * (imports.BLOCK + 1)))) as file:
        assert file.fileno() > 0
