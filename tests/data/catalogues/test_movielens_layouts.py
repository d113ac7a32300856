"""Releases of MovieLens from 1998 to today, as folders and archives: told by their files, linked, and read."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.config import Settings
from core.errors import DataError
from data.catalogues import movielens, movielens_layouts, sources
from data.exports import imdb_ids

LINKS = "movieId,imdbId,tmdbId\n1,0114709,862\n2,0113497,8844\n3,0113228,\n"
MOVIES = 'movieId,title,genres\n1,Toy Story (1995),Animation\n2,"Matrix, The (1999)",Action\n3,Heat (1995),Crime\n'
HEADED = {
    "ratings.csv": "userId,movieId,rating,timestamp\n7,1,4.5,20\n7,2,3.0,21\n8,1,2.0,22\n8,3,5.0,23\n",
    "movies.csv": MOVIES,
    "links.csv": LINKS,
}
DOTTED = {
    "ratings.dat": "7::1::4.5::20\n7::2::3::21\n8::1::2::22\n8::3::5::23\n",
    "movies.dat": "1::Toy Story (1995)::Animation\n",
}
EARLY = {
    "u.data": "7\t50\t4\t20\n7\t51\t3\t21\n8\t50\t2\t22\n8\t99\t5\t23\n",
    "u.item": "50|Toy Story (1995)|01-Jan-1995||url|0\n51|The Matrix (1999)|||url|0\n99|Unheard Of (1990)|||url|0\n",
}
"""Movies of 100K have numbers of their own."""


def release(folder: Path, name: str, files: dict[str, str], *, zipped: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if zipped:
        path = folder / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files.items():
                archive.writestr(f"{name}/{file}", content.encode("latin-1" if file.startswith("u.") else "utf-8"))
        return path
    for file, content in files.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / file).write_text(content, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("name", "files"),
    [("ml-25m", HEADED), ("ml-latest", HEADED), ("ml-10M100K", DOTTED), ("ml-1m", DOTTED), ("ml-100k", EARLY)],
)
def test_every_release_is_read_by_its_files_packed_or_not(
    tmp_path: Path, name: str, files: dict[str, str], zipped: bool
) -> None:
    home = tmp_path / "movielens"
    path = release(home, name, files, zipped=zipped)
    if "links.csv" not in files:
        release(home, "links-of-a-later-release", {"links.csv": LINKS, "movies.csv": MOVIES})
    found = movielens.read_ratings(path)
    assert found.users.tolist() == [7, 7, 8]
    assert found.movies.tolist() == [862, 8844, 862]
    assert found.stars.tolist() == [4.0 if files is EARLY else 4.5, 3.0, 2.0]
    assert found.times.tolist() == [20, 21, 22]
    assert (found.unlinked, found.skipped) == (1, ())
    said: list[str] = []
    assert sources.ratings(Settings(data_dir=tmp_path, offline=True), progress=said.append) == path
    assert said == []


def test_a_table_beside_100k_links_it_without_another_release(tmp_path: Path) -> None:
    table = {"item_to_tmdb.csv": "item_id,title,tmdbId\n50,Toy Story (1995),862\n51,The Matrix (1999),\n"}
    path = release(tmp_path / "movielens", "ml-100k", {**EARLY, **table})
    assert movielens.read_ratings(path).movies.tolist() == [862, 862]
    assert sources.ratings(Settings(data_dir=tmp_path, offline=True)) == path


def test_a_title_of_two_movies_links_neither(tmp_path: Path) -> None:
    """A rating of the wrong movie goes unnoticed."""
    path = release(tmp_path, "ml-100k", EARLY)
    release(tmp_path, "later", {"links.csv": LINKS, "movies.csv": MOVIES + "4,Toy Story (1995),Drama\n"})
    assert movielens.read_links(path).tmdb_ids == {51: 8844}


def test_the_largest_release_is_used_and_the_others_are_named(tmp_path: Path) -> None:
    home = tmp_path / "movielens"
    release(home, "ml-latest-small", HEADED)
    release(home, "ml-1m", DOTTED)
    larger = {**HEADED, "ratings.csv": HEADED["ratings.csv"] + "9,1,4.0,30\n"}
    path = release(home, "ml-32m", larger, zipped=True)
    said: list[str] = []
    assert sources.ratings(Settings(data_dir=tmp_path, offline=True), progress=said.append) == path
    assert said == ["ratings of MovieLens: ml-32m.zip, the largest; not used: ml-latest-small, ml-1m"]


def test_a_release_that_cannot_be_linked_is_not_passed_over_without_a_word(tmp_path: Path) -> None:
    release(tmp_path / "movielens", "ml-1m", DOTTED)
    said: list[str] = []
    assert sources.ratings(Settings(data_dir=tmp_path, offline=True), progress=said.append) is None
    (sentence,) = said
    assert "ml-1m" in sentence
    assert "no links.csv" in sentence
    with pytest.raises(DataError, match=r"no links\.csv"):
        movielens.read_ratings(tmp_path / "movielens" / "ml-1m")


def test_an_unpacked_release_takes_precedence_over_its_archive(tmp_path: Path) -> None:
    path = release(tmp_path, "ml-25m", HEADED)
    release(tmp_path, "ml-25m", HEADED, zipped=True)
    assert [found.path for found in movielens_layouts.find([tmp_path])] == [path]


@pytest.mark.parametrize("content", ["user,item,stars\n1,1,1\n", "", "\x00\x01"])
def test_other_files_of_the_same_name_are_not_releases(tmp_path: Path, content: str) -> None:
    release(tmp_path, "other", {"ratings.csv": content, "links.csv": LINKS})
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    assert movielens_layouts.find([tmp_path, tmp_path / "nowhere"]) == []


@pytest.mark.parametrize("row", ["7::1", "7::x::4::20", "7::1::9::20", "7::1::4::"])
def test_an_invalid_row_without_header_is_reported_by_its_number(tmp_path: Path, row: str) -> None:
    release(tmp_path, "later", {"links.csv": LINKS})
    path = release(tmp_path, "ml-1m", {"ratings.dat": f"7::1::4::20\n{row}\n"})
    found = movielens.read_ratings(path)
    assert len(found.users) == 1
    assert [(bad.file, bad.row) for bad in found.skipped] == [("ratings.dat", 2)]


def test_ratings_are_read_in_few_bytes_a_row(tmp_path: Path) -> None:
    """32 million of them need some gigabytes; as Python objects they would need ten."""
    count = 60_000
    rows = "".join(f"{n},{n % 2 + 1},4.0,{n}\n" for n in range(1, count + 1))
    path = release(tmp_path, "ml-32m", {**HEADED, "ratings.csv": "userId,movieId,rating,timestamp\n" + rows})
    movielens.read_ratings(path)
    tracemalloc.start()
    found = movielens.read_ratings(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.users) == count
    assert most / count < 150
    assert found.stars.dtype == np.float32


def test_imdb_ids_are_read_from_an_archive_and_from_a_later_release(tmp_path: Path) -> None:
    release(tmp_path / "movielens", "ml-25m", HEADED, zipped=True)
    assert imdb_ids.read(Settings(data_dir=tmp_path)).movies == {114709: (862,), 113497: (8844,)}


def test_a_catalogue_of_imdb_has_imdbs_ids_and_no_ratings_of_movielens(tmp_path: Path) -> None:
    """They are linked to TMDB: IMDb's and TMDB's numbers are different movies."""
    (tmp_path / "title.basics.tsv").write_text("tconst\ttitleType\n", encoding="utf-8")
    release(tmp_path / "movielens", "ml-25m", {**HEADED, "tags.csv": "userId,movieId,tag,timestamp\n1,1,toys,9\n"})
    settings, said = Settings(data_dir=tmp_path, offline=True), list[str]()
    assert sources.ratings(settings, progress=said.append) is None
    assert "linked to TMDB" in said[0]
    assert sources.tags(settings) == ()
    ids = imdb_ids.read(settings)
    assert ids.movies.get(114709, ()) == (114709,)
    assert not ids.contradict(114709, ids.movies[114709][0])
