"""Rules that concern the whole code base."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from core import config
from core.config import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "data", "indexer", "engine", "jobs", "webapp", "marquee")
BUILD_ONLY = ("torch", "sentence_transformers", "transformers", "implicit", "pandas", "sklearn", "scipy", "kagglehub")
MAX_FILE, MAX_FUNCTION, MAX_MODULES = 400, 50, 12
BROAD = ("Exception", "BaseException")


def test_packages_import_only_what_they_may() -> None:
    ended = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    "modules",
    [
        "webapp, engine.wiring, indexer.embedded, indexer.elastic, marquee.cli, marquee.commands.server",
        "engine.catalogue.index_build",
    ],
)
def test_serving_and_checking_for_a_build_load_nothing_that_only_a_build_needs(modules: str) -> None:
    program = f"import sys, {modules}; print([name for name in {BUILD_ONLY} if name in sys.modules])"
    assert _python(program) == "[]"


def test_the_command_line_starts_without_a_model_runtime_or_a_web_framework() -> None:
    program = (
        "import sys, marquee.cli; print([n for n in ('onnxruntime', 'flask', 'tantivy', 'numpy') if n in sys.modules])"
    )
    assert _python(program) == "[]"


def test_the_server_loads_no_model_runtime_before_it_forks() -> None:
    program = "import sys, marquee.commands.server; print([n for n in ('onnxruntime', 'tantivy') if n in sys.modules])"
    assert _python(program) == "[]"


def test_there_are_no_import_cycles() -> None:
    """Imports inside functions count too, because they hide a cycle without breaking it."""
    modules = {_module(path): path for package in (*PACKAGES, "benchmarks") for path in (ROOT / package).rglob("*.py")}
    imports = {name: _imported(path, modules) - {name} for name, path in modules.items()}
    assert list(_cycles(imports)) == []


def test_the_check_finds_import_cycles(tmp_path: Path) -> None:
    sources = {
        "a": "import b",
        "b": "def later():\n    from c import thing",
        "c": "from a import name\nif other:\n    import d",
        "d": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import c\nelse:\n    import e",
        "e": "",
    }
    modules = {name: tmp_path / f"{name}.py" for name in sources}
    for name, path in modules.items():
        path.write_text(sources[name], encoding="utf-8")
    imports = {name: _imported(path, modules) for name, path in modules.items()}
    assert imports == {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set()}
    assert list(_cycles(imports)) == [["a", "b", "c"]]


def test_no_handler_catches_every_exception() -> None:
    """`except Exception` hides bugs. Only the wrapper of jobs may use it: it logs them, and the scheduler goes on.

    A handler that raises again hides nothing.
    """
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and path != ROOT / "jobs" / "run.py"
    ]
    assert broad == []


def test_files_and_functions_stay_readable() -> None:
    long = [
        f"{path.name}: {n}" for path, _ in _sources() if (n := _code_lines(path.read_text(encoding="utf-8"))) > MAX_FILE
    ]
    long += [
        f"{path.name}:{node.lineno} {node.name}: {n}"
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (n := _length(node)) > MAX_FUNCTION
    ]
    assert long == []


def test_a_folder_has_at_most_twelve_modules() -> None:
    """Migrations are exempt: they are numbered, and a published one must stay."""
    modules = Counter(path.parent.relative_to(ROOT) for path, _ in _sources() if path.name != "__init__.py")
    modules.pop(Path("data/database/migrations/versions"))
    assert {str(folder): n for folder, n in modules.items() if n > MAX_MODULES} == {}


def test_no_module_is_a_collection_of_helpers() -> None:
    vague = {"utils", "util", "helpers", "helper", "managers", "common", "misc"}
    assert [path for path, _ in _sources() if vague & {path.stem, *path.parts}] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        path.relative_to(ROOT)
        for path, _ in _sources()
        if re.search(r"\bos\.(environ|getenv)\b|from os import .*(environ|getenv)", path.read_text(encoding="utf-8"))
    ]
    # MLflow takes its options from variables only, some of them at its import.
    assert readers == [Path("core/config.py"), Path("engine/registry/mlflow_export.py")]


def test_every_setting_is_documented_with_its_variable_and_its_default() -> None:
    rows = _documented()
    assert sorted(rows) == sorted(config.variable(name) for name in Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default, meaning = rows[config.variable(name)]
        assert meaning == field.description
        if not field.default_factory:
            assert default == _shown(field.default), name


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported(path: Path, modules: Collection[str]) -> set[str]:
    """Return the modules that a module imports anywhere except for type checking."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & set(modules)
            found |= {str(node.module)} if inner - set(modules) else set()
        types_only = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        waiting += node.orelse if isinstance(node, ast.If) and types_only else ast.iter_child_nodes(node)
    return found & set(modules)


def _cycles(imports: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Yield the import cycles, each with all of its modules."""
    reached = {name: _reached(name, imports) for name in imports}
    rings = {tuple(sorted(other for other in reached[name] if name in reached[other])) for name in imports}
    yield from (list(ring) for ring in sorted(rings) if ring)


def _reached(start: str, imports: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = imports[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _python(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    named = any(node is None or (isinstance(node, ast.Name) and node.id in BROAD) for node in caught)
    raises_again = any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
    return named and not raises_again


def _code_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    documented = node.body[0] if ast.get_docstring(node) else None
    text = (documented.end_lineno or 0) - documented.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - text


def _documented() -> dict[str, tuple[str, str]]:
    """Return the rows of the tables in `docs/settings.md`: variable to default and meaning."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(MARQUEE_[A-Z_]+)` \| (.*?) \| (.*) \|$", text, re.M)
    return {variable: (default, meaning) for variable, default, meaning in rows}


def _shown(default: object) -> str:
    default = default.get_secret_value() if isinstance(default, SecretStr) else default
    if default in (None, "", ()):
        return "unset"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
