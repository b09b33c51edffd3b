"""Whether an installed Longlist serves its pages: every page and every script and style answers 200.

Takes the folder it has to be installed in, so that no other copy is checked by mistake. Needs no network.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

import httpx2

import longlist
from longlist.engine.companies import Companies
from longlist.serve.http.app import make_app
from longlist.serve.http.parts import Parts
from longlist.serve.http.ready import Ready
from longlist.serve.web.assets import address, assets
from longlist.settings import Settings
from longlist.wiring.home import open_home

PAGES = ("/", "/tasks", "/tables", "/settings", "/compare")


async def never() -> Companies:
    """Company search, which pages do without."""
    await asyncio.Event().wait()
    raise AssertionError


async def check(folder: Path) -> int:
    """How many files were served; AssertionError when one was not."""
    async with open_home(Settings(home=folder)) as home, Ready(never, "Company search") as companies:
        made = await home.access.sign_in(await home.access.sign_in_link())
        assert made is not None
        transport = httpx2.ASGITransport(app=make_app(Parts(home, companies)))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            client.cookies.set("longlist_session", made[1])
            wanted = {address(path) for path in assets()}
            for page in PAGES:
                answer = await client.get(page)
                assert answer.status_code == 200, f"{page}: {answer.status_code}"
                named = set(re.findall(r'"(/static/[^"]+)"', answer.text))
                assert named, f"{page} names no file"
                assert named <= wanted, f"{page} names {named - wanted}, which are not there"
            for path in wanted:
                answer = await client.get(path)
                assert answer.status_code == 200, f"{path}: {answer.status_code}"
        await home.access.settled()
    return len(wanted)


def main() -> None:
    """Check the copy in the folder that is named."""
    place = Path(longlist.__file__).resolve()
    assert place.is_relative_to(Path(sys.argv[1]).resolve()), f"checked would be {place}"
    with tempfile.TemporaryDirectory() as folder:
        print(f"{asyncio.run(check(Path(folder) / 'home'))} files served by {place.parent}")


if __name__ == "__main__":
    main()
