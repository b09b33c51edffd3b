"""The catalogue as a whole: records and index kept in step, whatever interrupts it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from longlist.catalog.index import CompanyIndex
from longlist.engine.catalogue import Catalogue, set_name_of
from longlist.errors import CatalogError, InvalidInput, NotFound
from longlist.store.open import SqlStore, open_store


@pytest.fixture
async def store(home: Path) -> AsyncIterator[SqlStore]:
    async with open_store(f"sqlite:///{home / 'app.db'}") as opened:
        yield opened


@pytest.fixture
def catalogue(store: SqlStore, home: Path) -> Catalogue:
    """A catalogue of own lists alone."""
    return Catalogue(store, home / "index", embedded=False)


def list_of(tmp_path: Path, *rows: str, name: str = "mine.csv") -> Path:
    path = tmp_path / name
    path.write_text("name,website,description\n" + "\n".join(rows))
    return path


async def put(catalogue: Catalogue, path: Path, set_name: str = "mine", **options):
    rejects = path.with_suffix(".rejected")
    return await catalogue.import_file(path, set_name, None, rejects, **{"on_progress": lambda _: None} | options)


async def test_an_empty_catalogue_has_an_empty_index(catalogue: Catalogue):
    assert len(await catalogue.open()) == 0


async def test_the_index_is_built_once_and_reused_until_records_change(catalogue: Catalogue, tmp_path: Path):
    built: list[str] = []
    await put(catalogue, list_of(tmp_path, "Acme,acme.com,Paint"))
    await catalogue.open(lambda step, _: built.append(step))
    assert built
    built.clear()
    index = await catalogue.open(lambda step, _: built.append(step))
    assert built == []
    assert index.keys([0]) == ["acme.com"]
    await put(catalogue, list_of(tmp_path, "Acme,acme.com,Paint", "Bolt,bolt.com,Screws"))
    assert len(await catalogue.open()) == 2


async def test_importing_the_same_again_changes_nothing(catalogue: Catalogue, tmp_path: Path):
    path = list_of(tmp_path, "Acme,acme.com,Paint")
    assert (await put(catalogue, path)).count.added == 1
    before = await catalogue.open()
    again = await put(catalogue, path)
    assert (again.count.added, again.count.changed, again.count.unchanged) == (0, 0, 1)
    assert (await catalogue.open()).fingerprint == before.fingerprint


async def test_one_company_in_two_sets_is_one_profile_with_both_records(catalogue: Catalogue, tmp_path: Path):
    await put(catalogue, list_of(tmp_path, "Acme,acme.com,Paint for boats"), "one")
    await put(catalogue, list_of(tmp_path, "ACME Inc,www.acme.com,Varnish"), "two")
    profiles = await catalogue.profiles(["acme.com", "unknown.com"])
    assert list(profiles) == ["acme.com"]
    assert {page.record.rpartition(":")[0] for page in profiles["acme.com"].pages} == {"catalog:one", "catalog:two"}


async def test_a_company_that_moved_to_another_domain_is_found_there_alone(catalogue: Catalogue, tmp_path: Path):
    header = "id,name,website\n"
    path = tmp_path / "mine.csv"
    path.write_text(header + "1,Acme,old-acme.com\n")
    await put(catalogue, path)
    path.write_text(header + "1,Acme,new-acme.com\n")
    assert (await put(catalogue, path)).count.changed == 1
    index = await catalogue.open()
    assert [hit.key for hit in index.lookup("Acme")] == ["new-acme.com"]


async def test_rejected_lines_are_written_as_they_come_and_only_then(catalogue: Catalogue, tmp_path: Path):
    done = await put(catalogue, list_of(tmp_path, "Acme,acme.com,Paint", ",,no name"))
    assert done.rejected == 1
    assert done.rejects is not None
    assert json.loads(done.rejects.read_text())["line"] == 3
    clean = await put(catalogue, list_of(tmp_path, "Bolt,bolt.com,Screws", name="clean.csv"), "clean")
    assert clean.rejects is None
    assert not (tmp_path / "clean.rejected").exists()


async def test_rejects_that_cannot_be_written_end_the_import_and_keep_what_was_read(catalogue, store, tmp_path: Path):
    path = list_of(tmp_path, *[f"C{n},c{n}.com,x" for n in range(3000)], ",,no name")
    with pytest.raises(CatalogError, match="cannot be written"):
        await catalogue.import_file(path, "mine", None, tmp_path / "no" / "where", on_progress=lambda _: None)
    assert (await store.catalog_stats()).records == 2000


async def test_progress_and_remarks_are_told(catalogue: Catalogue, tmp_path: Path):
    path = tmp_path / "mine.csv"
    rows = "".join(f"C{n},c{n}.com\n" for n in range(2500))
    path.write_bytes(b"name,website\n" + "Zürich,zuerich.ch\n".encode() * 20 + b"Caf\xe9,cafe.fr\n" + rows.encode())
    counts: list[int] = []
    notes: list[str] = []
    await put(catalogue, path, on_progress=counts.append, on_note=notes.append)
    assert counts == [1000, 2000]
    assert "Windows-1252" in notes[0]


async def test_a_set_can_be_removed_unless_it_is_embedded_or_unknown(catalogue: Catalogue, tmp_path: Path):
    await put(catalogue, list_of(tmp_path, "Acme,acme.com,Paint"))
    assert await catalogue.remove("mine") == 1
    assert len(await catalogue.open()) == 0
    with pytest.raises(NotFound):
        await catalogue.remove("mine")
    with pytest.raises(InvalidInput):
        await catalogue.remove("listed")


async def test_a_build_that_is_cancelled_gives_up_and_leaves_the_old_index(catalogue: Catalogue, home, tmp_path: Path):
    await put(catalogue, list_of(tmp_path, "Acme,acme.com,Paint"))
    old = await catalogue.open()
    await put(catalogue, list_of(tmp_path, *[f"C{n},c{n}.com,words about paint" for n in range(6000)]), "more")
    reached = asyncio.Event()
    loop = asyncio.get_running_loop()
    building = asyncio.create_task(catalogue.open(lambda *_: loop.call_soon_threadsafe(reached.set)))
    await reached.wait()
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    left = CompanyIndex.open(home / "index")
    assert left is not None
    assert left.fingerprint == old.fingerprint
    assert len(left) == 1
    assert len(await catalogue.open()) == 6001


async def test_a_build_cancelled_anywhere_never_leaves_half_an_index(catalogue: Catalogue, tmp_path: Path):
    await put(catalogue, list_of(tmp_path, *[f"C{n},c{n}.com,words about paint" for n in range(3000)]))
    for moment in range(8):
        building = asyncio.create_task(catalogue.rebuild(lambda *_: None))
        await asyncio.sleep(0.03 * moment)
        building.cancel()
        await asyncio.gather(building, return_exceptions=True)
        assert len(await catalogue.open()) == 3000


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("My List.csv.gz", "my-list"),
        ("Übersicht (2024).JSONL", "ubersicht-2024"),
        ("listed.csv", "my-listed"),
        ("wappalyzer.json", "my-wappalyzer"),
        ("日本.csv", "import"),
        ("x" * 60 + ".csv", "x" * 40),
        (".csv", "import"),
        ("--a--.tsv", "a"),
    ],
)
def test_a_set_is_named_after_its_file(file, name):
    assert set_name_of(file) == name


async def test_two_that_open_a_new_home_at_once_both_have_the_whole_catalogue(home: Path):
    """As `longlist serve` does: the API and the worker, each with a store of its own."""
    url = f"sqlite:///{home / 'app.db'}"
    async with open_store(url) as one, open_store(url) as other:
        await asyncio.gather(Catalogue(one, home / "index").open(), Catalogue(other, home / "index").open())
        assert (await one.catalog_stats()).by_set == {"listed": 1837, "wappalyzer": 6978}


async def test_building_anew_mends_embedded_sets_that_were_damaged(home: Path):
    async with open_store(f"sqlite:///{home / 'app.db'}") as store:
        catalogue = Catalogue(store, home / "index")
        await catalogue.open()
        await store.remove_set("listed")
        index = await catalogue.rebuild(lambda _step, _count: None)
        assert (await store.catalog_stats()).by_set["listed"] == 1837
        assert len(index) > 8_000
