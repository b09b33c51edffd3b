import json
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.catalog import generations
from longlist.catalog.index import CompanyIndex, IndexEntry
from longlist.catalog.lookup import company_id, spellings
from longlist.errors import CatalogError
from longlist.language.words import terms
from longlist.model.company import Employees, Facts, Place
from longlist.model.plan import Constraint

GERMANY, FRANCE = Place(country="Germany"), Place(country="France")
ENTRIES = [
    IndexEntry(
        "krautpay.example",
        "Krautpay GmbH",
        "krautpay.example",
        "Krautpay lets shoppers pay in instalments at online shops.",
        ("Payments",),
        Facts(founded=2012, employees=Employees(51, 200), hq=GERMANY, status="active", listed=False),
        ("catalog:toy:Krautpay", "catalog:toy:Krautpay Checkout"),
    ),
    IndexEntry(
        "oliveship.example",
        "Oliveship",
        "oliveship.example",
        "Parcel tracking and returns for web shops.",
        ("Shipping",),
        Facts(founded=2020, employees=Employees(10001, None), hq=FRANCE, status="acquired", listed=True),
    ),
    IndexEntry(
        "catalog:toy:Robodig",
        "Robodig",
        "",
        "Robodig builds robots that dig tunnels.",
        ("Robotics", "Mining"),
        Facts(business_models=("hardware",), funding_stage="Series A", funding_amount=12_000_000),
        kind="product",
    ),
    IndexEntry("société.example", "Société Générale Robotique S.A.", "société.example", "", (), Facts()),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CompanyIndex:
    return CompanyIndex.build(tmp_path_factory.mktemp("index"), ENTRIES, fingerprint="toy 1")


def found(index: CompanyIndex, *texts: str, **options: object) -> list[str]:
    return [hit.key for hit in index.search(texts, **options)]  # type: ignore[arg-type]


def test_a_built_index_can_be_opened_again_and_answers_the_same(index: CompanyIndex) -> None:
    opened = CompanyIndex.open(index.folder.parent)
    assert opened is not None
    assert (len(opened), opened.fingerprint) == (4, "toy 1")
    assert opened.search(["robots", "online shops"]) == index.search(["robots", "online shops"])


def test_words_and_meaning_both_find_a_company(index: CompanyIndex) -> None:
    assert found(index, "digging robots")[0] == "catalog:toy:Robodig"
    assert found(index, "pay later at e-commerce stores")[0] == "krautpay.example"
    assert index.keys(index.text_scores(terms("tunnels"), limit=5).rows) == ["catalog:toy:Robodig"]
    assert index.keys(index.vector_scores("parcel delivery", limit=1).rows) == ["oliveship.example"]


def test_several_texts_are_fused_and_a_weight_can_silence_one(index: CompanyIndex) -> None:
    assert set(found(index, "tunnels", "parcels", limit=2)) == {"catalog:toy:Robodig", "oliveship.example"}
    assert found(index, "tunnels", "parcels", weights=[1, 0], limit=1) == ["catalog:toy:Robodig"]


def test_a_company_without_text_is_found_by_the_words_of_its_name(index: CompanyIndex) -> None:
    assert index.keys(index.text_scores(terms("robotique"), limit=5).rows) == ["société.example"]


def test_weights_of_stems_order_the_hits(index: CompanyIndex) -> None:
    heavy = {"tunnel": 5.0, "parcel": 1.0}
    assert index.keys(index.text_scores(heavy, limit=2).rows) == ["catalog:toy:Robodig", "oliveship.example"]
    light = {"tunnel": 1.0, "parcel": 5.0, "track": 0.0}
    assert index.keys(index.text_scores(light, limit=2).rows) == ["oliveship.example", "catalog:toy:Robodig"]


def test_a_rare_stem_has_a_higher_idf_than_a_common_one_and_an_unknown_one_the_highest(index: CompanyIndex) -> None:
    assert 0 < index.idf("shop") < index.idf("tunnel") < index.idf("zeppelin")


def test_of_too_many_stems_the_rare_ones_count_wherever_they_stand_in_the_alphabet(tmp_path: Path) -> None:
    common = [f"word{number}" for number in range(80)]
    entries = [IndexEntry(f"c{number}.com", "", "", " ".join(common)) for number in range(40)]
    entries += [IndexEntry("first.com", "", "", "aardvark"), IndexEntry("last.com", "", "", "zeppelin")]
    index = CompanyIndex.build(tmp_path, entries, fingerprint="")
    unknown = [f"nobody{number}" for number in range(80)]
    hits = index.text_scores([*terms(" ".join([*unknown, *common])), "aardvark", "zeppelin"], limit=50)
    assert {"first.com", "last.com"} <= set(index.keys(hits.rows))
    weights = dict.fromkeys(common, 1.0) | {"aardvark": 0.001, "zeppelin": 1.0}
    assert "first.com" not in index.keys(index.text_scores(weights, limit=50).rows)


@pytest.mark.parametrize(
    ("constraint", "kept"),
    [
        (Constraint("country", "in", ("Germany",)), {0, 2, 3}),
        (Constraint("country", "not_in", ("Germany",)), {1, 2, 3}),
        (Constraint("region", "in", ("Europe",)), {0, 1, 2, 3}),
        (Constraint("region", "in", ("Latin America",)), {2, 3}),
        (Constraint("city", "in", ("Berlin",)), {0, 2, 3}),
        (Constraint("employees", "min", 100), {0, 1, 2, 3}),
        (Constraint("employees", "min", 201), {1, 2, 3}),
        (Constraint("employees", "max", 51), {0, 2, 3}),
        (Constraint("employees", "max", 50), {2, 3}),
        (Constraint("founded", "min", 2012), {0, 1, 2, 3}),
        (Constraint("founded", "min", 2013), {1, 2, 3}),
        (Constraint("founded", "max", 2019), {0, 2, 3}),
        (Constraint("status", "in", ("active",)), {0, 2, 3}),
        (Constraint("status", "not_in", ("acquired", "closed")), {0, 2, 3}),
        (Constraint("listed", "in", (True,)), {1, 2, 3}),
        (Constraint("listed", "not_in", (True,)), {0, 2, 3}),
        (Constraint("business_model", "not_in", ("hardware",)), {0, 1, 3}),
        (Constraint("business_model", "in", ("software",)), {0, 1, 2, 3}),
        (Constraint("funding_stage", "in", ("Seed",)), {0, 1, 3}),
        (Constraint("funding_amount", "min", 20_000_000), {0, 1, 3}),
        (Constraint("industry", "in", ("Mining",)), {0, 1, 2, 3}),
    ],
)
def test_a_mask_leaves_out_only_what_a_stated_fact_contradicts(
    index: CompanyIndex, constraint: Constraint, kept: set[int]
) -> None:
    assert set(np.flatnonzero(index.mask([constraint])).tolist()) == kept


def test_constraints_of_a_mask_must_all_hold_and_bound_what_is_found(index: CompanyIndex) -> None:
    france = Constraint("country", "in", ("France",))
    assert set(found(index, "robots", "shops", mask=index.mask([france]))) >= {
        "catalog:toy:Robodig",
        "oliveship.example",
    }
    both = index.mask([france, Constraint("business_model", "not_in", ("hardware",))])
    assert not {"catalog:toy:Robodig", "krautpay.example"} & set(found(index, "robots", "shops", mask=both))
    assert found(index, "robots", mask=np.zeros(4, np.bool_)) == []


def test_a_mask_that_hides_the_best_hits_still_gives_as_many_as_were_asked_for(tmp_path: Path) -> None:
    entries = [IndexEntry(f"c{n}", f"C{n}", "", "shop " * (1 + 3000 // (n + 1))) for n in range(3000)]
    index = CompanyIndex.build(tmp_path, entries, fingerprint="")
    mask = np.zeros(3000, np.bool_)
    mask[2000:] = True
    hits = index.text_scores(["shop"], limit=100, mask=mask)
    assert len(hits) == 100
    assert hits.rows.min() >= 2000
    assert np.all(np.diff(hits.scores) <= 0)
    few = np.zeros(3000, np.bool_)
    few[[5, 2500]] = True
    assert set(index.text_scores(["shop"], limit=100, mask=few).rows.tolist()) == {5, 2500}


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("krautpay.example", "krautpay.example"),
        ("KRAUTPAY", "krautpay.example"),
        ("krautpay, g.m.b.h.", "krautpay.example"),
        ("Krautpya", "krautpay.example"),
        ("Kraut", "krautpay.example"),
        ("Kraut Pay", "krautpay.example"),
        ("krautpay checkout", "krautpay.example"),
        ("catalog:toy:Krautpay", "krautpay.example"),
        ("catalog:toy:Robodig", "catalog:toy:Robodig"),
        ("societe generale robotique", "société.example"),
        ("Olive-Ship SAS", "oliveship.example"),
    ],
)
def test_a_company_is_looked_up_by_domain_key_name_beginning_or_misspelling(
    index: CompanyIndex, asked: str, key: str
) -> None:
    assert [hit.key for hit in index.lookup(asked)][:1] == [key]


def test_a_name_nobody_has_finds_nobody(index: CompanyIndex) -> None:
    assert index.lookup("Zyxwvut") == []
    assert index.lookup("") == []


def test_an_exact_name_comes_before_a_longer_one(tmp_path: Path) -> None:
    entries = [IndexEntry(name, name, "", "") for name in ("Linear Motion", "Lineary", "Linear")]
    index = CompanyIndex.build(tmp_path, entries, fingerprint="")
    assert [hit.key for hit in index.lookup("linear")] == ["Linear", "Lineary", "Linear Motion"]


@given(st.text(max_size=60))
def test_no_text_of_a_user_raises(index: CompanyIndex, text: str) -> None:
    assert len(index.search([text])) <= len(index)
    index.lookup(text)
    index.rows([text])


@pytest.mark.parametrize(
    "text", ["\udcff\udc80 broken", 'a:b AND "c', "(((", "*", "\x00\x1f", "x" * 100_000, "好" * 5000]
)
def test_odd_texts_neither_raise_in_entries_nor_in_queries(tmp_path: Path, text: str) -> None:
    entry = IndexEntry(text, text, text, text, (text,), Facts(hq=Place(country=text)), (text,))
    index = CompanyIndex.build(tmp_path, [entry, replace(ENTRIES[0])], fingerprint=text)
    assert len(index) == 2
    index.search([text, "shops"])
    index.lookup(text)
    index.mask([Constraint("country", "in", (text,))])


def test_the_same_entries_give_the_same_order(tmp_path: Path) -> None:
    entries = [IndexEntry(f"c{n}", "Twin", "", "twins sell the same shoes") for n in range(500)]
    texts = ["shoes of twins", "the same"]
    first = CompanyIndex.build(tmp_path / "a", entries, fingerprint="").search(texts, limit=40)
    second = CompanyIndex.build(tmp_path / "b", entries, fingerprint="").search(texts, limit=40)
    assert first == second
    assert [hit.row for hit in first] == list(range(40))


def test_no_entries_make_an_index_that_finds_nothing(tmp_path: Path) -> None:
    index = CompanyIndex.build(tmp_path, [], fingerprint="empty")
    assert (len(index), index.search(["anything"]), index.lookup("anything")) == (0, [], [])
    assert len(index.upsert(ENTRIES)) == 4


def test_progress_counts_companies(tmp_path: Path) -> None:
    told: list[int] = []
    entries = [IndexEntry(str(n), str(n), "", "word") for n in range(3000)]
    CompanyIndex.build(tmp_path, entries, fingerprint="", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 3000
    assert len(told) > 1


def test_companies_can_be_added_and_replaced_and_the_old_snapshot_answers_as_before(tmp_path: Path) -> None:
    old = CompanyIndex.build(tmp_path, ENTRIES, fingerprint="toy")
    mole = IndexEntry("mole.example", "Mole", "mole.example", "Robots dig tunnels for cables.", facts=Facts(hq=FRANCE))
    moved = replace(ENTRIES[0], text="Krautpay now sells balloons.", facts=Facts(hq=FRANCE))
    new = old.upsert([mole, moved])
    assert (len(old), len(new), new.fingerprint) == (4, 5, "toy")
    assert "mole.example" in found(new, "tunnels")[:2]
    assert found(new, "balloons")[0] == "krautpay.example"
    assert found(new, "balloons").count("krautpay.example") == 1
    assert found(new, "balloons", mask=new.mask([Constraint("country", "in", ("Germany",))]))[:1] != [
        "krautpay.example"
    ]
    assert index_keys(new, "instalments") == []
    assert index_keys(old, "instalments") == ["krautpay.example"]
    assert "mole.example" not in found(old, "tunnels")
    assert new.lookup("Mole")[0].domain == "mole.example"
    opened = CompanyIndex.open(tmp_path)
    assert opened is not None
    assert found(opened, "balloons") == found(new, "balloons")


def index_keys(index: CompanyIndex, word: str) -> list[str]:
    return index.keys(index.text_scores(terms(word), limit=5).rows)


def test_a_deleted_company_is_found_no_more_by_words_meaning_or_name(tmp_path: Path) -> None:
    index = CompanyIndex.build(tmp_path, ENTRIES, fingerprint="").delete(["krautpay.example", "nobody.example"])
    assert len(index) == 3
    assert "krautpay.example" not in found(index, "instalments at online shops")
    assert "krautpay.example" not in index.keys(index.vector_scores("instalments", limit=4).rows)
    assert "krautpay.example" not in [hit.key for hit in index.lookup("krautpay")]
    assert index.rows(["krautpay.example"]) == []


def test_a_second_change_builds_on_what_another_snapshot_changed_before(tmp_path: Path) -> None:
    stale = CompanyIndex.build(tmp_path, ENTRIES[:1], fingerprint="")
    stale.upsert(ENTRIES[1:2])
    assert len(stale.upsert(ENTRIES[2:3])) == 3


def test_an_absent_folder_holds_no_index(tmp_path: Path) -> None:
    assert CompanyIndex.open(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


def damage_cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def damage_bytes(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))


@pytest.mark.parametrize("damage", [damage_cut, damage_bytes, Path.unlink], ids=["cut", "flipped", "gone"])
def test_an_index_with_any_damaged_file_is_not_opened(index: CompanyIndex, tmp_path: Path, damage: object) -> None:
    files = [path.relative_to(index.folder.parent) for path in index.folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    for name in [Path("CURRENT"), *(name for name in files if name.suffix != ".lock")]:
        copy = tmp_path / "copy"
        shutil.copytree(index.folder.parent, copy)
        if (copy / name).stat().st_size:
            damage(copy / name)  # type: ignore[operator]
            assert CompanyIndex.open(copy) is None, name
            assert len(CompanyIndex.build(copy, ENTRIES[:2], fingerprint="again")) == 2
        shutil.rmtree(copy)


def test_an_index_of_another_version_is_not_opened(index: CompanyIndex, tmp_path: Path) -> None:
    shutil.copytree(index.folder.parent, tmp_path / "copy")
    seal = tmp_path / "copy" / index.folder.name / "seal.json"
    content = json.loads(seal.read_text())
    content["about"]["format"] += 1
    seal.write_text(json.dumps(content))
    assert CompanyIndex.open(tmp_path / "copy") is None


def test_entries_that_fail_half_way_leave_the_old_index(tmp_path: Path) -> None:
    CompanyIndex.build(tmp_path, ENTRIES, fingerprint="old")

    def failing():
        yield from ENTRIES[:2]
        raise RuntimeError("source broke")

    with pytest.raises(RuntimeError, match="source broke"):
        CompanyIndex.build(tmp_path, failing(), fingerprint="new")
    kept = CompanyIndex.open(tmp_path)
    assert kept is not None
    assert (kept.fingerprint, len(kept)) == ("old", 4)
    assert [path.name for path in tmp_path.glob("g*")] == [kept.folder.name]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError, match="cannot be written"):
        CompanyIndex.build(tmp_path / "file" / "index", ENTRIES, fingerprint="")


SLOW_BUILD = """
import sys, time
from pathlib import Path
from longlist.catalog.index import CompanyIndex, IndexEntry
def entries():
    for n in range(100_000):
        if n == 5000:
            print("half", flush=True)
            time.sleep(60)
        yield IndexEntry(str(n), f"Name {n}", "", "shop robots")
CompanyIndex.build(Path(sys.argv[1]), entries(), fingerprint="new")
"""


def killed_half_way(script: str, folder: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_a_build_killed_half_way_leaves_the_old_index_and_the_next_build_cleans_up(tmp_path: Path) -> None:
    CompanyIndex.build(tmp_path, ENTRIES, fingerprint="old")
    killed_half_way(SLOW_BUILD, tmp_path)
    kept = CompanyIndex.open(tmp_path)
    assert kept is not None
    assert (kept.fingerprint, len(kept)) == ("old", 4)
    CompanyIndex.build(tmp_path, ENTRIES[:3], fingerprint="next")
    assert len(list(tmp_path.glob("g*"))) == 1


def test_a_change_killed_half_way_counts_as_damage(tmp_path: Path) -> None:
    index = CompanyIndex.build(tmp_path, ENTRIES, fingerprint="old")
    generations.unseal(index.folder)
    assert CompanyIndex.open(tmp_path) is None


def test_a_second_process_waits_and_takes_what_the_first_one_built(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from longlist.catalog.index import CompanyIndex, IndexEntry
        def entries():
            print("building", flush=True)
            time.sleep(1)
            yield IndexEntry("a", "A", "", "first")
        CompanyIndex.build(Path(sys.argv[1]), entries(), fingerprint="same")
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "building\n"
    started = time.monotonic()
    index = CompanyIndex.build(tmp_path, ENTRIES, fingerprint="same")
    assert time.monotonic() - started > 0.3
    assert len(index) == 1
    assert process.wait() == 0
    process.stdout.close()


@pytest.mark.parametrize(
    ("asked", "forms"),
    [
        ("Acme GmbH", {"acme"}),
        ("co inbase", {"inbase", "coinbase"}),
        ("AcmeHoldings", {"acme"}),
        ("Acme Corpration", {"acme"}),
        ("IACInc. AG", {"iac"}),
        ("Bandai Namco Ohldings, Corp", {"bandainamco"}),
        ("!!!", set()),
        ("The The", {"thethe"}),
    ],
)
def test_a_name_may_be_meant_without_its_legal_form_however_that_is_written(asked, forms):
    meant = spellings(asked)
    assert forms <= set(meant)
    assert not meant or max(meant.values()) == 1.0


def test_a_company_is_found_by_its_id_and_by_a_domain_it_had_before(tmp_path):
    entry = IndexEntry("new.com", "New", "new.com", "ropes", aliases=("catalog:mine:old.com~1f3b9a02", "older.com"))
    index = CompanyIndex.build(tmp_path, [entry], fingerprint="f")
    for identifier in (company_id("new.com"), "new.com", "OLD.com", "older.com", "catalog:mine:old.com~1f3b9a02"):
        assert index.called(identifier) == [0]
    assert index.called("unknown.com") == index.called("") == []


def test_an_index_says_anew_what_is_in_it_when_it_is_told(tmp_path):
    index = CompanyIndex.build(tmp_path, [IndexEntry("a.com", "A", "a.com", "x")], fingerprint="one")
    assert index.upsert([IndexEntry("b.com", "B", "b.com", "x")]).fingerprint == "one"
    assert index.upsert([], fingerprint="two").fingerprint == "two"
    opened = CompanyIndex.open(tmp_path)
    assert opened is not None
    assert (opened.fingerprint, len(opened)) == ("two", 2)
