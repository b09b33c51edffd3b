"""The words for facts: business models, exchanges, funding stages, size.

One table a fact. Records are read with them (`business_models`), queries too, and the grader weighs a text's words
for and against a model with `cues`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from longlist.language.words import fold


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that speak for and against a business model, and the tags that say it; all folded, plurals spelled out."""

    for_: tuple[str, ...]
    against: tuple[str, ...]
    tags: tuple[str, ...]


def _cues(for_: str, against: str, tags: str) -> Cues:
    return Cues(tuple(for_.split("|")), tuple(against.split("|")), tuple(tags.split("|")))


MODELS: dict[str, Cues] = {
    "saas": _cues(
        "saas|software as a service|software-as-a-service|cloud-based|cloud based|cloud software|cloud platform|web-based"
        "|subscription software|hosted platform|hosted software|online software|software platform|on-demand software",
        "agency|consultancy|consulting|hardware|device|manufacturer|staffing|restaurant|self-hosted|on-premise|law firm"
        "|plugin|extension|open source|marketplace",
        "saas|software as a service|cloud software|cloud computing",
    ),
    "software": _cues(
        "software|saas|platform|app|application|api|apis|sdk|tool|tools|suite|dashboard|cloud|plugin|automation",
        "hardware|device|devices|manufacturer|manufactures|factory|agency|consultancy|restaurant|clinic|robot|vehicle"
        "|equipment|machinery|retailer|mine|mining|brewery|staffing",
        "software|saas|enterprise software|developer tools|application software|open source",
    ),
    "marketplace": _cues(
        "marketplace|marketplaces|market place|connects buyers|buyers and sellers|two-sided|two sided|peer-to-peer"
        "|peer to peer|matches|connecting|buy and sell|sellers|listings|booking platform|online exchange",
        "manufacturer|agency|consultancy|software for marketplaces|own brand|hardware|in-house",
        "marketplace|marketplaces|online marketplace|e-commerce marketplace",
    ),
    "open_source": _cues(
        "open source|open-source|opensource|open sourced|open-sourced|free software|mit license|apache license"
        "|self-hosted|self hosted|github|gpl|source code",
        "proprietary|closed source|closed-source|commercial licence|commercial license",
        "open source|open-source|opensource|oss",
    ),
    "hardware": _cues(
        "hardware|device|devices|manufactures|manufacturer|manufacturing|sensor|sensors|robot|robots|chip|chips"
        "|semiconductor|semiconductors|equipment|machine|machines|wearable|drones|vehicle|battery|batteries",
        "saas|software platform|plugin|agency|consultancy|app|open source|api",
        "hardware|hard tech|robotics|semiconductors|semiconductor|consumer electronics|electronics|drones|iot",
    ),
    "services": _cues(
        "services|agency|agencies|consultancy|consulting|consultants|outsourcing|managed services|advisory|staffing"
        "|bespoke|custom development|contractor|professional services|done-for-you|freelancers|law firm|studio",
        "saas|software as a service|platform|plugin|hardware|open source|self-serve|marketplace|api",
        "services|agency|consulting|professional services|outsourcing|business services|it services",
    ),
    "agency": _cues(
        "agency|agencies|studio|full-service|creative agency|digital agency|marketing agency|campaigns for clients|clients",
        "saas|software as a service|platform|plugin|hardware|open source|marketplace|api",
        "agency|agencies|marketing agency|recruiting agency|digital agency",
    ),
    "consultancy": _cues(
        "consultancy|consulting|consultants|consultant|advisory|advisors|advises|advisers",
        "saas|software as a service|platform|plugin|hardware|open source|marketplace|api",
        "consultancy|consulting|advisory|management consulting|it consulting",
    ),
    "b2b": _cues(
        "b2b|business-to-business|businesses|enterprise|enterprises|companies|teams|organizations|organisations|merchants"
        "|vendors|retailers|clients|sales teams|developers|marketers|employers|suppliers|wholesale",
        "consumer|consumers|b2c|personal|families|kids|gamers|shoppers|parents|dating|your home|for everyone",
        "b2b|enterprise|enterprise software|developer tools|b2b saas",
    ),
    "b2c": _cues(
        "b2c|business-to-consumer|consumer|consumers|people|individuals|families|kids|shoppers|parents|personal|users"
        "|friends|home|everyone|students|travelers|travellers|gamers|patients",
        "b2b|enterprise|enterprises|business-to-business|merchants|developers|teams|sales teams|suppliers|wholesale",
        "consumer|b2c|consumer goods|consumer electronics|consumer products|social|gaming",
    ),
    "d2c": _cues(
        "d2c|dtc|direct-to-consumer|direct to consumer|sold directly to consumers|own online store|online brand"
        "|delivered to your door|directly to customers|direct-to-customer|digitally native brand",
        "b2b|saas|software|api|platform for|wholesale|marketplace|agency",
        "d2c|dtc|direct-to-consumer|consumer goods",
    ),
    "ecommerce": _cues(
        "e-commerce|ecommerce|online store|online shop|online retailer|online retail|web shop|webshop|e-tailer|etailer",
        "agency|consultancy|brick-and-mortar|plugin|consulting",
        "e-commerce|ecommerce|online retail|internet retail",
    ),
    "subscription": _cues(
        "subscription|subscriptions|monthly plan|per month|membership|subscribers|recurring|subscription-based|monthly fee",
        "one-time|one-off|lifetime license|perpetual|pay as you go|pay-as-you-go|free",
        "subscription|subscriptions|recurring|subscription box",
    ),
    "freemium": _cues(
        "freemium|free plan|free tier|free version|free and paid|forever free|start for free|free to start",
        "enterprise only|no free|contact sales only",
        "freemium",
    ),
    "nonprofit": _cues(
        "nonprofit|non-profit|not-for-profit|not for profit|charity|charitable|ngo|501(c)(3)|foundation|donations",
        "for-profit|shareholders|revenue|investors|listed|startup",
        "nonprofit|non-profit|charity|ngo|social impact",
    ),
    "franchise": _cues(
        "franchise|franchises|franchising|franchised|franchisor|franchisees|franchisee|franchise system",
        "saas|software|api|open source|company-owned",
        "franchise|franchising",
    ),
}
"""Business models by their one name here: what speaks for it, what against it, and what tags say it."""

IMPLIES: dict[str, tuple[str, ...]] = {
    "saas": ("software",),
    "agency": ("services",),
    "consultancy": ("services",),
    "d2c": ("b2c",),
}
"""What a company of one model is as well."""

_STATED: dict[str, str] = {
    "saas": r"saas|software[- ]as[- ]a[- ]service",
    "software": r"software (?:company|vendor|maker|developer|provider|firm|publisher|platform|startup|suite|tool|solution)|(?:develops?|makes?|sells?|builds?|provides?|offers?) (?:\w+ ){0,3}software|saas|software[- ]as[- ]a[- ]service|enterprise software",
    "marketplace": r"(?:is|as|an?|the|online|digital|two-sided|b2b|leading|first|global|largest)(?: \w+){0,3} marketplace(?! (?:app|plugin|module|integration|software|extension|sellers?))|marketplace (?:for|that|where|connecting|of)",
    "open_source": r"open[- ]?sourced?|opensource|free and open",
    "hardware": r"hardware (?:company|startup|maker|manufacturer|vendor|platform)|(?:makes|manufactures|manufacturer of|maker of|designs and (?:builds|manufactures))\b(?! software)",
    "agency": r"(?:creative|digital|marketing|advertising|design|web|staffing|recruiting|recruitment|pr|media|travel|branding|seo|development|influencer|talent) agency|full[- ]service agency|is an agency",
    "consultancy": r"consultancy|consulting (?:firm|company|group|agency|services)|advisory firm|management consult\w+",
    "services": r"(?:professional|managed|consulting|outsourcing|staffing) services (?:company|firm|provider)|outsourcing (?:company|firm|provider)|staffing (?:company|firm)",
    "b2b": r"b2b|business[- ]to[- ]business",
    "b2c": r"b2c|business[- ]to[- ]consumer|consumer (?:app|brand|company|product|startup|electronics|goods)|d2c|dtc|direct[- ]to[- ]consumer",
    "d2c": r"d2c|dtc|direct[- ]to[- ](?:consumer|customer)",
    "ecommerce": r"online (?:retailer|store|shop)\b(?! (?:owner|software|builder|platform))|e-?commerce (?:company|retailer|site|brand|store|marketplace)|web ?shop|e-?tailer",
    "subscription": r"subscription[- ](?:based|box|service|business|model)|on a subscription basis|monthly subscription",
    "freemium": r"freemium",
    "nonprofit": r"non-?profits?(?= (?:organi[sz]ation|company|foundation|corporation|startup|that|which|which|dedicated))|is an? non-?profit|not[- ]for[- ]profit organi[sz]ation|registered charity|501\(c\)\(3\)",
    "franchise": r"franchis(?:e chain|e system|or|ing company|e business|e network)|operates(?: and franchises)? \w+ franchises|franchises (?:restaurants|stores|hotels)",
}
# Tags that state the model itself, where `Cues.tags` also has tags that merely hint at it.
_OWN_TAGS: dict[str, tuple[str, ...]] = {
    "b2c": ("consumer", "b2c"),
    "b2b": ("b2b", "b2b saas", "enterprise software"),
    "software": ("software", "saas", "enterprise software", "application software"),
    "services": ("services", "agency", "consulting", "professional services", "it services", "business services"),
}
_NOT_ITS_OWN = re.compile(
    r"(?:\bfor|\bto|\bhelps?|\bserves?|\bserving|\blike|\bwith|\bintegrates? with|\bpower(?:s|ing)?|\bnot an?|\bunlike)(?: \w+){0,2}\s*$"
)


@cache
def _stated(model: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_STATED[model]})(?![\w])")


def business_models(text: str, tags: Iterable[str] = ()) -> tuple[str, ...]:
    """The business models a description and its tags state, in the order of MODELS, with what they imply.

    Only plain statements count ("is a marketplace for", "SaaS"); words about customers ("for online stores") do not.
    """
    folded = fold(text)
    labels = {fold(tag).strip() for tag in tags}
    found: set[str] = set()
    for model, known in MODELS.items():
        said = (folded[max(0, m.start() - 30) : m.start()] for m in _stated(model).finditer(folded))
        if labels & set(_OWN_TAGS.get(model, known.tags)) or any(not _NOT_ITS_OWN.search(before) for before in said):
            found.add(model)
    for model in tuple(found):
        found.update(IMPLIES.get(model, ()))
    return tuple(model for model in MODELS if model in found)


def cues(model: str) -> Cues:
    """The words and tags for and against a business model; KeyError for a name that is not in MODELS."""
    return MODELS[model]


MODEL_WORDS: tuple[tuple[str, str], ...] = (
    ("saas", r"saas|software[- ]as[- ]a[- ]service|cloud software"),
    ("open_source", r"open[- ]?sourced?|opensource|oss|foss"),
    ("marketplace", r"market[- ]?places?"),
    ("d2c", r"d2c|dtc|direct[- ]to[- ]consumers?|direct[- ]to[- ]customers?"),
    ("b2b", r"b2b|b-to-b|business[- ]to[- ]business"),
    ("b2c", r"b2c|b-to-c|business[- ]to[- ]consumers?|consumer[- ]facing|consumer"),
    ("hardware", r"hardware"),
    ("agency", r"agency|agencies"),
    ("consultancy", r"consultanc(?:y|ies)|consulting|consultants"),
    ("services", r"services?|service[- ]based|outsourcing"),
    ("ecommerce", r"e-?commerce|online (?:retailers?|stores?|shops?)|web ?shops?|e-?tailers?"),
    ("subscription", r"subscription(?:[- ]based)?"),
    ("freemium", r"freemium"),
    ("nonprofit", r"non-?profits?|not[- ]for[- ]profits?|charit(?:y|ies)|ngos?"),
    ("franchise", r"franchis(?:es?|ing|ors?|ed)"),
    ("software", r"software"),
)
"""How queries name a business model; `plan.models` decides whether the company's own is meant."""

STATUSES = ("active", "acquired", "closed")
EXCHANGES = (
    r"nyse|nasdaq|lse|aim|tsx(?:-v)?|asx|bse|nse|hkex|sgx|euronext|xetra|jse|tse|new york stock exchange|london stock exchange|tokyo stock exchange"
    r"|frankfurt stock exchange|hong kong stock exchange|deutsche borse|toronto stock exchange|stock exchange|stock market|stock exchanges|bourse|dax|mdax|sdax"
    r"|ftse(?: ?\d+)?|s&p(?: ?\d+)?|dow jones|cac ?40|nikkei(?: ?225)?|russell ?\d+|smi|ibex ?35|stoxx(?: ?\d+)?"
)
"""Exchanges and share indices, levelled."""

FUNDING_STAGES = (
    "bootstrapped",
    "pre_seed",
    "seed",
    *(f"series_{letter}" for letter in "abcdefgh"),
    "growth",
    "late_stage",
    "ipo",
)
STAGE_WORDS: tuple[tuple[str, str], ...] = (
    ("pre_seed", r"pre[- ]?seed(?:[- ](?:stage|funded|round|funding))?"),
    (
        "seed",
        r"(?<!pre-)(?<!pre )(?<!pre)seed[- ](?:stage|funded|funding|rounds?|backed|financed|financing|investment|phase|startups?|cos\b)|(?:raised|closed|at|completed|received|in|their|its|an?) (?:an? |their |its |the )?seed\b(?! (?:data|oil|crops?|bank|suppl|potato))",
    ),
    *(
        (f"series_{x}", rf"series[- _]?{x}\d?(?:[- ](?:stage|funded|funding|rounds?|backed|financed))?")
        for x in "abcdefgh"
    ),
    (
        "bootstrapped",
        r"bootstrapp?(?:ed|ing)|self[- ]?fund(?:ed|ing)|self[- ]financed|unfunded|no (?:outside|external|vc|venture) (?:funding|capital|money|investors?|investment|backing)|no (?:vcs?|investors)\b|(?:never|not|haven't|hasn't|didn't|have not|has not) (?:raised?|took|taken|take|had)(?: any)?(?: (?:outside|external|vc|venture))?(?: (?:money|funding|capital))?|without (?:any )?(?:outside|external|vc|venture(?: capital)?) (?:funding|capital|money|investors?|investment|backing)|not (?:vc|venture)[- ](?:backed|funded)|non-?(?:vc|venture)[- ](?:backed|funded)",
    ),
    ("growth", r"growth[- ]stage|growth equity[- ](?:backed|funded)|scale[- ]?ups?"),
    ("late_stage", r"late[- ]?r?[- ]?stage|later[- ]stage|pre-?ipo"),
    (
        "ipo",
        r"(?:post-?ipo|(?:recently|already|have|has) (?:had an ipo|ipo'?e?d|completed (?:an|its|their) ipo)|ipo stage)",
    ),
)
"""How queries name a funding stage, levelled; "Series B or later" is worked out from the order of FUNDING_STAGES."""

# What size words mean for a company itself, in people: the European Union's recommendation 2003/361/EC calls a
# company micro up to 9, small up to 49 and medium up to 249 people; the words are used more widely, and the wire's
# buckets end at 10, 50, 200, 500 and 1,000, so these follow the buckets.
SIZE_WORDS: tuple[tuple[str, int | None, int | None], ...] = (
    (r"tiny|micro|very small|one[- ]person|single[- ]person", None, 10),
    (r"small(?:er)?(?:[- ](?:sized|scale))?|boutique", None, 50),
    (
        r"small[- ](?:and|to|&|or|/)[- ]?(?:mid|medium)(?:dle)?(?:[- ]?sized?)?|small/medium|smes?|smbs?|small and midsize",
        None,
        250,
    ),
    (r"mid(?:dle)?[- ]?(?:sized?|market|tier|cap)|medium(?:[- ]sized?)?|midsize", 51, 1000),
    (r"large(?:r|[- ](?:sized|scale))?|big(?:ger)?|huge|very large|enterprise[- ]sized", 1001, None),
    (r"giant|gigantic|massive", 10001, None),
)
"""Vague size words with the least and most people they stand for. Only used when they describe the company itself."""
