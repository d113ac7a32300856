"""The stored results, and the tables that are generated from them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import report, summary
from benchmarks.capacity import report as capacity_report
from benchmarks.chaos import report as chaos_report
from benchmarks.fuzzing import report as fuzz_report
from benchmarks.jobs import report as jobs_report
from benchmarks.similar import command as similar_command
from benchmarks.taste import report as taste_report
from benchmarks.training_scale import report as training_report
from benchmarks.users import report as users_report
from benchmarks.web import report as web_report

FILE = Path(__file__).parent / "results" / "search.json"
README = Path(__file__).parents[1] / "README.md"
DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
SCALING = DOCUMENT.with_name("scaling.md")
CAPACITY_MARK = "capacity"
"""The mark of the tables in docs/scaling.md."""
TASTE, USERS = FILE.with_name("taste.json"), FILE.with_name("users.json")
JOBS, CHAOS, FUZZ = (FILE.with_name(name) for name in ("jobs.json", "chaos.json", "fuzz.json"))
SIMILAR, WEB = FILE.with_name("similar.json"), FILE.with_name("web.json")
TRAINING, CAPACITY = FILE.with_name("training.json"), FILE.with_name("capacity.json")
GOOD_MARK, FAST_MARK = "good", "fast"
"""The marks of the README's tables."""
SEARCH_MARK, DETAILS_MARK, TASTE_MARK, JOBS_MARK = "bench", "details", "taste", "jobs"
CHAOS_MARK, FUZZ_MARK, SIMILAR_MARK, WEB_MARK, TRAINING_MARK = "chaos", "fuzz", "similar", "web", "training"
"""The marks of the tables in docs/benchmarks.md. A table is between its marks: `<!-- bench -->` … `<!-- /bench -->`."""

Results = dict[str, Any]


def load(file: Path = FILE) -> Results:
    """Load the last results; empty if there are none."""
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def save(fresh: Mapping[str, Any], file: Path = FILE) -> Results:
    """Merge new parts into the stored ones; drop those of another machine, which are not comparable."""
    machine = describe_machine()
    older = load(file)
    kept = older if older.get("machine") == machine else {}
    merged = {**kept, "machine": machine, **fresh}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(merged, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return merged


def describe_machine() -> dict[str, Any]:
    """Return the properties of the machine that affect figures, without its name."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9),
        "python": platform.python_version(),
    }


def update_documents(
    readme: Path = README, document: Path = DOCUMENT, file: Path = FILE, scaling: Path = SCALING
) -> None:
    """Write every table between its marks in the documents.

    Raises:
        SystemExit: a document has no marks, or there are no results of search.
    """
    measured = load(file)
    if not measured:
        raise SystemExit("there are no results yet; run `make bench-search`")
    pages = ((readme, readme_tables(measured)), (document, document_tables(measured)), (scaling, scaling_tables()))
    for page, tables in pages:
        text = page.read_text(encoding="utf-8")
        for mark, content in tables.items():
            text = embed(text, content, mark=mark)
        page.write_text(text, encoding="utf-8")


def readme_tables(search: Results) -> dict[str, str]:
    """Return the short tables of the README by their marks."""
    measured = summary.Measurements(search, load(TASTE), load(USERS), load(JOBS))
    return {GOOD_MARK: summary.good(measured), FAST_MARK: summary.fast(measured)}


def document_tables(search: Results) -> dict[str, str]:
    """Return the long tables of docs/benchmarks.md by their marks; parts without results are omitted."""
    tables = {SEARCH_MARK: report.headline(search, commands=True), DETAILS_MARK: report.details(search)}
    if TASTE.exists() and USERS.exists():
        tables[TASTE_MARK] = "\n\n".join((taste_report.headline(load(TASTE)), users_report.headline(load(USERS))))
    if JOBS.exists():
        tables[JOBS_MARK] = jobs_report.headline(load(JOBS))
    if CHAOS.exists():
        tables[CHAOS_MARK] = chaos_report.headline(load(CHAOS))
    if FUZZ.exists():
        tables[FUZZ_MARK] = fuzz_report.headline(load(FUZZ))
    if SIMILAR.exists():
        tables[SIMILAR_MARK] = similar_command.tables(load(SIMILAR))
    if WEB.exists():
        tables[WEB_MARK] = web_report.headline(load(WEB))
    if TRAINING.exists():
        tables[TRAINING_MARK] = training_report.headline(load(TRAINING))
    return tables


def scaling_tables() -> dict[str, str]:
    """Return the tables of docs/scaling.md by their marks."""
    return {CAPACITY_MARK: capacity_report.headline(load(CAPACITY))} if CAPACITY.exists() else {}


def embed(text: str, table: str, *, mark: str = SEARCH_MARK) -> str:
    """Return `text` with `table` between its marks."""
    opening, closing = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, begin, rest = text.partition(opening)
    _, end, after = rest.partition(closing)
    if not begin or not end:
        raise SystemExit(f"the document has no marks {opening} … {closing}")
    return f"{before}{opening}\n{table}\n{closing}{after}"


def embedded_table(text: str, *, mark: str = SEARCH_MARK) -> str:
    """Return the table between the marks of `text`."""
    return text.partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0].strip("\n")
