"""The other side of `apart`: a process that reads replies one by one from its input, and writes what they say.

`main` is what such a process runs. It holds no secrets, no connection and no file, and the system ends it when a page
costs too much time or memory.
"""

import json
import signal
import struct
import sys
from dataclasses import asdict

from longlist.web.page import Reply, read_reply

HEAD = struct.Struct(">II")  # lengths of what is said about a reply, in JSON, and of its body
LENGTH = struct.Struct(">I")
READY = b"ready"
CPU_SECONDS = 2.5  # a page may cost so much processor time; whoever reads it again later pays about the same
MEMORY_BYTES = 1_000_000_000  # address space, the interpreter's own included


def main() -> None:
    """Read replies until the input ends."""
    _limit()
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    taken.write(READY)
    taken.flush()
    while len(head := given.read(HEAD.size)) == HEAD.size:
        said, size = HEAD.unpack(head)
        about = json.loads(given.read(said))
        reply = Reply(**about, body=given.read(size))
        _allow(CPU_SECONDS)
        answer = json.dumps(asdict(read_reply(reply))).encode()
        _allow(0.0)
        taken.write(LENGTH.pack(len(answer)) + answer)
        taken.flush()


def _limit() -> None:
    """Memory for pages of any kind, but not for all of it; Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not everywhere

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(seconds: float) -> None:
    """So much processor time from now on, 0 for no limit; beyond it the system ends this process, whatever it is at."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
