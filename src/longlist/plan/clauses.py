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
from longlist.plan.customers import FOR, OF_GENERIC, STRONG, customer_spans, served_lists
from longlist.plan.nouns import GENERIC
from longlist.plan.opening import opening

Role = Literal["query", "criterion"]

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
_ITEM = r"(?!(?:with|have|has|had|is|are|was|were|do|does|be|employ|employs|whose|should|must|in|that|who|which|founded|based|headquartered|established|from|located|having|employing|at|for|under|over|between|more|fewer|less|only|still|must|should|they|we|i|it|located|operating|active|selling|making|privately|publicly)\b)[\w'&/+.-]+(?:[ -](?!(?:with|that|who|which|founded|based|headquartered|or|and|nor|in)\b)[\w'&/+-]+){0,3}"
_ENUMERATION = re.compile(
    rf"(?:,\s*(?:the )?{_ITEM})*?,?\s+(?:or|and|nor)\s+(?:in |the |a |an |any |those in )*{_ITEM}"
)
_SCOPE_END = re.compile(
    r"[.;!?)\n\]](?=\s|$|[,;)])|\s\(|[);\n]|,|\s(?:but|yet|though|however|whose|while|with (?=\d|more|less|fewer|at|over|under|between|around|about|up|a )|(?:that|which|who) (?=are|is|have|has|were|was|make|sell|offer|build)"
    r"|founded|established|headquartered|located|employing|based(?! (?:tools|software|platforms))|having"
    r"|(?:and|or) (?:not|no|never)|and (?=with|founded|based|headquartered|are|is|have|has|in |still|must|should|make|sell|build|offer|provide|do |use |develop|more|less|fewer|at least|over|under|located|employ|that|which|print|focus|operat|privately|publicly|established)"
    r"|in (?=[\w ]{2,})|from (?=[\w ]{2,})|making|selling|doing|building|offering|providing|please)(?=\s|$|\b)"
)
_MERELY = re.compile(r"(?:[\s:,]*(?:mainly|only|just|merely|simply|purely|primarily|interested in)\b)+(?=\s)")
"""Adverbs behind a negation that say nothing of what is excluded."""
_SCOPE_START = re.compile(
    r"[\s:,]*(?:those |companies |ones |businesses |firms |anything |anyone |(?:based |headquartered |located |hq'd |operating |registered )?(?:in|from|within|on|outside|founded)\b|for|to|be|been|a|an|any|the|their|based|headquartered|located|founded|established|employing|selling|making|building|doing|offering|with|having|\s)*"
)
_PREFIX_END = re.compile(r"[\s,.;)]|$")
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
                end = _PREFIX_END.search(self.flat, match.end() + 1)
                found.append(Span(match.start(), end.start() if end else len(self.flat), match.end() + 1))
                at = found[-1].end
                continue
            inner = _MERELY.match(self.flat, match.end())
            begin = inner.end() if inner else match.end()
            end_at = self._scope_end(begin)
            found.append(Span(match.start(), end_at, begin))
            at = end_at
        return tuple(found)

    def _scope_end(self, start: int) -> int:
        first = _SCOPE_START.match(self.flat, start)
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
            return not generic or bool(OF_GENERIC.search(left))
        match = FOR.search(left)
        if match is None:
            return False
        if re.match(r"with", match.group()) and not re.search(r"\b(?:customers?|clients?|users?|members?)\b", match[1]):
            before = left[: match.start()]
            return self._governed(before + " ", generic=generic)
        between = match[1]
        if generic:
            return bool(OF_GENERIC.search(between))
        return True

    @cached_property
    def _customer_spans(self) -> tuple[tuple[int, int], ...]:
        return customer_spans(self.flat)

    @cached_property
    def _served_lists(self) -> tuple[tuple[int, int], ...]:
        return served_lists(self.flat)

    def about_customers(self, at: int) -> bool:
        """Whether the words at `at` stand in a sentence or clause about customers ("Its customers are German banks.")."""
        return any(start <= at < end for start, end in self._customer_spans)

    def listed_as_served(self, at: int) -> bool:
        """Whether the words at `at` stand in a list of those served ("for clinics, marketplaces and agencies")."""
        return any(start <= at < end for start, end in self._served_lists)

    def _governed(self, left: str, *, generic: bool) -> bool:
        match = re.search(
            r"(?<!looking )(?<!searching )(?<!hunting )(?<!known )\b(?:for|to|by)\s+((?:[\w&/'+-]+\s+){1,4}?)\s*$", left
        )
        if STRONG.search(left):
            return True
        if match is None:
            return False
        return bool(re.search(rf"{GENERIC}\s*$", match[1])) if generic else True
