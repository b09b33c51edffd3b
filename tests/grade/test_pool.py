"""The pool's scores: words counted once, compared many times."""

from datetime import UTC, datetime

import numpy as np
import pytest

from longlist.grade.pool import Pool, cut
from longlist.language.words import terms
from longlist.model.company import CompanyProfile, Facts, Page

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def company(number: int, text: str) -> CompanyProfile:
    page = Page(f"Company {number}\n{text}", NOW, record=f"r{number}")
    return CompanyProfile(f"c{number}", f"Company {number}", "", "", "", (), Facts(), (page,))


@pytest.fixture
def pool() -> Pool:
    texts = ["Brews beer in Ghent. Sells bottles.", "Paints boats.", "Brews tea for boats.", ""]
    return Pool([company(n, text) for n, text in enumerate(texts)], lambda _: 2.0)


def test_bm25_finds_the_profiles_that_hold_a_word_and_only_those(pool: Pool):
    scores = pool.bm25(dict.fromkeys(terms("brewing"), 1.0))
    assert (scores > 0).tolist() == [True, False, True, False]


def test_coverage_is_the_share_of_words_a_passage_holds(pool: Pool):
    best, where = pool.best_passage(pool.coverage(terms("brews beer")))
    assert best.tolist() == [1.0, 0.0, 0.5, 0.0]
    assert pool.passages[where[0]].text == "Brews beer in Ghent."


def test_titles_and_addresses_never_count_as_proof():
    one = Pool([company(1, "Website: https://beer.example/shop\nMakes tea.")], lambda _: 1.0)
    best, _ = one.best_passage(one.coverage(terms("beer company")))
    assert best.tolist() == [0.0]


def test_the_best_two_passages_average(pool: Pool):
    scores = np.zeros(len(pool.passages))
    numbers = pool.passages_of(0)
    scores[numbers] = [0.0, 1.0, 0.5][: len(numbers)]
    assert pool.top_two(scores)[0] == pytest.approx(0.75)


def test_feedback_weighs_the_words_that_set_the_best_apart(pool: Pool):
    weights = pool.feedback(np.array([3.0, 0.0, 2.0, 0.0]), top=2, size=5)
    alike = pool.likeness(weights)
    assert alike[0] > alike[1]
    assert alike[2] > alike[1]


def test_phrases_are_hit_when_one_passage_holds_all_their_words(pool: Pool):
    assert pool.hits(["beer brewed", "paints"]).tolist() == [1.0, 1.0, 0.0, 0.0]


def test_an_empty_pool_has_empty_scores():
    none = Pool([], lambda _: 1.0)
    assert len(none.bm25({"beer": 1.0})) == 0
    assert len(none.best_passage(none.coverage(["beer"]))[0]) == 0


def test_cutting_keeps_passages_verbatim():
    text = "Acme Inc. makes “things”. It is U.S. based!\r\n• One • two\n\n日本語のテキスト。 Ça va? Oui."
    assert all(passage in text for passage, _ in cut(text))
