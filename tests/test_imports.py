"""Imports go one way: model <- language <- catalog, store <- steps <- engine <- serve; wiring and testing see all."""

import ast
from pathlib import Path

import longlist

ROOT = Path(longlist.__file__).parent
STEPS = {"plan", "discover", "enrich", "grade", "tables"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "together": {"errors"},
    "model": {"model"},
    "language": {"language", "model", "errors"},
    "catalog": {"catalog", "language", "model", "errors"},
    "store": {"store", "language", "model", "errors"},
    "web": {"web", "language", "model", "errors"},
    "llm": {"llm", "language", "model", "errors"},
    "plan": {"plan", "llm", "language", "model", "errors"},
    "discover": {"discover", "together", "web", "llm", "catalog", "language", "model", "errors"},
    "enrich": {"enrich", "together", "web", "llm", "catalog", "language", "model", "errors"},
    "grade": {"grade", "llm", "language", "model", "errors"},
    "tables": {"tables", "web", "llm", "language", "model", "errors"},
    "engine": STEPS | {"engine", "together", "catalog", "store", "language", "model", "errors", "web", "llm"},
    "settings": {"model", "errors"},
    "serve": {"serve", "wiring", "settings", "engine", "plan", "catalog", "store", "language", "model", "errors"},
}
FREE = {"wiring", "testing", "__init__"}
ENVIRONMENT_READERS = {"settings.py"}


def modules() -> list[tuple[str, Path, ast.Module]]:
    return [
        (path.relative_to(ROOT).parts[0].removesuffix(".py"), path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {parts[1] for name in names if len(parts := name.split(".")) > 1 and parts[0] == "longlist"}


def test_every_part_imports_only_what_lies_below_it():
    wrong = [
        f"{path.relative_to(ROOT)} imports {', '.join(sorted(bad))}"
        for part, path, tree in modules()
        if part not in FREE and (bad := imported(tree) - ALLOWED[part])
    ]
    assert wrong == []


def test_the_model_needs_the_standard_library_alone():
    allowed = {"longlist", "collections", "dataclasses", "datetime", "typing", "math", "re", "hashlib"}
    for part, path, tree in modules():
        if part == "model":
            for node in ast.walk(tree):
                module = node.module if isinstance(node, ast.ImportFrom) else None
                assert module is None or module.split(".")[0] in allowed, f"{path.name} imports {module}"


def test_only_settings_reads_the_environment():
    readers = {
        path.name
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers <= ENVIRONMENT_READERS


def test_print_belongs_to_the_command_line():
    printers = {
        path.name
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert all(name.startswith("cli") for name in printers)
