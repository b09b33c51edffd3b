"""Whether a model can tell anything apart: it is shown a place that is no company, and must not pass it.

A model that finds everything excellent would fill a list with whatever it is shown. Its grades count for nothing.
"""

from datetime import UTC, datetime

from longlist.grade.llm_grader import LLMGrader, Sheet
from longlist.grade.pool import Passage
from longlist.model.company import CompanyProfile, Facts, Page
from longlist.model.criterion import qualifies
from longlist.model.plan import Plan
from longlist.model.web import Errand

CREDULOUS = "The model passes a reading corner with a kettle on these criteria, so its grades tell nothing."

_LINES = (
    "The reading corner under the stairs opens on Tuesdays from four to six.",
    "There are two armchairs, a kettle and some forty novels, which may be borrowed.",
    "Nothing is sold here, and nobody works here.",
)
_PAGE = Page("\n".join(_LINES), datetime(2000, 1, 1, tzinfo=UTC), record="decoy:reading-corner")
_NOBODY = CompanyProfile("decoy:reading-corner", "Reading corner", "", "", "", (), Facts(), (_PAGE,))
DECOY = Sheet(_NOBODY, tuple(Passage(0, _PAGE, line) for line in _LINES), (_PAGE,))


async def is_credulous(grader: LLMGrader, plan: Plan, errand: Errand) -> bool:
    """Whether the model passes what is no company. Raises as `LLM.ask` does."""
    grades = await grader.grade(plan, DECOY, errand)
    return qualifies([grade.score for grade in grades])
