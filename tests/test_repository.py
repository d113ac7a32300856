"""The repository is consistent: commands exist, links resolve, and no file depends on one machine."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "data").rglob("*.md"),
        *(ROOT / "benchmarks").rglob("*.md"),
    ]
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|home/\w+|root|Users)/")
SHARED = re.compile(r"\.\./shared/")
BINARY = {".png", ".ico", ".woff2", ".gz", ".jpg"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_command_in_the_documentation_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:`|^|\$ )make ([a-z-]+)", page.read_text(encoding="utf-8"), re.M))
    assert named <= targets


def test_the_readme_contains_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^make run\b", readme, re.M)
    assert re.search(r"^make test\b", readme, re.M)


def test_help_shows_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.M)[0].split()
    assert [line.split()[1] for line in shown.stdout.splitlines()] == phony


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_internal_link_of_the_documentation_resolves(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in inside if not _leads(page, link)] == []


def test_no_tracked_file_contains_a_path_of_one_machine() -> None:
    found = [f"{path}: {match[0]}" for path, text in _tracked() for match in MACHINE_PATHS.finditer(text)]
    found += [f"{path}: ../shared" for path, text in _tracked() if SHARED.search(text) and path != ".ci/run"]
    assert found == []


def test_every_requirement_of_setup_cfg_is_pinned() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = setup["options"]["install_requires"] + "".join(setup["options.extras_require"].values())
    names = {re.split(r"[\[<>=~!; ]", line)[0] for line in wanted.splitlines() if line.strip()}
    locked = {_canonical(line.partition("==")[0]) for line in _locked()}
    assert {_canonical(name) for name in names} <= locked


def test_every_pin_is_one_exact_public_version() -> None:
    assert [line for line in _locked() if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line)] == []
    assert "torch==2.13.0" in _locked()


def _leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in {
        _anchor(line) for line in re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.M)
    }


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _tracked() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    there = [name for name in listed if (ROOT / name).is_file() and Path(name).suffix not in BINARY]
    own = Path(__file__).relative_to(ROOT).as_posix()
    return [(name, (ROOT / name).read_text(encoding="utf-8", errors="replace")) for name in there if name != own]


def _locked() -> list[str]:
    return [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
