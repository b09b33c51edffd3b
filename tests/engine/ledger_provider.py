"""A provider on loopback: `python ledger_provider.py LOG SECONDS`. Prints its port.

Appends one line to LOG for each call it received, before it answers; each answer has a number of its own.
"""

import asyncio
import json
import sys
from itertools import count
from pathlib import Path

NUMBERS = count(1)


async def serve(log: Path, seconds: float) -> None:
    with log.open("a", buffering=1) as lines:

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if asked := await reader.readline():
                lines.write(json.dumps(json.loads(asked)) + "\n")
                number = next(NUMBERS)
                await asyncio.sleep(seconds)
                writer.write(f"answer {number}\n".encode())
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
