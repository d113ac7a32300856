"""Catalogues of others: recognised by their files, packed or not, and read row by row."""

from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import DataError
from core.types import Movie
from data.catalogues import sources
from data.catalogues.report import Catalogue

TMDB_COLUMNS = (
    "id,title,vote_average,vote_count,status,release_date,revenue,runtime,adult,backdrop_path,budget,homepage,imdb_id,"
    "original_language,original_title,overview,popularity,poster_path,tagline,genres,production_companies,"
    "production_countries,spoken_languages,keywords"
).split(",")
TMDB_ROW = {
    "id": "19", "title": "Metropolis", "vote_average": "8.1", "vote_count": "2500", "release_date": "1927-02-06",
    "runtime": "153", "adult": "False", "original_language": "de", "original_title": "Metropolis",
    "overview": "A city of workers, and one above it.", "popularity": "20.5", "poster_path": "/m.jpg",
    "genres": "Drama, Science Fiction", "production_companies": "UFA", "production_countries": "Germany",
    "spoken_languages": "No Language, German", "keywords": "robot, dystopia",
}  # fmt: skip


def table(columns: list[str], *rows: dict[str, str], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def put(folder: Path, name: str, content: str, pack: str = "") -> Path:
    path = folder / (name + pack)
    if pack == ".gz":
        path.write_bytes(gzip.compress(content.encode()))
    elif pack == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
    else:
        path.write_text(content, encoding="utf-8")
    return path


def load(folder: Path) -> Catalogue:
    return sources.load(Settings(data_dir=folder, home=folder / "home", offline=True))


def by_id(catalogue: Catalogue) -> dict[int, Movie]:
    return {movie.id: movie for movie in catalogue.movies}


@pytest.mark.parametrize("pack", ["", ".gz", ".zip"])
def test_tmdbs_export_of_a_million_movies_is_read_packed_or_not(tmp_path: Path, pack: str) -> None:
    rows = (
        TMDB_ROW,
        {**TMDB_ROW, "id": "20", "title": "Nights", "adult": "True", "vote_count": "0", "runtime": "0"},
        {**TMDB_ROW, "title": "Metropolis again"},
        {**TMDB_ROW, "id": "21", "title": " "},
        {**TMDB_ROW, "id": "22", "release_date": "9999-01-01"},
    )
    put(tmp_path, "TMDB_movie_dataset_v11.csv", table(TMDB_COLUMNS, *rows), pack)
    catalogue = load(tmp_path)
    movie, hidden = catalogue.movies
    assert movie == Movie(
        movie.id, "Metropolis", "Metropolis", date(1927, 2, 6), 1927, "A city of workers, and one above it.",
        genres=("Drama", "Science Fiction"), keywords=("robot", "dystopia"), language="de", spoken_languages=("de",),
        countries=("Germany",), companies=("UFA",), runtime=153, vote_count=2_500, vote_average=8.1, popularity=20.5,
        poster="/m.jpg",
    )  # fmt: skip
    assert (hidden.adult, hidden.runtime, hidden.vote_average) == (True, None, None)
    assert (catalogue.source.name, catalogue.bad) == ("TMDB export", 2)
    assert [(row.row, row.column) for row in catalogue.skipped] == [(5, "title"), (6, "release_date")]
    assert "movies that occur more than once, of which the first counts: 1" in catalogue.report()


def test_all_bad_rows_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    bad = ({**TMDB_ROW, "id": str(n), "vote_count": "many"} for n in range(100, 140))
    put(tmp_path, "TMDB_movie_dataset_v11.csv", table(TMDB_COLUMNS, TMDB_ROW, *bad))
    catalogue = load(tmp_path)
    assert (catalogue.bad, len(catalogue.skipped)) == (40, 10)
    assert catalogue.report().endswith("... and 30 more rows")


def test_a_movie_of_a_large_export_takes_less_than_a_kilobyte(tmp_path: Path) -> None:
    """So that a million of them are read within 1 GB; measured: .9 GB."""
    count = 3_000
    rows = (
        {**TMDB_ROW, "id": str(n), "title": f"Film {n}", "overview": f"{n} " + "word " * 45} for n in range(1, count)
    )
    put(tmp_path, "TMDB_movie_dataset_v11.csv", table(TMDB_COLUMNS, *rows))
    load(tmp_path)  # caches and imports
    tracemalloc.start()
    catalogue = load(tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(catalogue.movies) == count - 1
    assert (most - 1_000_000) / count < 1_000  # a constant share for the reader and the fingerprint


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("id,title\n1,A\n", "column 'vote_count': the column is missing; found: id, title"),
        (",".join(TMDB_COLUMNS) + "\n", "no valid row"),
        (table(TMDB_COLUMNS, TMDB_ROW) + '20,"Unclosed' + "x" * 2_100_000, "cannot be read: field larger"),
    ],
)
def test_an_unusable_export_is_rejected_with_its_name(tmp_path: Path, content: str, fault: str) -> None:
    put(tmp_path, "TMDB_movie_dataset_v11.csv", content)
    with pytest.raises(DataError, match=r"TMDB_movie_dataset_v11\.csv") as caught:
        load(tmp_path)
    assert fault in str(caught.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b""])
def test_a_broken_archive_is_rejected(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "TMDB_movie_dataset_v11.csv.zip").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path)


def test_an_archive_of_several_files_is_rejected_unless_one_has_its_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "TMDB_movie_dataset_v11.csv.zip", "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "y")
    with pytest.raises(DataError, match="found 2 files"):
        load(tmp_path)


MOVIES_COLUMNS = (
    "adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,popularity,"
    "poster_path,production_companies,production_countries,release_date,revenue,runtime,spoken_languages,status,tagline,"
    "title,video,vote_average,vote_count"
).split(",")
MOVIES_ROW = {
    "adult": "False", "belongs_to_collection": "{'id': 10194, 'name': \"Toy's Collection\", 'poster_path': None}",
    "genres": "[{'id': 16, 'name': 'Animation'}]", "id": "862", "original_language": "en", "original_title": "Toy",
    "overview": "Toys.", "popularity": "21.9", "poster_path": "/t.jpg", "production_companies": "[]",
    "production_countries": "[{'iso_3166_1': 'US', 'name': 'United States of America'}]", "release_date": "1995-10-30",
    "runtime": "81.0", "spoken_languages": "[{'iso_639_1': 'en', 'name': 'English'}]", "title": "Toy",
    "vote_average": "7.7", "vote_count": "5415.0",
}  # fmt: skip


@pytest.mark.parametrize("pack", ["", ".zip"])
def test_the_movies_dataset_is_read_with_credits_and_keywords(tmp_path: Path, pack: str) -> None:
    broken = {**MOVIES_ROW, "id": "1997-08-20", "adult": " - Written by someone", "vote_count": ""}
    put(tmp_path, "movies_metadata.csv", table(MOVIES_COLUMNS, MOVIES_ROW, broken), pack)
    cast = "[{'cast_id': 14, 'character': \"Woody's voice\", 'gender': 2, 'name': 'Tom', 'order': 0, 'profile': None}]"
    crew = "[{'job': 'Director', 'name': 'John'}, {'job': 'Screenplay', 'name': 'Joss'}]"
    put(tmp_path, "credits.csv", table(["cast", "crew", "id"], {"cast": cast, "crew": crew, "id": "862"}), pack)
    put(tmp_path, "keywords.csv", table(["id", "keywords"], {"id": "862", "keywords": "[{'id': 1, 'name': 'toy'}]"}))
    catalogue = load(tmp_path)
    (movie,) = catalogue.movies
    assert (catalogue.source.name, catalogue.bad, catalogue.skipped[0].column) == ("The Movies Dataset", 1, "id")
    assert (movie.collection, movie.genres, movie.keywords) == ("Toy's Collection", ("Animation",), ("toy",))
    assert (movie.directors, movie.writers, movie.cast[0].character) == (("John",), ("Joss",), "Woody's voice")
    assert (movie.runtime, movie.vote_count, movie.spoken_languages) == (81, 5_415, ("en",))


def test_the_movies_dataset_needs_only_its_movies(tmp_path: Path) -> None:
    put(tmp_path, "movies_metadata.csv", table(MOVIES_COLUMNS, {**MOVIES_ROW, "adult": "True"}))
    (movie,) = load(tmp_path).movies
    assert (movie.adult, movie.cast, movie.keywords) == (True, (), ())


BASICS = [
    "tconst",
    "titleType",
    "primaryTitle",
    "originalTitle",
    "isAdult",
    "startYear",
    "endYear",
    "runtimeMinutes",
    "genres",
]


def _basics(*rows: str) -> str:
    return "\n".join(("\t".join(BASICS), *(row.replace(" | ", "\t") for row in rows), ""))


IMDB_FILES = {
    "title.basics.tsv": _basics(
        r'tt0017136 | movie | Metropolis | "Metropolis" | 0 | 1927 | \N | 153 | Drama,Sci-Fi',
        r"tt0944947 | tvSeries | Some Series | Some Series | 0 | 2011 | 2019 | 57 | Drama",
        r"tt0000002 | movie | Nights | Nights | 1 | \N | \N | \N | \N",
        r"x12 | movie | Broken | Broken | 0 | 1990 | \N | \N | \N",
    ),
    "title.ratings.tsv": "tconst\taverageRating\tnumVotes\ntt0017136\t8.2\t190000\ntt0944947\t9.2\t2000000\n",
    "title.crew.tsv": "tconst\tdirectors\twriters\ntt0017136\tnm0000485\tnm0902376,nm0000485\ntt0000002\t\\N\t\\N\n",
    "name.basics.tsv": (
        "nconst\tprimaryName\tbirthYear\nnm0000485\tFritz Lang\t1890\nnm0902376\tThea von Harbou\t1888\n"
        "nm0000001\tFred Astaire\t1899\n"
    ),
}


@pytest.mark.parametrize("pack", ["", ".gz"])
def test_imdbs_own_files_are_read_movies_only(tmp_path: Path, pack: str) -> None:
    for name, content in IMDB_FILES.items():
        put(tmp_path, name, content, pack)
    catalogue = load(tmp_path)
    found = by_id(catalogue)
    assert set(found) == {17136, 2}
    movie = found[17136]
    assert (movie.title, movie.original_title, movie.year, movie.runtime) == ("Metropolis", '"Metropolis"', 1927, 153)
    assert (movie.genres, movie.directors) == (("Drama", "Sci-Fi"), ("Fritz Lang",))
    assert movie.writers == ("Thea von Harbou", "Fritz Lang")
    assert (movie.vote_average, movie.vote_count, movie.popularity) == (8.2, 190_000, 190.0)
    assert (found[2].adult, found[2].year, found[2].genres, found[2].vote_count) == (True, None, (), 0)
    assert [(row.row, row.column) for row in catalogue.skipped] == [(5, "tconst")]


def test_imdbs_titles_alone_are_a_catalogue(tmp_path: Path) -> None:
    put(tmp_path, "title.basics.tsv", IMDB_FILES["title.basics.tsv"])
    assert by_id(load(tmp_path))[17136].directors == ()


def test_a_changed_dataset_is_noticed_without_reading_it_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, home=tmp_path / "home", offline=True)
    put(tmp_path, "TMDB_movie_dataset_v11.csv", table(TMDB_COLUMNS, TMDB_ROW))
    before = sources.peek(settings)
    assert before is not None
    assert before.content_hash == load(tmp_path).source.content_hash
    put(tmp_path, "TMDB_movie_dataset_v11.csv", table(TMDB_COLUMNS, {**TMDB_ROW, "title": "Metropol!s"}))
    after = sources.peek(settings)
    assert after is not None
    assert after.content_hash != before.content_hash
