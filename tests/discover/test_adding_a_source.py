"""The page that tells how to add a source, followed to the letter; and sources that packages bring along."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import longlist
import processes

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"
OWN_ONLY = {"LONGLIST_EMBEDDED_CATALOG": "false"}


def code_after(words: str) -> str:
    """The first block of code after some words of the page."""
    rest = PAGE.read_text(encoding="utf-8").partition(words)[2]
    found = re.search(r"^```\w+\n(.*?)^```", rest, re.DOTALL | re.MULTILINE)
    assert found, words
    return found[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package in which the page's steps are done."""
    package = tmp_path / "src" / "longlist"
    shutil.copytree(Path(longlist.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "discover" / "breweries.py").write_text(code_after("`src/longlist/discover/breweries.py`:"))
    registry = package / "discover" / "registry.py"
    text = registry.read_text(encoding="utf-8")
    bring, entry = (
        code_after("an import and an entry of `SOURCES`:"),
        '    "breweries": lambda resources: BreweriesSource(),\n',
    )
    assert entry in PAGE.read_text(encoding="utf-8")
    catalog = "from longlist.discover.catalog import CatalogSource\n"
    dictionary = "SOURCES: dict[str, Build] = {\n"
    assert catalog in text
    assert dictionary in text
    registry.write_text(text.replace(catalog, bring + catalog).replace(dictionary, dictionary + entry))
    return tmp_path


def test_one_file_and_one_line_make_a_source_whose_companies_are_graded_with_proof(checkout):
    env = OWN_ONLY | {"PYTHONPATH": str(checkout / "src")}
    ran = processes.run(
        "search",
        "craft beer breweries",
        "--source",
        "breweries",
        "--want",
        "2",
        "--json",
        home=checkout / "home",
        env=env,
    )
    task = json.loads(ran.check().out)
    assert [result["company_website"] for result in task["results"]] == ["hopfenwerk.at", "fjordbryggeri.no"]
    assert {result["source"] for result in task["results"]} == {"breweries"}
    for result in task["results"]:
        grades = list(result["scores"].values())
        assert all(grade["grade"] >= 4 for grade in grades)
        cited = {evidence["record"] for grade in grades for evidence in grade["evidence"]}
        assert cited == {f"breweries:{result['company_website']}"}
    assert task["source_states"] == [{"source": "breweries", "state": "found", "found": 3, "reason": None}]
    shown = processes.run("show", "last", home=checkout / "home", env=env).check().out.decode()
    assert "breweries: Hopfenwerk" in shown
    assert processes.run("verify", "last", home=checkout / "home", env=env).code == 0
    everywhere = processes.run("search", "craft beer breweries", "-n", "2", "--json", home=checkout / "home", env=env)
    states = json.loads(everywhere.check().out)["source_states"]
    assert {state["source"] for state in states if state["state"] != "left_out"} == {"breweries", "catalog"}


def test_the_test_of_the_page_passes(checkout):
    (checkout / "test_breweries.py").write_text(code_after("`tests/discover/saved/`:"))
    (checkout / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_breweries.py"]
    env = processes.environment(checkout / "home", PYTHONPATH=str(checkout / "src"))
    ran = subprocess.run(command, cwd=checkout, env=env, capture_output=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout.decode()
    assert b"2 passed" in ran.stdout


def installed(folder: Path, module: str, entry_points: str) -> dict[str, str]:
    """The environment in which a stranger's package is installed."""
    (folder / "my_breweries.py").write_text(module)
    about = folder / "my_breweries-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-breweries\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(entry_points)
    path = [str(folder), *(part for part in sys.path if part)]
    return OWN_ONLY | {"PYTHONPATH": ":".join(path)}


def entry_point() -> str:
    """The entry point of the page, as it stands in an installed package."""
    section, line = code_after("takes `Resources` and returns the source:").strip().splitlines()
    name = re.fullmatch(r'\[project\.entry-points\."(.+)"\]', section)
    target = re.fullmatch(r'(\w+) = "(.+)"', line)
    assert name
    assert target
    return f"[{name[1]}]\n{target[1]} = {target[2]}\n"


def searched(home: Path, env: dict[str, str], *args: str) -> dict:
    ran = processes.run("search", "craft beer breweries", "-n", "2", "--json", *args, home=home, env=env)
    return json.loads(ran.check().out)


def test_a_package_of_its_own_is_used_like_the_others(tmp_path):
    build = "\n\ndef build(resources):\n    return BreweriesSource()\n"
    env = installed(tmp_path, code_after("`src/longlist/discover/breweries.py`:") + build, entry_point())
    task = searched(tmp_path / "home", env)
    assert [result["company_website"] for result in task["results"]] == ["hopfenwerk.at", "fjordbryggeri.no"]
    assert searched(tmp_path / "home", env, "-s", "breweries")["num_results"] == 2


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("import no_such_module", "ModuleNotFoundError"),
        ("def other(): ...", "AttributeError"),
        ("def build(): ...", "TypeError"),
        ("def build(resources):\n    raise RuntimeError('no key is set')", "no key is set"),
        ("this is no python", "SyntaxError"),
    ],
)
def test_a_package_that_cannot_be_started_is_reported_and_ends_nothing(tmp_path, module, words):
    env = installed(tmp_path, module, entry_point())
    task = searched(tmp_path / "home", env)
    states = {state["source"]: state for state in task["source_states"]}
    assert task["status"] == "done"
    assert states["breweries"]["state"] == "unavailable"
    assert "my-breweries" in states["breweries"]["reason"]
    assert words in states["breweries"]["reason"]
    assert states["catalog"]["state"] == "nothing"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "TypeError"),
        ("raise ValueError('changed its pages')\n        yield", "changed its pages"),
        ("yield 'a text'", "gave a str in place of a Candidate"),
        ("yield Candidate('', 'x', '', '')", "without a key or a name"),
        ("yield Candidate('x', 'half \\ud800', '', '')", "holds no characters"),
        ("yield Candidate('x', 'x', '', '', score=float('nan'))", "score nan"),
    ],
)
def test_a_source_that_misbehaves_is_reported_and_ends_nothing(tmp_path, body, words):
    kind = "async def" if "yield" in body else "def"
    module = (
        "from longlist.discover.source import About\nfrom longlist.model.company import Candidate\n"
        f"class S:\n    about = About('breweries', 'web_search', '')\n    {kind} search(self, question):\n        {body}\n"
        "def build(resources):\n    return S()\n"
    )
    env = installed(tmp_path, module, entry_point())
    (state,) = [s for s in searched(tmp_path / "home", env)["source_states"] if s["source"] == "breweries"]
    assert words in state["reason"]
