"""The threads that index searches share: numpy and tantivy let go of the interpreter while they work."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache


@lru_cache(maxsize=1)
def threads() -> ThreadPoolExecutor:
    """One thread a processor, at most 8. Work given to it must not wait for other work given to it."""
    return ThreadPoolExecutor(max(1, min(8, os.cpu_count() or 1)), thread_name_prefix="index")
