"""Where a query proper begins: requests ("find me 50 …", "list of", "I need the top 20") say nothing of companies."""

import re

from longlist.plan.nouns import COMPANY

_GREETING = r"(?:hi|hello|hey|please|pls|ok|okay)(?: there)?[,!]?\s+"
_REQUEST = (
    r"(?:(?:can|could|would) you (?:please )?|help me (?:to )?|i(?:'m| am)? (?:trying|want|need|would like|'d like) to |i'd like to |we(?:'re| are)? (?:trying|want|need|would like) to |looking to )?"
    r"(?:(?:i(?:'m| am)?|we(?:'re| are)?|am|are|my client is|our client is) (?:currently )?(?:looking|searching|hunting|on the lookout|interested) (?:for|in)(?: finding)?"
    r"|(?:i|we) (?:need|want|would like|seek|require|am after)(?: to (?:find|see|have|get|know))?|i'd like(?: to (?:find|see|get))?"
    r"|(?:(?:our|my|the) (?:client|fund|company|firm|team|boss|customer|investor)s? (?:wants?|needs?|seeks?|is looking|are looking|would like|plans?)|(?:i|we) (?:want|need|would like|plan|are looking|am looking|seek)|looking|seeking|trying|wanting) to (?:buy|acquire|partner with|invest in|talk to|contact|sell to|source from|work with|pitch|approach)(?=\s|$)|(?:looking|searching|hunting|search|look|hunt) for|in search of|find(?: me| us)?|show(?: me| us)(?= )|show(?= (?:all|the|\d))|give (?:me|us)|get (?:me|us)|fetch(?: me)?|send me|tell me"
    r"|list (?:me|out|all|the|some|every|up)|list(?= (?:of|\d|compan))|identify|discover|uncover|(?:compile|build|make|create|pull|prepare|put together|generate) (?:me |us )?a (?:\w+ )?list of"
    r"|return(?= (?:all|the|\d|compan))|suggest(?: me)?|recommend(?: me)?|name(?= (?:all|some|the|\d))|(?:who|which|what|where) are|source (?:me|us)|research(?= (?:all|the|compan|\d))"
    r"|(?:query|task|search|brief|target|prompt|icp|ideal customer profile)\s?:)(?=\s|$)"
)
_QUANTIFIER = (
    r"(?:(?:a|the|all|any|some|every|each|me|us|of|as|many|possible|my|our|those|these|other)(?= )\s*|(?:a |the )?(?:\w+ )?(?:list|overview|selection|set|number|bunch|handful|couple|shortlist|longlist) of(?= )"
    r"|examples of(?= )|as many .{0,30}? as possible|(?:the )?(?:top|best|first|leading|biggest)(?= \d)|(?:up to|around|about|approximately|at least|roughly|some)(?= \d{1,3} (?!employee|people|person|staff|worker|year|million|thousand)))\s*"
)
_OPENING = re.compile(rf"\s*(?:{_GREETING})*(?:{_REQUEST}\s*)*")
_ASKED = re.compile(rf"\s*(?:{_GREETING})*(?:{_REQUEST})")
_MORE = re.compile(_QUANTIFIER)
_COUNT = re.compile(
    r"(?:top |best |first )?(?:[1-9]\d{0,2}|a hundred|ten|twenty|fifty|dozens of)\+?\s+(?!(?:employees?|people|persons?|staff|workers?|years?|days?|hours?|months?|minutes?|million|thousand|%|percent|to|or|and|-)\b)(?=[a-z])"
)
_COUNTED = re.compile(rf"^(?:[\w&/'-]+\s+){{0,6}}?{COMPANY}\b")


def opening(flat: str) -> int:
    """Where the query proper begins: "Find me 50", "list of", "I need the top 20" are no part of it."""
    match = _OPENING.match(flat)
    at = match.end() if match else 0
    asked = bool(_ASKED.match(flat))
    while True:
        count = _COUNT.match(flat, at)
        if count and (asked or _COUNTED.match(flat[count.end() :])):
            at = count.end()
            continue
        more = _MORE.match(flat, at)
        if more is None or more.end() == at or re.match(r"\s*us\b", flat[at : at + 3]):
            return at
        at = more.end()
