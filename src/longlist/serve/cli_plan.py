"""`longlist plan`: what is understood of queries. Imports no more than the planner: it must start fast."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from longlist.engine.checks import MAX_QUERY, checked_criteria, checked_query, criteria_from_texts
from longlist.errors import InvalidInput, LonglistError
from longlist.plan.planner import Planner
from longlist.plan.planner import as_json as plan_json
from longlist.serve.plans import print_plan
from longlist.serve.terminal import out, print_json
from longlist.wiring.planning import rule_planner

MAX_LINE = 4 * MAX_QUERY + 8  # bytes: so much can a query have in UTF-8, its line end included


def plan(query: str, texts: Sequence[str], *, as_json: bool) -> None:
    """Print what is understood of one query, or of each line of standard input."""
    criteria = checked_criteria(criteria_from_texts(texts))
    planner = rule_planner()
    if query == "-":
        asyncio.run(_plan_lines(planner, texts))
        return
    found = asyncio.run(planner.plan(checked_query(query), criteria))
    if as_json:
        print_json(plan_json(found))
    else:
        print_plan(out(), found)


async def _plan_lines(planner: Planner, texts: Sequence[str]) -> None:
    """One JSON object a line, in order; a line that cannot be planned gives {"line", "query", "error"}."""
    criteria = checked_criteria(criteria_from_texts(texts))
    for number, line in enumerate(_lines(sys.stdin.buffer), start=1):
        try:
            if line is None:
                raise InvalidInput(f"The query has more than {MAX_QUERY:,} characters; at most as many are read.")
            print_json(plan_json(await planner.plan(checked_query(line), criteria)), indent=None)
        except LonglistError as error:
            said = None if line is None else line[:200].encode(errors="replace").decode()
            print_json({"line": number, "query": said, "error": str(error)}, indent=None)


def _lines(stream: BinaryIO) -> Iterator[str | None]:
    """The lines of a stream, stripped; None for one that is too long, which is passed over in bounded memory."""
    while raw := stream.readline(MAX_LINE):
        too_long = False
        while not raw.endswith(b"\n") and len(raw) == MAX_LINE:
            too_long = True
            raw = stream.readline(MAX_LINE)
        yield None if too_long else raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff").strip()
