"""Filters of the company search: hard conditions on facts, other than the conditions the planner reads in a text.

An include filter lets only companies pass that state the fact and match; an exclude filter only takes out companies
that state it and match.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from longlist.catalog.columns import OR_MORE, UNKNOWN, FactColumns
from longlist.catalog.hits import Mask
from longlist.catalog.layers import Layers
from longlist.errors import InvalidInput
from longlist.language.domains import registered_domain
from longlist.language.gazetteer import key
from longlist.language.places import city_keys, country_name
from longlist.model.company import EMPLOYEE_BUCKETS

MAX_DOMAINS = 1000
SIZES = tuple(name for _, _, name in EMPLOYEE_BUCKETS)
_HIGHS = np.array([high for _, high, _ in EMPLOYEE_BUCKETS if high is not None], np.int64)


@dataclass(frozen=True, slots=True)
class Filters:
    """All optional. Sizes are names of EMPLOYEE_BUCKETS, domains may be URLs, years are inclusive.

    Countries and cities match whatever their case, under all names the gazetteer knows.
    """

    sizes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    not_sizes: tuple[str, ...] = ()
    not_countries: tuple[str, ...] = ()
    not_cities: tuple[str, ...] = ()
    not_domains: tuple[str, ...] = ()
    founded_min: int | None = None
    founded_max: int | None = None

    @property
    def entries(self) -> int:
        """How many names and domains are given."""
        lists = (self.sizes, self.countries, self.cities, self.not_sizes, self.not_countries, self.not_cities)
        return sum(len(some) for some in lists) + len(self.not_domains)

    def checked(self) -> "Filters":
        """The same with registered domains, each once; InvalidInput for what is no size or no domain, or too much."""
        for name in (*self.sizes, *self.not_sizes):
            if name not in SIZES:
                raise InvalidInput(f"There is no size {name!r}; sizes are {', '.join(SIZES)}.", field="size")
        domains = []
        for given in dict.fromkeys(self.not_domains):
            domain = registered_domain(given)
            if not domain:
                raise InvalidInput(f"{given[:200]!r} is not a domain or URL.", field="domains")
            domains.append(domain)
        unique = tuple(sorted(set(domains)))
        if len(unique) > MAX_DOMAINS:
            raise InvalidInput(
                f"At most {MAX_DOMAINS} domains can be excluded; these are {len(unique)}.", field="domains"
            )
        return replace(self, not_domains=unique)


def passing(filters: Filters, layers: Layers) -> Mask:
    """The visible rows that pass the filters, which were checked before."""
    mask = layers.visible & layers.judged(lambda columns: _facts_pass(filters, columns))
    for domain in filters.not_domains:
        mask[layers.with_domain(domain)] = False
    return mask


def _facts_pass(filters: Filters, columns: FactColumns) -> Mask:
    mask = np.ones(len(columns), np.bool_)
    places = columns.names
    if filters.sizes or filters.not_sizes:
        sizes = _sizes(columns)
        _keep(mask, sizes, len(SIZES), [SIZES.index(name) for name in filters.sizes], filters.sizes)
        _drop(mask, sizes, len(SIZES), [SIZES.index(name) for name in filters.not_sizes])
    for wanted, unwanted, column, known in (
        (filters.countries, filters.not_countries, "country", places.countries),
        (filters.cities, filters.not_cities, "city", places.cities),
    ):
        numbers = _countries if column == "country" else _cities
        if wanted or unwanted:
            _keep(mask, columns[column], len(known), numbers(wanted, known), wanted)
            _drop(mask, columns[column], len(known), numbers(unwanted, known))
    if filters.founded_min is not None:
        mask &= columns["founded"] >= max(filters.founded_min, 0)  # unknown is below zero
    if filters.founded_max is not None:
        mask &= (columns["founded"] != UNKNOWN) & (columns["founded"] <= filters.founded_max)
    return mask


def _keep(mask: Mask, column: np.ndarray, known: int, numbers: Collection[int], asked: Collection[str]) -> None:
    if asked:
        mask &= _among(column, known, numbers)


def _drop(mask: Mask, column: np.ndarray, known: int, numbers: Collection[int]) -> None:
    if numbers:
        mask &= ~_among(column, known, numbers)


def _among(column: np.ndarray, known: int, numbers: Collection[int]) -> Mask:
    """The rows whose number in a column is one of these; the unknown (-1) is the last entry of the table, and is not."""
    table = np.zeros(known + 1, np.bool_)
    table[list(numbers)] = True
    return np.asarray(table[column])


def _sizes(columns: FactColumns) -> np.ndarray:
    """The number of each company's bucket, as `Employees.bucket` has it; -1 when unknown."""
    low, high = columns["employees_low"].astype(np.int64), columns["employees_high"].astype(np.int64)
    middle = np.where(high == OR_MORE, low, (low + high) // 2)
    return np.where(low == UNKNOWN, UNKNOWN, np.searchsorted(_HIGHS, middle))


def _countries(asked: Collection[str], known: dict[str, int]) -> list[int]:
    wanted = {key(country_name(text) or text) for text in asked} | {key(text) for text in asked}
    return [number for name, number in known.items() if key(name) in wanted]


def _cities(asked: Collection[str], known: dict[str, int]) -> list[int]:
    wanted = frozenset[str]().union(*(city_keys(text.partition(",")[0]) for text in asked))
    return [known[name] for name in wanted if name in known]
