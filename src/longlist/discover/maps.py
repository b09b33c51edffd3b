"""Maps as a source: businesses of the kinds a query asks for, in the place it names."""

import re
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence

from longlist.discover.source import About, Question
from longlist.errors import BudgetSpent, Stopped, Unavailable
from longlist.language.domains import own_domain
from longlist.language.local_business import find_kinds, local_question, place_named, singular
from longlist.model.company import Candidate
from longlist.model.plan import Plan
from longlist.model.web import Errand, Spot
from longlist.web.seams import Maps
from longlist.web.takeover import first_answer

NAME = "maps"
PAGES = 10
FEW = 10  # places; with fewer, a map is asked in other words too
NO_PLACE = "Maps need a place: name a town in the query, as in “bakeries in Graz”."
NO_KIND = "Maps need a kind of business: name it in the query, as in “bakeries in Graz”."


class MapsSource:
    """Asks the first map that answers. A place counts once: by its own domain, else by its name and where it is."""

    about = About(NAME, NAME, "Maps: shops, practices, workshops and other local businesses of a kind, in a place")

    def __init__(self, providers: Sequence[Maps]) -> None:
        self._providers = providers

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """One round: the next `limit` businesses. Unavailable without a kind or a place to ask for."""
        kinds, where = asked(question.plan)
        if not where:
            raise Unavailable(NO_PLACE)
        if not kinds:
            raise Unavailable(NO_KIND)
        first = (question.round - 1) * question.limit
        spots: list[Spot] = []
        notes: list[str] = []
        end: BudgetSpent | Stopped | None = None
        for kind in kinds:
            try:
                notes += await self._all(kind, where, question.errand, spots)
            except (BudgetSpent, Stopped) as error:  # what was found by then is given
                end = error
                break
        question.tell(" ".join(dict.fromkeys(notes)))
        for candidate in once_each(spots)[first : first + question.limit]:
            yield candidate
        if end is not None:
            raise end

    async def _all(self, kind: str, where: str, errand: Errand, spots: list[Spot]) -> tuple[str, ...]:
        """Add everything of a kind; where little comes, also under the names it goes by besides. Returns what maps that
        did not answer said.
        """

        async def ask(provider: Maps) -> None:
            found: set[str] = set()
            for words in (kind, *other_names(kind)):
                if len(found) < FEW:
                    await _ask_pages(provider, words, where, errand, found, spots)

        return (await first_answer(self._providers, ask)).notes


async def _ask_pages(
    provider: Maps, words: str, where: str, errand: Errand, found: set[str], spots: list[Spot]
) -> None:
    for page in range(1, PAGES + 1):
        fresh = [spot for spot in await provider.find(words, where, page, errand) if spot.id not in found]
        found.update(spot.id for spot in fresh)
        spots += fresh
        if not fresh:
            return


def once_each(spots: Sequence[Spot]) -> list[Candidate]:
    """The places as candidates, each business once: the first that came."""
    kept: dict[str, Candidate] = {}
    for spot in spots:
        candidate = as_candidate(spot)
        kept.setdefault(_sameness(spot, candidate), candidate)
    return list(kept.values())


def other_names(kind: str) -> tuple[str, ...]:
    """Two more names of a kind of business: "flower shops" is "florist" too."""
    known = find_kinds(kind)
    names = known[0][1].names if known else ()
    return tuple(name for name in names if name != singular(kind))[:2]


def asked(plan: Plan) -> tuple[tuple[str, ...], str]:
    """The kinds of business and the place that a plan asks a map for; () and "" for what it does not say."""
    cities, wider = places(plan)
    text = plan.query.text
    if found := local_question(text, cities, wider):
        return found.kinds, found.where
    kinds = tuple(words for words, _ in find_kinds(text))
    subject = re.split(r"\s+(?:in|near|around|within|that|which|who|with)\s", f"{plan.query.positive} ")[0].strip(" ,.")
    return kinds or ((subject,) if subject else ()), place_named(text, cities, wider)


def places(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cities that a plan holds to, and the regions and countries."""
    named: Mapping[str, list[str]] = {"city": [], "region": [], "country": []}
    for constraint in plan.query.constraints:
        if constraint.field in named and constraint.op == "in" and isinstance(constraint.value, tuple):
            named[constraint.field].extend(str(value) for value in constraint.value)
    return tuple(named["city"]), (*named["region"][:1], *named["country"][:1])


def as_candidate(spot: Spot) -> Candidate:
    """A place on a map as a candidate; without a site of its own its key is the place."""
    domain = own_domain(spot.website)
    step = f"{spot.provider}: “{spot.query}”"
    return Candidate(
        key=domain or f"{NAME}:{spot.provider}:{spot.id}",
        name=spot.name,
        domain=domain,
        source=NAME,
        url=spot.website or None,
        snippet=described(spot),
        found_by=step,
        path=(step, f"on the map: {spot.name}, {spot.address}" if spot.address else f"on the map: {spot.name}"),
    )


def described(spot: Spot) -> str:
    """What the map says of a place, a statement a line."""
    where = ", ".join(dict.fromkeys(part for part in (spot.city, spot.state, spot.country) if part))
    kinds = _kinds(spot)
    lines = [f"{spot.name}: {kinds}{' in ' if kinds and where else ''}{where}." if kinds or where else f"{spot.name}."]
    lines += [f"Address: {spot.address}."] if spot.address else []
    lines += [f"Phone: {spot.phone}."] if spot.phone else []
    return "\n".join(lines)


def _kinds(spot: Spot) -> str:
    plain = (kind.rpartition("=")[2].replace("_", " ") for kind in spot.kinds)
    kept = [kind for kind in dict.fromkeys(plain) if kind not in ("point of interest", "establishment", "yes")]
    return ", ".join(kept[:3])


def _sameness(spot: Spot, candidate: Candidate) -> str:
    """What makes two places the same business: a site of their own, else name and street, else name and spot."""
    if candidate.domain:
        return candidate.domain
    name = re.sub(r"\W+", " ", unicodedata.normalize("NFKD", spot.name).casefold()).strip()
    street = re.sub(r"\W+", " ", spot.address.partition(",")[0].casefold()).strip()
    if street and any(c.isdigit() for c in street):
        return f"{name}|{street}"
    if spot.latitude is None or spot.longitude is None:
        return candidate.key
    return f"{name}|{spot.latitude:.3f}|{spot.longitude:.3f}"
