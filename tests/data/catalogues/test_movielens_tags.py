"""MovieLens tags and the tag genome, mapped to TMDB movies."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import DataError
from core.types import MovieId
from data.catalogues import movielens, movielens_tags

LINKS = "movieId,imdbId,tmdbId\n1,0114709,862\n2,0113497,8844\n3,0000000,\n"


def release(folder: Path, name: str = "ml-latest-small", **files: str) -> Path:
    """Write a release below `folder`; files by name without suffix, `_` for `-`, rows separated by spaces."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / movielens.LINKS).write_text(LINKS, encoding="utf-8")
    for file, rows in files.items():
        (place / f"{file.replace('_', '-')}.csv").write_text(rows, encoding="utf-8")
    return folder


def tags(*rows: str) -> str:
    return "\n".join(("userId,movieId,tag,timestamp", *rows)) + "\n"


def scores(*rows: str) -> str:
    return "\n".join(("movieId,tagId,relevance", *rows)) + "\n"


def read(folder: Path, wanted: set[int] | None = None) -> movielens_tags.Tagged:
    return movielens_tags.read(movielens_tags.files([folder]), wanted or {862, 8844})


def test_tags_of_users_are_ordered_by_use(tmp_path: Path) -> None:
    rows = tags("1,1,toys,9", "2,1,Pixar,9", "3,1,pixar ,9", "3,2,jungle,9", "3,3,unlinked,9", "3,77,unknown,9")
    assert read(release(tmp_path, tags=rows)).tags == {862: ("pixar", "toys"), 8844: ("jungle",)}


def test_spellings_that_fold_alike_count_as_one_tag(tmp_path: Path) -> None:
    rows = tags("1,1,sci fi,9", "2,1,Sci-Fi,9", "3,1,sci-fi,9")
    assert read(release(tmp_path, tags=rows)).tags == {862: ("sci-fi",)}


def test_tags_of_movies_outside_the_catalogue_are_ignored(tmp_path: Path) -> None:
    assert read(release(tmp_path, tags=tags("1,1,toys,9", "1,2,jungle,9")), {862}).tags == {862: ("toys",)}


@pytest.mark.parametrize("tag", ["In Netflix queue", "BD-R", "Tumey's DVDs", "imdb top 250", "?!", "x" * 41])
def test_tags_that_do_not_describe_a_movie_are_omitted(tag: str) -> None:
    assert movielens_tags.normalised(tag) == ""


def test_only_the_most_used_tags_of_a_movie_are_kept(tmp_path: Path) -> None:
    every = [f"{user},1,tag {user // 2},9" for user in range(200)]
    found = read(release(tmp_path, tags=tags("7,1,tag 99,9", *every))).tags[MovieId(862)]
    assert (len(found), found[0]) == (movielens_tags.MOST, "tag 99")


def test_relevant_genome_tags_follow_those_of_users(tmp_path: Path) -> None:
    names = "tagId,tag\n1,toys\n2,talking animals\n3,noir\n4,cgi\n"
    rows = scores("1,1,0.99", "1,2,0.9", "1,3,0.79", "1,4,0.95", "2,3,0.1", "3,1,1")
    folder = release(tmp_path, "ml-25m", tags=tags("1,1,toys,9", "1,1,pixar,9"), genome_tags=names, genome_scores=rows)
    assert read(folder).tags == {862: ("pixar", "toys", "cgi", "talking animals")}


def test_tags_come_from_the_largest_release_with_tags_and_the_genome_may_come_from_another(tmp_path: Path) -> None:
    release(tmp_path, "ml-latest-small", tags=tags("1,1,small,9"))
    names = "tagId,tag\n1,cgi\n"
    release(tmp_path, "ml-25m", tags=tags("1,1,middle,9"), genome_tags=names, genome_scores=scores("1,1,1"))
    folder = release(tmp_path, "ml-32m", tags=tags("1,1,large,9"))
    found = read(folder)
    assert found.tags == {862: ("large", "cgi")}
    assert found.files == ("ml-32m/tags.csv", "ml-25m/genome-scores.csv")


def test_a_folder_without_tags_has_none(tmp_path: Path) -> None:
    assert movielens_tags.files([release(tmp_path), tmp_path / "nowhere"]) == ()
    assert movielens_tags.fingerprint(()) == ""


@pytest.mark.parametrize(
    ("row", "column"), [("1,x,toys,9", "movieId"), ("1,,toys,9", "movieId"), ("1,1, ,9", "tag"), ("1,1", "tag")]
)
def test_an_invalid_row_is_reported_and_skipped(tmp_path: Path, row: str, column: str) -> None:
    found = read(release(tmp_path, tags=tags("1,2,jungle,9", row, "1,1,toys,9")))
    assert found.tags == {862: ("toys",), 8844: ("jungle",)}
    assert ([(one.file, one.row, one.column) for one in found.skipped], found.lost) == ([("tags.csv", 3, column)], 1)
    assert "1 row skipped\n  tags.csv, row 3" in found.report()


@pytest.mark.parametrize("row", ["1,1,much", "1,1,1.2", "1,1,nan", "1,x,1", "x,1,1"])
def test_an_invalid_row_of_the_genome_is_reported_and_skipped(tmp_path: Path, row: str) -> None:
    folder = release(tmp_path, genome_tags="tagId,tag\n1,cgi\n", genome_scores=scores(row, "2,1,1"))
    assert ([one.row for one in read(folder).skipped], read(folder).tags) == ([2], {8844: ("cgi",)})


def test_the_first_invalid_rows_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    found = read(release(tmp_path, tags=tags(*["1,x,toys,9"] * 50, "1,1,toys,9")))
    assert (len(found.skipped), found.lost) == (10, 50)
    assert found.report().endswith("... and 40 more rows")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("userId,movieId,timestamp\n1,1,9\n", r"tags.csv, row 1, column 'tag': the column is missing"),
        ("", r"tags.csv, row 1, column 'movieId': the column is missing; found: none"),
        ('userId,movieId,tag,timestamp\n1,1,"toys,9\n' + "1,1,toys,9\n" * 20_000, r"tags.csv, row 2: cannot be read"),
    ],
)
def test_an_unreadable_file_is_rejected(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read(release(tmp_path, tags=content))


def test_a_row_that_is_not_utf_8_is_reported_and_skipped(tmp_path: Path) -> None:
    folder = release(tmp_path, tags=tags("1,1,toys,9"))
    with (folder / "ml-latest-small" / "tags.csv").open("ab") as file:
        file.write(b"1,1,caf\xe9,9\n")
    found = read(folder)
    assert (found.tags, [str(row) for row in found.skipped]) == (
        {862: ("toys",)},
        ["tags.csv, row 3, column 'tag': not UTF-8"],
    )


def test_another_file_has_another_fingerprint(tmp_path: Path) -> None:
    before = movielens_tags.fingerprint(movielens_tags.files([release(tmp_path, tags=tags("1,1,toys,9"))]))
    after = movielens_tags.fingerprint(
        movielens_tags.files([release(tmp_path, tags=tags("1,1,toys,9", "1,1,pixar,9"))])
    )
    assert before.startswith("ml-latest-small/tags.csv ")
    assert before != after


@pytest.mark.data
def test_the_real_tags_refer_to_tmdb(real_data: Path) -> None:
    folder = [real_data / "movielens"]
    wanted = set(movielens.read_links(folder[0] / "ml-latest-small").tmdb_ids.values())
    found = movielens_tags.read(movielens_tags.files(folder), wanted)
    assert (len(found.tags), found.lost) == (1458, 0)
    assert found.tags[MovieId(862)][:2] == ("pixar", "fun")
