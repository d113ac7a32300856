"""The pure parts of the measurements: figures by hand, halves, names, copies, and the generated tables."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks import metrics, names, quality, queries, report, results, summary, synthetic_catalogue
from benchmarks.queries import Wanted
from core.types import CastMember, FacetValue, Hit, Mode, Movie, MovieId, Page, SearchRequest, Suggestion

MOST_LINES = 12
"""The maximum number of lines of a table in the README, with its head."""
RANKS = [1, 3, None, 12, 200]
MEASURED = {
    "machine": {"cores": 2, "memory_gb": 8, "python": "3.11.9"},
    "catalogue": {"name": "TMDB 5000", "films": 4803},
    "left_out": ["Elasticsearch, because ELASTICSEARCH_URL is not set."],
    "quality": {"embedded": {"netflix": {"hybrid": {"all": {"recall@10": 0.9298}}}}},
    "speed": {"embedded": {"one_client_ms": {"p50": 13.0, "p95": 20.0, "p99": 25.0}}},
    "memory": {"embedded": {"pss_mb": 250.4, "rss_mb": 300.0, "processes": 2}},
}


class TinyIndex:
    """A search that returns the same movies for every text, page by page."""

    def __init__(self, count: int) -> None:
        self.movies = [
            Movie(MovieId(number), f"Long film {number}", directors=("Ida Rahn",)) for number in range(1, count + 1)
        ]

    def run(self, request: SearchRequest) -> Page:
        """Return the requested page."""
        here = self.movies[request.offset : request.offset + request.size]
        return Page(
            request, len(self.movies), tuple(Hit(movie, 1.0) for movie in here), {"genre": (FacetValue("x", 1),)}
        )

    def suggest(self, text: str, *, limit: int = 8) -> list[Suggestion]:
        """Return the first movies for any text."""
        assert text
        return [Suggestion("movie", movie.title, movie.id) for movie in self.movies[:limit]]


def test_recall_counts_the_movies_within_the_depth() -> None:
    assert metrics.recall(RANKS, 1) == pytest.approx(1 / 5)
    assert metrics.recall(RANKS, 10) == pytest.approx(2 / 5)
    assert metrics.recall(RANKS, 100) == pytest.approx(3 / 5)


def test_a_miss_adds_nothing_to_the_mean_reciprocal_rank() -> None:
    assert metrics.mrr([1, 4, None, 2]) == pytest.approx((1 + 0.25 + 0 + 0.5) / 4)


def test_without_queries_there_are_no_figures() -> None:
    assert np.isnan(metrics.recall([], 10))
    assert np.isnan(metrics.mrr([]))


def test_the_interval_contains_the_recall_and_is_reproducible() -> None:
    ranks = [1] * 70 + [None] * 30
    low, high = metrics.interval(ranks, 10)
    assert (low, high) == metrics.interval(ranks, 10)
    # The standard error of a share of .7 among 100 is .046; 1.96 of it on either side.
    assert low == pytest.approx(0.61, abs=0.02)
    assert high == pytest.approx(0.79, abs=0.02)


def test_the_halves_are_disjoint_and_complete() -> None:
    tuning, reporting = metrics.halves(range(7))
    assert (tuning, reporting) == ([0, 2, 4, 6], [1, 3, 5])


def test_percentiles_are_interpolated() -> None:
    assert metrics.percentiles([float(n) for n in range(101)]) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}


def test_only_clean_queries_are_used() -> None:
    lines = [
        {"query": "clean", "tmdb_id": 1, "title_in_query": False, "overview_overlap": 0.49},
        {"query": "names the film", "tmdb_id": 2, "title_in_query": True, "overview_overlap": 0.0},
        {"query": "copied", "tmdb_id": 3, "title_in_query": False, "overview_overlap": 0.5},
    ]
    assert queries.read("\n".join(map(json.dumps, lines)) + "\n") == [Wanted("clean", 1)]


@pytest.mark.parametrize(("movie", "expected"), [(1, 1), (100, 100), (101, 101), (250, 250), (251, None)])
def test_the_rank_is_searched_page_by_page_until_the_results_end(movie: int, expected: int | None) -> None:
    assert quality.rank(TinyIndex(250), Wanted("anything", movie), Mode.HYBRID) == expected


def test_no_page_beyond_the_deepest_rank_is_read() -> None:
    assert quality.rank(TinyIndex(1_200), Wanted("anything", 1_000), Mode.HYBRID) == 1_000
    assert quality.rank(TinyIndex(1_200), Wanted("anything", 1_001), Mode.HYBRID) is None


def test_the_figures_of_a_set_are_over_all_queries_and_each_half() -> None:
    figures = quality.figures([1, None, 2, None])
    assert figures["queries"] == 4
    assert (figures["all"]["recall@10"], figures["tuning"]["recall@10"], figures["reporting"]["recall@10"]) == (
        0.5,
        1,
        0,
    )


@pytest.mark.parametrize("count", [0, 1, 6, 7])
def test_ranks_from_two_processes_are_merged_in_the_order_of_the_queries(count: int) -> None:
    ranks = list(range(1, count + 1))
    assert quality.merge(*metrics.halves(ranks)) == ranks


def test_a_sample_is_spread_over_the_whole_catalogue() -> None:
    assert names.spread(range(10), 4) == [0, 2, 5, 7]
    assert names.spread(range(3), 4) == [0, 1, 2]


def test_a_typo_changes_one_letter_but_the_first() -> None:
    wrong = names.with_typo("the godf")
    differing = [place for place, letters in enumerate(zip("the godf", wrong, strict=True)) if len(set(letters)) == 2]
    assert len(differing) == 1
    assert differing[0] > 0


def test_people_with_few_movies_are_not_searched_for() -> None:
    movies = [
        Movie(MovieId(n), f"Film {n}", directors=("Ida Rahn",), cast=(CastMember(f"Extra {n}"),)) for n in range(1, 7)
    ]
    assert names.filmographies(movies) == {"Ida Rahn": 6}


def test_names_count_as_right_if_the_search_finds_them() -> None:
    index = TinyIndex(8)
    found = names.ask(index, index.movies)
    assert found["title_first"] == pytest.approx(1 / 8, abs=0.001)
    assert found["person_first_10"] == 1.0
    assert found["prefix_suggested"] == 1.0


def test_a_movie_with_the_same_title_counts_as_right() -> None:
    index = TinyIndex(8)
    twins = [dataclasses.replace(movie, id=MovieId(movie.id + 100), title="LONG FILM 1") for movie in index.movies]
    assert names.ask(index, twins)["title_first"] == 1.0


def test_copies_are_reproducible_and_have_unique_ids() -> None:
    originals = [
        Movie(MovieId(n), f"Film {n}", overview="one two three four", directors=("Al B",)) for n in range(1, 4)
    ]
    many = synthetic_catalogue.Copies(originals, 10)
    assert list(many) == list(synthetic_catalogue.Copies(originals, 10))
    assert len({movie.id for movie in many}) == 10
    assert many[:3] == originals
    assert len(many[5].overview.split()) == 4


def test_jittered_vectors_are_unit_rows_near_their_movie() -> None:
    vectors = np.eye(3, 384, dtype=np.float32)
    rows = synthetic_catalogue.jitter(vectors, 9)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    cosines = (rows[3:] * vectors[np.arange(3, 9) % 3]).sum(axis=1)
    assert np.all((cosines > 0.8) & (cosines < 0.92))


def test_a_missed_target_is_marked_and_a_met_one_is_ok() -> None:
    table = report.headline(MEASURED)
    rows = {line.split("|")[1].strip(): line for line in table.splitlines() if line.startswith("|")}
    assert "0.9298 MISSED" in rows["recall@10, hybrid, netflix"]
    assert "13.0 MISSED" in rows["search over HTTP, synopsis, p50 ms"]
    assert "250 ok" in rows["serving memory, MB"]


def test_what_was_not_measured_is_reported_and_has_no_row() -> None:
    table = report.headline(MEASURED)
    assert "Not measured: Elasticsearch, because ELASTICSEARCH_URL is not set." in table
    assert "disney_plus" not in table


def test_figures_of_another_machine_are_dropped(tmp_path: Path) -> None:
    file = tmp_path / "search.json"
    file.write_text(json.dumps(MEASURED), encoding="utf-8")
    merged = results.save({"encoder": {"model": "x"}}, file)
    assert set(merged) == {"machine", "encoder"}
    assert set(results.save({"memory": {}}, file)) == {"machine", "encoder", "memory"}


def test_tables_are_written_between_their_marks_and_nowhere_else(tmp_path: Path) -> None:
    readme, page, scaling = (tmp_path / name for name in ("README.md", "benchmarks.md", "scaling.md"))
    file = tmp_path / "search.json"
    measured = {name: MEASURED[name] for name in ("machine", "catalogue", "memory")}
    short, long = results.readme_tables(measured), results.document_tables(measured)
    assert (set(short), set(long)) == (
        {"good", "fast"},
        {"bench", "chaos", "details", "fuzz", "jobs", "similar", "taste", "training", "web"},
    )
    pages = {readme: short, page: long, scaling: results.scaling_tables()}
    for document, tables in pages.items():
        marks = "Between\n".join(f"<!-- {mark} -->\nREPLACED\n<!-- /{mark} -->\n" for mark in tables)
        document.write_text(f"# Before\n{marks}After\n", encoding="utf-8")
    file.write_text(json.dumps(measured), encoding="utf-8")
    results.update_documents(readme, page, file, scaling)
    for document, tables in pages.items():
        text = document.read_text(encoding="utf-8")
        assert {mark: results.embedded_table(text, mark=mark) for mark in tables} == tables
        assert text.startswith("# Before\n")
        assert text.endswith("After\n")
        assert text.count("Between\n") == max(0, len(tables) - 1)
        assert "REPLACED" not in text
    assert "Memory after 200 searches" in page.read_text(encoding="utf-8")


def test_a_readme_without_marks_is_rejected() -> None:
    with pytest.raises(SystemExit, match="bench"):
        results.embed("# No marks", "table")


@pytest.mark.parametrize(
    ("document", "tables"),
    [(results.README, results.readme_tables), (results.DOCUMENT, results.document_tables)],
    ids=("README.md", "docs/benchmarks.md"),
)
def test_a_document_shows_the_latest_measurements(
    document: Path, tables: Callable[[Mapping[str, object]], dict[str, str]]
) -> None:
    text, expected = document.read_text(encoding="utf-8"), tables(results.load())
    assert {mark: results.embedded_table(text, mark=mark) for mark in expected} == expected


def test_the_tables_of_the_readme_are_short_and_omit_what_was_not_measured() -> None:
    tables = results.readme_tables(results.load())
    assert max(len(table.splitlines()) for table in tables.values()) <= MOST_LINES
    without = summary.Measurements(MEASURED, {}, {}, {})
    assert "| 0.930 " in summary.good(without)
    assert "Disney" not in summary.good(without)
    assert [line.split("|")[1].strip() for line in summary.fast(without).splitlines()[2:]] == ["memory of the server"]


def test_every_figure_names_the_command_that_prints_it() -> None:
    table = report.headline(
        {**MEASURED, "requests": {"embedded": {"own": {"held-out": {"mean": 0.95}}}}}, commands=True
    )
    row = next(line for line in table.splitlines() if "requests, mean share" in line)
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "requests, mean share right",
        ".41",
        "≥ 0.92",
        "0.950 ok",
        "–",
        "`python -m benchmarks requests`",
    ]


def test_the_results_contain_no_machine_name_and_no_folder() -> None:
    assert set(results.describe_machine()) == {"cores", "memory_gb", "python"}
    for file in (results.FILE, results.TASTE, results.USERS):
        assert "/tmp" not in file.read_text(encoding="utf-8")  # noqa: S108
