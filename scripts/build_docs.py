"""Writes what follows from the code: parts of README and docs (commands, settings, sources, …), and docs/openapi.json.

    python scripts/build_docs.py            # write them anew
    python scripts/build_docs.py --check    # write nothing, exit 1 when one is stale

A part stands between `<!-- generated: NAME -->` and `<!-- /generated -->`; everything else in a page is written by hand.
Output depends on the code alone: fixed width, fixed date, no terminal, no environment.
"""

import argparse
import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import cast, get_args

import typer.main
from typer.testing import CliRunner

from longlist import errors
from longlist.catalog.fields import FIELDS
from longlist.catalog.index import CompanyIndex
from longlist.discover.registry import SOURCES, Resources
from longlist.language.gazetteer import gazetteer
from longlist.language.vocabulary import FUNDING_STAGES, IMPLIES, MODELS, STATUSES
from longlist.model.plan import Constraint, ConstraintField
from longlist.plan.planner import as_json
from longlist.plan.rule_planner import RulePlanner
from longlist.serve import cli
from longlist.serve.http.app import describe as describe_api
from longlist.serve.session import Interrupted
from longlist.settings import describe
from longlist.web.providers.registry import ABOUTS

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 92  # columns of the help texts
TODAY = date(2026, 7, 1)  # the date that ages are counted from in examples
BLOCK = re.compile(r"(?P<head><!-- generated: (?P<name>[\w-]+) -->\n).*?(?P<tail><!-- /generated -->)", re.DOTALL)

TREE_COLUMN = 27
GIST = 84  # characters: the longest line of the tree's right side
FOLDERS = {  # folders of the package that hold no modules
    "data": "tables of countries, regions, states, cities",
    "migrations": "what changed in the tables, version by version",
}
TOP = {
    "tests/": "one folder a part, as in src; no network, warnings are errors",
    "evals/": "labelled queries, and what ranking and grading are worth on them",
    "benchmarks/": "speed and memory",
    "scripts/": "what writes files of this repository",
    "docs/": "pages; demo.svg is the picture above, openapi.json describes the HTTP API",
    ".ci/run": "what has to pass on a clean clone",
    "Makefile": "all commands; `make` lists them",
    "pyproject.toml": "the package, what it needs, how it is checked",
    "requirements.txt": "exact versions to run with",
    "requirements-dev.txt": "the same, with what tests and checks need",
    "requirements-data.txt": "the catalogue's data packages",
    "requirements-models.txt": "the small language model that tests talk to",
    "CHANGELOG.md": "what changed, for users",
    "LICENSE": "Apache-2.0",
    "README.md": "what it is, and how to begin",
}
LISTED = ("evals/", "benchmarks/", "scripts/", "docs/")  # shown file by file

Command = tuple[tuple[str, ...], str]

FIELD_DOCS: dict[ConstraintField, tuple[str, str, str]] = {
    "country": ("in, not_in", "English country names", "Where the company has its seat"),
    "region": ("in, not_in", "regions, states and areas, see below", "The same, for anything larger or smaller"),
    "city": ("in, not_in", "city names", "The same, for cities"),
    "employees": ("min, max", "people", "Head-count of the company itself"),
    "founded": ("min, max", "a year", "Year of founding"),
    "status": ("in, not_in", ", ".join(STATUSES), "Whether it is in business, was bought, or is gone"),
    "business_model": ("in, not_in", "see below", "What kind of business it is"),
    "listed": ("in, not_in", "true, false", "Whether its shares trade on an exchange"),
    "funding_stage": ("in, not_in", "see below", "Its latest round"),
    "funding_amount": ("min, max", "US dollars", "Money raised in all"),
    "industry": ("in, not_in", "the words of the query", "Only where a query says “in the … industry”"),
}

# One phrase for each vague word; what it means is asked of the planner, not written down here.
VAGUE = (
    "one-person companies",
    "tiny companies",
    "small companies",
    "boutique studios",
    "SMEs",
    "mid-sized companies",
    "large companies",
    "giant companies",
    "companies with around 200 employees",
    "companies with 200 employees",
    "recently founded companies",
    "young companies",
    "companies founded in the last 3 years",
    "long-established companies",
    "decades-old companies",
    "century-old companies",
    "early-stage companies",
    "late-stage companies",
    "companies at Series B or later",
    "scaleups",
    "bootstrapped companies",
    "public companies",
    "private companies",
    "independent companies",
    "defunct companies",
    "companies that were acquired",
)
WHOLE_QUERIES = (
    "small German software vendors for dentists, not agencies",
    "Software for small German dentists",
    "logistics companies in the Nordics or DACH with 50 to 500 people",
    "publicly traded mining companies outside Australia founded before 1990",
    "chip makers in Texas that raised more than $20M",
    "profitable toy makers with ISO 9001",
)
PLAN_EXAMPLE = "young payroll software vendors in DACH with up to 200 people, not agencies"


def commands() -> list[Command]:
    """Every command as (path, help text), in the order of the command line."""

    def walk(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, (*path, name))

    runner = CliRunner()
    found: list[Command] = []
    for path in walk(typer.main.get_command(cli.app), ()):
        shown = runner.invoke(cli.app, [*path, "--help"], terminal_width=WIDTH, prog_name="longlist")
        if shown.exit_code:
            raise SystemExit(f"`longlist {' '.join(path)} --help` failed: {shown.output}")
        found.append((path, "\n".join(line.rstrip() for line in shown.output.strip().splitlines())))
    return found


def sources() -> list[tuple[str, str]]:
    """Every source of our own by name, with what it is."""
    nothing = Resources(index=cast(CompanyIndex, None), home=Path())  # sources open what they need when asked
    return [(name, build(nothing).about.description) for name, build in SOURCES.items()]


def exit_codes() -> list[tuple[int, str]]:
    """Every exit code with its meaning, as the command line's own help tells them; SystemExit when one is missing."""
    told = " ".join((cli.app.info.epilog or "").split()).removeprefix("Exit codes: ").rstrip(".")
    codes = [(int(number), what) for number, what in re.findall(r"(\d+) (.+?)(?:; (?=\d)|$)", told)]
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.LonglistError)]
    used = {0, cli.UNPROVEN, cli.ILL, Interrupted.exit_code, *(kind.exit_code for kind in kinds)}
    if used != {number for number, _ in codes}:
        raise SystemExit(f"The help tells other exit codes than there are: {sorted(used)}")
    return codes


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _commands() -> str:
    parts = []
    for path, text in commands():
        title = " ".join(("longlist", *path))
        parts.append(f"{'##' if len(path) < 2 else '###'} {title}\n\n```text\n{text}\n```")
    return "\n\n".join(parts)


def _settings() -> str:
    return table(
        ("Variable", "In the file", "Default", "What it does"),
        (
            (
                f"`{s.variable}`",
                f"`{s.name}`" if s.name else "–",
                f"`{s.default}`" if s.default else "",
                s.doc + (" Secret." if s.is_secret else ""),
            )
            for s in describe()
        ),
    )


def _sources() -> str:
    return table(("Source", "What it is"), ((f"`{name}`", f"{what}.") for name, what in sources()))


def _providers() -> str:
    rows = []
    for about in ABOUTS.values():
        source = f" ([{about.price_date}]({about.price_url}))" if about.price_url else ""
        limits = [f"{about.a_second:g} a second" if about.a_second else "", f"{about.at_once} at once"]
        what = ", ".join(about.kinds)
        needs = f"`{about.wanted}`" if about.wanted else "nothing"
        kept = ", ".join(part for part in limits if part)
        terms = " ".join(
            part for part in (about.policy, f"Attribution: {about.attribution}." if about.attribution else "") if part
        )
        rows.append((f"`{about.name}` {about.title}", what, needs, f"{about.price}{source}", kept, terms))
    return table(("Provider", "For", "Needs", "Price", "We keep to", "Its terms"), rows)


def _exit_codes() -> str:
    return table(("Code", "Meaning"), ((str(code), f"{what[:1].upper()}{what[1:]}") for code, what in exit_codes()))


def _import_fields() -> str:
    return ", ".join(f"`{name}`" for name in FIELDS)


def _constraint_fields() -> str:
    missing = set(get_args(ConstraintField)) ^ set(FIELD_DOCS)
    if missing:
        raise SystemExit(f"FIELD_DOCS and ConstraintField differ: {', '.join(sorted(missing))}")
    return table(
        ("Field", "Ops", "Values", "What it is about"),
        ((f"`{name}`", *FIELD_DOCS[name]) for name in get_args(ConstraintField)),
    )


def _said(constraints: Sequence[Constraint]) -> str:
    def value(constraint: Constraint) -> str:
        given = constraint.value
        return json.dumps(list(given) if isinstance(given, tuple) else given, ensure_ascii=False)

    return "; ".join(f"`{c.field} {c.op} {value(c)}`" for c in constraints) or "nothing"


def _vague_words() -> str:
    planner = RulePlanner(today=lambda: TODAY)
    return table(
        ("Words", "Understood as"), ((phrase, _said(planner.understand(phrase).constraints)) for phrase in VAGUE)
    )


def _whole_queries() -> str:
    planner = RulePlanner(today=lambda: TODAY)

    def rows() -> Iterator[tuple[str, ...]]:
        for query in WHOLE_QUERIES:
            plan = planner.understand(query)
            yield (
                query,
                plan.query.positive or "–",
                plan.query.negative or "–",
                _said(plan.constraints),
                ", ".join(plan.query.not_understood) or "–",
            )

    return table(("Query", "Look for", "Leave out", "Conditions", "Not understood"), rows())


def _plan_example() -> str:
    plan = as_json(RulePlanner(today=lambda: TODAY).understand(PLAN_EXAMPLE))
    text = json.dumps(plan, ensure_ascii=False, indent=2)
    text = re.sub(r"\[\s+(\"[^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r"\s*\n\s*", " ", m[1]) + "]", text)
    text = re.sub(r"\{\s+([^{}]*?)\s+\}", lambda m: "{ " + re.sub(r"\s*\n\s*", " ", m[1]) + " }", text)
    return f"```json\n{text}\n```"


def _business_models() -> str:
    return "\n".join(
        f"- `{name}`"
        + (f" (also counts as {', '.join(f'`{other}`' for other in IMPLIES[name])})" if name in IMPLIES else "")
        for name in MODELS
    )


def _funding_stages() -> str:
    return "In order: " + ", ".join(f"`{stage}`" for stage in FUNDING_STAGES) + "."


def _regions() -> str:
    known = gazetteer()
    areas = sorted({e.name for entries in known.index.values() for e in entries if e.kind == "area"})
    states = {e.countries for entries in known.index.values() for e in entries if e.kind == "state"}
    return "\n".join(
        (
            "- Sets of countries, with how many: "
            + ", ".join(f"{name} ({len(codes)})" for name, codes in sorted(known.regions.items())),
            f"- Areas inside a country: {', '.join(areas)}",
            f"- States and provinces of {', '.join(sorted(name for names in states for name in names))}",
        )
    )


def _line(path: str, indent: int, what: str) -> str:
    return f"{'  ' * indent + path:<{TREE_COLUMN}}{what}".rstrip()


def _gist(file: Path) -> str:
    """The first sentence of a module's docstring, cut at a comma or colon where it is long."""
    doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    first = re.split(r"(?<=[\w)`\"])\. (?=[A-Z])", doc.split("\n")[0])[0].rstrip(".")
    if len(first) <= GIST:
        return first
    cuts = [first[: at.start()] for at in re.finditer(r"[,:;](?= )| \(", first) if at.start() <= GIST]
    whole = [cut for cut in cuts if cut.count("(") == cut.count(")") and cut.count('"') % 2 == 0]
    return whole[-1] if whole else first


def _tree() -> str:
    """Every module with what its docstring says, and what else is at the top; SystemExit for a top entry not described."""
    lines: list[str] = []

    def walk(folder: Path, indent: int) -> None:
        inside = sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name))
        for path in inside:
            if path.is_dir() and (path / "__init__.py").exists():
                lines.append(_line(f"{path.name}/", indent, _gist(path / "__init__.py")))
                walk(path, indent + 1)
            elif path.is_dir() and path.name in FOLDERS:
                lines.append(_line(f"{path.name}/", indent, FOLDERS[path.name]))
            elif path.suffix == ".py" and path.name != "__init__.py":
                lines.append(_line(path.name, indent, _gist(path)))

    lines.append(_line("src/longlist/", 0, _gist(ROOT / "src" / "longlist" / "__init__.py")))
    walk(ROOT / "src" / "longlist", 1)
    for name, what in TOP.items():
        lines.append(_line(name, 0, what))
        if (ROOT / name).is_dir():
            files = sorted((ROOT / name).glob("*.py" if name != "docs/" else "*.md"))
            if name in LISTED:
                lines += [_line(f.name, 1, _gist(f) if f.suffix == ".py" else _heading(f)) for f in files]
    return "```text\n" + "\n".join(lines) + "\n```"


def _packages() -> str:
    """The packages and what else is at the top, a line each."""
    package = ROOT / "src" / "longlist"
    folders = sorted(path for path in package.iterdir() if (path / "__init__.py").exists())
    lines = [_line("src/longlist/", 0, _gist(package / "__init__.py"))]
    lines += [_line(f"{path.name}/", 1, _gist(path / "__init__.py")) for path in folders]
    lines += [_line(name, 0, what) for name, what in TOP.items() if name.endswith("/")]
    return "```text\n" + "\n".join(lines) + "\n```"


def _heading(page: Path) -> str:
    return page.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ")


def _routes() -> str:
    """Every route of the API, with the first sentence of what it does."""
    lines = ["| Call | What it does |", "| --- | --- |"]
    for path, operations in describe_api()["paths"].items():
        for method, operation in operations.items():
            gist = operation["description"].split(". ")[0].split("\n")[0].rstrip(".")
            older = " *(older form)*" if operation.get("deprecated") else ""
            lines.append(f"| `{method.upper()} {path.replace(':path', '')}` | {gist}{older} |")
    return "\n".join(lines)


PARTS: dict[str, Callable[[], str]] = {
    "commands": _commands,
    "settings": _settings,
    "sources": _sources,
    "providers": _providers,
    "exit-codes": _exit_codes,
    "import-fields": _import_fields,
    "constraint-fields": _constraint_fields,
    "vague-words": _vague_words,
    "whole-queries": _whole_queries,
    "plan-example": _plan_example,
    "business-models": _business_models,
    "funding-stages": _funding_stages,
    "regions": _regions,
    "tree": _tree,
    "packages": _packages,
    "routes": _routes,
}


def _openapi() -> str:
    return json.dumps(describe_api(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


FILES: dict[Path, Callable[[], str]] = {ROOT / "docs" / "openapi.json": _openapi}
"""The files that are generated as a whole."""


def pages() -> list[Path]:
    """The pages that may have generated parts."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def built(text: str) -> str:
    """A page with its generated parts as they should be; SystemExit names a part nobody knows."""

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in PARTS:
            raise SystemExit(f"There is no generated part called {name}; there are: {', '.join(PARTS)}.")
        return f"{match['head']}\n{PARTS[name]()}\n\n{match['tail']}"

    return BLOCK.sub(part, text)


def stale() -> dict[Path, str]:
    """The files that are not what the code says, with the text they should have."""
    found: dict[Path, str] = {}
    for file, make in FILES.items():
        if not file.exists() or file.read_text(encoding="utf-8") != make():
            found[file] = make()
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (wanted := built(text)) != text:
            found[page] = wanted
    return found


def main() -> int:
    """Write, or with --check only compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    only_check = parser.parse_args().check
    behind = stale()
    for page, text in behind.items():
        if not only_check:
            page.write_text(text, encoding="utf-8")
        print(f"{'stale' if only_check else 'written'}: {page.relative_to(ROOT)}")
    if behind and only_check:
        print("Run `make docs` and commit what it wrote.", file=sys.stderr)
    return 1 if behind and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
