"""Names as people type them: other case, legal forms added or left out, one or two typos, spaces, punctuation."""

import random
from collections.abc import Callable

LEGAL_FORMS = ("Inc.", "Ltd", "GmbH", "LLC", "AG", "S.A.", "plc", "Corp")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def noisy(name: str, chance: random.Random) -> str:
    """The name after one or two kinds of noise."""
    kinds: list[Callable[[str, random.Random], str]] = [cased, legal, typos, spaced, punctuated]
    for kind in chance.sample(kinds, k=chance.choice([1, 1, 2])):
        name = kind(name, chance)
    return name


def cased(name: str, chance: random.Random) -> str:
    return chance.choice([name.lower(), name.upper(), name.title(), name.swapcase()])


def legal(name: str, chance: random.Random) -> str:
    words = name.split()
    known = {form.lower().strip(".") for form in LEGAL_FORMS} | {"se", "company", "corporation", "limited"}
    if len(words) > 1 and words[-1].lower().strip(".,") in known:
        return " ".join(words[:-1]).rstrip(",")
    return f"{name}{chance.choice([' ', ', '])}{chance.choice(LEGAL_FORMS)}"


def typos(name: str, chance: random.Random) -> str:
    """A letter dropped, changed, added or swapped with the next; in longer names two; fewer than four letters stay."""
    count = sum(letter.isalpha() for letter in name)
    for _ in range(0 if count < 4 else 1 if count < 8 else chance.choice([1, 2])):
        letters = [index for index, letter in enumerate(name) if letter.isalpha()]
        at = chance.choice(letters)
        match chance.choice(["drop", "change", "add", "swap"]):
            case "drop":
                name = name[:at] + name[at + 1 :]
            case "change":
                name = name[:at] + chance.choice(LETTERS) + name[at + 1 :]
            case "add":
                name = name[:at] + chance.choice(LETTERS) + name[at:]
            case _:
                name = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    return name


def spaced(name: str, chance: random.Random) -> str:
    if " " in name and chance.random() < 0.6:
        return name.replace(" ", "", 1)
    if len(name) < 6:
        return name
    at = chance.randrange(2, len(name) - 2)
    return f"{name[:at]} {name[at:]}"


def punctuated(name: str, chance: random.Random) -> str:
    bare = name.replace(".", "").replace(",", "")
    return chance.choice([name.replace(" ", "-", 1), f"{name}!", bare, f'"{name}"', f"{name}."])
