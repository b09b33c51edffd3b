"""What the tests of this folder talk to: a real server, over plain HTTP or by the hosted service's client."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hosted_client
from hosted_client import Answer, Call, Ran, exchange

import processes

PATIENCE = 30.0  # seconds that a task of these tests may take
OWN_LISTS_ONLY = {"LONGLIST_EMBEDDED_CATALOG": "false"}

CRITERIA = [
    {"key": "chat", "name": "Live chat", "criterion": "It offers live chat."},
    {"key": "software", "name": "Software", "criterion": "The product is software."},
    {"key": "websites", "name": "For websites", "criterion": "Its product is live chat software for websites."},
    {"key": "small", "name": "Small", "criterion": "It has at most 50 employees."},
]


@dataclass(frozen=True)
class Api:
    """Plain HTTP as one caller, for what the command-line client would not send."""

    base: str
    token: str | None

    def send(self, method: str, path: str, body: object = None, **query: object) -> Answer:
        return exchange(self.base, Call(method, path, list(query.items()), body), self.token)

    def get(self, path: str, **query: object) -> Answer:
        return self.send("GET", path, **query)

    def post(self, path: str, body: object = None) -> Answer:
        return self.send("POST", path, body)

    def read(self, path: str, **query: object) -> Any:
        """The body of a GET that must work."""
        answer = self.get(path, **query)
        assert answer.status == 200, answer.raw
        return answer.value

    def create(self, query: str, **fields: object) -> Any:
        """A new task."""
        answer = self.post("/v1/discovery_tasks", {"query": query} | fields)
        assert answer.status == 200, answer.raw
        return answer.value

    def task(self, task_id: str) -> Any:
        return self.read(f"/v1/discovery_tasks/{task_id}")

    def results(self, task_id: str, **query: object) -> Any:
        return self.read(f"/v1/discovery_tasks/{task_id}/results", **query)

    def until(self, task_id: str, *statuses: str) -> Any:
        """The task once it has one of these."""
        end = time.monotonic() + PATIENCE
        while (task := self.task(task_id))["status"] not in statuses:
            assert time.monotonic() < end, f"the task is still as it was: {task}"
            time.sleep(0.03)
        return task

    def over(self, task_id: str) -> Any:
        """The task once it has come to its end."""
        return self.until(task_id, "done", "failed")

    def finished(self, query: str, **fields: object) -> Any:
        """A new task and its results, once it is done."""
        task = self.over(self.create(query, **fields)["id"])
        assert task["status"] == "done", task
        return self.results(task["id"])


@dataclass(frozen=True)
class Server:
    """The server, and who may call it."""

    base: str
    home: Path

    def token(self, name: str, *options: str) -> str:
        made = processes.run("token", "create", name, "--quiet", *options, home=self.home).check()
        return made.out.decode().strip()


class Cli:
    """The hosted service's client, pointed at the server."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self.environ = {"EXTRUCT_API_TOKEN": token}

    def __call__(self, *argv: str) -> Ran:
        return hosted_client.run([*argv, "--base-url", self._base], self.environ, pause=0.05, tries=600)

    def value(self, *argv: str) -> Any:
        """What a command prints that must work."""
        ran = self(*argv)
        assert ran.code == 0, ran
        return ran.printed
