"""Google Places (New), text search. https://developers.google.com/maps/documentation/places/web-service/text-search"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from longlist.model.web import Errand, Spot
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.maps import once
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import items, mapping, number, text, web_address

PAGES = 3
CLOSED = "CLOSED_PERMANENTLY"
FIELDS = (
    "places.id",
    "places.displayName",
    "places.formattedAddress",
    "places.addressComponents",
    "places.location",
    "places.types",
    "places.primaryType",
    "places.primaryTypeDisplayName",
    "places.businessStatus",
    "places.googleMapsUri",
    "places.websiteUri",
    "places.nationalPhoneNumber",
    "nextPageToken",
)

ABOUT = About(
    name="google_places",
    title="Google Places",
    kinds=("maps",),
    url="https://places.googleapis.com",
    key_header="X-Goog-Api-Key",
    key_prefix="",
    cost_micros=35_000,
    price="$35 per 1,000 requests (Text Search Enterprise: websites and phone numbers are asked for)",
    price_url="https://developers.google.com/maps/billing-and-pricing/pricing",
    price_date="2026-09",
    policy="At most 60 places for a query. Its terms limit how long content may be kept; place ids may be kept for good.",
    attribution="Google Maps",
    a_second=8,
    key_faults=("API_KEY_INVALID", "API key not valid"),
)


class GooglePlaces:
    """A `longlist.web.seams.Maps`. A page needs the token of the one before, so those are asked first: from the ledger."""

    name = ABOUT.name

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def health(self) -> Health:
        """How it is doing."""
        return self._provider.health

    async def find(self, what: str, where: str, page: int, errand: Errand) -> Sequence[Spot]:
        """See `Maps`. Places that closed for good are left out."""
        token = ""
        for number_of_page in range(1, min(page, PAGES) + 1):
            data = mapping(ABOUT, await self._provider.ask(request(what, where, token), errand))
            if number_of_page == page:
                return once(parse(data), what, where)
            token = text(data.get("nextPageToken"), 5_000)
            if not token:
                break
        return ()


def request(what: str, where: str, token: str = "") -> Request:
    """One page of places."""
    body = {"textQuery": f"{what} in {where}" if where else what, "pageSize": 20}
    if token:
        body["pageToken"] = token
    return Request(
        "/v1/places:searchText", json=body, headers={"X-Goog-FieldMask": ",".join(FIELDS)}, operation="places"
    )


def parse(data: Any) -> Iterator[Spot]:
    """Its places; without any there is no `places`."""
    for item in items(ABOUT, data, "places"):
        if item.get("businessStatus") == CLOSED:
            continue
        where = _components(item)
        location = item["location"] if isinstance(item.get("location"), dict) else {}
        kinds = [_text_of(item.get("primaryTypeDisplayName")), text(item.get("primaryType"))]
        kinds += [text(kind) for kind in item["types"]] if isinstance(item.get("types"), list) else []
        yield Spot(
            id=text(item.get("id")),
            name=_text_of(item.get("displayName")),
            website=web_address(item.get("websiteUri")),
            address=text(item.get("formattedAddress")),
            city=where.get("locality") or where.get("postal_town", ""),
            state=where.get("administrative_area_level_1", ""),
            country=where.get("country", ""),
            kinds=tuple(dict.fromkeys(kind for kind in kinds if kind)),
            provider=ABOUT.name,
            query="",
            latitude=number(location.get("latitude")),
            longitude=number(location.get("longitude")),
            phone=text(item.get("nationalPhoneNumber")),
            url=web_address(item.get("googleMapsUri")),
        )


def _text_of(value: Any) -> str:
    return text(value.get("text")) if isinstance(value, dict) else ""


def _components(item: Mapping[str, Any]) -> dict[str, str]:
    parts = item.get("addressComponents")
    found: dict[str, str] = {}
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and isinstance(part.get("types"), list):
            for kind in part["types"]:
                found.setdefault(text(kind), text(part.get("longText")))
    return found
