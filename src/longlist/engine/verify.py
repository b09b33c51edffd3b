"""Re-check the proof of a task, offline: every quotation against the stored text it is said to stand in."""

from dataclasses import dataclass

from longlist.language.quotes import folded
from longlist.model.company import text_hash
from longlist.model.criterion import PASSING_SCORE, Evidence, Grade
from longlist.store.store import TaskStore

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is not proven; `quote` is empty when a grade of 4 or 5 has no quotation at all."""

    company: str
    criterion: str
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`checked` things were looked at (quotations, and grades of 4 or 5 that lack one); the rest is in `failures`."""

    checked: int
    proven: int
    failures: tuple[Failure, ...] = ()


async def verify(store: TaskStore, task_id: str) -> Verification:
    """Check all grades of all evaluated companies of the task, qualified or not. NotFound for an unknown task.

    A quotation is proven when the text of its hash is stored, the text's SHA-256 is that hash, and the quotation
    stands in it verbatim, white space and Unicode compatibility forms aside.
    """
    checked = 0
    failures: list[Failure] = []
    offset = 0
    while some := await store.results(task_id, offset, AT_ONCE, qualified_only=False):
        offset += len(some)
        cited = {proof.hash for result in some for grade in result.grades for proof in grade.evidence}
        texts = await store.page_texts(cited)
        sound = {digest: folded(text) for digest, text in texts.items() if text_hash(text) == digest}
        for result in some:
            company = result.profile.name or result.candidate.name
            for grade in result.grades:
                checked += len(grade.evidence)
                failures += [
                    Failure(company, grade.criterion_key, proof.quote, reason)
                    for proof in grade.evidence
                    if (reason := fault_of(proof, texts, sound))
                ]
                if _lacks_proof(grade):
                    checked += 1
                    reason = f"The grade is {grade.score} but nothing is quoted for it."
                    failures.append(Failure(company, grade.criterion_key, "", reason))
    return Verification(checked, checked - len(failures), tuple(failures))


def _lacks_proof(grade: Grade) -> bool:
    return grade.score is not None and grade.score >= PASSING_SCORE and not grade.evidence


def fault_of(proof: Evidence, texts: dict[str, str], sound: dict[str, str]) -> str:
    """Why the quotation is not proven; "" when it is."""
    where = proof.url or proof.record or "its source"
    if (proof.url is None) == (proof.record is None):
        return "It must name either a page or a catalogue record as its source."
    if proof.hash not in texts:
        return f"The text of {where} it was taken from is not stored."
    if proof.hash not in sound:
        return f"The stored text of {where} was changed since it was read."
    wanted = folded(proof.quote)
    if not wanted or wanted not in sound[proof.hash]:
        return f"It does not stand in the stored text of {where}."
    return ""
