"""The language models of these settings; none, and nothing of their libraries loaded, when none is set."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from longlist.discover.llm_extract import LLMExtractor
from longlist.engine.gates import Limits
from longlist.enrich.enrich import Enricher
from longlist.enrich.llm_profile import ProfilingEnricher
from longlist.errors import InvalidInput, Unavailable
from longlist.grade.cascade import Cascade
from longlist.grade.llm_grader import LLMGrader
from longlist.grade.llm_sifter import LLMSifter
from longlist.llm.llm import LLM
from longlist.llm.spec import ModelSpec, model_spec
from longlist.model.call import Caller
from longlist.model.network import Network
from longlist.plan.llm_planner import LLMPlanner
from longlist.plan.planner import Planner
from longlist.settings import Settings
from longlist.web.client import Routes
from longlist.wiring.planning import rule_planner

NOT_INSTALLED = (
    "LONGLIST_LLM is set, but what speaks to models is not installed ({name} is missing); `pip install longlist[llm]` "
    "installs it. Without LONGLIST_LLM, rules plan and grade."
)
AT_ONCE = 16  # of all tasks together: vendors bear more, one's own server seldom does
SECONDS = 150.0


@dataclass(frozen=True, slots=True)
class Models:
    """The model for what is asked often, and the one for what is asked seldom; the same when one is set."""

    cheap: LLM
    strong: LLM


def planner(models: Models | None) -> Planner:
    """The planner of a search: with a model where there is one."""
    return LLMPlanner(models.strong, rule_planner()) if models else rule_planner()


def extractor(models: Models | None) -> LLMExtractor | None:
    """Who reads lists that rules read poorly, where there is a model."""
    return LLMExtractor(models.cheap) if models else None


def profiling(enricher: Enricher, models: Models | None, settings: Settings) -> Enricher:
    """The enricher, with a model for the facts it does not find, where there is one and the settings want it."""
    if models is None or settings.llm_profiles == "off":
        return enricher
    return ProfilingEnricher(enricher, models.cheap, settings.llm_profiles)


def cascade(models: Models | None, idf: Callable[[str], float]) -> Cascade | None:
    """The grader that asks a model, where there is one; `idf` as for RuleGrader."""
    if models is None:
        return None
    return Cascade(idf, LLMGrader(models.cheap, models.strong), sifter=LLMSifter(models.cheap))


def specs(settings: Settings) -> tuple[ModelSpec, ModelSpec] | None:
    """The models that are set, the strong one second; None when none is. InvalidInput when a name cannot be read."""
    if not settings.llm.strip():
        if settings.llm_strong.strip():
            raise InvalidInput("LONGLIST_LLM_STRONG is set without LONGLIST_LLM.", field="llm_strong")
        return None
    cheap = model_spec(settings.llm)
    return cheap, model_spec(settings.llm_strong) if settings.llm_strong.strip() else cheap


def model_limits(settings: Settings) -> dict[str, Limits]:
    """How much the models are asked at once, and how long they may take."""
    return {spec.provider: Limits(at_once=AT_ONCE, timeout_seconds=SECONDS) for spec in specs(settings) or ()}


@contextlib.asynccontextmanager
async def open_models(settings: Settings, calls: Caller, network: Network) -> AsyncIterator[Models | None]:
    """The models, asking through `calls`; None when none is set.

    InvalidInput when a setting cannot be read, Unavailable when the extra `llm` is not installed.
    """
    chosen = specs(settings)
    if chosen is None:
        yield None
        return
    try:
        from longlist.llm.prices import price_of  # noqa: PLC0415 - the extra `llm` is optional
        from longlist.llm.pydantic_llm import PydanticLLM  # noqa: PLC0415
    except ImportError as error:
        raise Unavailable(NOT_INSTALLED.format(name=error.name)) from error
    cheap, strong = chosen
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    strong_key = settings.llm_strong_key.get_secret_value() if settings.llm_strong_key else key
    wire = Routes(network)
    try:
        one = PydanticLLM(cheap, key, calls, wire, price_of(cheap, settings.llm_price))
        two = one
        if settings.llm_strong.strip():
            two = PydanticLLM(strong, strong_key, calls, wire, price_of(strong, settings.llm_strong_price))
        yield Models(one, two)
    finally:
        await wire.aclose()
