"""The page that tells how to add a provider, followed to the letter."""

import re
from pathlib import Path

from longlist.model.web import NO_ERRAND
from longlist.settings import Settings, _key, _url
from longlist.testing import FakeCalls
from longlist.web.client import open_client
from longlist.web.providers import registry
from longlist.web.providers.registry import Config, Desk
from longlist.web.providers.search import HttpSearch
from loopback import reply, serving

PAGE = (Path(__file__).parents[3] / "docs" / "adding-a-source.md").read_text(encoding="utf-8")


def code_after(words: str) -> str:
    found = re.search(r"^```\w+\n(.*?)^```", PAGE.partition(words)[2], re.DOTALL | re.MULTILINE)
    assert found, words
    return found[1]


async def test_the_providers_file_and_its_line_make_an_engine():
    module: dict = {}
    exec(code_after("`src/longlist/web/providers/lookabout.py`:"), module)
    lookabout = type("lookabout", (), module)
    line = "{" + code_after("goes where it should be asked") + "}"
    about, build = eval(line, {"lookabout": lookabout, "HttpSearch": HttpSearch})["lookabout"]
    answer = (
        b'{"hits": [{"link": "https://a.example/", "name": "A", "text": "Makes <b>kites</b>."}, {"name": "no link"}]}'
    )
    async with serving(reply(answer)) as server, open_client() as client:
        desk = Desk({"lookabout": Config(f"{server.url}/v1", "my-key")}, FakeCalls(), client)
        assert desk.is_set(about)
        [hit] = await build(desk).search("kites", 2, NO_ERRAND)
    assert (hit.url, hit.snippet, hit.rank) == ("https://a.example/", "Makes kites.", 11)
    assert server.seen[0].target == "/v1/search?q=kites&from=10"
    assert server.seen[0].headers["x-key"] == "my-key"


def test_the_settings_of_the_page_are_like_those_there_are():
    lines = code_after("its two settings beside the others").strip().splitlines()
    made = {line.split(":")[0].strip(): eval(line.partition(" = ")[2], {"_url": _url, "_key": _key}) for line in lines}
    for name, field in made.items():
        like = Settings.model_fields[name.replace("lookabout", "brave")]
        assert field.description == like.description.replace("Brave Search", "Lookabout")


def test_every_provider_has_the_settings_that_are_read_for_it():
    for name, about in registry.ABOUTS.items():
        wanted = {f"{name}_url", f"{name}_key"} if about.needs != "switch" else {name}
        assert wanted <= Settings.model_fields.keys(), name
