import re

import pytest
from injection_corpus import CORPUS, HIDDEN, HONEST

from longlist.language.injection_patterns import ALONE, TOGETHER
from longlist.language.sieve import Sieve, loosened
from longlist.language.words import fold

PATTERNS = [pattern for _, pattern in (*ALONE, *TOGETHER)]
TEXTS = [fold(text) for _, text in (*CORPUS, *HIDDEN)] + [fold(text) for text in HONEST]


def test_nothing_that_matches_is_kept_back():
    sieve = Sieve(PATTERNS)
    matched = 0
    for text in (*TEXTS, " — ".join(TEXTS), "é".join(TEXTS), "\ud800" + "\n".join(TEXTS)):
        places = {place for place, pattern in enumerate(PATTERNS) if pattern.search(text)}
        assert places <= set(sieve.may_match(text))
        matched += len(places)
    assert matched > 100


def test_most_of_what_does_not_match_is_kept_back():
    sieve = Sieve(PATTERNS)
    let_through = sum(len(sieve.may_match(fold(text))) for text in HONEST)
    assert let_through < 2 * len(HONEST)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\bcafé\b", "un café."),
        (r"\bé\w+ x", "à état x"),
        (r"a[\w']+b", "aé'b"),
        (r"^a(?= b[)(])$|c", "xaz"),
        (r"(?<![a-z(]\))a", "xa"),
        (r"a(?:b|$)", "za"),
        (r"[^.\n]{2}\$", "éé$"),
        (r"[]x]a\]", "]a]"),
        (r"a\sb\d", "a\u00a0b٣"),
    ],
)
def test_a_loosened_pattern_matches_where_the_pattern_does(pattern: str, text: str):
    assert re.search(pattern, text) or "^" in pattern or "(?<" in pattern
    assert Sieve([re.compile("never"), re.compile(pattern)]).may_match(text) == [1]


def test_what_cannot_be_loosened_is_said():
    for pattern in (r"[^\w]", r"\W", r"\Aa"):
        with pytest.raises(ValueError, match="cannot be loosened"):
            loosened(pattern)


def test_a_pass_that_fails_lets_everything_through(monkeypatch: pytest.MonkeyPatch):
    sieve = Sieve([re.compile("a"), re.compile("b")])
    assert sieve.may_match("nothing of it") == []
    monkeypatch.setattr("re2.Set.Match", lambda _set, _text: None)  # as when its memory does not suffice
    assert sieve.may_match("nothing of it") == [0, 1]
