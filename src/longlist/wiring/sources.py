"""What there is to ask outside: each source with its providers, whether they are set up, and, asked live, how they do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast
from uuid import uuid4

from longlist.discover.registry import known_sources
from longlist.errors import LonglistError, Refused, Unavailable
from longlist.model.call import Answer, Call, Caller, Send
from longlist.model.web import Errand, Wish
from longlist.settings import Settings
from longlist.web.providers import nominatim
from longlist.web.providers.about import About, Kind
from longlist.web.providers.ddgs_search import is_installed
from longlist.web.providers.registry import ABOUTS, CONTACTS, ENCYCLOPAEDIAS, MAPS, REGISTERS, SEARCHES, Desk
from longlist.wiring.home import open_home
from longlist.wiring.providers import configs, desk_of

State = Literal["ready", "no key", "no address", "off", "limited", "refused", "unreachable"]
KINDS: Mapping[str, tuple[Kind, ...]] = {
    "web_search": ("web_search",),
    "linkedin": ("web_search", "linkedin"),
    "maps": ("maps",),
    "facts": ("facts",),
    "contacts": ("contacts",),
}
"""Which kinds of providers each source asks; facts and contacts are no sources, but belong to what is asked."""

UNSET: Mapping[str, State] = {"key": "no key", "url": "no address", "switch": "off"}
CHECK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ProviderLook:
    """One provider: whether it can be asked, as far as is known, and what to do if not. Holds no key."""

    name: str
    title: str
    sources: tuple[str, ...]
    state: State
    note: str = ""
    price: str = ""
    until: datetime | None = None
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class SourceLook:
    """One source: whether it has anybody to ask. `asks` are those providers of its that are ready, by name."""

    name: str
    state: State
    asks: tuple[str, ...] = ()
    note: str = ""


def sources_of(providers: Sequence[ProviderLook]) -> list[SourceLook]:
    """Every source, given how the providers do; those that ask none are ready by themselves."""
    return [_source(name, providers) if name in KINDS else SourceLook(name, "ready") for name in known_sources()]


def _source(name: str, providers: Sequence[ProviderLook]) -> SourceLook:
    own = [one for one in providers if name in one.sources]
    if ready := tuple(one.name for one in own if one.state == "ready"):
        return SourceLook(name, "ready", ready)
    first = min(own, key=lambda one: WORST_LAST.index(one.state))
    return SourceLook(name, first.state, (), "Nobody it asks is ready.")


WORST_LAST: tuple[State, ...] = ("ready", "limited", "unreachable", "refused", "no key", "no address", "off")


def look(settings: Settings) -> list[ProviderLook]:
    """Every provider by what is set, without asking any."""
    desk = Desk(configs(settings), cast("Caller", None), cast("Any", None))
    return [_look(settings, desk, about) for about in ABOUTS.values()]


def _look(settings: Settings, desk: Desk, about: About) -> ProviderLook:
    sources = tuple(name for name, kinds in KINDS.items() if set(kinds) & set(about.kinds))
    found = ProviderLook(about.name, about.title, sources, "ready", price=about.price)
    if not settings.web:
        return replace(found, state="off", note="LONGLIST_WEB is false: nothing outside is asked.")
    if not desk.is_set(about):
        return replace(found, state=UNSET[about.needs], note=f"Set {about.wanted}.")
    if about.name == "ddgs" and not is_installed():
        return replace(found, state="off", note="Switched on, but not installed: pip install 'longlist[ddgs]'.")
    own = desk.config(about).url
    return replace(found, note=f"at {shown(own)}" if own else "")


def shown(url: str) -> str:
    """An address without a password in it."""
    scheme, there, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{there}{authority.rpartition('@')[2]}{slash}{path.partition('?')[0]}"


async def check(settings: Settings) -> list[ProviderLook]:
    """Every provider, those that are set up asked something small, each once; what that costs is in the ledger."""
    found = look(settings)
    async with open_home(settings) as home:
        desk = desk_of(settings, _Once(home.calls), home.client)
        return list(await asyncio.gather(*(_checked(desk, one) for one in found)))


async def _checked(desk: Desk, found: ProviderLook) -> ProviderLook:
    if found.state != "ready" or (ask := _question(desk, found.name)) is None:
        return found
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await ask(Errand(step="check", freshness=f"check {uuid4()}"))
    except TimeoutError:
        return replace(found, state="unreachable", note="It did not answer in time.", is_checked=True)
    except Refused as error:
        state: State = "refused" if error.is_final else "limited"
        until = None if error.retry_after is None else datetime.now(UTC) + timedelta(seconds=error.retry_after)
        return replace(found, state=state, note=str(error), until=until, is_checked=True)
    except (Unavailable, LonglistError) as error:
        return replace(found, state="unreachable", note=str(error), is_checked=True)
    return replace(found, is_checked=True)


def _question(desk: Desk, name: str) -> Callable[[Errand], Awaitable[object]] | None:
    """Something small to ask a provider; None where there is nothing small."""
    if name in SEARCHES:
        return lambda errand: SEARCHES[name][1](desk).search("company", 1, errand)
    if name in MAPS:
        return lambda errand: MAPS[name][1](desk).find("bakeries", "Graz, Austria", 1, errand)
    if name == nominatim.ABOUT.name:
        return lambda errand: nominatim.locate(desk.provider(nominatim.ABOUT), "Vienna, Austria", errand)
    if name in REGISTERS:  # nothing is found, so nothing is paid
        return lambda errand: REGISTERS[name][1](desk).find(Wish("qqxzjv wvqkzx"), 1, errand)
    if name in ENCYCLOPAEDIAS:
        return lambda errand: ENCYCLOPAEDIAS[name][1](desk).look_up(["example.com"], errand)
    if name in CONTACTS:
        return CONTACTS[name][1](desk).check
    return None


class _Once:
    """A Caller that lets a request be sent once: a check tells what is, and does not wait for better."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls

    async def call(self, call: Call, send: Send) -> Answer:
        failed: list[Unavailable] = []

        async def once(call: Call, idempotency_key: str) -> Answer:
            try:
                return await send(call, idempotency_key)
            except Unavailable as error:
                failed.append(error)
                raise Refused(str(error), is_final=True, status=error.status) from error

        try:
            return await self._calls.call(call, once)
        except Refused:
            raise (failed[-1] if failed else Refused("It was not asked.")) from None
