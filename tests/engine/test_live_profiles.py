"""A whole task over companies' own sites: found, read, graded, and every quotation proven from what was stored."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from longlist.engine.search import run_task
from longlist.engine.verify import verify
from longlist.enrich.web_enricher import WebEnricher
from longlist.model.company import Candidate
from longlist.model.criterion import Criterion
from longlist.model.task import TaskSpec
from longlist.store import SqlStore
from longlist.testing import FakeReader, FakeSource, make_kit

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PAINT = Criterion("paint", "Makes marine paint", "The company makes marine paint for ships.")
PLACE = Criterion("place", "In Portugal", "The headquarters are in Portugal.")
YEAR = Criterion("year", "Founded since 2010", "The company was founded in 2010 or later.")


def site(number: int) -> str:
    name, address = f"Paint {number}", "Porto, Portugal"
    data = json.dumps({"@type": "Organization", "name": name, "foundingDate": "2014", "address": address})
    return (
        f"<html><head><title>Paint {number}</title><script type='application/ld+json'>{data}</script></head><body>"
        f"<h1>Paint {number}</h1><p>We make marine paint for ships of every kind, and have done so for years.</p>"
        f"<footer><p>© 1999 Paint {number}</p></footer></body></html>"
    )


async def test_what_sites_say_is_graded_and_every_quotation_is_proven(store: SqlStore):
    domains = [f"paint-{number}.com" for number in range(12)]
    reader = FakeReader({f"https://{domain}/": site(number) for number, domain in enumerate(domains)})
    found = [Candidate(domain, f"Paint {n}", domain, "fake") for n, domain in enumerate([*domains, "gone.com"])]

    async def no_records(_keys):
        return {}

    kit = replace(
        make_kit(store, FakeSource("fake", found)),
        enricher=WebEnricher(reader, no_records, lambda: NOW),
        asks_outside=True,
    )
    task = await store.create(TaskSpec("makers of marine paint for ships in Portugal", 20, (PAINT, PLACE, YEAR)))
    ended = await run_task(kit, task.id)
    results = await store.results(task.id)
    assert ended.status == "done"
    assert {result.profile.domain for result in results} == set(domains)
    assert {result.profile.facts.founded for result in results} == {2014}
    assert all(proof.url for result in results for grade in result.grades for proof in grade.evidence)
    proof = await verify(store, task.id)
    assert (proof.failures, proof.proven > 30) == ((), True)
    (gone,) = [one for one in await store.candidates(task.id) if one.candidate.key == "gone.com"]
    assert gone.stage == "failed"
    assert "gone.com" in gone.reason
