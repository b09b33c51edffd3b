"""`LLM` over pydantic-ai: the vendors' wire formats are its work, asking once and mending is ours.

A vendor is asked for JSON by schema; a server that has no such thing is asked by a forced tool, then in plain words, and
what it could do is remembered. An answer that is not of its type is asked for once more, with what was wrong.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeVar

import httpx2
from pydantic import BaseModel
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from longlist.errors import BadAnswer, LonglistError, Unsupported
from longlist.llm.ledger_transport import Carried, LedgerTransport, carried
from longlist.llm.llm import LLM, Prompt
from longlist.llm.prices import Price
from longlist.llm.spec import ModelSpec
from longlist.llm.typed import Unusable, read
from longlist.llm.vendors import open_model
from longlist.model.call import Caller
from longlist.model.web import NO_ERRAND, Errand

Mode = Literal["native", "tool", "prompted"]
MODES: tuple[Mode, ...] = ("native", "tool", "prompted")
Typed = TypeVar("Typed", bound=BaseModel)
SHOWN = 1500  # characters of an unusable answer that are shown to whoever is to mend it
TIMEOUT_SECONDS = 120.0

_MEND = """{question}

Your answer to this could not be used: {fault}.
{shown}Answer the question once more, completely, as one JSON object of the given form and nothing else."""


class PydanticLLM:
    """One model. `wire` carries its requests, `calls` keeps the books; `modes` are the ways to ask for JSON, in order."""

    def __init__(
        self,
        spec: ModelSpec,
        key: str,
        calls: Caller,
        wire: httpx2.AsyncBaseTransport,
        price: Price,
        *,
        modes: tuple[Mode, ...] = MODES,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self.name = str(spec)
        self._client = httpx2.AsyncClient(
            transport=LedgerTransport(calls, wire, spec, price), timeout=timeout_seconds, trust_env=False
        )
        self._model: Model = open_model(spec, key, self._client)
        self._modes = modes

    async def ask(self, prompt: Prompt | str, answer: type[Typed], errand: Errand = NO_ERRAND) -> Typed:
        """See `LLM.ask`."""
        question = Prompt("", prompt) if isinstance(prompt, str) else prompt
        said, fault = await self._attempt(question, answer, errand)
        if not fault:
            return read(said, answer)
        shown = f"It began: {said[:SHOWN]}\n" if said else ""
        mended = replace(
            question,
            text=_MEND.format(question=question.text, fault=fault, shown=shown),
            most_tokens=2 * question.most_tokens if fault == CUT_OFF else question.most_tokens,
        )
        said, fault = await self._attempt(mended, answer, errand)
        if fault:
            raise BadAnswer(f"{self.name} gave no usable answer, asked twice: {fault[:300]}.")
        return read(said, answer)

    async def _attempt(self, question: Prompt, answer: type[Typed], errand: Errand) -> tuple[str, str]:
        """What the model said, and what is wrong with it; "" when nothing is."""
        response = await self._response(question, answer, errand)
        said = _said(response)
        if response.finish_reason == "content_filter":
            return "", "it was refused"
        try:
            read(said, answer)
        except Unusable as fault:
            return said, CUT_OFF if response.finish_reason == "length" else str(fault)
        return said, ""

    async def _response(self, question: Prompt, answer: type[BaseModel], errand: Errand) -> ModelResponse:
        """One request; more only to a server that says it does not know the way it was asked.

        Such a way is not tried again once another has brought an answer; no other error, whatever its status, says so.
        """
        ways, lacking = self._modes, None
        for mode in ways:
            try:
                response = await self._request(question, answer, errand, mode)
            except Unsupported as error:
                lacking = error
            else:
                if lacking is not None and "invalid schema" not in str(lacking).lower():  # that is this answer's alone
                    self._modes = ways[ways.index(mode) :]
                return response
        assert lacking is not None
        raise lacking

    async def _request(self, question: Prompt, answer: type[BaseModel], errand: Errand, mode: Mode) -> ModelResponse:
        carries = Carried(errand, question.most_tokens)
        token = carried.set(carries)
        settings = ModelSettings(
            max_tokens=question.most_tokens,
            max_retries=0,
            thinking=False,
            cache={"messages": False},
        )
        if _takes_temperature(self._model):
            settings["temperature"] = 0.0
        message = ModelRequest(parts=[UserPromptPart(question.text)], instructions=question.instructions or None)
        try:
            return await model_request(
                self._model, [message], model_settings=settings, model_request_parameters=_parameters(answer, mode)
            )
        except LonglistError:
            raise
        except (AgentRunError, UserError, ValueError, httpx2.HTTPError) as error:
            if carries.error is not None:
                raise carries.error from None
            raise BadAnswer(f"{self.name} gave an answer that cannot be read ({type(error).__name__}).") from error
        finally:
            carried.reset(token)


CUT_OFF = "it was cut off before its end"


def _takes_temperature(model: Model) -> bool:
    """Whether a model can be told to answer the same each time; those that always reason cannot."""
    refusing: tuple[str, ...] = ("openai_supports_reasoning", "anthropic_disallows_sampling_settings")
    return not any(dict(model.profile).get(name) for name in refusing)


def _said(response: ModelResponse) -> str:
    """The words of the answer: of the tool that was to be called, else the text."""
    for part in response.parts:
        if isinstance(part, ToolCallPart):
            return part.args_as_json_str()
    return "".join(part.content for part in response.parts if isinstance(part, TextPart))


def _parameters(answer: type[BaseModel], mode: Mode) -> ModelRequestParameters:
    schema = answer.model_json_schema()
    if mode == "tool":
        tool = ToolDefinition(
            name="answer", description="Give the answer.", parameters_json_schema=schema, kind="output"
        )
        return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
    form = OutputObjectDefinition(json_schema=schema, name=answer.__name__)
    return ModelRequestParameters(output_mode=mode, output_object=form)


if TYPE_CHECKING:

    def _is_an_llm(model: PydanticLLM) -> LLM:
        return model
