"""The quote lock: a quotation proves something only where it stands in a page, word for word.

White space and Unicode's compatibility forms may differ (`language.quotes`), nothing else may. What is kept as evidence is
the quotation as the model gave it, with the page it stands in; where that page came from is never the model's to say.
"""

from collections.abc import Sequence

from longlist.grade.pool import Passage
from longlist.language.quotes import occurs, readings
from longlist.model.company import Page
from longlist.model.criterion import Evidence


def proof(quote: str, numbers: Sequence[int], shown: Sequence[Passage], pages: Sequence[Page]) -> Evidence | None:
    """The evidence for a quotation: where it stands, looked for in the passages of these numbers (from 1), in all that
    were shown, then in all `pages`. None when it stands in none of them, or is too short to prove anything.
    """
    named = [shown[number - 1].page for number in numbers if 1 <= number <= len(shown)]
    places = list(dict.fromkeys((*named, *(passage.page for passage in shown), *pages)))
    for words in readings(quote):
        for page in places:
            if occurs(words, page.text):
                return Evidence(words, page.hash, page.read_at, url=page.url, record=page.record)
    return None
