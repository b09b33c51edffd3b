"""Who speaks which wire format: the vendors' own, and OpenAI's for every compatible server."""

from typing import assert_never

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.profiles.openai import OpenAIModelProfile

from longlist.llm.spec import ModelSpec

NO_KEY = "none"  # a server of one's own asks for none, but the libraries do


def open_model(spec: ModelSpec, key: str, client: httpx2.AsyncClient) -> Model:
    """The model, asked through `client`. Each vendor's library is loaded for its own models only."""
    # ruff: noqa: PLC0415
    match spec.vendor:
        case "openai":
            from pydantic_ai.models.openai import OpenAIChatModel
            from pydantic_ai.providers.openai import OpenAIProvider

            return OpenAIChatModel(spec.name, provider=OpenAIProvider(api_key=key or NO_KEY, http_client=client))
        case "anthropic":
            from pydantic_ai.models.anthropic import AnthropicModel
            from pydantic_ai.providers.anthropic import AnthropicProvider

            return AnthropicModel(spec.name, provider=AnthropicProvider(api_key=key or NO_KEY, http_client=client))
        case "google":
            from pydantic_ai.models.google import GoogleModel
            from pydantic_ai.providers.google import GoogleProvider

            return GoogleModel(spec.name, provider=GoogleProvider(api_key=key or NO_KEY, http_client=client))
        case "server":
            from pydantic_ai.models.openai import OpenAIChatModel
            from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

            provider = OpenAICompatibleProvider("server", base_url=spec.url, api_key=key or NO_KEY, http_client=client)
            # Old servers know `max_tokens` only, and not every one that has JSON schemas has `json_object`.
            profile = OpenAIModelProfile(
                supports_json_object_output=False, openai_chat_supports_max_completion_tokens=False
            )
            return OpenAIChatModel(spec.name, provider=provider, profile=profile)
        case _:
            assert_never(spec.vendor)
