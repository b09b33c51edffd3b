"""Static word vectors of WordLlama (256 numbers a text), loaded from its wheel and cached word by word.

WordLlama's tokenizer never joins letters across a space, so the vector of a text is the sum of the vectors of its
space-separated words. Summing cached words gives what `WordLlama.embed(norm=True)` gives (a test compares the two) several
times faster, and without importing its loader, which brings an HTTP client and reconfigures logging.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from longlist.errors import Unavailable

DIMENSIONS = 256
Vectors = NDArray[np.float32]

_MAX_CACHED_WORDS = 65_536  # 64 MB of float32 at the most; then the cache starts anew
_MAX_WORD = 100  # letters; longer runs without a space (Chinese text, junk) are cut, tokenizing is quadratic in them
_TEXTS_AT_ONCE = 512


class Embedder:
    """Turns texts into vectors of length 1; threads may share it."""

    def __init__(self, table: Vectors, tokenizer: Tokenizer) -> None:
        self._table = table
        self._tokenizer = tokenizer
        self._lock = Lock()
        self._rows: dict[str, int] = {}
        self._vectors: Vectors = np.empty((1024, DIMENSIONS), np.float32)

    def embed(self, texts: Sequence[str], weigh: Callable[[str], float] | None = None) -> Vectors:
        """One row a text, of length 1; all zeros for a text without words. Shape (len(texts), 256).

        `weigh` says how much a word counts (1 for all by default); it is given what stands between two spaces.
        """
        result = np.zeros((len(texts), DIMENSIONS), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            split = [_words(text) for text in texts[start : start + _TEXTS_AT_ONCE]]
            with self._lock:
                self._sum(split, result[start:], weigh)
        lengths = np.linalg.norm(result, axis=1, keepdims=True)
        np.divide(result, lengths, out=result, where=lengths > 0)
        return result

    def _sum(self, split: list[list[str]], result: Vectors, weigh: Callable[[str], float] | None) -> None:
        self._learn(set(chain.from_iterable(split)))
        for vector, found in zip(result, split, strict=False):
            if not found:
                continue
            # One text at a time: the vectors of its words stay in the processor's cache.
            vectors = self._vectors.take([self._rows[word] for word in found], axis=0)
            if weigh is None:
                np.add.reduce(vectors, axis=0, out=vector)
            else:
                np.matmul(np.array([weigh(word) for word in found], np.float32), vectors, out=vector)

    def _learn(self, wanted: set[str]) -> None:
        """Sees to it that every wanted word has a row; forgets the others when there are too many."""
        new = sorted(wanted.difference(self._rows))
        if not new:
            return
        if self._rows and len(self._rows) + len(new) > _MAX_CACHED_WORDS:
            self._rows.clear()
            new = sorted(wanted)
        size = len(self._rows)
        if size + len(new) > len(self._vectors):
            grown = np.empty((max(2 * len(self._vectors), size + len(new)), DIMENSIONS), np.float32)
            grown[:size] = self._vectors[:size]
            self._vectors = grown
        encodings = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
        for row, (word, encoding) in enumerate(zip(new, encodings, strict=True), start=size):
            np.add.reduce(self._table.take(encoding.ids, axis=0), axis=0, out=self._vectors[row])
            self._rows[word] = row


def _words(text: str) -> list[str]:
    """The space-separated words of a text, long runs cut, what UTF-8 cannot hold replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    found = text.split()
    if len(text) > _MAX_WORD and max(map(len, found), default=0) > _MAX_WORD:
        return [word[i : i + _MAX_WORD] for word in found for i in range(0, len(word), _MAX_WORD)]
    return found


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """The shared embedder, loaded on first use (about 0.1 s).

    Raises Unavailable when the `wordllama` package or its files are missing.
    """
    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise Unavailable("The package wordllama is missing; run `make setup` to install what Longlist needs.")
    folder = Path(spec.origin).parent
    weights = folder / "weights" / f"l2_supercat_{DIMENSIONS}.safetensors"
    vocabulary = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
    if not (weights.is_file() and vocabulary.is_file()):
        raise Unavailable("The package wordllama came without its vectors; install it again from its wheel.")
    tokenizer = Tokenizer.from_file(str(vocabulary))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Embedder(load_file(weights)["embedding.weight"].astype(np.float32), tokenizer)


def embed(texts: Sequence[str], weigh: Callable[[str], float] | None = None) -> Vectors:
    """`embedder().embed(...)`: one row of length 1 a text (zeros for a text without words)."""
    return embedder().embed(texts, weigh)
