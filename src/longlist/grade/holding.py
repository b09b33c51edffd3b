"""Grades that are held down by what is known about a company as a whole: never up, and each says why."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from longlist.grade.pool import Floats
from longlist.model.company import CompanyProfile
from longlist.model.criterion import PASSING_SCORE, Grade, qualifies

# Of companies known from their sites, those are worth showing whose whole evidence is not far below that of the best, and
# whose words are rather sure for each criterion; once there are enough of them. Measured on 14 queries: docs/grading.md.
SURE = 0.58  # the probability from which a criterion passes by its words (conditions of facts multiply in, and do not count here)
TELLING = 3  # so many of the best say what can be reached
GAP = 0.12  # of the rank score (0-1) below them
LEAST = 0.65  # rank score; below, nothing is near
ENOUGH = 50  # companies in the reference; of fewer nothing can be said


def cut_of(rank_scores: Floats) -> float:
    """The rank score from which a company read from the web may qualify, by those of the reference; 0 when they are few."""
    if len(rank_scores) < ENOUGH:
        return 0.0
    return max(LEAST, float(np.sort(rank_scores)[-TELLING:].mean()) - GAP)


def is_read(profile: CompanyProfile) -> bool:
    """Whether a company is known from pages of the web, not from records alone."""
    return any(page.url for page in profile.pages)


def held_back(grades: Sequence[Grade], by_words: Collection[str]) -> list[Grade]:
    """The grades of a company whose whole evidence is far below that of the best: it does not qualify, since the least
    certain criteria that pass by their words (`by_words`, keys) count as undecided.
    """
    held = list(grades)
    passing = [n for n, g in enumerate(held) if g.criterion_key in by_words and (g.score or 0) >= PASSING_SCORE]
    for number in sorted(passing, key=lambda n: held[n].probability):
        if not qualifies([grade.score for grade in held]):
            break
        grade = held[number]
        why = f"{grade.why} But all in all its site says much less of what is asked than others': counted as undecided."
        held[number] = replace(grade, score=PASSING_SCORE - 1, why=why)
    return held


def held(grade: Grade) -> Grade:
    """A grade of a company whose site tries to instruct graders: never the best one, whatever its other pages say."""
    if grade.score is None or grade.score <= PASSING_SCORE:
        return grade
    why = f"{grade.why} Held at {PASSING_SCORE}: a page of this site tries to instruct whoever grades it."
    return replace(grade, score=PASSING_SCORE, why=why)
