"""The text of a query or criterion as the readers of facts see it: levelled, with what is excluded and what is exemplary.

The readers (`where`, `size`, `age`, `standing`, `funding`, `models`) each find conditions on one fact; here is what they
share: whether words stand in an excluded part, in a list of examples, or belong to the customers, not the company.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from longlist.language.gazetteer import level
from longlist.model.plan import ConstraintField, Op, Value
from longlist.plan.amounts import Amount, amounts

Role = Literal["query", "criterion"]

# Nouns for what is searched: what stands before or after them describes the company itself.
COMPANY = (
    r"(?:compan(?:y|ies)|compnies|companys|cos|co\'s|orgs?|firms?|business(?:es)?|startups?|start-ups?|scale-?ups?|vendors?|providers?|makers?|manufacturers?|producers?"
    r"|suppliers?|retailers?|brands?|agenc(?:y|ies)|studios?|banks?|insurers?|operators?|developers?|builders?|consultanc(?:y|ies)"
    r"|corporations?|corporates?|enterprises?|players?|organi[sz]ations?|organisations?|houses?|shops?|groups?|outfits?|fintechs?|insurtechs?|proptechs?"
    r"|biotechs?|neobanks?|contractors?|distributors?|wholesalers?|exporters?|importers?|traders?|integrators?|marketplaces?|platforms?"
    r"|chains?|funds?|labs?|ventures?|entities|entity|ones?|names|unicorns|smes|smbs|employers|franchises?|nonprofits?|publishers?|carriers?|brokers?"
    r"|airlines?|breweries|wineries|distilleries|restaurants?|hotels?|factories|mills|farms|utilities|competitors|targets|leads|prospects|saas|teams?|tech|companies')"
)
GENERIC = r"(?:compan(?:y|ies)|firms?|business(?:es)?|startups?|start-ups?|employers?|organi[sz]ations?|enterprises?|corporations?|teams?|brands?|people|smbs?|smes?|clients?|customers?|merchants?|retailers?|vendors?|founders?|groups?)"

_BOUNDARY = re.compile(r"[.;:()\n!?\[\]{}|•](?=\s|$|[(\[])|[();\n]|\s[-–—]\s")
_EXAMPLE = re.compile(
    r"(?:\(?\b(?:for example|for instance|such as|e\.g\.?|eg|including|includes?|incl\.?|especially|particularly|like|namely|notably|say|think)(?!\w)[,:]?)\s"
)
_EXAMPLE_END = re.compile(
    r"[.;)\n!?](?=\s|$|[,;.)])|[)]|,?\s(?:that|which|who|with|founded|but|selling|making|doing|building|offering|providing|and (?:that|which|with|have|are|is|sell|make))\s"
)
_NEGATION = re.compile(
    r"(?<![\w-])(?:(?P<cue>"
    r"(?:but |and |are |is |, )?(?:definitely |certainly |absolutely )?not(?! (?:only|just|necessarily|limited|for[- ]profit|more than|less than|fewer than|over|exceeding|later than|earlier than|larger than|bigger than|smaller than|older than|younger than|under|below|least|above|to be confused))(?!-for-profit)(?: (?:a|an|any|the|being|be))?"
    r"|(?:are|is|was|were|do|does|did|have|has|had|should|must|can|would|could)n[o']?t(?: be| been)?(?: (?:a|an|any|the))?"
    r"|(?:cannot|can't|won't|dont|doesnt|arent|isnt|wasnt|werent|havent|hasnt|shouldnt)(?: be| been)?(?: (?:a|an|any|the))?"
    r"|no(?! (?:longer|more than|later than|less than|fewer than|earlier than|larger than|bigger than|smaller than|older than|younger than|matter|code|outside|external|vc|venture|single|\.? ?\d)\b)(?!-code|-brainer|\.)"
    r"|never(?! (?:raised|took|taken))|rather than|other than|different from|excluding|excludes?|excl\.?|except(?: for| those| the ones)?|except|exempting|without(?! (?:any )?(?:outside|external|vc|venture))"
    r"|instead of|as opposed to|but not|avoid(?:ing)?|neither|nor|ignor(?:e|ing)|skip(?:ping)?|leav(?:e|ing) out|leave aside|omit(?:ting)?|filter(?:ing)? out|minus|besides|apart from|aside from"
    r"|outside(?: of)?|anywhere but|everywhere but|everywhere except|anything but|beyond|nothing (?:from|in)|none (?:of|from|in)|(?:are|is|ruled|rule) out"
    r")(?=[\s:,]|$)|(?P<prefix>non(?=[- ][a-z])|ex(?=[- ](?:us|usa|uk|eu|china|japan|india|asia|europe|america|russia|london)\b)))"
)
_NOT_A_NEGATION = re.compile(
    r"^(?:non[- ]?(?:profits?|alcoholic|woven|destructive|dairy|fungible|ferrous|invasive|stick|toxic|gmo|executive|emergency|bank(?:ing)?\b|dilutive|prescription|governmental)|no[- ](?:code|show)|not[- ]for[- ]profit|outside (?:sales|counsel|investors?|funding|capital|agency|air|plant)|beyond (?:meat|budgeting)|without (?:code|coding))"
)
_NOTE = re.compile(
    r"\([^()]*\b(?:says?|stated?|counts?|field|records?|status|text|mentioned|evidence|profile|whatever|regardless)\b[^()]*\)"
)
_ITEM = r"(?!(?:with|in|that|who|which|founded|based|headquartered|established|from|located|having|employing|at|for|under|over|between|more|fewer|less|only|still|must|should|they|we|i|it|located|operating|active|selling|making|privately|publicly)\b)[\w'&/+.-]+(?:[ -](?!(?:with|that|who|which|founded|based|headquartered|or|and|nor|in)\b)[\w'&/+-]+){0,3}"
_ENUMERATION = re.compile(
    rf"(?:,\s*(?:the )?{_ITEM})*?,?\s+(?:or|and|nor)\s+(?:in |the |a |an |any |those in )*{_ITEM}"
)
_SCOPE_END = re.compile(
    r"[.;!?)\n\]](?=\s|$|[,;)])|\s\(|[);\n]|,|\s(?:but|yet|though|however|whose|while|with (?=\d|more|less|fewer|at|over|under|between|around|about|up|a )|(?:that|which|who) (?=are|is|have|has|were|was|make|sell|offer|build)"
    r"|founded|established|headquartered|located|employing|based(?! (?:tools|software|platforms))|having"
    r"|(?:and|or) (?:not|no|never)|and (?=with|founded|based|headquartered|are|is|have|has|in |still|make|sell|build|offer|provide|do |use |develop|more|less|fewer|at least|over|under|located|employ|that|which|print|focus|operat|privately|publicly|established)"
    r"|in (?=[\w ]{2,})|from (?=[\w ]{2,})|making|selling|doing|building|offering|providing|please)(?=\s|$|\b)"
)
_WORD = re.compile(r"[^\W_]+(?:['.&+/-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]`; `inner` is where the words proper start (behind the cue)."""

    start: int
    end: int
    inner: int = 0

    def holds(self, at: int) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Found:
    """A condition a reader found at `text[start:end]`. `keep`: its words stay among those to look for.

    `weak` conditions come from vague words and give way to figures for the same fact.
    """

    field: ConstraintField
    op: Op
    value: Value
    start: int
    end: int
    keep: bool = False
    weak: bool = False


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
CUSTOMER_BEFORE = re.compile(
    rf"(?:(?<!looking )(?<!searching )(?<!hunting )(?<!search )(?<!look )(?<!hunt )(?<!known )\bfor|\b{_CUSTOMER_VERB}|(?<!up )(?<!close )(?<!similar )(?<!next )(?<!native )(?<!local )(?<!according )\bto|\bby|\bwith|\bamong|\bagainst|\babout|\binto)"
    r"\s+(?:[\w&/'+.-]+\s+){0,5}?$"
)
STRONG = re.compile(rf"\b{_CUSTOMER_VERB}\s+(?:[\w&/'+,.-]+\s+){{0,6}}?$")
_FOR = re.compile(
    r"(?<!looking )(?<!searching )(?<!hunting )(?<!search )(?<!look )(?<!hunt )(?<!known )\b(?:for|to(?! (?:buy|acquire|find|see|get|have|be|partner|invest|source|add|contact|target|approach|meet|hire|pitch)\b)|by|with|towards?)\s+((?:[\w&/'+-]+\s+){0,6}?)$"
)
_OF_GENERIC = re.compile(rf"{GENERIC}\s+(?:(?:that|which) (?:were |was |have |are )?)?$")
_CUSTOMER_SENTENCE = re.compile(
    r"(?:^|[.;]\s+|(?<=\s)(?=whose ))(?:its|their|the company's|the|main|typical|target|whose)\s+(?:main |typical |paying |primary |target |core |end )*(?:customers?|clients?|users?|buyers?|audience|customer base)"
    r"\s+(?:are|is|include|includes|must be|should be|consists? of)\b[^;\n]*"
)


@dataclass(frozen=True)
class Clauses:
    """A text and what its parts are for. `flat` is the levelled text: same length, so offsets agree."""

    text: str
    today: date
    role: Role

    @cached_property
    def flat(self) -> str:
        return level(self.text)

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """Every number with its bounds."""
        return amounts(self.flat)

    @cached_property
    def opening(self) -> int:
        """Where the query proper begins; 0 for a criterion."""
        return opening(self.flat) if self.role == "query" else 0

    @cached_property
    def examples(self) -> tuple[Span, ...]:
        """Lists of examples ("such as Brazil and India"), which narrow nothing."""
        found = []
        for match in _EXAMPLE.finditer(self.flat):
            if match.group().strip(" (").startswith("like") and re.search(
                r"\b(?:look|feel|act|work|would|i'd|is|are|sound)\s*$", self.flat[: match.start()]
            ):
                continue
            end = _EXAMPLE_END.search(self.flat, match.end())
            found.append(Span(match.start(), end.start() if end else len(self.flat), match.end()))
        return tuple(found)

    @cached_property
    def notes(self) -> tuple[Span, ...]:
        """Remarks of a criterion on what counts ("(status Acquired or the text says so)"): nothing to look for."""
        if self.role == "query":
            return ()
        return tuple(Span(m.start(), m.end()) for m in _NOTE.finditer(self.flat))

    def noted(self, at: int) -> bool:
        return any(span.holds(at) for span in self.notes)

    @cached_property
    def excluded(self) -> tuple[Span, ...]:
        """What the text excludes, cue included."""
        found: list[Span] = []
        at = 0
        for match in _NEGATION.finditer(self.flat):
            if match.start() < at or _NOT_A_NEGATION.match(self.flat[match.start() :].lstrip("(")):
                continue
            if match["prefix"]:
                end = re.compile(r"[\s,.;)]|$").search(self.flat, match.end() + 1)
                found.append(Span(match.start(), end.start() if end else len(self.flat), match.end() + 1))
                at = found[-1].end
                continue
            end_at = self._scope_end(match.end())
            found.append(Span(match.start(), end_at, match.end()))
            at = end_at
        return tuple(found)

    def _scope_end(self, start: int) -> int:
        first = re.compile(
            r"[\s:,]*(?:those |companies |ones |businesses |firms |anything |anyone |(?:based |headquartered |located |hq'd |operating |registered )?(?:in|from|within|on|outside|founded)\b|for|to|be|been|a|an|any|the|their|based|headquartered|located|founded|established|employing|selling|making|building|doing|offering|with|having|\s)*"
        ).match(self.flat, start)
        at = first.end() if first else start
        word = _WORD.match(self.flat, at)
        at = word.end() if word else at
        while True:
            end = _SCOPE_END.search(self.flat, at)
            if end is None:
                return len(self.flat)
            if end.group().startswith(","):
                more = _ENUMERATION.match(self.flat, end.start())
                if more:
                    at = more.end()
                    continue
            return end.start()

    def negated(self, at: int) -> bool:
        return any(span.holds(at) for span in self.excluded)

    def exemplary(self, at: int) -> bool:
        return any(span.inner <= at < span.end for span in self.examples)

    def left(self, at: int, *, comma: bool = True) -> str:
        """The levelled text before `at` in the same clause; a comma ends the clause unless `comma` is false."""
        begin = min(self.opening, at)
        window = max(0, at - 160)
        for match in _BOUNDARY.finditer(self.flat, window, at):
            begin = match.end()
        text = self.flat[max(begin, window) : at]
        return text.rpartition(",")[2] if comma and "," in text else text

    def of_customers(self, at: int, *, generic: bool = False) -> bool:
        """Whether the words at `at` describe customers or a market ("for clinics with 50 employees").

        `generic`: only when they are named by a general word ("for companies founded after 2015").
        """
        left = self.left(at)
        if STRONG.search(left):
            return not generic or bool(_OF_GENERIC.search(left))
        match = _FOR.search(left)
        if match is None:
            return False
        if re.match(r"with", match.group()) and not re.search(r"\b(?:customers?|clients?|users?|members?)\b", match[1]):
            before = left[: match.start()]
            return self._governed(before + " ", generic=generic)
        between = match[1]
        if generic:
            return bool(_OF_GENERIC.search(between))
        return True

    @cached_property
    def _customer_sentences(self) -> tuple[Span, ...]:
        return tuple(Span(m.start(), m.end()) for m in _CUSTOMER_SENTENCE.finditer(self.flat))

    def about_customers(self, at: int) -> bool:
        """Whether the whole sentence describes the customers ("Its customers are mainly German banks.")."""
        return any(span.holds(at) for span in self._customer_sentences)

    def _governed(self, left: str, *, generic: bool) -> bool:
        match = re.search(
            r"(?<!looking )(?<!searching )(?<!hunting )(?<!known )\b(?:for|to|by)\s+((?:[\w&/'+-]+\s+){1,4}?)\s*$", left
        )
        if STRONG.search(left):
            return True
        if match is None:
            return False
        return bool(re.search(rf"{GENERIC}\s*$", match[1])) if generic else True


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
