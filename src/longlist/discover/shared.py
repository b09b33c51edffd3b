"""What companies that qualify have in common, against those that were looked at as well: for the next round's angles."""

import math
from collections import Counter
from collections.abc import Sequence

from longlist.discover.angles import Shared
from longlist.language.words import STOP_WORDS, stem, terms, words
from longlist.model.company import CompanyProfile

MOST_WORDS, MOST_NAMES = 12, 9
LEAST = 2  # of those that qualify must say a word
READ = 1_500  # characters of a description


def shared(qualified: Sequence[CompanyProfile], others: Sequence[CompanyProfile]) -> Shared:
    """The words that tell `qualified` (best first) from `others`, by the log of how much likelier they are to say them,
    times how many do (both smoothed by one half); and the names of the best.
    """
    if not qualified:
        return Shared()
    ours, theirs = _counted(qualified), _counted(others)
    spoken = _spelled(qualified)

    def telling(word: str) -> float:
        likely = (ours[word] + 0.5) / (len(qualified) + 1)
        usual = (theirs[word] + 0.5) / (len(others) + 1)
        return likely * math.log(likely / usual)

    least = min(LEAST, len(qualified))
    ranked = sorted((word for word, count in ours.items() if count >= least), key=lambda word: (-telling(word), word))
    chosen = [spoken[word] for word in ranked if word in spoken and telling(word) > 0][:MOST_WORDS]
    return Shared(tuple(chosen), tuple(dict.fromkeys(profile.name for profile in qualified))[:MOST_NAMES])


def _counted(profiles: Sequence[CompanyProfile]) -> Counter[str]:
    """How many of them say each stem; their own names do not count."""
    counts: Counter[str] = Counter()
    for profile in profiles:
        counts.update(set(terms(_said(profile))) - set(terms(profile.name)))
    return counts


def _spelled(profiles: Sequence[CompanyProfile]) -> dict[str, str]:
    """The most usual spelling of each stem, for words worth asking."""
    seen: Counter[str] = Counter()
    for profile in profiles:
        seen.update(set(words(_said(profile))))
    spelled: dict[str, str] = {}
    for word, _ in seen.most_common():
        if len(word) >= 3 and word not in STOP_WORDS and not word.isdigit():
            spelled.setdefault(stem(word), word)
    return spelled


def _said(profile: CompanyProfile) -> str:
    return " ".join((profile.description, profile.full_description[:READ], *profile.tags))
