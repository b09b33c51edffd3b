"""`longlist tables`: made, filled, asked, run, exported; files in and out."""

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

FORMULA = '=HYPERLINK("http://evil.example","x")'
LIST = f"""\
Company,Website,Note,Staff
Zuora,https://www.zuora.com/products,good,1200
Again,zuora.com,the same,
Nobody,nobody-has-this.com,{FORMULA.replace('"', '""').join('""')},3
,,,
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    return file


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_list_becomes_a_table_and_the_same_company_is_taken_once(cli, listed) -> None:
    seen = cli("tables", "import", str(listed), "--dry-run", "--json").json
    assert seen["mapping"] == {"Company": "company", "Website": "input", "Note": "note", "Staff": "staff"}
    assert seen["new_columns"] == ["company", "note", "staff"]
    assert cli("tables", "list", "--json").json == []
    done = cli("tables", "import", str(listed), "--json", "--as", "Mine").json
    assert done["added"] == 2
    assert [(one["line"], one["value"]) for one in done["duplicates"]] == [(3, "zuora.com")]
    again = cli("tables", "import", str(listed), "--table", "mine", "--json").json
    assert (again["added"], len(again["duplicates"])) == (0, 3)
    shown = cli("tables", "show", "Mine", "--json").json
    assert [row["data"]["input"]["value"] for row in shown["rows"]] == ["zuora.com", "nobody-has-this.com"]
    assert "2 rows" in cli("tables", "show", "last").out


def test_a_mapping_says_where_columns_go(cli, listed) -> None:
    options = ("--map", "Company=input", "--map", "Website=site", "--map", "Note=ignore", "--json", "--as", "Mapped")
    cli("tables", "import", str(listed), *options)
    table = cli("tables", "show", "mapped", "--json").json
    keys = [column["config"]["key"] for column in table["columns"] if column["config"]["kind"] == "input"]
    assert keys == ["input", "site", "staff"]
    assert [row["data"]["input"]["value"] for row in table["rows"]] == ["Zuora", "Again", "Nobody"]
    wrong = cli("tables", "import", str(listed), "--map", "Nope=x", "--json")
    assert (wrong.code, "Nope" in wrong.err) == (2, True)
    produced = cli("tables", "import", str(listed), "--table", "mapped", "--map", "Company=company_name", "--yes")
    assert (produced.code, "produced" in produced.err) == (2, True)


@pytest.mark.parametrize("kind", ["jsonl", "json", "xlsx", "txt"])
def test_other_kinds_of_files_are_read_too(cli, tmp_path, kind) -> None:
    file = tmp_path / f"list.{kind}"
    rows = [{"website": "a.com", "staff": 12}, {"website": "b.com", "staff": 1.5}]
    if kind == "xlsx":
        workbook(file, ("website", "staff"), *((row["website"], row["staff"]) for row in rows))
    elif kind == "txt":
        file.write_text("a.com\nb.com\n")
    else:
        lines = [json.dumps(row) for row in rows]
        file.write_text("\n".join(lines) if kind == "jsonl" else f"[{','.join(lines)}]")
    assert cli("tables", "import", str(file), "--json").json["added"] == 2
    cells = [row["data"] for row in cli("tables", "show", "last", "--json").json["rows"]]
    assert [row["input"]["value"] for row in cells] == ["a.com", "b.com"]
    if kind != "txt":
        assert [row["staff"]["value"] for row in cells] == [12, 1.5]


def test_a_workbook_that_is_a_bomb_or_no_workbook_is_refused_unread(cli, tmp_path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 2**20))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04rubbish")
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("hello.txt", "hello")
    wide = workbook(tmp_path / "wide.xlsx", tuple(f"c{n}" for n in range(201)))
    many = workbook(tmp_path / "many.xlsx", tuple(f"c{n}" for n in range(150)), tuple(range(150)))
    for file, word in (
        (bomb, "unpack"),
        (broken, "workbook"),
        (other, "workbook"),
        (wide, "200"),
        (many, "100 columns"),
    ):
        ran = cli("tables", "import", str(file), "--yes")
        assert ran.code in (2, 6), file
        assert word in ran.err
    assert cli("tables", "list", "--json").json == []


def test_a_table_is_asked_and_run_and_what_it_says_is_proven(cli, ready, listed) -> None:
    cli("tables", "import", str(listed), "--json", "--as", "Mine")
    cli("tables", "ask", "mine", "about", "Describe what {company_name} does in one sentence.")
    cli(
        "tables",
        "ask",
        "mine",
        "model",
        "What is its business model?",
        "--as",
        "select",
        "--label",
        "SaaS",
        "--label",
        "Shop",
    )
    ran = cli("tables", "run", "mine", "--column", "about", "--column", "model", "--first", "1", "--json").json
    assert (ran["num_requested_cells"], ran["table"]["num_cells_in_progress"]) == (2, 0)
    assert cli("tables", "run", "mine", "--json").json["num_requested_cells"] == 8
    rows = cli("tables", "show", "mine", "--json").json["rows"]
    first, second = (row["data"]["about"]["value"] for row in rows)
    assert first["evidence"][0]["quote"] == first["answer"]
    assert second["answer"] == "Not found"
    checked = cli("tables", "verify", "mine", "--json")
    assert (checked.code, checked.json["failures"]) == (0, [])
    assert checked.json["checked"] >= 3
    for wrong in (
        ("ask", "mine", "a", "x", "--as", "poem"),
        ("run", "mine", "--column", "nope"),
        ("ask", "mine", "b", "{x}"),
    ):
        assert cli("tables", *wrong).code == 2
    assert cli("tables", "show", "nope").code == 3


def test_a_table_is_exported_with_numbers_as_numbers_and_formulas_as_texts(cli, ready, listed, tmp_path) -> None:
    cli("tables", "import", str(listed), "--json", "--as", "Mine")
    cli("tables", "ask", "mine", "grade", "Sells software for subscription billing.", "--as", "grade")
    cli("tables", "run", "mine", "--json")
    rows = list(csv.DictReader(io.StringIO(cli("tables", "export", "mine").out)))
    assert rows[1]["note"] == f"'{FORMULA}"
    assert rows[0]["grade"] in "12345"
    assert rows[0]["grade_quote"]
    assert rows[0]["grade_where"].startswith("catalog:")
    assert rows[1]["company_name"] == "Not found"
    for shape in ("xlsx", "json", "parquet"):
        assert cli("tables", "export", "mine", "-o", str(tmp_path / f"out.{shape}")).code == 0
    sheet = load_workbook(tmp_path / "out.xlsx").active
    head = [cell.value for cell in sheet[1]]
    grade, note = sheet.cell(2, head.index("grade") + 1), sheet.cell(3, head.index("note") + 1)
    assert (grade.data_type, grade.value) == ("n", int(rows[0]["grade"]))
    assert (note.data_type, note.value) == ("s", FORMULA)
    assert json.loads((tmp_path / "out.json").read_text())[0]["grade"] == int(rows[0]["grade"])
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").column_names == head
    assert cli("tables", "export", "mine", "-f", "xlsx").code == 2


def test_a_search_is_exported_as_parquet_too(cli, ready, tmp_path) -> None:
    cli("search", "live chat software", "-n", "2", "-o", str(tmp_path / "found.parquet"))
    read = pyarrow.parquet.read_table(tmp_path / "found.parquet").to_pydict()
    assert all(isinstance(value, int) for value in read["relevance"])
    assert cli("show", "last", "-f", "parquet").code == 2


def test_a_table_is_copied_and_deleted(cli) -> None:
    cli("tables", "create", "One", "--kind", "generic")
    assert cli("tables", "clone", "one", "--schema-only", "--json").json["name"] == "Copy of One"
    assert cli("tables", "delete", "one").code == 1
    assert cli("tables", "delete", "one", "--yes", "--json").json["deleted"] is True
    assert [one["name"] for one in cli("tables", "list", "--json").json] == ["Copy of One"]


def test_a_line_that_names_no_company_is_told_and_one_without_a_website_goes_by_its_name(cli, tmp_path):
    listed = tmp_path / "friends.csv"
    listed.write_text("Company;Web;HQ\nAcme Hotels;acmehotels.travel;Lyon\nBolt Freight;;Oslo\n;;Rome\n")
    done = cli("tables", "import", str(listed), "--json", "--as", "Friends").json
    assert done["added"] == 2
    assert [(one["line"], one["reason"].split(":")[0]) for one in done["rejected"]] == [(4, "names no company")]
    rows = cli("tables", "show", "Friends", "--json").json["rows"]
    assert [row["data"]["input"]["value"] for row in rows] == ["acmehotels.travel", "Bolt Freight"]


def test_a_table_is_shown_with_whole_words_and_says_which_columns_had_no_room(cli, tmp_path):
    listed = tmp_path / "wide.csv"
    names = [f"column_{n}" for n in range(20)]
    listed.write_text("Web," + ",".join(names) + "\nacme.com," + ",".join(["something to read"] * 20) + "\n")
    cli("tables", "import", str(listed), "--as", "Wide", "--yes")
    cli("tables", "ask", "Wide", "hq_country", "In which country is it?")
    shown = cli("tables", "show", "Wide").out
    assert "hq_country" in shown.split("Not shown here")[0]
    assert "column_0" in shown
    assert "column_19" in shown.split("Not shown here")[1]
    assert "company_profile" in shown.split("Not shown here")[1]
