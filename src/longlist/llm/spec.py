"""How users name a model: `openai:gpt-5-mini`, or the address of a server and a model on it."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from longlist.errors import InvalidInput

Vendor = Literal["openai", "anthropic", "google", "server"]
VENDORS: tuple[Vendor, ...] = ("openai", "anthropic", "google")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Whose model and which: `url` is the address of an OpenAI-compatible server, "" for a vendor's own."""

    vendor: Vendor
    name: str
    url: str = ""

    @property
    def provider(self) -> str:
        """What the ledger calls who is asked: the vendor, or the server's host and port."""
        return urlsplit(self.url).netloc.rpartition("@")[2] if self.url else self.vendor

    def __str__(self) -> str:
        return f"{self.url}#{self.name}" if self.url else f"{self.vendor}:{self.name}"


def model_spec(text: str) -> ModelSpec:
    """The model that a setting names. InvalidInput, saying what is understood, for anything else."""
    text = text.strip()
    if text.startswith(("http://", "https://")):
        url, _, name = text.partition("#")
        if not urlsplit(url).hostname or not name:
            raise InvalidInput(
                f"{text!r} names no model: write the server's address, # and a model, such as http://127.0.0.1:8080/v1#qwen3.",
                field="llm",
            )
        return ModelSpec("server", name, url.rstrip("/"))
    vendor, _, name = text.partition(":")
    for known in VENDORS:
        if vendor == known and name:
            return ModelSpec(known, name)
    raise InvalidInput(
        f"{text!r} names no model. Write {', '.join(f'{v}:MODEL' for v in VENDORS)}, or the address of an "
        "OpenAI-compatible server, # and a model, such as http://127.0.0.1:11434/v1#llama3.2.",
        field="llm",
    )
