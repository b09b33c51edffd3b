"""A home may hold the user's own lists alone."""

from pathlib import Path

from longlist.settings import Settings
from longlist.wiring.home import open_home


async def test_without_the_embedded_catalogue_only_own_lists_are_searched(home: Path, tmp_path: Path):
    own = tmp_path / "own.csv"
    own.write_text("name,website,description\nZwicky Press,zwicky.example,Makes letterpress printing presses.\n")
    async with open_home(Settings(home=home, embedded_catalog=False)) as opened:
        await opened.catalogue.import_file(own, "own", None, tmp_path / "bad.jsonl", on_progress=lambda _: None)
        index = await opened.catalogue.open()
        assert [hit.name for hit in index.search(["printing presses"])] == ["Zwicky Press"]
        assert dict((await opened.store.catalog_stats()).by_set) == {"own": 1}


async def test_the_embedded_catalogue_comes_back_when_it_is_wanted_again(home: Path):
    async with open_home(Settings(home=home)) as opened:
        whole = len(await opened.catalogue.open())
    async with open_home(Settings(home=home, embedded_catalog=False)) as opened:
        assert len(await opened.catalogue.open()) == 0
    async with open_home(Settings(home=home)) as opened:
        assert len(await opened.catalogue.open()) == whole > 8000
