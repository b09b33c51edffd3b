"""Bytes to text: the byte order mark, the header, the page's own word, else what the bytes look like."""

import codecs
import re

from charset_normalizer import from_bytes

_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_IN_PAGE = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes in which a page may say how it is written
_SAMPLE = 4_000  # bytes that are guessed from
_DOUBT = 0.1  # how much better (0-1) another guess has to fit than the most common one
_GUESSES = "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 koi8_r gb18030 big5 cp932 euc_jp cp949".split()
_FOREIGN = re.compile(rb"[\x80-\xff]")
_TAGS = re.compile(rb"<[^<>]{0,2000}>")

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# As browsers read them (https://encoding.spec.whatwg.org/#names-and-labels): Latin-1 means Windows' own, and so on.
_AS_BROWSERS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
}
_KNOWN = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|iso8859-(?:[2-8]|1[03456])|cp125[0-8]|cp874|cp866|cp949|cp932|koi8-[ru]|gb18030|big5"
    r"|euc_jp|iso2022_jp|mac-roman|mac-cyrillic"
)


def known(label: str) -> str:
    """Python's name of a character set that pages are written in; "" for any other, codecs that are none included."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return ""
    name = _AS_BROWSERS.get(name, name)
    return name if _KNOWN.fullmatch(name) else ""


def charset_of(body: bytes, content_type: str) -> str:
    """How these bytes are written; always a name that `decoded` takes.

    What is declared is believed, but UTF-8 only where the bytes are UTF-8, as a wrong claim of it is the common mistake.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    header = _IN_HEADER.search(content_type)
    start = body[:_LOOKED_AT]
    written = _IN_PAGE.search(start) or _IN_XML.search(start)
    for label in (header[1] if header else "", written[1].decode("ascii", "replace") if written else ""):
        name = known(label)
        if name.startswith("utf-16") and b"<" in start and b"\0" not in start:
            continue  # a page that could be read so far is not written in it
        if name and (name != "utf-8" or _is_utf8(body)):
            return name
    return "utf-8" if _is_utf8(body) else _guessed(body)


def decoded(body: bytes, charset: str) -> str:
    """The text; what is no text in this character set becomes U+FFFD, and a byte order mark is dropped."""
    return body.decode(charset, "replace").removeprefix("\ufeff")


def _is_utf8(body: bytes) -> bool:
    """Whether it is UTF-8 but for an end that was cut, or a rare slip."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        strange = body.decode("utf-8", "replace").count("\ufffd")
        foreign = sum(byte > 0x7F for byte in body[:_SAMPLE])
        return strange * 20 < foreign and strange * 500 < len(body)
    return True


def _guessed(body: bytes) -> str:
    """What the first part with foreign letters looks like; Windows' Latin-1 when nothing fits clearly better."""
    first = _FOREIGN.search(body)
    start = max(0, first.start() - 60) if first else 0
    sample = _TAGS.sub(b" ", body[start : start + _SAMPLE])
    found = list(from_bytes(sample, cp_isolation=[*_GUESSES], chunk_size=512, enable_fallback=False))
    if not found:
        return "cp1252"
    western = next((match for match in found if "cp1252" in match.could_be_from_charset), None)
    best = found[0]
    if western is not None and western.chaos <= best.chaos + _DOUBT and western.coherence >= best.coherence - _DOUBT:
        return "cp1252"
    return known(best.encoding) or "cp1252"
