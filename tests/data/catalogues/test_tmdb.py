"""Reading the TMDB 5000 files: facts, oddities, errors."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import DataError
from core.types import CastMember
from data.catalogues import tmdb


def test_a_movie_is_read_completely(pair: Any) -> None:
    movie = pair.movie()
    assert (movie.id, movie.title, movie.original_title) == (603, "The Matrix", "The Matrix")
    assert (movie.release_date, movie.year, movie.runtime) == (date(1999, 3, 30), 1999, 136)
    assert (movie.overview, movie.tagline) == ("A hacker learns that his world is a simulation.", "Free your mind.")
    assert (movie.genres, movie.keywords) == (("Action", "Science Fiction"), ("dream world",))
    assert (movie.language, movie.spoken_languages, movie.countries) == ("en", ("en",), ("United States of America",))
    assert movie.companies == ("Village Roadshow Pictures", "Groucho II")
    assert (movie.vote_average, movie.vote_count, movie.popularity) == (7.9, 8907, 104.3)
    assert movie.cast == (CastMember("Keanu Reeves", "Neo", 0),)
    assert (movie.collection, movie.poster) == ("", "")


def test_a_file_without_production_companies_loads(pair: Any) -> None:
    row = pair.movie_row()
    del row["production_companies"]
    (movie,) = pair.load(row).movies
    assert movie.companies == ()


def test_a_movie_may_have_several_directors(pair: Any) -> None:
    assert pair.movie().directors == ("Lilly Wachowski", "Lana Wachowski")


def test_a_storyboard_artist_is_not_a_writer(pair: Any) -> None:
    assert pair.movie().writers == ("Lana Wachowski",)


def test_the_cast_is_read_in_billing_order(pair: Any) -> None:
    cast = [{"name": "A", "character": "a", "order": 1}, {"name": "B", "character": None, "order": 0}]
    (movie,) = pair.load(credits_rows=[pair.people(cast=cast)]).movies
    assert movie.cast == (CastMember("B", "", 0), CastMember("A", "a", 1))


def test_a_movie_without_cast_crew_genres_or_keywords_still_loads(pair: Any) -> None:
    credits_rows = [pair.people(cast=[], crew=[])]
    (movie,) = pair.load(pair.movie_row(genres=[], keywords=[]), credits_rows=credits_rows).movies
    assert (movie.cast, movie.directors, movie.writers, movie.genres, movie.keywords) == ((), (), (), (), ())


def test_two_movies_may_share_a_title(pair: Any) -> None:
    catalogue = pair.load(pair.movie_row(id=1255, title="The Host"), pair.movie_row(id=72710, title="The Host"))
    assert [movie.id for movie in catalogue.movies] == [1255, 72710]


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0"])
def test_a_blank_overview_is_unknown(pair: Any, blank: str) -> None:
    assert pair.movie(overview=blank, tagline=blank).overview == ""


def test_line_breaks_and_hard_spaces_become_plain_spaces(pair: Any) -> None:
    movie = pair.movie(overview="One.\r\nTwo.\rThree\u00a0and  four.\u200b", keywords=[{"name": "saving\u00a0world"}])
    assert movie.overview == "One. Two. Three and four."
    assert movie.keywords == ("saving world",)


def test_joiners_that_a_script_needs_are_kept(pair: Any) -> None:
    assert pair.movie(original_title="بچه\u200cهای آسمان").original_title == "بچه\u200cهای آسمان"


@pytest.mark.parametrize(("written", "minutes"), [("0", None), ("0.0", None), ("", None), ("90", 90), ("90.0", 90)])
def test_a_runtime_of_zero_is_unknown(pair: Any, written: str, minutes: int | None) -> None:
    assert pair.movie(runtime=written).runtime == minutes


def test_without_votes_the_mean_is_unknown(pair: Any) -> None:
    movie = pair.movie(vote_count=0, vote_average=0.0)
    assert (movie.vote_count, movie.vote_average) == (0, None)


def test_a_movie_without_a_date_has_no_year(pair: Any) -> None:
    movie = pair.movie(release_date="")
    assert (movie.release_date, movie.year) == (None, None)


def test_an_unreleased_movie_loads_like_any_other(pair: Any) -> None:
    assert pair.movie(status="Rumored").title == "The Matrix"


def test_a_language_without_a_name_is_kept_by_its_code(pair: Any) -> None:
    spoken = [{"iso_639_1": "am", "name": ""}, {"iso_639_1": "xx", "name": "No Language"}]
    assert pair.movie(spoken_languages=spoken).spoken_languages == ("am",)


def test_the_code_for_no_language_is_ignored(pair: Any) -> None:
    assert pair.movie(original_language="xx").language == ""


def test_duplicate_names_are_read_once_and_blank_ones_ignored(pair: Any) -> None:
    genres = [{"name": "Drama"}, {"name": " "}, {"name": "Drama"}]
    assert pair.movie(genres=genres).genres == ("Drama",)


@pytest.mark.parametrize(
    "written", ['{"id": 2344, "name": "The Matrix Collection"}', {"name": "The Matrix Collection"}]
)
def test_collection_and_poster_are_read_if_the_columns_exist(pair: Any, written: Any) -> None:
    movie = pair.movie(belongs_to_collection=written, poster_path="/matrix.jpg")
    assert (movie.collection, movie.poster) == ("The Matrix Collection", "/matrix.jpg")


@pytest.mark.parametrize("written", ["", "null"])
def test_a_movie_may_belong_to_no_collection(pair: Any, written: str) -> None:
    assert pair.movie(belongs_to_collection=written).collection == ""


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(pair: Any) -> None:
    folder = pair.write()
    path = folder / tmdb.MOVIES
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert tmdb.read(folder).movies[0].id == 603


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("genres", '[{"id": 28', "invalid JSON at character 10"),
        ("genres", '{"id": 28}', "expected a JSON list"),
        ("keywords", '[{"name": 5}]', "name: expected text, got 5"),
        ("belongs_to_collection", '["x"]', "expected a JSON object"),
        ("title", " ", "must not be empty"),
        ("id", "abc", "expected a whole number, got 'abc'"),
        ("id", "", "expected a TMDB id above 0"),
        ("id", "-5", "expected a TMDB id above 0"),
        ("release_date", "30.03.1999", "expected a date as YYYY-MM-DD, got '30.03.1999'"),
        ("release_date", "1999-02-30", "expected a date"),
        ("runtime", "long", "expected a number"),
        ("runtime", "-3", "above 0"),
        ("popularity", "nan", "expected a number"),
        ("vote_count", "", "the row may be truncated"),
        ("vote_average", "11", "expected 0 to 10"),
    ],
)
def test_an_invalid_row_is_reported_and_skipped(pair: Any, column: str, written: str, reason: str) -> None:
    good = {"id": 2, "belongs_to_collection": ""}
    catalogue = pair.load(pair.movie_row(**good | {"id": 1}), pair.movie_row(**good | {column: written}))
    assert [movie.id for movie in catalogue.movies] == [1]
    (skipped,) = (row for row in catalogue.skipped if row.file == tmdb.MOVIES)
    assert (skipped.row, skipped.column) == (3, column)
    assert reason in skipped.reason


def test_the_second_movie_of_an_id_is_skipped_and_the_report_names_both_rows(pair: Any) -> None:
    catalogue = pair.load(pair.movie_row(), pair.movie_row(title="The Matrix Reloaded"), credits_rows=[pair.people()])
    assert [movie.title for movie in catalogue.movies] == ["The Matrix"]
    assert str(catalogue.skipped[0]) == f"{tmdb.MOVIES}, row 3, column 'id': duplicate id 603, already in row 2"


def test_rows_are_numbered_as_in_a_spreadsheet(pair: Any) -> None:
    folder = pair.write(
        pair.movie_row(id=1, overview="two\nlines"), pair.movie_row(id=2), pair.movie_row(id=3, runtime="long")
    )
    text = (folder / tmdb.MOVIES).read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    too_long = ",".join("x" * 40)
    (folder / tmdb.MOVIES).write_text(f"{head}\n{too_long}\n\n{rest}", encoding="utf-8")
    catalogue = tmdb.read(folder)
    assert [movie.id for movie in catalogue.movies] == [1, 2]
    assert [row.row for row in catalogue.skipped] == [2, 6]
    assert "expected 17 cells, found 40" in catalogue.skipped[0].reason


def test_skipped_rows_are_reported_in_the_order_of_the_files(pair: Any) -> None:
    movies = [pair.movie_row(id=1), pair.movie_row(id=2, runtime="long"), pair.movie_row(id=3, genres="[")]
    catalogue = pair.load(*movies, credits_rows=[pair.people(movie_id=1, crew="["), pair.people(movie_id="x")])
    assert [(row.file, row.row) for row in catalogue.skipped] == [
        (tmdb.MOVIES, 3), (tmdb.MOVIES, 4), (tmdb.CREDITS, 2), (tmdb.CREDITS, 3),
    ]  # fmt: skip


def test_invalid_credits_lose_the_people_but_not_the_movie(pair: Any) -> None:
    catalogue = pair.load(credits_rows=[pair.people(cast="[oops"), pair.people(movie_id=5)])
    assert (catalogue.movies[0].title, catalogue.movies[0].cast) == ("The Matrix", ())
    assert [(row.file, row.row, row.column) for row in catalogue.skipped] == [(tmdb.CREDITS, 2, "cast")]
    assert [note.rsplit(": ", 1)[1] for note in catalogue.notes] == ["1", "1"]


@pytest.mark.parametrize("entry", [{"name": "A", "order": "first"}, {"name": ["A"]}])
def test_an_invalid_cast_is_an_invalid_row(pair: Any, entry: Any) -> None:
    catalogue = pair.load(credits_rows=[pair.people(cast=[entry])])
    assert catalogue.skipped[0].column == "cast"


def fault(folder: Path) -> DataError:
    with pytest.raises(DataError) as raised:
        tmdb.read(folder)
    return raised.value


def test_a_missing_column_is_reported(pair: Any) -> None:
    folder = pair.write()
    pair.edit(tmdb.MOVIES, ",keywords,", ",keyword,")
    error = fault(folder)
    assert (error.file, error.row, error.column) == (tmdb.MOVIES, 1, "keywords")
    assert "the column is missing" in str(error)
    assert "keyword," in str(error)


def test_a_duplicate_column_is_reported(pair: Any) -> None:
    folder = pair.write()
    pair.edit(tmdb.MOVIES, ",status,", ",title,")
    assert fault(folder).column == "title"


def test_a_file_in_another_encoding_is_rejected_at_the_first_invalid_byte(pair: Any) -> None:
    folder = pair.write(pair.movie_row(id=1, overview="two\nlines"), pair.movie_row(id=2, tagline="Amélie"))
    path = folder / tmdb.MOVIES
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    error = fault(folder)
    assert (error.file, error.row, error.column) == (str(path), 3, "tagline")
    assert "save the file as UTF-8" in str(error)


@pytest.mark.parametrize("content", ["", " \n\n"])
def test_an_empty_file_is_refused(pair: Any, content: str) -> None:
    folder = pair.write()
    (folder / tmdb.CREDITS).write_text(content, encoding="utf-8")
    assert "the file is empty" in str(fault(folder))


def test_a_file_with_only_a_header_is_rejected(pair: Any) -> None:
    folder = pair.write()
    path = folder / tmdb.MOVIES
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    assert "no rows below the header" in str(fault(folder))


@pytest.mark.parametrize("name", [tmdb.MOVIES, tmdb.CREDITS])
def test_a_missing_file_is_reported(pair: Any, name: str) -> None:
    folder = pair.write()
    (folder / name).unlink()
    assert tmdb.present(folder)
    assert str(fault(folder)) == f"{folder / name}: the file is missing"


def test_a_folder_instead_of_a_file_is_rejected(pair: Any) -> None:
    folder = pair.write()
    (folder / tmdb.CREDITS).unlink()
    (folder / tmdb.CREDITS).mkdir()
    assert "cannot be read" in str(fault(folder))


def test_an_unclosed_quotation_mark_is_reported_with_its_row(pair: Any) -> None:
    folder = pair.write(pair.movie_row(id=1), pair.movie_row(id=2, overview="two\nlines"))
    with (folder / tmdb.MOVIES).open("a", encoding="utf-8") as file:
        file.write('3,"The Matrix')
    error = fault(folder)
    assert (error.file, error.row) == (tmdb.MOVIES, 4)
    assert "unclosed quotation mark" in str(error)


def test_a_file_without_a_valid_row_is_rejected_with_the_first_error(pair: Any) -> None:
    error = fault(pair.write(pair.movie_row(id="a"), pair.movie_row(id="b"), credits_rows=[pair.people()]))
    assert (error.row, error.column) == (2, "id")
    assert "none of 2 rows is valid" in str(error)


def test_the_hash_changes_with_either_file(pair: Any) -> None:
    first = pair.load().source
    assert pair.load().source == first
    other_movie = pair.load(pair.movie_row(tagline="Wake up.")).source
    other_people = pair.load(credits_rows=[pair.people(cast=[])]).source
    assert len({first.content_hash, other_movie.content_hash, other_people.content_hash}) == 3


@pytest.mark.data
def test_all_movies_of_the_real_files_load(real_data: Path) -> None:
    catalogue = tmdb.read(real_data / "tmdb5000")
    movies = catalogue.movies
    assert (len(movies), catalogue.skipped, catalogue.notes) == (4803, (), ())
    assert catalogue.headline == "TMDB 5000: 4,803 movies, 0 rows skipped"
    assert sum(movie.runtime is None for movie in movies) == 37
    assert sum(movie.vote_average is None for movie in movies) == 62
    assert sum(not movie.overview for movie in movies) == 4
    assert sum(not movie.tagline for movie in movies) == 844
    lists = ("genres", "keywords", "cast", "directors")
    assert [sum(not getattr(movie, name) for movie in movies) for name in lists] == [28, 412, 43, 30]
    assert sum(len(movie.directors) > 1 for movie in movies) == 308
    assert sum(movie.title != movie.original_title for movie in movies) == 261
    years = [movie.year for movie in movies if movie.year is not None]
    assert (len(years), min(years), max(years)) == (4802, 1916, 2017)
    texts = [text for movie in movies for text in (movie.overview, *movie.keywords)]
    assert not [text for text in texts if "\n" in text or "\r" in text or "\u00a0" in text]


@pytest.mark.data
def test_the_real_avatar_has_cast_and_crew(real_data: Path) -> None:
    (avatar,) = (movie for movie in tmdb.read(real_data / "tmdb5000").movies if movie.id == 19995)
    assert avatar.cast[0] == CastMember("Sam Worthington", "Jake Sully", 0, "male")
    assert (avatar.directors, avatar.writers) == (("James Cameron",), ("James Cameron",))
