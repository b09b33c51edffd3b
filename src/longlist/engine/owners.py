"""Who makes calls: a run of a process, and whether it is known to have ended.

A lease says that an owner may still be at work; after a crash of a process on this very machine there is no need to wait
for its end. Where that cannot be known for certain (another machine, another container, no /proc) the lease decides.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from uuid import uuid4


def owner_here() -> str:
    """A name for this run: the machine's boot and process space, the process, when it began, and a part of its own."""
    pid = os.getpid()
    return f"{_place()}|{pid}|{_began(pid) or ''}|{uuid4().hex[:12]}"


def is_gone_here(owner: str) -> bool:
    """Whether an owner was a process of this machine, in the same process space, and runs no more."""
    place, _, rest = owner.partition("|")
    pid, _, rest = rest.partition("|")
    began = rest.partition("|")[0]
    if not place or place != _place() or not pid.isdecimal() or not began:
        return False
    return _began(int(pid)) != began and not _is_hidden(int(pid))


@cache
def _place() -> str:
    """What tells this boot of this machine and this space of process numbers from any other; "" when nothing does."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return ""
    return hashlib.sha256(f"{boot} {space}".encode()).hexdigest()[:12]


def _is_hidden(pid: int) -> bool:
    """Whether there is such a process, of another user, that we may not look at."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _began(pid: int) -> str | None:
    """When a process began, in ticks since boot; None when there is none, or only what is left of one that ended."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if after_name[0] in "ZX" else after_name[19]
