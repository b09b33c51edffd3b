"""Words that look like a condition but that no fact we keep can decide: revenue, growth, certificates, ownership, likeness to
a company that is named.
"""

import re
from collections.abc import Iterator, Sequence

from longlist.plan.clauses import Clauses, Found
from longlist.plan.nouns import COMPANY

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:annual |yearly )?(?:revenues?|turnover|sales|arr|mrr|ebitda)(?: (?:of|over|above|under|between|exceeding|greater than|more than|less than|at least|growth)[^.;,]{0,30}| growth)",
        r"(?:[$€£]\s?[\d.,]+\s?(?:k|m|mn|b|bn|million|billion)?\+?|[\d.,]+\s?(?:million|billion) (?:dollars|euros)) (?:in |of )?(?:annual |yearly )?(?:revenues?|turnover|sales|arr|mrr|ebitda)",
        r"(?:highly |already |not (?:yet )?)?profitab(?:le|ility)|cash[- ]flow positive|(?:un|pre-?)profitable|pre-?revenue",
        r"(?:fast(?:est)?|rapidly|quickly|high)[- ]grow(?:ing|th)|hyper-?growth|growing (?:quickly|fast|rapidly|headcount|by)[^.;,]{0,20}|growth (?:rate|of)[^.;,]{0,24}|head ?count growth|double[- ]digit growth|(?:headcount|team) (?:is )?growing",
        r"(?:iso[- ]?\d{3,5}(?:[- ]certified)?|soc ?2(?: type \w+)?|hipaa[- ]compliant|gdpr[- ]compliant|fda[- ](?:approved|cleared)|ce[- ]marked|b[- ]corp(?:oration)?s?|certified b corp\w*|fair[- ]?trade|organic[- ]certified|fedramp)",
        r"(?:family|founder|employee|pe|private[- ]equity|woman|women|female|minority|black|veteran|lgbtq?\+?|investor|state|government)[- ](?:owned|led|run|controlled|founded|backed)",
        r"(?:vc|venture|venture[- ]capital|angel|pe|yc|y combinator|a16z|sequoia)[- ](?:backed|funded)|backed by [^.;,]{2,40}",
        r"(?:with )?(?:offices?|branches|subsidiar(?:y|ies)|customers|clients|operations|a presence|presence|factor(?:y|ies)|production|manufacturing) (?:in|across) [^.;,]{2,40}",
        r"unicorns?|decacorns?|fortune \d+|inc\.? ?5000|market leaders?|award[- ]winning|top[- ]rated|best[- ]in[- ]class|highly rated",
        r"(?:currently |actively |are |is )hiring(?= |$|[.,;])|recently (?:raised|funded)|raised (?:money |funding )?(?:recently|in the (?:last|past)[^.;,]{2,20})|valued at [^.;,]{2,20}|valuation[^.;,]{0,24}|market cap(?:itali[sz]ation)?[^.;,]{0,24}",
        r"(?:over|more than|at least|under|fewer than|less than)? ?[\d.,]+ ?(?:k|m|million|thousand)?\+? (?:stores|locations|branches|rooms|trucks|vehicles|customers|users|clients|downloads|subscribers|members|offices|countries|patents|reviews)",
        r"remote[- ](?:first|only)|fully remote|carbon[- ]neutral|net[- ]zero compan\w+|sustainab(?:le|ly)[- ]run|ethical(?:ly)? run",
    )
)
_AS_PATTERN = tuple(re.compile(rf"(?<![\w-])(?:{p.pattern})(?![\w])") for p in _PATTERNS)
_TOPIC = re.compile(
    rf"^\s+(?:software|tools?|management|platform|analytics|cycle|recognition|operations|forecasting|intelligence|tax|enablement|automation|training|(?!{COMPANY})optimi[sz]ation)\b"
)
_LIKENESS = re.compile(
    r"\b(?:[Ll]ike|[Ss]imilar to|[Cc]omparable (?:to|with)|[Cc]ompetitors? (?:of|to|for)|[Cc]ompet(?:e|es|ing) with|[Rr]ivals? (?:of|to)|[Aa]lternatives? (?:to|for))"
    r" [A-Z][\w.&'’-]*(?: [A-Z][\w.&'’-]*){0,3}"
)


def unchecked(clauses: Clauses, found: Sequence[Found]) -> Iterator[str]:
    """The words, as written; none that a condition found already covers, and none about customers."""
    for pattern in _AS_PATTERN:
        for match in pattern.finditer(clauses.flat):
            start, end = match.span()
            if any(f.start < end and start < f.end for f in found) or _TOPIC.match(clauses.flat[end : end + 24]):
                continue
            yield clauses.text[start:end].strip()
    yield from (match[0] for match in _LIKENESS.finditer(clauses.text))
