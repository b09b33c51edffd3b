import codecs
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longlist.catalog import lines
from longlist.catalog.importer import Rejection, preview, read_records
from longlist.errors import CatalogError, InvalidInput
from longlist.model.company import Employees, Place, Record


def write(tmp_path: Path, data: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(path: Path, **options) -> tuple[list[Record], list[Rejection]]:
    rejected: list[Rejection] = []
    return list(read_records(path, "mine", on_reject=rejected.append, **options)), rejected


def read_until(path: Path, words: str) -> list[Record]:
    """The records yielded before the file turns out to be damaged, for the reason `words`."""
    records: list[Record] = []
    with pytest.raises(CatalogError, match=words):
        records.extend(read_records(path, "mine", on_reject=print))
    return records


YC_LIKE = {
    "name": "Harbour Pay",
    "slug": "harbour-pay",
    "website": "https://www.harbourpay.io/?ref=x",
    "all_locations": "San Francisco, CA, USA; Remote",
    "one_liner": "Payments for small harbours",
    "long_description": "We collect berth fees.\r\n\r\nHarbours love it.",
    "team_size": 12,
    "industry": "Fintech",
    "subindustry": "Fintech -> Payments",
    "tags": ["SaaS", "Payments"],
    "batch": "Winter 2024",
    "status": "Active",
    "launched_at": 1705000000,
    "former_names": ["BerthPay"],
    "regions": ["United States of America", "Remote"],
}


def test_an_accelerator_row_becomes_a_citable_record(tmp_path):
    (record,), rejected = read(write(tmp_path, json.dumps(YC_LIKE), "list.jsonl"))
    assert not rejected
    assert record.key == "catalog:mine:harbour-pay"
    assert record.domain == "harbourpay.io"
    assert record.text.split("\n")[:4] == [
        "Harbour Pay",
        "Formerly: BerthPay",
        "Payments for small harbours",
        "We collect berth fees.",
    ]
    assert record.tags == ("Fintech", "Payments", "SaaS")
    assert record.facts.founded == 2024
    assert record.facts.employees == Employees(12, 12)
    assert record.facts.hq == Place("United States", "California", "San Francisco")
    assert record.facts.status == "active"
    assert record.facts.quotes["founded"] == "Accelerator batch: Winter 2024"
    assert all(quote in record.text.split("\n") for quote in record.facts.quotes.values())


@pytest.mark.parametrize(
    ("status", "expected", "listed"),
    [
        ("Active", "active", None),
        ("Acquired", "acquired", None),
        ("Inactive", "closed", None),
        ("Public", "active", True),
    ],
)
def test_accelerator_statuses_are_translated(tmp_path, status, expected, listed):
    (record,), _ = read(write(tmp_path, json.dumps(YC_LIKE | {"status": status}), "a.jsonl"))
    assert (record.facts.status, record.facts.listed) == (expected, listed)
    assert record.facts.quotes["status"] == f"Status: {status}"


def test_an_explicit_founding_year_in_prose_beats_the_batch_year(tmp_path):
    row = YC_LIKE | {"long_description": "Harbour Pay was founded in 2019 by sailors."}
    (record,), _ = read(write(tmp_path, json.dumps(row), "a.jsonl"))
    assert record.facts.founded == 2019
    assert record.facts.quotes["founded"] == "Harbour Pay was founded in 2019 by sailors."


def test_a_large_company_file_with_lower_case_places_is_understood(tmp_path):
    text = (
        "country,founded,id,industry,linkedin_url,locality,name,region,size,website\n"
        "united states,1998,acme-pumps,machinery,linkedin.com/company/acme,houston,acme pumps,texas,51-200,acmepumps.com\n"
    )
    (record,), rejected = read(write(tmp_path, text))
    assert not rejected
    assert record.facts.hq == Place("United States", "Texas", "Houston")
    assert record.facts.employees == Employees(51, 200)
    assert record.facts.founded == 1998
    assert record.domain == "acmepumps.com"


def test_an_older_company_file_with_estimates_is_understood(tmp_path):
    text = (
        '"","name","domain","year founded","industry","size range","locality","country","linkedin url",'
        '"current employee estimate","total employee estimate"\n'
        '5872184,"acme freight","acmefreight.com",1911.0,"logistics","51 - 200",'
        '"rotterdam, south holland, netherlands","netherlands","linkedin.com/company/acme",61,900\n'
    )
    path = write(tmp_path, text)
    (record,), _ = read(path)
    assert record.facts.hq.country == "Netherlands"
    assert record.facts.hq.city == "Rotterdam"
    assert record.facts.employees is not None
    assert record.facts.employees.bucket == "51-200"
    assert record.facts.founded == 1911
    assert "total employee estimate" in preview(path).unmapped


def test_a_plain_list_of_domains_is_enough(tmp_path):
    path = write(
        tmp_path, "# my list\nacme.com\nhttps://www.beta.co.uk/about\n\nlinkedin.com/company/x\nnot a domain\n", "l.txt"
    )
    records, rejected = read(path)
    assert preview(path).format == "domains"
    assert [record.domain for record in records] == ["acme.com", "beta.co.uk"]
    assert [entry.line for entry in rejected] == [5, 6]
    assert "linkedin.com" in rejected[0].reason


def test_preview_shows_mapping_and_first_rows_without_reading_on(tmp_path):
    rows = "".join(f"Acme {n};acme{n}.de;;Größe\n" for n in range(50))
    seen = preview(write(tmp_path, ("Firma;Webseite;Foo;Beschreibung\n" + rows).encode("cp1252")))
    assert (seen.format, seen.encoding, seen.delimiter) == ("csv", "cp1252", ";")
    assert seen.mapping == {"Firma": "name", "Webseite": "website", "Beschreibung": "description"}
    assert seen.unmapped == ("Foo",)
    assert len(seen.rows) == 5
    assert seen.rows[0] == {"name": "Acme 0", "website": "acme0.de", "description": "Größe"}


def test_a_given_mapping_overrides_the_guess(tmp_path):
    path = write(tmp_path, "x,y\nAcme,acme.com\n")
    with pytest.raises(CatalogError, match="mapping"):
        read(path)
    (record,), _ = read(path, mapping={"x": "name", "y": "website"})
    assert (record.name, record.domain) == ("Acme", "acme.com")


@pytest.mark.parametrize("mapping", [{"nope": "name"}, {"name": "nope"}])
def test_a_mapping_to_what_does_not_exist_is_refused(tmp_path, mapping):
    with pytest.raises(InvalidInput, match="nope"):
        read(write(tmp_path, "name,website\nAcme,acme.com\n"), mapping=mapping)


@pytest.mark.parametrize("name", ["", "Wappalyzer", "wappalyzer", "listed", "a:b", "a b", "../x"])
def test_a_set_name_must_be_plain_and_free(tmp_path, name):
    with pytest.raises(InvalidInput):
        read_records(write(tmp_path, "name\nAcme\n"), name, on_reject=print)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_recognised(tmp_path, encoding):
    text = "name,website,description\nCafé Zürich,zuerich.ch,Rösterei für Büros in der ganzen Schweiz\n"
    (record,), rejected = read(write(tmp_path, text.encode(encoding)))
    assert not rejected
    assert record.name == "Café Zürich"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(tmp_path, end):
    records, rejected = read(write(tmp_path, end.join(["name,website", "A,a.com", "B,b.com", ""])))
    assert [record.name for record in records] == ["A", "B"]
    assert not rejected


def test_a_line_in_another_encoding_is_read_and_said(tmp_path):
    data = "name,website\nMünchen GmbH,a.de\n".encode() + "Köln GmbH,b.de\n".encode("cp1252")
    notes: list[str] = []
    records, rejected = read(write(tmp_path, data), on_note=notes.append)
    assert [record.name for record in records] == ["München GmbH", "Köln GmbH"]
    assert not rejected
    assert "Line 3" in notes[0]


def test_bad_lines_are_reported_with_their_number_and_the_rest_is_read(tmp_path):
    data = b"name,website\nA,a.com\nB\x00,b.com\nC,c.com,x,y\n,,\n,?\nD,d.com\n"
    records, rejected = read(write(tmp_path, data))
    assert [record.name for record in records] == ["A", "D"]
    assert [entry.line for entry in rejected] == [3, 4, 6]
    assert "NUL" in rejected[0].reason
    assert "4 fields" in rejected[1].reason
    assert "no name" in rejected[2].reason


def test_a_quoted_field_may_span_lines(tmp_path):
    text = 'name,website,description\nA,a.com,"first\n\nsecond ""quoted"" line"\nB,b.com,x\n'
    records, rejected = read(write(tmp_path, text))
    assert records[0].text.split("\n")[1:3] == ["first", 'second "quoted" line']
    assert records[1].name == "B"
    assert not rejected


def test_an_unclosed_quote_costs_only_its_own_line(tmp_path):
    body = "".join(f"Company {n},c{n}.com,text\n" for n in range(3_000))
    text = 'name,website,description\nA,a.com,"never closed\n' + body
    records, rejected = read(write(tmp_path, text))
    assert len(records) == 3_000
    assert [entry.line for entry in rejected] == [2]


def test_stray_quotes_inside_a_field_are_kept(tmp_path):
    (record,), rejected = read(write(tmp_path, 'name,website,description\nA,a.com,a 5" pipe\n'))
    assert 'a 5" pipe' in record.text
    assert not rejected


def test_duplicate_and_empty_headers_get_names(tmp_path):
    seen = preview(write(tmp_path, "name,,name,website,\nA,x,B,a.com,\n"))
    assert seen.columns == ("name", "column 2", "name (2)", "website")


def test_short_rows_are_filled_up(tmp_path):
    (record,), rejected = read(write(tmp_path, "name,website,description\nA,a.com\n"))
    assert record.description == ""
    assert not rejected


def test_formulas_give_their_text_and_nothing_else(tmp_path):
    text = (
        "name,website,description\n"
        '"=HYPERLINK(""https://acme.com/x"",""Acme"")","=HYPERLINK(""https://acme.com/x"",""Acme"")",=1+cmd|x\n'
        "\"=cmd|' /C calc'!A0\",,x\n"
    )
    records, rejected = read(write(tmp_path, text))
    assert [(record.name, record.domain, record.description) for record in records] == [
        ("Acme", "acme.com", "=1+cmd|x")
    ]
    assert len(rejected) == 1


@pytest.mark.parametrize(
    "line",
    [
        "[" * 5_000,
        '{"name": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "17",
        '"text"',
        "null",
        "{",
        '{"name": "A", }',
        "{'name': 'A'}",
    ],
)
def test_bad_json_lines_are_rejected_one_by_one(tmp_path, line):
    good = json.dumps({"name": "A", "domain": "a.com"})
    records, rejected = read(write(tmp_path, f"{good}\n{line}\n{good}\n", "a.jsonl"))
    assert len(records) == 2
    assert [entry.line for entry in rejected] == [2]


def test_odd_json_values_do_no_harm(tmp_path):
    row = (
        '{"name": "A \\ud800", "domain": "a.com", "team_size": ' + "9" * 5_000 + ', "founded": NaN, "tags": [1, null, '
        '{"name": "x"}, ["y"]], "description": {"a": {"b": 1}}, "funding": 1e999, "status": true, "country": Infinity}'
    )
    (record,), rejected = read(write(tmp_path, row, "a.jsonl"))
    assert not rejected
    assert record.name == "A"
    assert record.facts.employees is None
    assert record.facts.founded is None
    assert record.text.encode()


def test_a_json_array_is_read_entry_by_entry(tmp_path):
    entries = [
        {"name": f'C {n} "[{{', "website": f"c{n}.com", "hq": {"city": "Paris", "country": "France"}} for n in range(5)
    ]
    records, rejected = read(write(tmp_path, json.dumps(entries, indent=2), "a.json"))
    assert [record.domain for record in records] == [f"c{n}.com" for n in range(5)]
    assert records[0].name == 'C 0 "[{'
    assert records[0].facts.hq.country == "France"
    assert not rejected


def test_a_json_array_that_breaks_off_keeps_what_came_before(tmp_path):
    text = json.dumps([{"name": "A"}, {"name": "B"}])[:-6]
    records = read_until(write(tmp_path, text, "a.json"), "ends inside")
    assert [record.name for record in records] == ["A"]


def test_a_truncated_gzip_keeps_what_came_before(tmp_path):
    text = "name,website\n" + "".join(f"Company {n * 7919 % 10007},c{n}.com\n" for n in range(60_000))
    packed = gzip.compress(text.encode())
    records = read_until(write(tmp_path, packed[: len(packed) // 2], "a.csv.gz"), "cut off")
    assert len(records) > 1_000


def test_a_gzip_bomb_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "_BOMB_FLOOR", 2**20)
    packed = gzip.compress(b"name\n" + (b"A" * 199 + b"\n") * 20_000)
    with pytest.raises(CatalogError, match="unpacks to more than"):
        read(write(tmp_path, packed, "a.csv.gz"))


def test_a_huge_line_is_skipped_in_bounded_memory(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as out:
        out.write(b"name,website\nA,a.com\n")
        for _ in range(50):
            out.write(b"x" * 2**20)
        out.write(b"\nB,b.com\n")
    tracemalloc.start()
    records, rejected = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [record.name for record in records] == ["A", "B"]
    assert [entry.line for entry in rejected] == [3]
    assert peak < 20 * 2**20


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n  \n", "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x89PNG\r\n", "image"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x1f\x8bnot really gzip", "gzip"),
        (b"a,b\n1,2\n", "name or website"),
        (b"PAR1junkPAR1", "Parquet"),
    ],
)
def test_files_that_are_no_list_are_refused_with_a_sentence(tmp_path, data, words):
    with pytest.raises(CatalogError, match=words):
        read(write(tmp_path, data))


def test_missing_paths_and_directories_are_refused(tmp_path):
    with pytest.raises(CatalogError, match="no file"):
        read(tmp_path / "nothing.csv")
    with pytest.raises(CatalogError, match="not a file"):
        read(tmp_path)


def test_parquet_is_read_when_pyarrow_is_there(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(arrow.table({"name": ["A", "B"], "website": ["a.com", None], "employees": [5, None]}), path)
    records, rejected = read(path)
    assert [(record.name, record.domain) for record in records] == [("A", "a.com"), ("B", "")]
    assert records[0].facts.employees == Employees(5, 5)
    assert not rejected


def test_the_same_row_gets_the_same_key_again(tmp_path):
    path = write(tmp_path, "name,country\nAcme,France\n")
    assert read(path)[0][0].key == read(path)[0][0].key


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: ("name,website\n" + text).encode("utf-8", errors="surrogatepass")),
        st.text(alphabet='ab",\n\r;{}[]:\\ \x00é=', max_size=200).map(lambda text: ("name,website\n" + text).encode()),
        st.text(alphabet='{}[]",:\\n1e ', max_size=120).map(lambda text: ('[{"name":"A"},' + text).encode()),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "hq", "x"]), inner)
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps({"name": value, "website": value, "founded": value, "tags": value}).encode()),
        st.binary(max_size=100).map(lambda data: codecs.BOM_UTF16_LE + data),
        st.binary(max_size=60).map(lambda data: gzip.compress(b"name\nA\n" + data)[:-3]),
    )
)
def test_no_file_whatever_causes_anything_but_a_clear_error(tmp_path, data):
    path = write(tmp_path, data, "fuzz")
    try:
        records, _ = read(path)
    except CatalogError as error:
        assert str(error)  # noqa: PT017
    else:
        for record in records:
            assert record.text.encode()
            assert record.name
