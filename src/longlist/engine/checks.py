"""What a query, a number of results, and criteria must be like: contract §2.1."""

import re
from collections.abc import Iterable, Sequence

from longlist.errors import InvalidInput
from longlist.model.criterion import KEY_PATTERN, MAX_CRITERIA, NAME_LENGTH, TEXT_LENGTH, Criterion
from longlist.model.task import WANTED_RANGE

MAX_QUERY = 20_000  # characters; a query is a sentence, this stops whole documents
SHORT_NAME = 60  # characters of the name of a criterion that was given as a bare statement


def checked_query(query: str) -> str:
    """The query, or InvalidInput when it is blank, too long, or holds characters that no text has."""
    if not query.strip():
        raise InvalidInput("The query is empty. Describe the companies you look for in a sentence.", field="query")
    if len(query) > MAX_QUERY:
        raise InvalidInput(f"The query has {len(query):,} characters; at most {MAX_QUERY:,} are read.", field="query")
    if not _is_text(query):
        raise InvalidInput("The query holds characters that are no text (NUL or half a character).", field="query")
    return query


def _is_text(text: str) -> bool:
    """Whether a text can be stored: no NUL, and no half character as broken bytes on a command line give."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def checked_wanted(wanted: int) -> int:
    """The number of results wanted, or InvalidInput outside 1-250."""
    low, high = WANTED_RANGE
    if not low <= wanted <= high:
        raise InvalidInput(f"{wanted} results cannot be asked for: {low} to {high}.", field="desired_num_results")
    return wanted


def checked_criteria(criteria: Sequence[Criterion] | None) -> tuple[Criterion, ...] | None:
    """The criteria, None when there are none (they are inferred then), or InvalidInput by the rules of contract §2.1."""
    if not criteria:
        return None
    if len(criteria) > MAX_CRITERIA:
        raise InvalidInput(
            f"{len(criteria)} criteria are too many: at most {MAX_CRITERIA}, about five work best.", field="criteria"
        )
    for criterion in criteria:
        if not re.fullmatch(KEY_PATTERN, criterion.key):
            raise InvalidInput(
                f"The key {criterion.key[:50]!r} must be letters, digits and underscores, a letter first.",
                field="criteria",
            )
        if not NAME_LENGTH[0] <= len(criterion.name) <= NAME_LENGTH[1]:
            raise InvalidInput(
                f"The name of {criterion.key} must have 1 to {NAME_LENGTH[1]} characters.", field="criteria"
            )
        if not TEXT_LENGTH[0] <= len(criterion.text) <= TEXT_LENGTH[1]:
            raise InvalidInput(
                f"The criterion {criterion.text[:50]!r} has {len(criterion.text)} characters; it needs {TEXT_LENGTH[0]} to {TEXT_LENGTH[1]}.",
                field="criteria",
            )
        if not (_is_text(criterion.text) and _is_text(criterion.name)):
            raise InvalidInput(
                f"The criterion {criterion.key} holds characters that are no text (NUL or half a character).",
                field="criteria",
            )
    keys = [criterion.key for criterion in criteria]
    if len(set(keys)) < len(keys):
        raise InvalidInput("Two criteria have the same key.", field="criteria")
    return tuple(criteria)


def criteria_from_texts(texts: Iterable[str]) -> list[Criterion]:
    """Criteria for bare statements: the name is the beginning of the text, the key is made of its first words."""
    criteria: list[Criterion] = []
    for text in texts:
        name = " ".join(text.split())
        words = re.findall(r"[a-z0-9]+", name.lower())[:5]
        key = stem = re.sub(r"^[^a-z]+", "", "_".join(words))[:60] or "criterion"
        number = 2
        while key in {criterion.key for criterion in criteria}:
            key, number = f"{stem}_{number}", number + 1
        short = name if len(name) <= SHORT_NAME else name[: SHORT_NAME - 3].rsplit(" ", 1)[0] + "…"
        criteria.append(Criterion(key, short, name))
    return criteria
