"""A worker killed while it makes cells: started again it loses none, pays none of the recorded ones twice, leaves none stuck."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from cell_maker import WIDTH
from table_parts import COST

from longlist.engine.tables import Tables
from longlist.model.table import Agent, ColumnConfig, NewRow, Tally
from longlist.store import open_store

HERE = Path(__file__).parent
ROWS, KILLS = 80, 2
pytestmark = pytest.mark.slow


def process(script: str, *args: object) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *(part for part in sys.path if part)])}
    command = [sys.executable, str(HERE / script), *map(str, args)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


async def made(url: str) -> str:
    async with open_store(url) as store:
        tables = Tables(store)
        columns = [ColumnConfig("agent", key, key, Agent("llm", f"{key} {{input}}", "text")) for key in ("a", "b", "c")]
        columns[2] = ColumnConfig("agent", "c", "c", Agent("llm", "c of {a}", "text"))
        table = await tables.create("Kill", columns=columns)
        await tables.add_rows(table.id, [NewRow({"input": f"c{number}.com"}) for number in range(ROWS)])
        await tables.run(table.id, columns=[one.id for one in table.columns if one.config.kind == "agent"])
        return table.id


async def outcome(url: str, table_id: str) -> tuple[Tally, list[dict[str, str]], int, dict[str, int]]:
    async with open_store(url) as store:
        table = await store.table(table_id)
        rows = [row async for some in store.rows(table_id) for row in some]
        keys = {one.id: one.config.key for one in table.columns}
        answers = [{keys[i]: cell.value.answer for i, cell in row.cells.items()} for row in rows]
        (run,) = await store.runs(table_id)
        totals = await store.call_totals(run.id)
        counts = {"calls": sum(t.calls for t in totals), "twice": sum(t.paid_twice for t in totals)}
        return await store.tally(table_id), answers, (await store.spend(run.id)).micros, counts


@pytest.mark.parametrize("seed", [1, *[pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 10)]])
def test_kills_lose_no_cell_pay_nothing_recorded_again_and_leave_none_stuck(
    url: str, tmp_path: Path, seed: int
) -> None:
    log, chance = tmp_path / "received.jsonl", random.Random(seed)
    provider = process("ledger_provider.py", log, 0.05)
    try:
        port = int(provider.stdout.readline())
        table_id = asyncio.run(made(url))
        kills = 0
        for _ in range(KILLS):
            maker = process("cell_maker.py", url, port, table_id)
            assert maker.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.2, 0.7))
            maker.kill()
            maker.communicate()
            kills += 1
        last = process("cell_maker.py", url, port, table_id)
        out, _ = last.communicate(timeout=120)
        assert (last.returncode, out) == (0, "ready\ndone\n")
    finally:
        provider.kill()
        provider.communicate()
    tally, answers, spent, counts = asyncio.run(outcome(url, table_id))
    assert tally == Tally(ROWS, done=3 * ROWS)
    for number, row in enumerate(answers):
        assert row["a"].startswith(f"a c{number}.com -> answer ")
        assert row["c"].startswith(f"c of {row['a']} -> answer ")
    received = Counter(json.loads(line)["number"] for line in log.read_text().splitlines())
    assert len(received) == counts["calls"] == 3 * ROWS
    assert sum(times - 1 for times in received.values()) <= kills * WIDTH
    assert sum(times > 1 for times in received.values()) <= counts["twice"] <= kills * WIDTH  # each flagged once
    assert spent >= sum(received.values()) * COST
