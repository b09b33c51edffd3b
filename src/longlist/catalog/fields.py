"""Which column of somebody's list means what: the fields an import knows, and the names people give them."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from longlist.errors import InvalidInput
from longlist.language.words import fold

Field = Literal[
    "id",
    "name",
    "former_names",
    "website",
    "description",
    "employees",
    "founded",
    "batch",
    "status",
    "listed",
    "country",
    "state",
    "city",
    "location",
    "regions",
    "industry",
    "tags",
    "products",
    "business_model",
    "funding_stage",
    "funding_amount",
    "ignore",
]
FIELDS: tuple[Field, ...] = get_args(Field)

# Column names as found in public company lists, folded to words joined by "_"; the best source of a field first.
_SYNONYMS: dict[Field, str] = {
    "id": "slug id uuid company_id company_slug record_id organization_id permalink handle domain_id",
    "name": """name company company_name companyname organisation organization organisation_name organization_name
        account account_name business business_name business_account startup startup_name firm firm_name vendor
        vendor_name brand display_name legal_name title nom nome nombre firma firmenname unternehmen entreprise empresa
        ragione_sociale 会社名""",
    "former_names": "former_names former_name previous_names previous_name also_known_as aka alias aliases",
    "website": """website domain url homepage home_page homepage_url website_url company_website company_domain
        company_url web web_site website_domain primary_domain site site_web webseite sito_web sitio_web page_web
        domain_name domains web_address internet host""",
    "description": """one_liner short_description tagline headline summary description long_description
        full_description company_description about about_us overview company_overview bio what_they_do details
        beschreibung descripcion descrizione business_description""",
    "employees": """employees employee_count employees_count num_employees number_of_employees no_of_employees
        team_size headcount head_count staff staff_count staff_size fte ftes company_size size size_range
        employee_range employees_range num_employees_enum employee_size current_employee_estimate
        estimated_employees mitarbeiter effectif""",
    "founded": """founded founded_year year_founded founding_year foundation_year founded_on founded_date
        founded_at date_founded year_of_foundation established year_established established_year inception
        inception_year incorporated incorporation_date incorporation_year start_year launched launch_year
        gruendungsjahr gegrundet grundungsjahr annee_de_creation""",
    "batch": "batch accelerator_batch yc_batch cohort",
    "status": "status company_status operating_status state_of_business active",
    "listed": """listed public is_public ownership ownership_type company_type type_of_company ticker
        stock_symbol stock_ticker ipo_status exchange traded_as""",
    "country": """country country_name country_code hq_country headquarters_country location_country
        country_of_origin countries land pays pais nation""",
    "state": """state state_province province hq_state hq_state_province headquarters_state region
        location_state location_region state_name bundesland county""",
    "city": "city town hq_city headquarters_city location_city municipality ville stadt ciudad citta",
    "location": """headquarters headquarter headquarters_location hq hq_location all_locations location locations
        locality address full_address hq_address company_location place sitz siege based_in head_office""",
    "regions": "regions markets geographies operating_regions region_served",
    "industry": """industry industries subindustry sub_industry sector sectors vertical verticals primary_industry
        linkedin_industry branche market sic_description naics_description""",
    "tags": "tags categories category category_list category_groups keywords specialties specialities topics labels",
    "products": "products product services product_or_service offerings products_and_services",
    "business_model": "business_model business_models revenue_model monetization",
    "funding_stage": """funding_stage stage last_funding_type last_round last_funding_round funding_round series
        funding_status last_funding_stage latest_round""",
    "funding_amount": """funding funding_amount total_funding total_funding_usd funding_total funding_total_usd
        total_funding_amount total_raised amount_raised raised total_funding_amount_usd funding_usd money_raised""",
}
_BY_NAME: dict[str, tuple[Field, int]] = {
    name: (field, rank) for field, names in _SYNONYMS.items() for rank, name in enumerate(names.split())
}
_DECORATION = re.compile(r"^(?:company|organi[sz]ation|account|org|business|startup)_|_(?:name|value|label|text)$")


def guess_field(column: str) -> tuple[Field, int] | None:
    """The field a column name means and how good a source it is (0 is best); None when it means nothing to us.

    Nested names count by their last part ("location.country" is a country).
    """
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column)
    name = re.sub(r"[^\w]+", "_", fold(snake)).strip("_")
    last = re.sub(r"[^\w]+", "_", fold(snake.rpartition(".")[2])).strip("_")
    for candidate in (name, _DECORATION.sub("", name), name.replace("_", ""), last, _DECORATION.sub("", last)):
        if candidate in _BY_NAME:
            return _BY_NAME[candidate]
    return None


def mapping_for(columns: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, Field]:
    """Column to field for the columns that mean something, best source of each field first.

    `given` overrides the guess for the columns it names ("ignore" leaves one out). InvalidInput when it names a
    column or a field that does not exist.
    """
    chosen: dict[str, Field] = {}
    for column, wanted in (given or {}).items():
        if column not in columns:
            raise InvalidInput(
                f"The mapping names the column '{column}', which the file does not have; its columns are: "
                f"{', '.join(columns)}.",
                field="mapping",
            )
        field = next((known for known in FIELDS if known == wanted), None)
        if field is None:
            raise InvalidInput(
                f"The mapping gives '{column}' the field '{wanted}', which does not exist; fields are: "
                f"{', '.join(FIELDS)}.",
                field="mapping",
            )
        chosen[column] = field
    guessed = [
        (FIELDS.index(guess[0]), guess[1], column)
        for column in columns
        if column not in chosen and (guess := guess_field(column)) is not None
    ]
    chosen |= {column: FIELDS[index] for index, _, column in sorted(guessed)}
    return {column: field for column, field in chosen.items() if field != "ignore"}
