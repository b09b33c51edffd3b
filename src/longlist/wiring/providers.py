"""Settings -> providers of the web: which are set up, with which address, key and price; and how much each bears."""

from collections.abc import Mapping

import httpx2
from pydantic import SecretStr

from longlist.engine.gates import Limits
from longlist.errors import InvalidInput
from longlist.model.call import Caller
from longlist.settings import Settings, load_network
from longlist.store.ledger import Rate
from longlist.web.client import open_client
from longlist.web.providers.registry import ABOUTS, SEARCHES, Config, Desk

MICROS = 1_000  # of a dollar, in a dollar per 1,000 requests


def configs(settings: Settings) -> dict[str, Config]:
    """What is set for each provider. InvalidInput for the price of one that is not known."""
    if unknown := sorted(set(settings.prices) - set(ABOUTS)):
        raise InvalidInput(
            f"There is a price for {', '.join(unknown)}, which is no provider; they are {', '.join(ABOUTS)}.",
            field="prices",
        )
    return {name: _config(settings, name) for name in ABOUTS}


def _config(settings: Settings, name: str) -> Config:
    key = getattr(settings, f"{name}_key", None)
    price = settings.prices.get(name)
    return Config(
        url=getattr(settings, f"{name}_url", ""),
        key=key.get_secret_value().strip() if isinstance(key, SecretStr) else "",
        cost_micros=None if price is None else round(price * MICROS),
        is_on=bool(getattr(settings, name, False)),
    )


def limits(settings: Settings) -> Mapping[str, Limits]:
    """How much each provider bears. One with an address of its own is the operator's: only its time is limited."""
    return {name: _limits(settings, name) for name in ABOUTS}


def _limits(settings: Settings, name: str) -> Limits:
    about = ABOUTS[name]
    is_own = bool(about.url) and bool(getattr(settings, f"{name}_url", ""))
    rate = None if about.a_second is None or is_own else Rate(about.a_second, max(1, int(about.a_second)))
    at_once = max(about.at_once, Limits().at_once) if is_own else about.at_once
    return Limits(at_once=at_once, timeout_seconds=about.timeout_seconds, rate=rate, attempts=about.attempts)


def client_of(settings: Settings) -> httpx2.AsyncClient:
    """The client for providers and models; to be closed."""
    return open_client(load_network(), contact=settings.contact)


def desk_of(settings: Settings, calls: Caller, client: httpx2.AsyncClient) -> Desk:
    """What providers are made from."""
    return Desk(configs(settings), calls, client, load_network())


def search_prices(settings: Settings) -> list[int]:
    """What a request to each search engine that is set up costs, in millionths of a dollar."""
    chosen = configs(settings)
    prices = []
    for name, (about, _) in SEARCHES.items():
        config = chosen.get(name, Config())
        if {"key": bool(config.key), "url": bool(config.url), "switch": config.is_on, "": True}[about.needs]:
            prices.append(about.cost_micros if config.cost_micros is None else config.cost_micros)
    return prices
