"""Conditions on status (active, acquired, closed) and on being listed on an exchange."""

import re
from collections.abc import Iterator

from longlist.language.places import mentions
from longlist.language.vocabulary import EXCHANGES
from longlist.plan.clauses import Clauses, Found
from longlist.plan.nouns import COMPANY

_C = rf"(?=\s+(?:(?!that\b|which\b|for\b|to\b|in\b|of\b|with\b|and\b)[\w&'-]+\s+){{0,4}}?{COMPANY}(?![\w-]))"
_BE = r"(?:\b(?:neither|either|nor|\w+n\'t|is|are|be|been|being|was|were|got|get|has|have|had|remain(?:s|ed)?|still|now|since|already|recently|later|not|n't|never|and|or|but|stay(?:s|ed)?|went|status|no|formerly|currently|should|must|that)\b[\s:]*(?:yet |ever |since |been |be |actually |all )*)"
_END = r"(?=\s*(?:$|[.,;:)\]/]|(?:and|or|but|in|by|since|companies|firms|startups|ones|anymore|any more|today|now|already|only|please|as|yet|with|that|which|who|making|selling|though|from|nor)\b))"

_ACQUIRER = (
    r"(?:(?:an?|the|their|its) )?(?:(?:much )?(?:larger|bigger|big|large|other|another|strategic|public|major|rival|competing|foreign) (?:compan(?:y|ies)|players?|groups?|firms?|competitors?|corporations?|rivals?|buyers?|tech)"
    r"|(?:private[- ]equity|pe|big tech|competitors?|rivals?|conglomerates?|investors?|incumbents?|acquirers?)(?: (?:firms?|funds?|groups?|companies))?)"
)
_CLOSED = re.compile(
    rf"(?<![\w-])(?:(?P<adjective>defunct|bankrupt|insolvent|dissolved|liquidated|shuttered|inactive|closed[- ]down|failed|dead|shut[- ]down|out[- ]of[- ]business|dormant){_C}"
    rf"|{_BE}(?:closed(?: down| shop| (?:its|their) doors)?(?! (?:loop|source|captioning|cell|circuit))|defunct|inactive|bankrupt|insolvent|dissolved|liquidated|dead|failed|folded|wound (?:down|up)|shuttered|dormant|discontinued|out of business|no more|gone|bust|under){_END}"
    r"|(?:shut|shutting) (?:down|its doors|their doors)(?! (?:valves?|systems?|procedures?))|shutdown(?=\s*(?:$|[.,;)]|compan|startup|firm|business))|(?:go(?:ne|es)?|went|going) (?:out of business|bankrupt|bust|under|insolvent|into (?:administration|liquidation))|out of business(?! cards)|ceased (?:operations?|trading|operating|to exist|to operate|business)|(?:in|under) (?:liquidation|administration|bankruptcy|chapter 11|insolvency)(?! (?:law|software|services))"
    r"|filed for (?:bankruptcy|chapter (?:7|11)|insolvency)|declared bankruptcy|no longer (?:active|operating|in business|exist(?:s|ing)?|around|trading|operational|in operation|in existence|alive|running|open)|not (?:active|operating|operational|trading|in business) (?:any ?more|any longer|now)"
    r"|stopped (?:operating|trading|doing business)|have folded|(?:don't|doesn't|do not|does not) exist any ?more|wound (?:down|up)|(?:that|which|have|has) (?:failed|folded|collapsed)(?! to)|collapsed"
    rf"|status\s*(?:is|:|=)\s*(?:closed|inactive|defunct)|(?<=, )(?:defunct|inactive|closed|bankrupt){_END}|^(?:defunct|bankrupt|inactive)(?=\s+[a-z]))"
)
_ACQUIRED = re.compile(
    rf"(?<![\w-])(?:(?:recently[- ])?(?<!that )(?<!which )(?<!who )(?<!have )(?<!has )(?<!it )(?:acquired|acquihired|acqui-hired|taken[- ]over){_C}(?!\s+(?:\w+\s+){{0,2}}?(?:competitors|rivals))"
    rf"|(?:{_BE}(?:recently |subsequently |successfully |eventually )?|(?<=companies )|(?<=startups )|(?<=firms )|(?<=vendors ))(?:acquired|taken over|absorbed|swallowed(?: up)?|snapped up|acqui-?hired|merged)(?! (?:competitors|rivals|other companies|companies|a |an |several|many))(?=\s*(?:$|[.,;:)\]/]|(?:and|or|but|by|in|into|since|companies|firms|startups|ones|with|for|to|between|after|before|from|yet|already|that|which|nor|last|this)\b))"
    rf"|(?:acquired|taken over|snapped up|absorbed) by\b(?: {_ACQUIRER})?|merged (?:into|with)\b|got (?:acquired|bought)|were taken over|part of a larger (?:group|company) (?:now|today)"
    r"|status\s*(?:is|:|=)\s*acquired|(?<=, )acquired(?=\s*(?:$|[.,;:)]|(?:and|or|but|by|in)\b))|^acquired(?=\s+[a-z]))"
)
# "Sold" and "bought" are said of products too: of companies only with a company for a subject or an acquirer behind.
_SOLD = re.compile(
    r"(?<![\w-])(?:bought(?: up| out)?|purchased|sold(?: off)?)(?![\w-])(?P<to>\s+(?:to|by)\s+(?P<agent>.{0,40}))?"
)
_SOLD_COMPANY = re.compile(
    r"(?:\b(?:compan(?:y|ies)|firms?|start-?ups?|scale-?ups?|business(?:es)?|corporations?|fintechs?|biotechs?|unicorns|competitors)|^\s*(?:it|they))"
    r"(?:\s+(?:that|which|who|is|are|was|were|has|have|had|been|being|got|get|not|never|since|recently|later|already|eventually|subsequently|acquired|closed|merged|shut down|and|or|then|founders?))*\s*$"
)
_SOLD_VENDOR = re.compile(
    rf"{COMPANY}(?:\s+(?:that|which|who|was|were|has|have|had|been|being|got|not|never|since|recently|later|already|eventually|subsequently|acquired|closed|merged|and|or|then))*\s*$"
)
_NAME = re.compile(
    r"(?:[A-Z][\w&.'-]*)(?: (?:& )?[A-Z][\w&.'-]*)*(?=\s*(?:$|[.,;)?!]|(?:in|for|last|this|or|and|within|during|before|after|since|by|between)\b))"
)
_NO_ACQUIRER = re.compile(r"(?:[A-Z]{2,}s|SME|SMB|HR|IT|B2B|NHS|US|UK|EU)\b")
_LOWER_NAME = re.compile(
    r"(?!(?:a|an|the|their|its|this|our|your|each|every|any|consumer)\b)[a-z]+(?<!s)(?=\s*(?:$|[.,;)]|(?:in|for|last|since)\b))"
)


_ACTIVE = re.compile(
    rf"(?<![\w-])(?:(?:still|currently|actively|presently)[- ](?:active|operating|operational|in business|in operation|trading|up and running|alive|live|around|running|existing|exist(?:s|ing)?|open|independent|going|a going concern|stand-?alone|trade|operate)(?! in (?:the )?(?!business|operation)[a-z])"
    rf"|(?:active|operational|operating|existing){_C}(?!\s+(?:system|ingredient|noise|wear|expense|lifestyle|leisure|pharma|room|theat|table|lease|sport))(?!(?:\s+[\w-]+){{0,2}}\s+(?:systems?|ingredients?|noise|wear|rooms?|partners?|packaging|lifestyles?|ageing|aging))"
    rf"|(?:is|are|be|being|remain|remains|stay|and|that are|must be|,)\s+(?:still |currently )?(?:active|operational|operating|in business|in operation|alive|up and running|a going concern|still trading){_END}(?! in (?:the )?[a-z])"
    rf"|independent(?=\s+(?:(?:and )?(?:active|private|european|american|german|us|uk|british|software|saas|b2b|tech)\s+){{0,2}}(?:compan(?:y|ies)|firms?|startups?|vendors?|businesses))|(?:remain(?:s|ed|ing)?|stay(?:s|ed)?|still|be|are) (?:fully )?independent{_END}|going concerns?|in good standing|that (?:still )?exist(?:s)? today|status\s*(?:is|:|=)\s*active|actively operating|stand-?alone (?:companies|businesses))"
)
_COUNTED_AS = {"closed": _CLOSED, "acquired": _ACQUIRED, "active": _ACTIVE}
_NOT_STATUS_BEFORE = re.compile(
    r"\b(?:for|of|help(?:s|ing)?|serv(?:e|es|ing)|buy(?:s|ing)?|owner of|manage(?:s)?|by|to) (?:the )?(?:recently )?$"
)
_BY_ANOTHER = re.compile(rf"\s+by {_ACQUIRER}\b")
_WHEN = re.compile(
    r"\s+(?:since|in|after|before|during|by|between|within)\s+(?:the )?(?:(?:last|past) (?:\w+ )?(?:years?|decade|months)|(?:19|20)\d\d(?:\s*(?:-|–|and|to)\s*(?:19|20)\d\d)?(?!\d)|(?:19|20)\d0s)"
)
_THEIR = re.compile(
    r"\b(?:customers?|users?|clients?|patients|founders?|people|products?|projects?|stores?|shops|factories|mines|wells|loans?|accounts|positions|deals|stations|branches|plants|features?) (?:that |who |which )?(?:have |has |had |are |were |is |was |been )*$"
)

_WHO = r"(?:compan(?:y|ies)|compnies|firms?|business(?:es)?|corporations?|corps?|startups?|enterprises?|issuers?|entities|ones)"
_BETWEEN = r"(?:(?!equity|sector|school|transport|health|label|relations|safety|cloud|key|jets?|clinics?|practices?|schools?|hospitals?|banks?ing|charter|chefs?|tutor|lenders?|credit|wealth|aviation|dining|security|investigat|detective|house|home|garden|rent|medical|healthcare|patients|students|clients|in\b|on\b|for\b|to\b|that\b|of\b|and\b(?! (?:listed|profitable|small|large|independent)))[\w&'-]+\s+){0,4}?"
_PUBLIC_BETWEEN = (
    r"(?:(?!transport|transit|relation|safet|sector|health|school|hous|utilit|service|works|policy|affairs|opinion|speak|toilet|librar|wifi|wi-fi|cloud|key|record|procure|address|charg|art|square|light|infra|adjust|notar|universit|hospital|broadcast|media|admin|bath"
    r"|park|space|financ|tender|square|interest|good|domain|access|data|blockchain|ledger|benefit|offering|life|figure|event|bike|ev\b|in\b|on\b|for\b|to\b|that\b|of\b|and\b|who\b|with\b|facing)[\w&'-]+\s+){0,3}?"
)
_LISTED = re.compile(
    rf"(?:(?<=non-)public|(?<![\w-])(?:public(?:ly)?[- ](?:traded|listed|quoted|held)(?: on (?:the |an? )?[\w& ]{{0,30}}?(?:{EXCHANGES}))?|(?:stock[- ](?:exchange|market)|exchange)[- ](?:listed|traded|quoted)|(?:{EXCHANGES})[- ](?:listed|traded|quoted)"
    rf"|(?:that (?:have |are )?)?(?:listed|quoted|traded|floated|trading|trade|trades|listing|float)(?: publicly)? (?:in \w+ )?(?:on|at|in) (?:(?:a|an|any|the|one of the|some|major|regulated|recogni[sz]ed|public|us|european)\s+){{0,4}}[\w&. ]{{0,26}}?(?<![\w])(?:{EXCHANGES})(?![\w])|(?:(?:member|part|constituents?|components?) of|(?:compan(?:y|ies)|firms|stocks?) (?:on|in)) (?:the )?(?:{EXCHANGES})"
    rf"|public(?=\s+{_PUBLIC_BETWEEN}{_WHO}(?![\w-])(?!'?\s+(?:data|filings?|accounting|reporting|boards?|auditors?|disclosure)))|public limited companies|plcs?\b|listed in (?:the )?[a-z]+(?= |$|[,.;])|(?<=[a-z] )listed$"
    rf"|(?:that (?:have )?|which (?:have )?|have |has |already |that's |who )(?:went|gone) public|post-?ipo|with a (?:stock(?: market)? listing|stock ticker|ticker|listing)|(?:has|have|having) (?:a |an |its |their )?(?:stock(?: market)?|public|exchange)? ?(?:listing|ticker(?: symbol)?|listed shares|publicly traded shares|traded shares|traded stock)|(?:whose|its|their|the) (?:shares|stock)s? (?:are|is) (?:publicly |freely )?(?:traded|listed|quoted)(?: on (?:an?|the|any|some) (?:\w+ )?(?:stock )?(?:exchange|market)s?)?|shares (?:are )?(?:publicly )?traded|(?:is|are|be|being) (?:a )?public(?: compan(?:y|ies)| corporations?)?(?=\s*(?:$|[.,;)]|and|or|but))"
    rf"|(?:blue[- ]chip|(?:small|mid|large|micro|mega)[- ]?cap)(?=\s+{_BETWEEN}(?:compan|stocks?|firms|issuers|businesses|miners|producers|biotechs|banks))"
    rf"|listed(?=\s+{_BETWEEN}{COMPANY}(?![\w-]))(?!\s+(?:buildings?|propert))|{_BE}(?:already |currently |also )?listed(?: publicly)?(?=\s*(?:$|[.,;)]|and\b|or\b|but\b|compan|in (?:the )?[a-z]+(?:$|[.,;)])))))"
)
_PRIVATE = re.compile(
    rf"(?<![\w-])(?:(?:taken|went|gone) private|privately[- ](?:held|owned|traded|run|financed)|private(?=\s+{_BETWEEN}{_WHO}(?![\w-]))(?!\s+(?:sector|security|investment) (?:firm|compan))|unlisted|unquoted|non-?listed|(?:is|are|be|still|remain(?:s|ed)?|stay(?:s|ed)?|currently|being|and|,) (?:a )?private(?=\s*(?:$|[.,;)]|and\b|or\b|but\b|compan|not\b))|pre-?ipo(?=\s+{_BETWEEN}{COMPANY})|(?:no|without (?:a |any )?|have no|has no) (?:stock(?: market| exchange)?|public|exchange) listing|(?:yet to|not yet|haven't|has not|have not|hasn't|never) (?:go(?:ne)?|went|been) public|still private|private$|in private (?:hands|ownership)|private only|(?:owner|founder|family|pe|employee)-owned and private|not (?:publicly )?(?:traded|listed)(?: on (?:any|a) (?:stock )?exchange)?)"
)
_PRIVATE_SIDE = re.compile(r"(?:for|of|in|on|help(?:s|ing)?|serv(?:e|es|ing)|among|to|with|by|about) (?:\w+ ){0,2}$")


def standings(clauses: Clauses) -> Iterator[Found]:
    """Conditions on status and listing of the company itself."""
    yield from _statuses(clauses)
    yield from _listings(clauses)


def _sold(clauses: Clauses) -> Iterator[tuple[int, int]]:
    """Where a company was sold or bought, as far as the words tell; products are sold as well."""
    for match in _SOLD.finditer(clauses.flat):
        left = clauses.left(match.start(), comma=False)
        start, end = match.start(), match.end() if match["to"] is None else match.start("to")
        if match["to"] is None:
            behind = clauses.flat[end : end + 24]
            done = _SOLD_COMPANY.search(left) and re.search(
                r"\b(?:was|were|been|got|bought|later|since)\b", match.group() + left[-40:]
            )
            if done and re.match(
                r"\s*(?:$|[.,;)]|(?:and|or|in (?:19|20)\d\d|last|this|since|for|between|before|after|recently|within|during|out)\b)",
                behind,
            ):
                yield start, end
            continue
        acquirer = re.match(_ACQUIRER + r"(?![\w-])", match["agent"])
        if acquirer:
            if _SOLD_VENDOR.search(left) or _SOLD_COMPANY.search(left) or clauses.role == "criterion":
                yield start, match.start("agent") + acquirer.end()
            continue
        agent = clauses.text[match.start("agent") : match.end("agent")]
        named = _NAME.match(agent)
        if named and _NO_ACQUIRER.match(agent) is None and not mentions(named.group()):
            if _SOLD_VENDOR.search(left) or _SOLD_COMPANY.search(left):
                yield start, end
        elif _LOWER_NAME.match(agent) and _SOLD_COMPANY.search(left):
            yield start, end


def _statuses(clauses: Clauses) -> Iterator[Found]:
    flat = clauses.flat
    taken: list[tuple[int, int]] = []
    for start, end in _sold(clauses):
        when = _WHEN.match(flat, end)
        taken.append((start, when.end() if when else end))
        yield Found("status", "in", ("acquired",), *taken[-1])
    for status, pattern in _COUNTED_AS.items():
        for match in pattern.finditer(flat):
            start, end = _trimmed(match)
            buyer = _BY_ANOTHER.match(flat, end)
            end = buyer.end() if buyer else end
            when = _WHEN.match(flat, end)
            end = when.end() if when else end
            if any(a < end and start < b for a, b in taken):
                continue
            if clauses.of_customers(start) or _NOT_STATUS_BEFORE.search(clauses.left(start)[-30:]):
                continue
            if _THEIR.search(flat[max(0, match.start() - 40) : match.start()]) or _THEIR.search(
                flat[max(0, start - 40) : start]
            ):
                continue
            taken.append((start, end))
            yield Found("status", "in", (status,), start, end)


_GLUE = re.compile(
    r"^(?:[\s:,]*(?:is|are|be|been|being|was|were|got|get|has|have|had|remains?|remained|still|now|since|already|later|not|n't|never|and|or|but|stay(?:s|ed)?|went|no|formerly|currently|should|must|yet|ever|actually|all|that|status)\b)+[\s:]*"
)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """The words proper: a "not" in front must not hide inside the condition."""
    text = match.group()
    if re.match(
        r"(?:no longer|not (?:active|operating|operational|trading|in business) any|went|go(?:ne|es|ing)?|(?:don't|doesn't|do not|does not) exist|still|currently|status)",
        text,
    ):
        return match.span()
    glue = _GLUE.match(text)
    start = match.start() + (glue.end() if glue and glue.end() < len(text) else 0)
    return start, match.end()


def _listings(clauses: Clauses) -> Iterator[Found]:
    flat = clauses.flat
    taken: list[tuple[int, int]] = []
    for listed, pattern in ((False, _PRIVATE), (True, _LISTED)):
        for match in pattern.finditer(flat):
            start, end = match.span() if not listed else _trimmed(match)
            if any(a < end and start < b for a, b in taken):
                continue
            if clauses.of_customers(start) or (
                _PRIVATE_SIDE.search(clauses.left(start)[-30:]) and not _looking(clauses, start)
            ):
                continue
            if (
                re.search(
                    r"\b(?:products?|properties|homes|jobs|items|sellers|apps|ingredients|species|tools?|and|going|go|to be|about to be)\s+(?:to\s+)?$",
                    flat[max(0, start - 20) : start],
                )
                and listed
                and not re.search(r"\band\s+$", flat[:start])
            ):
                continue
            if match.group().startswith("listed in") and not mentions(clauses.text[match.start() : match.end() + 12]):
                continue
            taken.append((start, end))
            if not listed and re.match(r"not |non|yet to|never|have|has", match.group()):
                yield Found("listed", "not_in", (True,), start, end)
            else:
                yield Found("listed", "in", (listed,), start, end)


def _looking(clauses: Clauses, start: int) -> bool:
    return bool(
        re.search(r"\b(?:looking|search(?:ing)?|hunting) for (?:\w+ ){0,2}$", clauses.flat[max(0, start - 40) : start])
    )
