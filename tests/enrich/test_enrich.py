from datetime import UTC, datetime

from longlist.enrich.enrich import RecordEnricher
from longlist.model.company import Candidate, CompanyProfile, Facts, Place, Record

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RECORDS = {
    "acme.com": [
        Record("catalog:b:acme", "Acme", "acme.com", "Paint.", "Acme\nPaint.", facts=Facts(founded=1999)),
        Record("catalog:a:acme", "Acme Inc", "acme.com", "Varnish.", "Acme Inc\nVarnish."),
    ]
}


def enricher(asked: list | None = None) -> RecordEnricher:
    async def records_of(keys):
        if asked is not None:
            asked.append(list(keys))
        return {key: RECORDS[key] for key in keys if key in RECORDS}

    return RecordEnricher(records_of, lambda: NOW)


def candidate(key: str, snippet: str = "", **more) -> Candidate:
    return Candidate(key, key.title(), "", "friends", snippet=snippet, **more)


async def test_every_candidate_gets_a_profile_or_a_reason_in_order_with_one_look_at_the_records():
    asked: list = []
    found = await enricher(asked).enrich([candidate("b"), candidate("acme.com"), candidate("c", "C makes tea.")])
    assert [key for key, _ in found] == ["b", "acme.com", "c"]
    assert [isinstance(profile, CompanyProfile) for _, profile in found] == [False, True, True]
    assert asked == [["b", "acme.com", "c"]]


async def test_what_the_catalogue_knows_comes_before_what_the_source_says():
    ((_, profile),) = await enricher().enrich([candidate("acme.com", "Something else entirely.")])
    assert isinstance(profile, CompanyProfile)
    assert {page.record for page in profile.pages} == {"catalog:a:acme", "catalog:b:acme"}
    assert profile.facts.founded == 1999


async def test_what_a_source_says_is_a_record_of_the_source_that_facts_are_read_from():
    said = "C makes tea. C was founded in 1987 and is headquartered in Porto, Portugal."
    ((_, profile),) = await enricher().enrich([candidate("c.pt", said, url="https://c.pt/")])
    assert isinstance(profile, CompanyProfile)
    (page,) = profile.pages
    assert (page.record, page.url, page.read_at) == ("friends:c.pt", None, NOW)
    assert said in page.text
    assert profile.facts.founded == 1987
    assert profile.facts.hq == Place("Portugal", None, "Porto")
    assert profile.facts.quotes["founded"] in page.text


async def test_a_company_nobody_describes_is_left_out_with_the_reason():
    ((_, reason),) = await enricher().enrich([candidate("x.com", "  ")])
    assert reason == "Neither the catalogue nor friends says anything about this company."
