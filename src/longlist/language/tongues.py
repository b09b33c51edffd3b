"""Which language a text is in, guessed from its commonest words. Enough to tell European languages apart; pure."""

import re

_WORDS = {
    "en": "the and of to is our we with for are you your from that this",
    "de": "und der die das wir mit für ist von den ein eine auf sie nicht",
    "fr": "le la les et des nous vous pour une est dans sur avec votre du",
    "es": "el los las y de que una para con nuestros nosotros en por su más",
    "pt": "o os as e do da que uma para com nossos nós em por não mais",
    "it": "il gli e di che una per con nostri noi in più sono della dei",
    "nl": "de het een en van wij met voor is niet onze zijn op uw dat",
}
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_TOKEN = re.compile(r"[^\W\d_]+")
_LEAST = 5  # common words a guess needs
_SAMPLE = 4_000  # characters


def language_of(text: str) -> str:
    """The language as two letters; "" when the text is too short or too mixed to tell."""
    tokens = [token.lower() for token in _TOKEN.findall(text[:_SAMPLE])]
    counts = sorted(((sum(token in words for token in tokens), code) for code, words in _SETS.items()), reverse=True)
    (most, code), (second, _) = counts[0], counts[1]
    return code if most >= _LEAST and most > 1.3 * second else ""


def is_foreign(text: str) -> bool:
    """Whether a text is in a language whose words cannot be compared with English ones."""
    return language_of(text) not in {"", "en"}
