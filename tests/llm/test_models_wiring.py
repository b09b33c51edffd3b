import pytest

from longlist.errors import InvalidInput
from longlist.model.network import DIRECT
from longlist.settings import Settings
from longlist.testing import FakeCalls
from longlist.wiring.models import open_models


async def test_without_a_setting_there_is_no_model(tmp_path):
    async with open_models(Settings(home=tmp_path), FakeCalls(), DIRECT) as models:
        assert models is None


async def test_one_model_does_everything_and_two_share_the_work(tmp_path):
    server = "http://127.0.0.1:9/v1#small"
    async with open_models(Settings(home=tmp_path, llm=server), FakeCalls(), DIRECT) as models:
        assert models is not None
        assert models.cheap is models.strong
    two = Settings(home=tmp_path, llm=server, llm_strong="openai:gpt-5", llm_key="k")
    async with open_models(two, FakeCalls(), DIRECT) as models:
        assert models is not None
        assert (models.cheap.name, models.strong.name) == (server, "openai:gpt-5")


@pytest.mark.parametrize(
    "named", [{"llm": "gpt"}, {"llm_strong": "openai:gpt-5"}, {"llm": "openai:m", "llm_price": "x"}]
)
async def test_a_setting_that_cannot_be_used_says_so(tmp_path, named):
    with pytest.raises(InvalidInput):
        async with open_models(Settings(home=tmp_path, **named), FakeCalls(), DIRECT):
            pass
