"""Instant company search: contract §4.

`/search` stands before the routes with an identifier, which may be a whole address with slashes in it: clients encode
it fully, and servers decode it before they look for the route.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from longlist.engine.companies import Company, CompanyPage
from longlist.engine.company_filters import Filters
from longlist.serve.http.bodies import parsed, read_body
from longlist.serve.http.callers import needs
from longlist.serve.http.models import (
    NO_NUL,
    SAYS_SOMETHING,
    CompaniesOut,
    CompanyOut,
    CompanySearch,
    Pagination,
    SearchFilters,
    SimilarOut,
    SimilarSearch,
)
from longlist.serve.http.paging import FAR, Limit, Offset, json_answer, page_headers
from longlist.serve.http.parts import parts_of
from longlist.serve.http.spec import REF, body, paged, problems
from longlist.serve.wire import Json

DEFAULT_LIMIT = 20
MAX_LIMIT = 250
AS_JSON: dict[str, Any] = {
    "contentMediaType": "application/json",
    "contentSchema": {"$ref": REF.format(model=SearchFilters.__name__)},
}

router = APIRouter(prefix="/v1/companies", tags=["companies"])
FiltersText = Annotated[
    Annotated[str, Field(pattern=NO_NUL, json_schema_extra=AS_JSON)] | None,
    Query(description="SearchFilters as JSON text.", examples=['{"include":{"size":["11-50"]}}']),
]


@router.get("/search", response_model=CompaniesOut, responses=paged(422), deprecated=True)
async def search_companies(
    request: Request,
    q: Annotated[str, Query(pattern=SAYS_SOMETHING, max_length=20_000)],
    filters: FiltersText = None,
    offset: Offset = None,
    limit: Limit = None,
) -> Response:
    """Find companies by name, domain or description. The same as POST, kept for older clients."""
    return await _search(request, q, _filters(filters), Pagination(offset=offset, limit=limit))


@router.post("/search", response_model=CompaniesOut, responses=paged(413, 422), openapi_extra=body(CompanySearch))
async def search_companies_post(request: Request) -> Response:
    """Find companies by name, domain or description, in the catalogue and in all that tasks have read."""
    needs(request, "read")
    asked = await read_body(request, CompanySearch)
    return await _search(request, asked.q, asked.filters, asked.pagination or Pagination())


@router.get("/{company_identifier:path}/similar", response_model=SimilarOut, responses=paged(404, 422), deprecated=True)
async def similar_companies(
    request: Request,
    company_identifier: str,
    filters: FiltersText = None,
    offset: Offset = None,
    limit: Limit = None,
) -> Response:
    """Find companies like one. The same as POST, kept for older clients."""
    return await _similar(request, company_identifier, _filters(filters), Pagination(offset=offset, limit=limit))


@router.post(
    "/{company_identifier:path}/similar",
    response_model=SimilarOut,
    responses=paged(404, 413, 422),
    openapi_extra=body(SimilarSearch, required=False),
)
async def similar_companies_post(request: Request, company_identifier: str) -> Response:
    """Find companies like one: named by its domain, an address, or the id of it or of its profile."""
    needs(request, "read")
    asked = await read_body(request, SimilarSearch, optional=True)
    return await _similar(request, company_identifier, asked.filters, asked.pagination or Pagination())


@router.get("/{company_identifier:path}", response_model=CompanyOut, responses=problems(404))
async def get_company(request: Request, company_identifier: str) -> Response:
    """One company: named by its domain, an address, or the id of it or of its profile."""
    needs(request, "read")
    companies = await parts_of(request).companies.get()
    return json_answer(company_json(await companies.lookup(company_identifier)))


async def _search(request: Request, q: str, filters: SearchFilters | None, part: Pagination) -> Response:
    needs(request, "read")
    offset, limit = _bounds(part)
    companies = await parts_of(request).companies.get()
    found = await companies.search(q, filters_of(filters), offset, limit)
    return json_answer(found_json(found, q, filters, offset, limit), page_headers(found.total, offset, limit))


async def _similar(request: Request, identifier: str, filters: SearchFilters | None, part: Pagination) -> Response:
    needs(request, "read")
    offset, limit = _bounds(part)
    companies = await parts_of(request).companies.get()
    seed, found = await companies.similar(identifier, filters_of(filters), offset, limit)
    answer = found_json(found, None, filters, offset, limit)
    answer["request"]["reference_company_id"] = seed.id
    answer["reference_company"] = company_json(seed)
    return json_answer(answer, page_headers(found.total, offset, limit))


def _bounds(part: Pagination) -> tuple[int, int]:
    return min(part.offset or 0, FAR), min(part.limit or DEFAULT_LIMIT, MAX_LIMIT)


def found_json(found: CompanyPage, query: str | None, filters: SearchFilters | None, offset: int, limit: int) -> Json:
    """A page of companies, and what was asked for."""
    return {
        "results": [company_json(company) for company in found.companies],
        "request": {
            "offset": offset,
            "limit": limit,
            "query": query,
            "filters": None if filters is None else filters.model_dump(exclude_none=True),
        },
        "facet_counts": [],
    }


def _filters(text: str | None) -> SearchFilters | None:
    """Filters given in the address, as JSON text."""
    return parsed(text, SearchFilters, "query", "filters") if text else None


def filters_of(given: SearchFilters | None) -> Filters | None:
    """Filters in our words; InvalidInput for domains that are none."""
    if given is None:
        return None
    include, exclude = given.include, given.exclude
    years = given.range.founded if given.range else None
    return Filters(
        sizes=tuple((include and include.size) or ()),
        countries=tuple((include and include.country) or ()),
        cities=tuple((include and include.city) or ()),
        not_sizes=tuple((exclude and exclude.size) or ()),
        not_countries=tuple((exclude and exclude.country) or ()),
        not_cities=tuple((exclude and exclude.city) or ()),
        not_domains=tuple((exclude and exclude.domains) or ()),
        founded_min=years.min if years else None,
        founded_max=years.max if years else None,
    )


def company_json(company: Company) -> Json:
    """A company of instant search. What nothing states is null; the catalogue ranks no websites."""
    profile, facts = company.profile, company.profile.facts
    place = facts.hq
    return {
        "id": company.id,
        "domain": profile.domain,
        "name": profile.name,
        "short_description": profile.description or None,
        "full_description": profile.full_description or None,
        "products_services": ", ".join(profile.tags) or None,
        "use_cases": None,
        "target_audience": None,
        "other_considerations": None,
        "founding_year": facts.founded,
        "employee_count": facts.employees.bucket if facts.employees else None,
        "hq_country": place.country,
        "hq_state_province": place.state,
        "hq_city": place.city,
        "hq_full_address": ", ".join(part for part in (place.city, place.state, place.country) if part) or None,
        "social_profiles": {},
        "website_authority": None,
        "relevance_score": round(company.score, 4),
    }
