"""The rule that servers of two versions may use one database: migrations only expand it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

SINCE = "0023"
"""The newest revision of the first release with this rule; older ones are not checked."""
CONTRACTION = "CONTRACTS"
"""A constant of a migration that removes what no version in use reads: a text with the version that stopped."""
REPLACEMENT = "RENAMES"
"""A constant of a migration that puts another table in the place of one: a text that says why nobody notices."""
REMOVING = frozenset({"drop_column", "drop_table", "drop_table_comment", "rename_table"})
CHECKING = frozenset({"create_unique_constraint", "create_check_constraint", "create_foreign_key"})
"""Operations on existing tables that old versions may violate."""
_STATEMENTS = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME|SET\s+NOT\s+NULL|TRUNCATE)\b", re.IGNORECASE)


def violations(source: str) -> list[str]:
    """Return what a migration does that the code of the version before may not survive, with the line."""
    tree = ast.parse(source)
    said = {_names(node) for node in tree.body}
    if CONTRACTION in said:
        return []
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached, waiting = set[str](), ["upgrade"]
    while waiting:
        reached.add(name := waiting.pop())
        waiting += [called for called in _called(functions[name]) if called in functions and called not in reached]
    faults = [fault for name in sorted(reached) for fault in _faults(functions[name])]
    return [f"line {line}: {what}" for line, what in faults if not (REPLACEMENT in said and "RENAME " in what)]


def _called(function: ast.FunctionDef) -> list[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [called.id for called in calls if isinstance(called, ast.Name)]


def _names(node: ast.stmt) -> str:
    return node.targets[0].id if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) else ""


def _faults(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _STATEMENTS.search(node.value):
            yield node.lineno, f"executes {node.value.strip()!r}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and (fault := _fault(node)):
            yield node.lineno, fault


def _fault(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in REMOVING:
        return f"{name} removes what the version before reads"
    if name in CHECKING:
        return f"{name} refuses what the version before writes"
    if name == "alter_column" and any(what in given for what in ("new_column_name", "type_")):
        return "alter_column renames a column or changes its type"
    if name == "alter_column" and _is(given.get("nullable"), False):
        return "alter_column forbids NULL, which the version before writes"
    if name == "add_column" and any(_is_required(argument) for argument in call.args):
        return "add_column without nullable=True or a server_default: the version before does not fill it"
    return ""


def _is_required(argument: ast.expr) -> bool:
    """Return whether an argument is a column that must be filled and has no default."""
    if not (isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith("Column")):
        return False
    given = {keyword.arg: keyword.value for keyword in argument.keywords}
    return _is(given.get("nullable"), False) and "server_default" not in given


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
