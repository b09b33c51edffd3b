"""A wire with a scripted server at its end, for the tests of models."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import httpx2
from pydantic import BaseModel, Field

Reply = tuple[int, Any] | Exception


class Wire(httpx2.AsyncBaseTransport):
    """Answers each request with the next reply (the last one again and again): a status and a JSON body or bytes, or an error."""

    def __init__(self, *replies: Reply, answer: Callable[[dict[str, Any]], Reply] | None = None) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.requests: list[httpx2.Request] = []
        self._replies: Sequence[Reply] = replies
        self._answer = answer

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        self.requests.append(request)
        reply = self._answer(body) if self._answer else self._replies[min(len(self.bodies), len(self._replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        status, said = reply
        headers = {"content-type": "application/json", "retry-after": "0"} if status == 429 else {}
        return httpx2.Response(status, content=said if isinstance(said, bytes) else json.dumps(said), headers=headers)


class Town(BaseModel):
    """An answer type for tests."""

    name: str
    people: int = Field(ge=0)


PORTO = '{"name": "Porto", "people": 240000}'


def openai(content: str | None, *, finish: str = "stop", read: int = 120, written: int = 30) -> Reply:
    message = {"role": "assistant", "content": content, "refusal": None}
    return 200, {
        "id": "x",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": "gpt-5-mini",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


def openai_tool(arguments: str) -> Reply:
    status, body = openai(None, finish="tool_calls")
    call = {"id": "c1", "type": "function", "function": {"name": "answer", "arguments": arguments}}
    body["choices"][0]["message"]["tool_calls"] = [call]
    return status, body


def anthropic(text: str, *, stop: str = "end_turn") -> Reply:
    return 200, {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 20,
            "output_tokens": 30,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 0,
        },
    }


def google(text: str) -> Reply:
    return 200, {
        "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 120, "candidatesTokenCount": 30, "totalTokenCount": 150},
        "modelVersion": "gemini-2.5-flash",
    }
