"""The order of catalogue sources, and what the user is told."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.errors import DataError
from data.catalogues import kaggle, marquee_format, sources, tmdb


def nothing(_folder: Path) -> None:
    raise DataError("no network")


def never(_folder: Path) -> None:
    raise AssertionError("nothing may be downloaded here")


def unasked(_folder: Path) -> Path:
    raise AssertionError("nothing may be downloaded here")


def settings(home: Path, **given: Any) -> Settings:
    return Settings(home=home, **given)


def test_the_configured_folder_takes_precedence_over_a_download(pair: Any, tmp_path: Path) -> None:
    (tmp_path / "downloads" / sources.TMDB_FOLDER).mkdir(parents=True)
    catalogue = sources.load(settings(tmp_path, data_dir=pair.write()), fetch=never)
    assert catalogue.headline == "TMDB 5000: 1 movie, 0 rows skipped (MARQUEE_DATA_DIR is set)"


def test_the_tmdb_files_may_be_in_a_subfolder(pair: Any, tmp_path: Path) -> None:
    pair.write().rename(tmp_path / sources.TMDB_FOLDER)
    catalogue = sources.load(settings(tmp_path, data_dir=tmp_path), fetch=never)
    assert catalogue.source.folder == tmp_path / sources.TMDB_FOLDER


def test_the_configured_folder_may_contain_a_custom_catalogue(tmp_path: Path) -> None:
    (tmp_path / marquee_format.TABLE).write_text("id,title\n1,Metropolis\n", encoding="utf-8")
    catalogue = sources.load(settings(tmp_path, data_dir=tmp_path), fetch=never)
    assert catalogue.headline == "own catalogue: 1 movie, 0 rows skipped (MARQUEE_DATA_DIR is set)"


def test_a_missing_configured_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="MARQUEE_DATA_DIR is not a folder; correct it or unset it"):
        sources.load(settings(tmp_path, data_dir=tmp_path / "gone"), fetch=never)


def test_a_configured_folder_without_a_catalogue_is_an_error_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"contains no catalogue: expected tmdb_5000_movies.csv .* films.jsonl, films.csv, movies_meta"
    ):
        sources.load(settings(tmp_path, data_dir=tmp_path), fetch=never)


def test_only_one_of_the_two_tmdb_files_is_an_error(pair: Any, tmp_path: Path) -> None:
    folder = pair.write()
    (folder / tmdb.CREDITS).unlink()
    with pytest.raises(DataError, match=r"tmdb_5000_credits.csv: the file is missing"):
        sources.load(settings(tmp_path, data_dir=folder), fetch=never)


def test_an_earlier_download_is_used_without_network_access(pair: Any, tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    pair.write().rename(tmp_path / "downloads" / sources.TMDB_FOLDER)
    catalogue = sources.load(settings(tmp_path), fetch=never)
    assert catalogue.source.reason == "downloaded earlier"


def test_a_download_is_read_and_found_again(pair: Any, tmp_path: Path, host: Any) -> None:
    host.files["/"] = b"hello"
    folder, said = pair.write(), []

    def fetch(target: Path) -> None:
        kaggle.fetch(target, address=host.url, get=lambda dataset: {kaggle.DATASET: str(folder)}[dataset])

    catalogue = sources.load(settings(tmp_path), fetch=fetch, progress=said.append)
    assert catalogue.source.reason == "downloaded from Kaggle"
    assert said == ["downloading TMDB 5000 from Kaggle"]
    assert sources.load(settings(tmp_path), fetch=never).movies == catalogue.movies


def test_an_unreadable_download_is_not_kept(pair: Any, tmp_path: Path, host: Any) -> None:
    host.files["/"] = b"hello"
    folder = pair.write()
    (folder / tmdb.CREDITS).write_text("oops", encoding="utf-8")
    with pytest.raises(DataError, match="the column is missing"):
        kaggle.fetch(tmp_path / "new", address=host.url, get=lambda _: str(folder))
    assert not (tmp_path / "new").exists()


def test_a_download_to_a_disk_that_cannot_be_written_reports_the_folder(pair: Any, host: Any) -> None:
    host.files["/"] = b"hello"
    folder = pair.write()
    with pytest.raises(DataError, match="cannot write"):
        kaggle.fetch(Path("/proc/nowhere/new"), address=host.url, get=lambda _: str(folder))


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_no_response_from_kaggle_counts_as_no_network(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no network"):
        kaggle.fetch(tmp_path / "new", address="http://127.0.0.1:9", get=str)


def test_a_network_that_accepts_connections_but_never_responds_counts_as_none(host: Any) -> None:
    host.files["/"] = b"hello"
    assert kaggle.reachable(host.url)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not kaggle.reachable(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.2)


def test_an_error_of_kagglehub_is_reported(tmp_path: Path, host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    host.files["/"] = b"hello"
    for proxy in ("https_proxy", "HTTPS_PROXY"):  # a closed port between kagglehub and Kaggle
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path))
    with pytest.raises(DataError, match="Kaggle does not provide the data set tmdb/tmdb-movie-metadata: "):
        kaggle.fetch(tmp_path / "new", address=host.url)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.jsonl"
    path.write_text('{"id": 1, "title": "Metropolis"}\n{"id": 2, "title": "M"}\n', encoding="utf-8")
    return path


def test_without_a_network_the_sample_is_used_and_says_why(tmp_path: Path, sample: Path) -> None:
    said: list[str] = []
    source = sources.load(settings(tmp_path), fetch=nothing, sample=sample, progress=said.append).source
    shown = "no network: showing the sample catalogue of 2 movies; set MARQUEE_DATA_DIR to a folder with your own data"
    assert (source.name, source.reason, said[-1]) == ("sample catalogue", shown, shown)


def test_offline_nothing_is_downloaded(tmp_path: Path, sample: Path) -> None:
    catalogue = sources.load(settings(tmp_path, offline=True), fetch=never, sample=sample)
    assert catalogue.source.reason.startswith("MARQUEE_OFFLINE is set: showing the sample")


def test_the_packaged_sample_is_complete(tmp_path: Path) -> None:
    catalogue = sources.load(settings(tmp_path, offline=True), fetch=never)
    assert len(catalogue.movies) >= 120
    assert catalogue.skipped == ()


def test_importing_the_package_imports_nothing_heavy() -> None:
    names = "{'pandas', 'kagglehub', 'requests', 'tqdm'}"
    modules = "data, data.catalogues.sources, data.catalogues.download, data.catalogues.movielens"
    code = f"import {modules}, sys; print({names} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_ratings_are_found_in_the_configured_folder(tmp_path: Path) -> None:
    (tmp_path / "movielens" / "ml-latest-small").mkdir(parents=True)
    given = settings(tmp_path / "home", data_dir=tmp_path)
    assert sources.ratings(given, fetch=unasked) == tmp_path / "movielens" / "ml-latest-small"


def test_ratings_are_downloaded_once_with_a_downloaded_catalogue(tmp_path: Path, pair: Any) -> None:
    given = settings(tmp_path)
    shutil.copytree(pair.write(), sources.downloads(given) / sources.TMDB_FOLDER)

    def fetch(folder: Path) -> Path:
        (folder / "ml-latest-small").mkdir()
        return folder / "ml-latest-small"

    first = sources.ratings(given, fetch=fetch)
    assert first == sources.downloads(given) / "ml-latest-small"
    assert sources.ratings(given, fetch=unasked) == first


def test_unavailable_ratings_are_reported(tmp_path: Path, pair: Any) -> None:
    given = settings(tmp_path)
    shutil.copytree(pair.write(), sources.downloads(given) / sources.TMDB_FOLDER)
    said: list[str] = []

    def fetch(_: Path) -> Path:
        raise DataError("no network")

    assert sources.ratings(given, progress=said.append, fetch=fetch) is None
    assert "no ratings: no network" in said


def test_no_ratings_are_downloaded_for_the_sample_or_offline(tmp_path: Path) -> None:
    assert sources.ratings(settings(tmp_path), fetch=unasked) is None
    assert sources.ratings(settings(tmp_path, offline=True), fetch=unasked) is None
