"""Words that speak of customers or users, not of the company: what they say is no condition on the company."""

import re

from longlist.plan.nouns import GENERIC

# Words that are nouns as often as verbs ("customer support", "supply chain", "training"): verbs only behind these.
_VERB_BEFORE = r"(?:that|which|who|to|and|they|we|it|also|companies|startups|firms|vendors|providers|platforms|tools|apps|agencies|makers|businesses|,)\s+"
_NOUN_LIKE = (
    r"(?:support(?:s|ing)?|suppl(?:y|ies|ying)|teach(?:es|ing)?|train(?:s|ing)?|financ(?:e|es|ing)|insur(?:e|es|ing)|reach(?:es|ing)?|target(?:s|ing)?|recruit(?:s|ing)? for|enter(?:s|ing)?|cover(?:s|ing)?|track(?:s|ing)?"
    r"|monitor(?:s|ing)?|research(?:es|ing)?|import(?:s|ing)?|sourc(?:e|es|ing)|represent(?:s|ing)?|lets?|fund(?:s|ing)?)"
)
_CUSTOMER_VERB = (
    rf"(?:{_VERB_BEFORE}{_NOUN_LIKE}|help(?:s|ing|ed)?(?! desk)|serv(?:e|es|ing)|targeting|enabl(?:e|es|ing)|empower(?:s|ing)?|assist(?:s|ing)|advis(?:e|es|ing)"
    r"|connect(?:s|ing)|letting|allow(?:s|ing)|protect(?:s|ing)|analy[sz](?:es|ing)"
    r"|used by|trusted by|chosen by|loved by|bought by|made for|built for|designed for|intended for|aimed at|geared (?:to|towards?)|cater(?:s|ing)? (?:to|for)|tailored (?:to|for)"
    r"|lend(?:s|ing)? to|sell(?:s|ing)? (?:[\w-]+ ){0,3}?(?:in)?to|deliver(?:s|ing)? (?:[\w-]+ ){0,2}?to|export(?:s|ing|ers?)? (?:[\w-]+ ){0,2}?to|ship(?:s|ping)? (?:[\w-]+ ){0,2}?to|market(?:s|ing)? to|provid(?:es?|ing) (?:[\w-]+ ){1,4}?to|offer(?:s|ing)? (?:[\w-]+ ){1,4}?to"
    r"|invest(?:s|ing|ed)? in|partner(?:s|ing)? with|work(?:s|ing)? with|clients? (?:are|include|in)|customers? (?:are|include|in)|(?:whose|with|has|have|their|its|to|for|of|by) (?:\w+ )?(?:customers?|clients?)|acquir(?:e|es|ing))"
)
STRONG = re.compile(rf"\b{_CUSTOMER_VERB}\s+(?:[\w&/'+,.-]+\s+){{0,6}}?$")
FOR = re.compile(
    r"(?<!looking )(?<!searching )(?<!hunting )(?<!search )(?<!look )(?<!hunt )(?<!known )\b(?:for|to(?! (?:buy|acquire|find|see|get|have|be|partner|invest|source|add|contact|target|approach|meet|hire|pitch)\b)|by|with|towards?)\s+((?:(?!having\b|whose\b)[\w&/'+-]+\s+){0,6}?)$"
)
OF_GENERIC = re.compile(rf"{GENERIC}\s+(?:(?:that|which) (?:were |was |have |are )?)?$")

_WHO = r"(?:customers?|clients?|users?|buyers?|audiences?|customer base)"
_SUBJECT = re.compile(
    r"(?:^|[.;]\s+|(?<=\s)(?=whose ))(?:its|their|the company's|the|main|typical|target|whose)\s+"
    r"(?:main |typical |paying |primary |target |core |end )*"
    rf"{_WHO}\s+(?:are|is|include|includes|must be|should be|consists? of)\b[^;\n]*"
)
"""As in "Its customers are mainly German banks."."""
_PREDICATE = re.compile(
    r"(?:^|(?<=[.;:\n]))[^.;:\n]*?\s(?:are|is|form|make up)\s+(?:(?:the|a|an|one of|among|its|their|our|mainly|also|both)\s+)*"
    r"(?:(?:main|primary|core|key|typical|target|paying|largest|biggest|important|principal|intended|end|first)\s+)*"
    rf"{_WHO}(?:\s+(?:groups?|segments?|base))?(?=\s*(?:$|[.,;:)]|(?:of|and|or|for|here|in)\b))"
)
"""As in "Charities or other non-profit organisations are a main customer group"."""
NOT_A_USER = (
    r"(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|will|would|should|must|need|not|never|only|also|mainly|still|currently"
    r"|[a-z]+(?:ing|ed|izes?|ises?)|sells?|makes?|builds?|helps?|lets?|offers?|provides?|serves?|runs?|uses?|works?|supply|supplies|produces?|operates?|develops?|designs?"
    r"|owns?|buys?|lends?|brings?|gives?|turns?|puts?|gets?|keeps?|ships?|delivers?|connects?|handles?|manages?|allows?|enables?|supports?|targets?|focus|speciali[sz]e|employs?|raised|went|got|farm|farms|host|hosts"
    r"|take|takes|treat|treats|replace|replaces|protect|protects|protects|track|tracks|measure|measures|print|prints|grow|grows|teach|teaches|train|trains|pay|pays|store|stores|move|moves|read|reads|cut|cuts|invest|invests|insure|insures|fund|funds|in|on|at|to|for|by|with|of|from)"
)
NEEDS = (
    r"(?:(?:can|could|may|might|would|will|should|must|need to|needs to|want to|have to|love to)\s+[a-z]+"
    r"|use|buy|need|want|love|trust|choose|hire|prefer|integrate|embed|adopt|order|install|rely|depend|pay|subscribe|sign up|ship with|deploy|rent|lease)"
)
_RELATIVE = re.compile(rf"\b(?:that|which|whom)\s+(?!{NOT_A_USER}\b)(?:[\w&'/-]+,?\s+){{1,7}}?{NEEDS}\b")
"""As in "carriers that online shops could ship with", "tools which charities use": those behind "that" are the users."""
_ITEM = r"(?!(?:that|which|who|with|in|to|from|based|founded|headquartered|and|or)\b)[\w&'/-]+"
_ITEMS = rf"(?:{_ITEM}\s+){{0,3}}?{_ITEM}"
_LIST = rf"{_ITEMS}(?:,\s*{_ITEMS}){{0,8}},?\s+(?:and|or)\s+(?:{_ITEM}\s*){{1,4}}"
_SERVED = re.compile(
    rf"\b(?!used to\b)(?:(?:used|trusted|bought|chosen|loved|made|built|designed|intended|meant|sold|marketed|geared|aimed|tailored|popular)\s+(?:by|to|for|at|with|among)|serv(?:e|es|ing)|helps?|helping)\s+{_LIST}"
)
"""As in "used by online retailers, marketplaces and nonprofits"."""
_FOR_LIST = re.compile(rf"(?<!looking )(?<!searching )(?<!hunting )(?<!search )(?<!look )\bfor\s+{_LIST}")


def customer_spans(flat: str) -> tuple[tuple[int, int], ...]:
    """Where a levelled text speaks of customers or users alone, as (start, end)."""
    return tuple(m.span() for pattern in (_SUBJECT, _PREDICATE, _RELATIVE, _SERVED) for m in pattern.finditer(flat))


def served_lists(flat: str) -> tuple[tuple[int, int], ...]:
    """Lists behind "for" ("software for clinics, marketplaces and agencies"): kinds of customers, seldom their places."""
    return tuple(m.span() for m in _FOR_LIST.finditer(flat))
