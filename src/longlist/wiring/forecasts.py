"""The forecast for these settings: which search engines and models will be asked, at what price."""

from longlist.engine.forecast import Line, searches, work
from longlist.settings import Settings
from longlist.wiring.models import specs
from longlist.wiring.providers import search_prices


def forecast(settings: Settings, wanted: int, criteria: int) -> list[Line]:
    """What a search for `wanted` companies by so many criteria (0: inferred ones) will take; empty when it costs nothing."""
    lines = [found] if settings.web and (found := searches(search_prices(settings))) else []
    chosen = specs(settings)
    if chosen is None:
        return lines
    from longlist.llm.prices import Used, price_of  # noqa: PLC0415 - the extra `llm` is optional

    asked = work(wanted, criteria)
    cheap, strong = chosen
    strong_said = settings.llm_strong_price if settings.llm_strong.strip() else settings.llm_price
    plan, companies = Used(*asked.plan), Used(*asked.companies)
    return [
        *lines,
        Line(f"plan by {strong}", 1, plan.total, price_of(strong, strong_said).micros(plan)),
        Line(
            f"lists, facts and grades by {cheap}",
            asked.questions,
            companies.total,
            price_of(cheap, settings.llm_price).micros(companies),
        ),
    ]
