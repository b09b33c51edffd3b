"""The pages say what is true of the code: generated parts, commands, settings, sources, words, links."""

import dataclasses
import importlib.util
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest
import typer.main

from longlist.discover.discover import discover
from longlist.discover.source import Question
from longlist.model import company, criterion, plan, task
from longlist.plan.planner import as_json
from longlist.plan.rule_planner import RulePlanner
from longlist.serve import cli
from longlist.settings import Settings, describe

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ROOT_COMMAND: Any = typer.main.get_command(cli.app)


@pytest.fixture(scope="module")
def build_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "scripts" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", text_of(page))


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(text_of(page)) if kind == language]


def shown_commands() -> Iterator[tuple[str, str]]:
    """Every command a page shows: console lines after "$ ", and code in running text that begins with our name."""
    for page in PAGES:
        for block in blocks(page, "console"):
            for line in block.splitlines():
                if line.startswith("$ "):
                    yield page.name, line[2:]
        for block in blocks(page, "sh"):
            yield from ((page.name, line) for line in block.splitlines())
        for code in re.findall(r"`([^`\n]+)`", prose(page)):
            if code.startswith(("longlist ", "make ")):
                yield page.name, code


def test_generated_parts_are_what_the_code_says(build_docs: ModuleType) -> None:
    assert [str(page.relative_to(ROOT)) for page in build_docs.stale()] == [], "run `make docs`"


def test_a_stale_part_is_noticed(build_docs: ModuleType) -> None:
    text = text_of(ROOT / "docs" / "cli.md")
    assert build_docs.built(text) == text
    assert build_docs.built(text.replace("| 130 |", "| 131 |")) == text


def test_an_unknown_part_is_named(build_docs: ModuleType) -> None:
    with pytest.raises(SystemExit, match="no generated part called nonsense"):
        build_docs.built("<!-- generated: nonsense -->\n<!-- /generated -->")


def test_every_generated_part_stands_on_a_page(build_docs: ModuleType) -> None:
    placed = {match["name"] for page in build_docs.pages() for match in build_docs.BLOCK.finditer(text_of(page))}
    assert placed == set(build_docs.PARTS)


def test_the_tree_of_files_is_the_tree_there_is() -> None:
    page = ROOT / "docs" / "architecture.md"
    (tree,) = [block for block in blocks(page, "text") if "src/longlist/" in block]
    shown: set[str] = set()
    above: list[str] = []
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        above[depth:] = [name]
        path = ROOT.joinpath(*above)
        assert path.exists(), f"{'/'.join(above)} is in the tree, but not here"
        assert len(line.split()) > 1, f"{name} is not described"
        shown.add(str(path.relative_to(ROOT)))
    modules = {str(p.relative_to(ROOT)) for p in (ROOT / "src").rglob("*.py") if p.name != "__init__.py"}
    modules = {path for path in modules if "/migrations/" not in path}
    assert modules <= shown
    tops = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and p.is_dir()}
    assert {name for name in tops if list((ROOT / name).glob("*.py"))} <= {path.split("/")[0] for path in shown}


def test_commands_shown_exist_with_their_options() -> None:
    for page, shown in shown_commands():
        words = shlex.split(shown.split(" | ")[0].split(" > ")[0].replace("…", "x"), comments=True)
        if words[0] == "make":
            for target in words[1:]:
                assert re.search(rf"^{target}:", text_of(ROOT / "Makefile"), re.MULTILINE), f"{page}: {shown}"
        elif words[0] == "longlist":
            command, rest = ROOT_COMMAND, words[1:]
            while rest and getattr(command, "commands", None):
                if rest[0].startswith("-"):
                    break
                name = rest.pop(0)
                for one in name.split("|"):  # `longlist catalog build|stats`
                    assert one in command.commands, f"{page}: {shown}: there is no command {one}"
                command = command.commands[name.split("|")[0]]
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            for word in rest:
                if re.match(r"--?[a-z]", word):
                    assert word.split("=")[0] in known, f"{page}: {shown}: there is no option {word}"


def test_some_commands_are_shown() -> None:
    shown = [command for page, command in shown_commands() if page == "README.md"]
    assert shown[:2] == ["make demo", "make test"]
    assert {"search", "plan", "show", "verify", "tasks", "resume", "catalog"} <= {
        c.split()[1] for c in shown if c.startswith("longlist ")
    }


def test_console_blocks_show_output_not_placeholders() -> None:
    for block in blocks(README, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            assert output.strip() != "…", f"the output of `{command}` is missing: run `make examples`"


def slug(heading: str) -> str:
    """The anchor GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            if target.startswith("https://"):
                continue
            path, _, anchor = target.partition("#")
            linked = (page.parent / path) if path else page
            assert linked.exists(), f"{page.name} links to {target}, which is not here"
            if anchor:
                headings = re.findall(r"^#+ (.*)$", prose(linked), re.MULTILINE)
                assert anchor in {slug(h) for h in headings}, f"{page.name} links to {target}"


def test_every_setting_is_documented() -> None:
    page = text_of(ROOT / "docs" / "settings.md")
    for setting in describe():
        assert f"`{setting.variable}`" in page


def test_every_variable_named_exists() -> None:
    known = {setting.variable for setting in describe()}
    assert {f"LONGLIST_{name.upper()}" for name in Settings.model_fields} <= known
    for page in PAGES:
        assert set(re.findall(r"LONGLIST_[A-Z_]+[A-Z]", text_of(page))) <= known, page.name


def test_every_command_is_documented(build_docs: ModuleType) -> None:
    page = text_of(ROOT / "docs" / "cli.md")
    found = build_docs.commands()
    assert len(found) > 10
    for path, text in found:
        assert f"# {' '.join(('longlist', *path))}\n" in page
        assert text in page


def test_every_source_is_documented(build_docs: ModuleType) -> None:
    for name, _ in build_docs.sources():
        assert f"| `{name}` |" in text_of(README)


async def test_the_source_that_the_pages_add_works() -> None:
    guide = ROOT / "docs" / "adding-a-source.md"
    (code,) = blocks(README, "python")
    assert code == blocks(guide, "python")[0]
    for page in (README, guide):
        assert '"breweries": lambda resources: BreweriesSource(),' in text_of(page)
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    sources = {"breweries": names["BreweriesSource"]()}
    plan_of_query = RulePlanner().understand("craft beer breweries")
    first = await discover(sources, Question(plan_of_query))
    assert len(first.candidates) == 3
    assert (await discover(sources, Question(plan_of_query, round=2))).candidates == ()


def test_every_exit_code_is_documented(build_docs: ModuleType) -> None:
    page = text_of(ROOT / "docs" / "cli.md")
    codes = [code for code, _ in build_docs.exit_codes()]
    assert codes == sorted({*range(10), 130})
    for code in codes:
        assert f"\n| {code} | " in page


def test_every_noun_is_in_the_glossary() -> None:
    page = text_of(ROOT / "docs" / "glossary.md")
    nouns = {
        name
        for module in (company, criterion, plan, task)
        for name, value in inspect.getmembers(module, inspect.isclass)
        if dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    }
    assert len(nouns) > 12
    assert {noun for noun in nouns if f"**{noun}**" not in page} == set()


def test_every_state_and_reason_is_in_the_glossary() -> None:
    page = text_of(ROOT / "docs" / "glossary.md")
    for kind in (task.TaskStatus, task.StopReason, task.SourceOutcome, company.RecordKind):
        for word in get_args(kind):
            assert f"`{word}`" in page, word


def test_every_part_of_a_plan_is_documented() -> None:
    page = text_of(ROOT / "docs" / "constraints.md")
    for key in as_json(RulePlanner().understand("banks in Peru")):
        assert f"| `{key}` |" in page
    for name in get_args(plan.ConstraintField):
        assert f"| `{name}` |" in page


def test_the_picture_is_small_and_loads_nothing() -> None:
    picture = ROOT / "docs" / "demo.svg"
    drawn = text_of(picture)
    assert len(drawn.encode()) < 150_000
    assert re.findall(r"https?://[^\"'\s)]+", drawn) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", drawn)
    words = " ".join("".join(ET.fromstring(drawn).itertext()).replace("\xa0", " ").split())
    assert "longlist search" in words
    assert "8 companies qualify" in words
