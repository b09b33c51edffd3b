"""Sentences and shortened texts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.engine.reader import Report, Tally
from longlist.model.call import Caps
from longlist.model.company import OUT_OF_REACH, Candidate, CompanyProfile, Facts, Page
from longlist.model.criterion import Criterion, Evidence
from longlist.model.plan import Constraint
from longlist.model.task import Progress, SourceState, Task, TaskSpec
from longlist.serve.conditions import condition
from longlist.serve.plain import plain, shortened
from longlist.serve.web.words import cap_sentence
from longlist.serve.words import readable, record_name, source_lines, stop_lines, where
from longlist.store.store import Result

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PAGES = [
    Page("Adyen\nPayments.", NOW, record="catalog:listed:ADYEN.AS"),
    Page("Adyen Checkout\nA form.", NOW, record="catalog:wappalyzer:Adyen"),
    Page("Hopfenwerk\nBeer.", NOW, record="breweries:hopfenwerk.at"),
]


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        (Constraint("country", "in", ("Germany", "Austria")), "in Germany or Austria"),
        (Constraint("region", "not_in", ("Europe",)), "not in Europe"),
        (Constraint("employees", "max", 10_000), "at most 10,000 people"),
        (Constraint("employees", "min", 5), "at least 5 people"),
        (Constraint("founded", "min", 2010), "founded 2010 or later"),
        (Constraint("founded", "max", 1999), "founded 1999 or earlier"),
        (Constraint("funding_amount", "min", 5_000_000), "at least $5,000,000 raised"),
        (Constraint("listed", "in", (True,)), "listed on an exchange"),
        (Constraint("listed", "not_in", (True,)), "not listed on an exchange"),
        (Constraint("listed", "in", (False,)), "not listed on an exchange"),
        (Constraint("business_model", "not_in", ("agency",)), "business model not agency"),
        (Constraint("status", "in", ("active",)), "status active"),
    ],
)
def test_conditions_read_like_a_sentence(constraint, words):
    assert condition(constraint) == words


def test_a_place_of_proof_is_named_for_people():
    def stands(**place: str) -> str:
        return where(Evidence("q", "h", NOW, **place), PAGES)

    assert stands(record="catalog:listed:ADYEN.AS") == "catalogue: Adyen (listed)"
    assert stands(record="breweries:hopfenwerk.at") == "breweries: Hopfenwerk"
    assert stands(url="https://acme.example/about") == "https://acme.example/about"
    assert record_name("catalog:mine:17", ()) == "catalogue: 17 (mine)"
    assert (
        readable("Read catalog:wappalyzer:Adyen: nothing.", PAGES)
        == "Read catalogue: Adyen Checkout (wappalyzer): nothing."
    )


def test_a_long_text_is_shown_where_it_speaks_of_what_is_asked():
    text = "Industries: " + ", ".join(["banking"] * 40) + ", payment processing, " + ", ".join(["insurance"] * 40)
    shown = shortened(text, 60, "The company processes payments")
    assert "payment processing" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shortened(text, 60).startswith("Industries: banking")


@given(st.text(max_size=400), st.integers(min_value=5, max_value=120), st.text(max_size=30))
def test_a_shortened_text_is_never_too_long_and_prints(text, length, about):
    shown = shortened(text, length, about)
    assert len(shown) <= length
    assert plain(shown) == shown
    assert "\n" not in shown
    if len(" ".join(plain(text).split())) <= length:
        assert shown == " ".join(plain(text).split())


def report(reason, *, qualified=0, exhausted=True, states=(), failure=None) -> Report:
    criterion = Criterion("k", "Name", "The company brews.")
    task = Task(
        "12345678-x", TaskSpec("q", 5, (criterion,)), "done", NOW, (criterion,), exhausted, reason, failure, states
    )
    return Report(task, None, Progress(9, 9, 9, qualified), (), (), (Tally(criterion, 2, 3, 9),))


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (report("target_met", qualified=1), "Done: 1 company qualifies, as many as wanted."),
        (report("exhausted", qualified=2), "Done: the sources have no more; 2 companies qualify, 5 were wanted."),
        (report("exhausted", exhausted=False), "the last rounds brought no more that qualify; no companies qualify"),
        (report("exhausted"), "of 9 companies graded, 2 pass “The company brews.”, and the texts about 3 do not say"),
        (report("paused"), "`longlist resume 12345678` goes on"),
        (report("failed", failure="The disk is full."), "Failed: The disk is full. What was found is kept"),
        (report(None), "Not finished: no companies qualify so far. `longlist resume 12345678` goes on."),
        (report("budget"), "the budget is spent"),
        (report("stopped", qualified=3), "Stopped on request: 3 companies qualify."),
        (
            report("target_met", states=(SourceState("x", "unavailable", 0, "No key."),)),
            "Source x gave nothing: No key.",
        ),
        (
            report("target_met", states=(SourceState("x", "unavailable", 7, "Gone."),)),
            "Source x gave 7 companies, then nothing more: Gone.",
        ),
    ],
)
def test_why_a_search_stopped_is_said(given_, words):
    assert words in " ".join(stop_lines(given_))


@pytest.mark.parametrize(("settled", "is_proposed"), [(0, True), (3, False)])
def test_to_look_further_is_proposed_once(settled, is_proposed):
    ended = report("exhausted", qualified=1, exhausted=False)
    lines = stop_lines(replace(ended, task=replace(ended.task, rounds_settled=settled)))
    assert any("To look further" in line for line in lines) is is_proposed


def test_a_met_target_needs_no_word_about_what_was_missing():
    assert not any("Missing" in line for line in stop_lines(replace(report("target_met", qualified=5))))


def task_with(*states: SourceState) -> Task:
    return Task("t", TaskSpec("dentists in Graz"), "done", NOW, source_states=states)


def test_when_nobody_but_the_catalogue_answered_one_line_says_so():
    left = SourceState("web_search", "left_out", 0, "No search engine is set up: set A or B.")
    also = SourceState("linkedin", "left_out", 0, "No register is set up: set C.")
    useless = SourceState("maps", "left_out", 0, "The query does not name a place.")
    found = SourceState("catalog", "found", 3)
    task = task_with(found, left, also, useless)
    [line] = source_lines(task)
    assert line == (
        "Only the catalogue was searched. For web_search and linkedin no provider is set up: `longlist sources` tells "
        "what to set."
    )
    down = SourceState("maps", "unavailable", 0, "Nobody could be reached.")
    assert "maps: Nobody could be reached." in source_lines(task_with(found, left, down))[0]
    off = SourceState("web_search", "left_out", 0, "Nothing outside is asked, since LONGLIST_WEB is false.")
    assert source_lines(task_with(found, off)) == [
        "Only the catalogue was searched. Nothing outside is asked, since LONGLIST_WEB is false."
    ]


def test_without_a_network_one_line_says_so_and_none_what_to_set_up():
    left = SourceState("web_search", "left_out", 0, "No search engine is set up: set A or B.")
    found = SourceState("catalog", "found", 3)
    profile = CompanyProfile("a.com", "A", "a.com", "", "", (), Facts(), (), remarks=(OUT_OF_REACH,))
    whole = report("target_met", qualified=1, states=(found, left))
    assert any("no provider is set up" in line for line in stop_lines(whole))
    candidate = Candidate("a.com", "A", "a.com", "catalog")
    result = Result("r", "12345678-x", candidate, "p", profile, (), 0.9, is_qualified=True, created_at=NOW)
    lines = stop_lines(replace(whole, results=(result,)))
    assert [line for line in lines if "The web was out of reach" in line]
    assert not any("no provider is set up" in line for line in lines)


def test_why_a_source_was_asked_is_told_and_what_was_left_out_is_not():
    maps = SourceState("maps", "found", 3, "Asked since the query names dentists in Graz.")
    left = SourceState("web_search", "left_out", 0, "No search engine is set up.")
    assert source_lines(task_with(SourceState("catalog", "found", 3), maps, left)) == [
        "Source maps: Asked since the query names dentists in Graz."
    ]


@pytest.mark.parametrize(
    ("caps", "said"),
    [
        (Caps(5_000_000, 2_000), "A run ends at $5.00 or 2,000 calls at the latest."),
        (Caps(minutes=30), "A run ends at 30 minutes at the latest."),
        (Caps(), "No limit is set for a run (LONGLIST_TASK_DOLLARS sets one)."),
    ],
)
def test_what_a_run_may_spend_is_a_sentence(caps: Caps, said: str) -> None:
    assert cap_sentence(caps) == said
