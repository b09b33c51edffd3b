"""Pages that give orders are set apart: nothing of them is graded, shown to a model or quoted."""

from dataclasses import dataclass, replace

from longlist.language.injections import is_hostile
from longlist.model.company import CompanyProfile
from longlist.model.criterion import Grade

SOME = "One of its pages gives orders to whoever grades it, so nothing of that page was used."
ALL = "All that is held about it gives orders to whoever grades it, so nothing of it was used."


@dataclass(frozen=True, slots=True)
class Safe:
    """A profile with its honest pages, and what to say of the others; "" when there were none."""

    profile: CompanyProfile
    note: str = ""


def without_hostile_pages(profile: CompanyProfile) -> Safe:
    """The profile without the pages that give orders."""
    honest = tuple(page for page in profile.pages if not is_hostile(page.text))
    if len(honest) == len(profile.pages):
        return Safe(profile)
    return Safe(replace(profile, pages=honest), SOME if honest else ALL)


def with_note(grade: Grade, note: str) -> Grade:
    """The grade with something added to its reason."""
    return replace(grade, why=f"{grade.why} {note}".strip()) if note else grade
