"""BM25 over stems, with tantivy. Rows are ours; tantivy's own document numbers stay inside.

Texts are cut by `longlist.language.words.terms` before they come here, so tantivy only splits at spaces, and its
document frequencies are those of the grader's stems. Name, tags and text are one field: on the labelled queries fields
of their own with boosts from 0.25 to 2 moved recall within noise or lost some, and cost time.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tantivy

from longlist.catalog.hits import NO_HITS, Hits, Mask, best
from longlist.errors import CatalogError

MAX_TERMS = 64  # of one query: those whose weight times idf is highest

_WRITER_BYTES = 128_000_000
_FEW = 512  # so few allowed rows are named in the query
_RAW = ("key", "id", "alias", "domain", "flat")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", fast=True, indexed=True)
    for name in _RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


SCHEMA = _schema()
Fields = Mapping[str, int | str | Sequence[str]]


class TextWriter:
    """Adds and removes documents; nothing is seen before `commit`, which also ends the writer."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        # One thread: the order of documents, and with it the order of equal scores, is then always the same.
        self._writer = tantivy.Index(SCHEMA, path=str(folder)).writer(heap_size=_WRITER_BYTES, num_threads=1)

    def add(self, fields: Fields) -> None:
        """Adds one document: `row`, and any of key, id, alias, domain, flat (whole values), body, grams."""
        self._writer.add_document(tantivy.Document.from_dict(dict(fields), SCHEMA))

    def delete(self, key: str) -> None:
        """Removes the document with this key, if there is one, of those added before."""
        self._writer.delete_documents_by_term("key", key)

    def commit(self) -> None:
        """Makes the changes visible to indexes opened after this, and waits until the files are at rest."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class TextIndex:
    """A snapshot of the documents of a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises CatalogError when the folder holds no readable index of ours."""
        try:
            index = tantivy.Index.open(str(folder))
            self._searcher = index.searcher()
            self._searcher.doc_freq("grams", "a")
        except (ValueError, OSError) as error:
            raise CatalogError("The text index cannot be read; `longlist catalog build` makes it anew.") from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def document_frequency(self, stem: str) -> int:
        """How many companies have the stem in their name, tags or text."""
        return int(self._searcher.doc_freq("body", stem))

    def search(self, weights: Mapping[str, float], limit: int, mask: Mask | None = None) -> Hits:
        """The companies with the highest BM25 over weighted stems; only rows whose `mask` is True.

        Of more than MAX_TERMS stems those count that can add most to a score.
        """
        stems = {stem: weight for stem, weight in weights.items() if weight > 0 and stem}
        if len(stems) > MAX_TERMS:
            kept = sorted(stems, key=lambda stem: (-stems[stem] * self._rarity(stem), stem))[:MAX_TERMS]
            stems = {stem: stems[stem] for stem in kept}
        return self._found(_any_stem(stems), limit, mask)

    def _rarity(self, stem: str) -> float:
        """The idf of BM25; 0 for a stem that no company has, since it adds nothing."""
        known = self.document_frequency(stem)
        return math.log1p(max(len(self) - known + 0.5, 0) / (known + 0.5)) if known else 0.0

    def with_value(self, field: str, value: str, limit: int) -> list[int]:
        """The rows whose key, id, alias, domain or flat name is exactly this."""
        return [int(row) for row in self._found(_term(field, value), limit, None).rows]

    def like(self, grams: Iterable[str], limit: int) -> Hits:
        """The rows whose names share the most and the rarest letter groups."""
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, _term("grams", gram)) for gram in grams])
        return self._found(query, limit, None)

    def near(self, flat_name: str, edits: int, limit: int) -> Hits:
        """Rows that have a flat name so few edits away: a letter more, less or other, or two neighbours swapped."""
        return self._found(tantivy.Query.fuzzy_term_query(SCHEMA, "flat", flat_name, edits), limit, None)

    def _found(self, query: tantivy.Query, limit: int, mask: Mask | None) -> Hits:
        total = len(self)
        if limit <= 0 or not total:
            return NO_HITS
        if mask is None:
            return self._run(query, limit, limit)
        allowed = int(np.count_nonzero(mask))
        if allowed == 0:
            return NO_HITS
        if allowed <= _FEW:
            rows = np.flatnonzero(mask).tolist()
            among = tantivy.Query.const_score_query(tantivy.Query.term_set_query(SCHEMA, "row", rows), 0.0)
            both = [(tantivy.Occur.Must, among), (tantivy.Occur.Must, query)]
            return self._run(tantivy.Query.boolean_query(both), limit, allowed)
        # As deep as the mask lets expect, then deeper until enough are left.
        depth = min(total, 2 * limit * len(mask) // allowed)
        while True:
            hits = self._run(query, depth, depth)
            kept = mask[hits.rows]
            if depth >= total or len(hits) < depth or np.count_nonzero(kept) >= limit:
                return Hits(hits.rows[kept][:limit], hits.scores[kept][:limit])
            depth = min(total, 4 * depth)

    def _run(self, query: tantivy.Query, limit: int, depth: int) -> Hits:
        try:
            hits = self._searcher.search(query, max(depth, 1), count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        except (ValueError, OSError) as error:
            raise CatalogError("The text index is damaged; `longlist catalog build` makes it anew.") from error
        scores = np.array([score for score, _ in hits], np.float32)
        return best(np.array(rows, np.int64), scores, limit)


def _term(field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, field, value, "basic")


def _any_stem(weights: Mapping[str, float]) -> tantivy.Query:
    parts = []
    for weight, stem in sorted(((weight, stem) for stem, weight in weights.items()), reverse=True):
        query = tantivy.Query.term_query(SCHEMA, "body", stem, "freq")
        parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)))
    return tantivy.Query.boolean_query(parts)
