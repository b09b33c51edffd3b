"""Conditions on the business model, and on an industry named as such.

Their words stay among those to look for: records seldom state a model as a fact, their text says it.
"""

import re
from collections.abc import Iterator

from longlist.language.vocabulary import MODEL_WORDS
from longlist.plan.clauses import Clauses, Found

_AFTER_ALL = r"compan(?:y|ies)|compnies|firms?|business(?:es)?|startups?|start-ups?|vendors?|providers?|makers?|brands?|players?|manufacturers?|producers?|sellers?|developers?|outfits?|organi[sz]ations?"
# What may not stand behind the word: then it names what is worked on, not what the company is.
_NOT_BEHIND = {
    "saas": r"(?:[- ](?:spend|management|security|metrics|billing|analytics|backup|sprawl|growth|founders?|valuations?|sales|buyers?|customers?|subscriptions?|optimi[sz]ation|procurement|governance|posture|operations|integrations?|marketing agenc|content|teams?|investors?|accountants?|consult|lawyers?|licen[cs]|apps? management|tools? management))",
    "open_source": r"(?:[- ](?:licen[cs]e compliance|license|intelligence|security|software composition|vulnerabilit|compliance|maintainers?|contributors?|program offices?|management))",
    "marketplace": r"(?:[- ](?:sellers?|software|analytics|management|integrations?|plugins?|builders?|platform software|infrastructure|ads|advertising|listings?|operators?|optimi[sz]ation|lending|infrastructure|payments|insurance|liquidity|data|tools?))",
    "b2b": r"(?:2c\b|[- ](?:buyers?|customers?|clients?|sales teams?))",
    "b2c": r"(?:[- ](?:lending|credit|protection|electronics|goods|packaged|data|insights?|research|reports?|behaviou?r|surveys?|finance|packaging|rights|law|debt|complaints?|loans?|reviews?|privacy|audiences?|panels?|spending|confidence|durables|healthcare data|staples|health(?! (?:startup|app|compan|brand))|products? (?:testing|safety)))",
    "hardware": r"(?:[- ](?:stores?|retail\w*|wallets?|wholesal\w*|shops?|security modules?|acceleration|leasing|financing|recycl\w*|testing|lifecycle|asset|rental|distribut\w*|as[- ]a|engineers?|and software|fasteners?))",
    "subscription": r"(?:[- ](?:management|billing|analytics|software|payments?|commerce software|cancel|fatigue|tracking|platforms?))",
    "franchise": r"(?:[- ](?:management|software|consult|lawyers?|law|development|marketing|owners?|brokers?|opportunit|lending|financing|sales))",
    "nonprofit": r"(?:[- ](?:software|fundraising|crm|accounting|management|sector|donors?|boards?|consult|marketing|tools?))",
    "freemium": r"(?!x)x",
}
_FRONT = r"(?P<front>digital|marketing|creative|ad|advertising|design|web|pr|seo|staffing|recruiting|recruitment|branding|brand|media|development|content|social media|influencer|growth|ux|ppc|video|translation|talent|modell?ing|performance|email|search|lead generation|growth marketing|public relations|full[- ]service|hubspot|shopify|software|app|product|b2b|boutique|small|local|independent|service|outbound|translation|localization|event|experiential)"
_HEADS: dict[str, str] = {
    "saas": r"(?:b2b |b2c |vertical |micro[- ]?|enterprise )?(?:saas|software[- ]as[- ]a[- ]service)",
    "open_source": r"open[- ]?sourced?|opensource|(?:foss|oss) ",
    "marketplace": r"(?:market[- ]?places?)",
    "d2c": r"d2c|dtc|direct[- ]to[- ](?:consumers?|customers?)",
    "b2b": r"b2b|b-to-b|business[- ]to[- ]business",
    "b2c": r"b2c|b-to-c|business[- ]to[- ]consumers?|consumer[- ]facing|consumer(?= (?:apps?|brands?|startups?|start-ups?|companies|businesses|internet|social|tech|products?|subscription|mobile|fintechs?|hardware|marketplaces?|software|health (?:startup|app|compan|brand)\w*|facing))",
    "hardware": r"hardware(?=(?:[- ](?:\w+ )?(?:compan|compnies|firms?|startups?|start-ups?|vendors?|makers?|manufacturers?|producers?|businesses|products?|developers?|builders?|brands?|providers?|devices?))|\s*(?:$|[.,;)]|for\b|in\b|that\b|from\b|and\b|or\b|with\b|not\b))",
    "agency": rf"{_FRONT} agenc(?:y|ies)|(?:^|(?<=[,.;:] )|(?<=or )|(?<=and )|(?<=not )|(?<=no )|(?<=an )|(?<=than )|(?<=excluding )|(?<=except )|(?<=of )|(?<=without )|(?<=exclude )|(?<=avoid )|(?<=are )|(?<=be )|(?<=the )|(?<=only ))agenc(?:y|ies)(?=\s*(?:$|[.,;:)]|and\b|or\b|nor\b|in\b|that\b|which\b|rather\b|with\b|for\b|from\b|based\b|please\b|serving\b|speciali|focus|help|doing\b|but\b|not\b|run|work|build|founded|only\b))",
    "consultancy": r"consultanc(?:y|ies)|consulting (?:firms?|companies|businesses|groups?|company|boutiques?|agencies|shops?|practices?)|consultants(?=\s*(?:$|[.,;)]|rather\b|in\b|or\b|for\b))",
    "services": r"(?:professional|managed|outsourced|custom|bespoke)[- ]services? (?:compan(?:y|ies)|firms?|providers?|business(?:es)?)|(?:pure |mere |just )services",
    "ecommerce": r"(?:e-?commerce|ecom)[- ](?:(?:retail|clothing|fashion|food|beauty|furniture|pet|grocery|d2c|dtc) )?(?:compan(?:y|ies)|businesses|business|retailers?|brands?|stores?|shops?|sites?|startups?|players?|sellers?|websites?|firms?)(?!\s+(?:software|owners?|builders?|platforms?|tools?|analytics))|online (?:retailers?|stores?|shops?)(?!\s+(?:software|owners?|builders?|platforms?|creation|design))|web ?shops?|e-?tailers?",
    "subscription": r"subscription(?:[- ]based)?(?=[- ](?:box(?:es)?|based|businesses|business|services?|compan|models?|revenue|startups?|brands?|clubs?|kits?|meals?|coffee|products?|software companies))|on (?:a )?subscription(?: basis)?",
    "freemium": r"freemium",
    "nonprofit": r"non[- ]?profits?|not[- ]for[- ]profits?|charities(?=\s*(?:$|[.,;)]|that\b|in\b|which\b|working\b|help|focus|based\b|and\b|or\b))|charitable organi[sz]ations|ngos?",
    "franchise": r"franchis(?:es|ors?|ed)|franchise(?= (?:chains?|systems?|business(?:es)?|compan|brands?|networks?|restaurants?|gyms|operators))|(?:that|which) franchise",
    "software": rf"(?:pure[- ](?:play )?|mainly |only |just )?software (?:{_AFTER_ALL}|houses?)|software(?=\s*(?:$|[.,;)]|or\b|rather\b))",
}
_PATTERNS = {model: re.compile(rf"(?<![\w-])(?:{head})(?![\w])") for model, head in _HEADS.items()}
assert set(_HEADS) == {model for model, _ in MODEL_WORDS}
_NOT = {model: re.compile(behind) for model, behind in _NOT_BEHIND.items()}
_OBJECT_BEFORE = re.compile(
    r"(?:\b(?:for|to|by|of|into|about|on|manage|track|list|power(?:s|ing)?|help(?:s|ing)?|serv(?:e|es|ing)|target(?:s|ing)?|like|via|through|using|use|uses|from|build|builds|building|run|create|launch|integrates? with|work(?:s|ing)? with|partner(?:s|ing)? with|buy(?:s|ing)?|acquir(?:e|es|ing)|invest(?:s|ing)? in|between|across|against|audit(?:s|ing)?)\s+(?:(?!and\b|or\b)[\w&'-]+\s+){0,2}?|amazon\s+|two-sided online\s+(?=builder))$"
)
_WHAT_IT_IS = re.compile(
    r"\b(?:list of|lists of|kind of|type of|looking for|search(?:ing)? for|hunting for|makers? of|provid\w+ of|operators? of|owners? of|run (?:a|an|the)|runs (?:a|an|the)|running (?:a|an|the)|operat\w+ (?:a|an|the)|build(?:s|ing)? (?:an? )?(?=open|hardware|b2b|saas|vertical))\s+(?:[\w&'-]+\s+){0,2}?$"
)
# In front of "software companies": anything else names what the software is for, and is looked for as words.
_PLAIN_BEFORE = re.compile(
    r"(?:^|[,.;:(]|\b(?:small|large|big|mid-sized|midsize|listed|public|traded|private|held|owned|independent|young|new|a|an|the|of|are|is|b2b|b2c|boutique|bootstrapped|stage|active|defunct|acquired|closed"
    r"|find|me|for|all|any|list|profitable|established|or|led|owned|run|backed|enterprise|local|based|only|[a-z]+(?:an|ish|ese|ch|ic|man)|us|uk|\d+))[\s]*$"
)

_INDUSTRY = re.compile(
    r"(?:\b(?:in|from|within|across|active in|operating in) (?:the )?(?P<name>(?:(?!industry|sector|same|private|public|third|right|this|that|any|every|which|your|our|whole)[\w&-]+\s+){1,3}?)(?P<kind>industry|sector|industries|sectors|vertical)(?![\w-])"
    r"|\b(?:industry|sector|vertical|industries|sectors)\s*(?::|=| is| are)\s*(?P<named>(?:[\w&-]+(?:\s+(?!and\b|with\b|in\b|country|hq|location|size|founded|based)[\w&-]+){0,2})))"
)


def models(clauses: Clauses) -> Iterator[Found]:
    """Conditions on the company's own business model; "software for marketplaces" has none."""
    flat = clauses.flat
    taken: list[tuple[int, int]] = []
    for model, pattern in _PATTERNS.items():
        for match in pattern.finditer(flat):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken) and model not in {"b2b", "b2c"}:
                continue
            if model in _NOT and _NOT[model].match(flat[end : end + 40]):
                continue
            negated = clauses.negated(start)
            if not negated and (
                clauses.of_customers(start) or clauses.listed_as_served(start) or _object(clauses, start)
            ):
                continue
            if clauses.exemplary(start):
                continue
            if (
                model == "software"
                and not negated
                and not re.match(rf"software (?:{_AFTER_ALL}|houses?)", match.group())
            ):
                continue
            if model == "software" and not negated and not _PLAIN_BEFORE.search(flat[:start]):
                continue
            if model == "services" and not negated and re.match(r"(?:pure|mere|just)", match.group()):
                continue
            taken.append((start, end))
            yield Found("business_model", "in", (model,), start, end, keep=True)


def _object(clauses: Clauses, start: int) -> bool:
    left = clauses.left(start)[-48:]
    return bool(_OBJECT_BEFORE.search(left)) and not _WHAT_IT_IS.search(left)


def industries(clauses: Clauses) -> Iterator[Found]:
    """An industry or sector that is called so: "in the pharmaceutical industry", "sector: logistics"."""
    for match in _INDUSTRY.finditer(clauses.flat):
        name = (match["name"] or match["named"] or "").strip(" -")
        if not name or clauses.of_customers(match.start()):
            continue
        left = clauses.left(match.start())
        if match["name"] and re.search(
            r"\b(?:customers?|clients?|used|workers?|jobs?|professionals?|experience|problems?|waste|people|employees|buyers|users|teams|specialists?)\s+$",
            left,
        ):
            continue
        yield Found("industry", "in", (name,), match.start(), match.end(), keep=True)
