"""`longlist catalog import` and what follows from it, end to end."""

import gzip
import json
import random
import time
from pathlib import Path

import pytest

import processes

MINE = """Firm,Homepage,What they do,Staff,Founded,Country
Fass & Söhne,https://www.fass-soehne.de/,We brew craft beer in our own brewery and sell it in bottles.,12,1998,Germany
Hopfenwerk,hopfenwerk.at,A brewery making craft beer from mountain hops.,35,2012,Austria
Bootslack,bootslack.de,Paint for wooden boats.,8,1975,Germany
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of rejected lines go to the test's own folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def own(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory for own lists alone: nothing embedded, so that everything is quick."""
    monkeypatch.setenv("LONGLIST_EMBEDDED_CATALOG", "false")
    return home


def file(data: str | bytes, name: str = "mine.csv") -> str:
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def domains(cli) -> set[str]:
    return {company["domain"] for company in cli("catalog", "search", "beer brewery paint boat", "--json").json}


def test_a_list_is_previewed_imported_and_searched(cli, own):
    answer = cli("catalog", "import", file(MINE), "--yes")
    assert answer.code == 0
    shown = " ".join(answer.err.split())
    assert "mine.csv: csv, utf-8" in shown
    for column, field in (("Firm", "name"), ("Homepage", "website"), ("What they do", "description")):
        assert f"{column} {field}" in shown
    assert "Set mine: 3 added, 0 changed, 0 as they were." in answer.out
    found = cli("search", "breweries that make craft beer", "-n", "2", "--json").json
    assert {result["company_website"] for result in found["results"]} == {"fass-soehne.de", "hopfenwerk.at"}
    quoted = {
        e["record"].rpartition(":")[0] for r in found["results"] for s in r["scores"].values() for e in s["evidence"]
    }
    assert quoted == {"catalog:mine"}
    assert cli("verify", "last").code == 0


def test_an_imported_company_is_merged_with_the_embedded_one_of_the_same_domain(cli, ready):
    list_ = "name,website,description\nShopify Inc.,https://shopify.com,We also sell hammocks.\n"
    before = cli("catalog", "stats", "--json").json
    assert cli("catalog", "import", file(list_), "--yes").code == 0
    after = cli("catalog", "stats", "--json").json
    assert after["companies"] == before["companies"]
    assert after["records"] == before["records"] + 1
    (first, *_) = cli("catalog", "search", "shopify.com", "--json").json
    assert (first["domain"], first["description"]) == ("shopify.com", "We also sell hammocks.")


def test_the_question_before_saving_is_answered(own):
    def asked(answer: str) -> processes.Ran:
        process = processes.start(
            "catalog", "import", file(MINE), home=own, stdin=-1, env={"LONGLIST_EMBEDDED_CATALOG": "0"}
        )
        out, err = process.communicate(answer.encode(), timeout=60)
        return processes.Ran(process.returncode, out, err)

    no, nothing, yes = asked("n\n"), asked(""), asked("\n")
    for refused in (no, nothing):
        assert refused.code == 1
        assert b"Nothing was imported. --yes imports without asking" in refused.err
    assert yes.code == 0
    assert b"3 added" in yes.out


def test_a_dry_run_saves_nothing(cli, own):
    assert cli("catalog", "import", file(MINE), "--dry-run").code == 0
    seen = cli("catalog", "import", file(MINE), "--dry-run", "--json").json
    assert seen["mapping"]["Firm"] == "name"
    assert len(seen["rows"]) == 3
    assert cli("catalog", "stats", "--json").json["records"] == 0


def test_json_says_what_was_done_and_asks_nothing(cli, own):
    data = MINE + ",,,,,\nonly words and no company,,,,,\n"
    answer = cli("catalog", "import", file(data, "My List (2).csv"), "--json")
    assert answer.json["set"] == "my-list-2"
    assert (answer.json["added"], answer.json["changed"], answer.json["unchanged"]) == (4, 0, 0) or answer.json[
        "rejected"
    ]


def test_lines_that_cannot_be_used_are_listed_with_number_and_reason(cli, own):
    data = MINE + ",,a company without a name,,,\n"
    answer = cli("catalog", "import", file(data), "--yes")
    assert answer.code == 0
    assert "1 lines could not be used; mine.csv.rejected.jsonl lists them" in answer.out
    (reject,) = map(json.loads, Path("mine.csv.rejected.jsonl").read_text().splitlines())
    assert reject["line"] == 5
    assert "name" in reject["reason"]
    assert set(reject) == {"line", "reason", "text"}
    again = cli("catalog", "import", file(data), "--yes", "--rejects", "elsewhere.jsonl", "--json").json
    assert (again["unchanged"], again["rejects"]) == (3, "elsewhere.jsonl")


def test_a_clean_import_leaves_no_file_of_rejected_lines_and_touches_none(cli, own):
    Path("mine.csv.rejected.jsonl").write_text("kept")
    assert cli("catalog", "import", file(MINE), "--yes").code == 0
    assert Path("mine.csv.rejected.jsonl").read_text() == "kept"


def test_a_file_of_rejected_lines_that_cannot_be_written_is_refused_first(cli, own):
    answer = cli("catalog", "import", file(MINE), "--yes", "--rejects", "missing/rejects.jsonl")
    assert answer.code == 2
    assert cli("catalog", "stats", "--json").json["records"] == 0


@pytest.mark.parametrize("name", ["mine.csv.gz", "mine.jsonl", "mine.jsonl.gz", "domains.txt"])
def test_every_format_is_taken(cli, own, name):
    rows = [dict(zip(MINE.splitlines()[0].split(","), line.split(","), strict=False)) for line in MINE.splitlines()[1:]]
    text = MINE if ".csv" in name else "\n".join(map(json.dumps, rows))
    if name == "domains.txt":
        text = "fass-soehne.de\nhopfenwerk.at\nbootslack.de\n"
    data = gzip.compress(text.encode()) if name.endswith(".gz") else text.encode()
    assert cli("catalog", "import", file(data, name), "--yes").code == 0
    assert cli("catalog", "stats", "--json").json["with_domain"] == 3


def test_columns_nobody_could_guess_are_mapped_by_hand(cli, own):
    data = "spalte1,spalte2\nFass & Söhne,fass-soehne.de\n"
    refused = cli("catalog", "import", file(data), "--yes")
    assert refused.code == 6
    assert "--map COLUMN=name" in refused.err
    assert cli("catalog", "import", file(data), "--yes", "--map", "spalte1=name", "--map", "spalte2=website").code == 0
    assert domains(cli) == {"fass-soehne.de"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--map", "Firm"], "COLUMN=FIELD"),
        (["--map", "Firm=nonsense"], "'nonsense', which does not exist"),
        (["--map", "Nope=name"], "which the file does not have"),
        (["--as", "Not A Name"], "cannot name a set"),
        (["--as", "wappalyzer"], "cannot name a set"),
    ],
)
def test_wrong_options_are_refused_and_nothing_is_saved(cli, own, args, words):
    answer = cli("catalog", "import", file(MINE), "--yes", *args)
    assert answer.code == 2
    assert words in answer.err
    assert cli("catalog", "stats", "--json").json["records"] == 0


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.csv", "is empty"),
        (b" \n\n \n", "blank.csv", "nothing but blanks"),
        (b"\x00\x01\x02\x03" * 500, "noise.csv", ""),
        (b"PK\x03\x04" + b"x" * 500, "book.xlsx", ""),
        (b"%PDF-1.7 " + b"x" * 500, "paper.csv", ""),
        (b"\x1f\x8b" + b"x" * 100, "bad.csv.gz", ""),
        (gzip.compress(b"", mtime=0), "nothing.csv.gz", "is empty"),
        (b"a,b\n1,2\n", "columns.csv", "could be read as a company's name"),
        (b"[1, 2, 3]", "numbers.json", ""),
    ],
)
def test_files_that_are_no_list_are_refused_and_nothing_imported_before_is_lost(cli, own, data, name, words):
    assert cli("catalog", "import", file(MINE), "--yes").code == 0
    answer = cli("catalog", "import", file(data, name), "--yes")
    assert answer.code == 6
    assert words in answer.err
    assert len(answer.err) < 1000
    assert "Traceback" not in answer.err
    assert domains(cli) == {"fass-soehne.de", "hopfenwerk.at", "bootslack.de"}


@pytest.mark.parametrize("name", ["absent.csv", ".", ""])
def test_a_path_that_is_no_file_is_refused(cli, own, name):
    assert cli("catalog", "import", name, "--yes").code == 6


def test_a_file_cut_off_keeps_what_came_before_and_goes_on_when_it_is_whole(cli, own):
    chance = random.Random(5)
    rows = [f"Brewery {n},brewery{n}.de,{chance.getrandbits(200):x}" for n in range(6000)]
    whole = gzip.compress(("name,website,description\n" + "\n".join(rows)).encode())
    broken = cli("catalog", "import", file(whole[: len(whole) // 2], "list.csv.gz"), "--yes")
    assert broken.code == 6
    assert "cut off" in broken.err
    kept = cli("catalog", "stats", "--json").json["records"]
    assert 1000 < kept < 6000
    done = cli("catalog", "import", file(whole, "list.csv.gz"), "--json").json
    assert (done["added"], done["unchanged"]) == (6000 - kept, kept)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-32"])
def test_umlauts_survive_any_encoding(cli, own, encoding):
    assert cli("catalog", "import", file(MINE.encode(encoding)), "--yes").code == 0
    assert cli("catalog", "search", "fass-soehne.de", "--json").json[0]["name"] == "Fass & Söhne"


def test_hostile_values_are_data_and_nothing_else(cli, own):
    hostile = [
        {"name": "=cmd|' /C calc'!A0", "website": "evil1.de", "description": "brewery beer"},
        {
            "name": "\u001b[31mRed Brewery\u001b[0m\u0007",
            "website": "evil2.de",
            "description": "brewery beer \u202egnp.exe",
        },
        {
            "name": "[bold]Brewery[/bold]",
            "website": "evil3.de",
            "description": "<script>alert(1)</script> beer brewery",
        },
        {
            "name": "Robert'); DROP TABLE record;--",
            "website": "evil4.de",
            "description": "beer brewery " + "x" * 200_000,
        },
        {"name": "NUL \u0000 Brewery", "website": "evil5.de", "description": "\ud800 beer brewery"},
        {"name": "../../etc/passwd", "website": "javascript:alert(1)", "description": "beer brewery"},
    ]
    assert cli("catalog", "import", file("\n".join(map(json.dumps, hostile)), "evil.jsonl"), "--yes").code == 0
    found = cli("search", "breweries that make beer", "-n", "6", "-c", "It is a brewery of beer.", "--json")
    assert found.code == 0
    shown = cli("show", "last")
    for control in ("\x1b", "\x07", "\x00", "\u202e"):
        assert control not in shown.out
    assert "[bold]Brewery[/bold]" in shown.out
    assert cli("show", "last", "-f", "csv").out.count("\n") < 500
    assert cli("verify", "last").code == 0


def test_a_set_can_be_removed_again_and_searches_follow(cli, own):
    cli("catalog", "import", file(MINE), "--yes")
    cli("catalog", "import", file("name,website\nBottle Beer,bottle.beer\n", "other.csv"), "--yes")
    assert cli("catalog", "remove", "mine", "--json").json == {"set": "mine", "removed": 3}
    assert domains(cli) == {"bottle.beer"}
    assert cli("catalog", "remove", "mine").code == 3
    assert cli("catalog", "remove", "wappalyzer").code == 2


def test_an_import_killed_at_any_moment_is_finished_by_the_same_command(tmp_path):
    rows = [f"Brewery {n},brewery{n}.de,We brew beer number {n} in our own brewery" for n in range(5000)]
    list_ = tmp_path / "big.csv"
    list_.write_text("name,website,description\n" + "\n".join(rows))
    home, env = tmp_path / "home", {"LONGLIST_EMBEDDED_CATALOG": "false"}
    processes.run("catalog", "import", file(MINE), "--yes", home=home, env=env).check()
    chance = random.Random(11)
    for _ in range(2):
        process = processes.start("catalog", "import", str(list_), "--yes", home=home, env=env, cwd=tmp_path)
        time.sleep(1.5 + chance.uniform(0, 2))
        process.kill()
        process.communicate()
        kept = json.loads(processes.run("catalog", "search", "Bootslack", "--json", home=home, env=env).check().out)
        assert kept[0]["domain"] == "bootslack.de"
    done = json.loads(
        processes.run("catalog", "import", str(list_), "--json", home=home, env=env, cwd=tmp_path).check().out
    )
    assert done["added"] + done["unchanged"] == 5000
    stats = json.loads(processes.run("catalog", "stats", "--json", home=home, env=env).check().out)
    assert stats["companies"] == 5003
    found = json.loads(processes.run("catalog", "search", "Brewery 4999", "--json", home=home, env=env).check().out)
    assert found[0]["domain"] == "brewery4999.de"


def test_looking_a_company_up_takes_name_domain_or_words(cli, ready):
    assert cli("catalog", "search", "shopify.com", "--json").json[0]["name"] == "Shopify"
    assert cli("catalog", "search", "Shopfy", "--json").json[0]["domain"] == "shopify.com"
    assert len(cli("catalog", "search", "buy now pay later", "--limit", "3", "--json").json) == 3
    assert "shopify.com" in cli("catalog", "search", "Shopify").out
    assert cli("catalog", "search", " ").code == 2
    assert cli("catalog", "search", "x", "--limit", "0").code == 2
    assert cli("catalog", "search", "𝔵" * 5000).code == 0


def test_the_catalogue_says_what_it_holds(cli, ready):
    stats = cli("catalog", "stats", "--json").json
    assert stats["companies"] > 8000
    assert set(stats["by_set"]) == {"wappalyzer", "listed"}
    shown = cli("catalog", "stats").out
    assert f"companies: {stats['companies']:,}" in shown
    assert "by set: " in shown


def test_a_damaged_index_is_built_again(cli, own):
    cli("catalog", "import", file(MINE), "--yes")
    for path in (own / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"junk")
    assert domains(cli) == {"fass-soehne.de", "hopfenwerk.at", "bootslack.de"}
    assert cli("catalog", "build", "--json").json["companies"] == 3
