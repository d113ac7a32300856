"""The mapping from IMDb ids to movies: read from local files, never downloaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import Settings
from core.types import MovieId
from data.catalogues import tmdb
from data.exports import imdb_ids


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((*lines, "")), encoding="utf-8")


@pytest.mark.parametrize("place", ["movielens/ml-latest-small/links.csv", "ml-latest-small/links.csv"])
def test_movielens_links_are_found_in_the_catalogue_folder(tmp_path: Path, place: str) -> None:
    write(tmp_path / place, "movieId,imdbId,tmdbId", "1,0114709,862", "2,0113497,", "3,,8844", "4,x,7")
    assert imdb_ids.read(Settings(data_dir=tmp_path)).movies == {114709: (862,)}


@pytest.mark.parametrize("place", ["id_map.csv", "tmdb5000/id_map.csv"])
def test_an_id_map_adds_to_the_links_which_take_precedence(tmp_path: Path, place: str) -> None:
    write(tmp_path / "ml-latest-small/links.csv", "movieId,imdbId,tmdbId", "1,0114709,862")
    write(tmp_path / place, "tmdb_id,imdb_id,movielens_id", "5,tt0114709,1", "949,tt0113277,6", "0,tt1,1")
    found = imdb_ids.read(Settings(data_dir=tmp_path))
    assert found.movies == {114709: (862, 5), 113277: (949,)}
    assert (found.ids[MovieId(862)], found.ids[MovieId(5)]) == ({114709}, {114709})


def test_without_files_the_mapping_is_empty_and_nothing_is_downloaded(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for name in (tmdb.MOVIES, tmdb.CREDITS):  # a downloaded catalogue, for which a build would download MovieLens
        write(tmp_path / "downloads" / "tmdb5000" / name, "id")
    assert imdb_ids.read(settings) == imdb_ids.IdMap()
    assert not (tmp_path / "downloads" / "ml-latest-small").exists()
