"""The company index: text, vectors and facts of every company, searched together.

It is a cache: everything in it comes from elsewhere and can be built again, so a damaged index is simply not opened. An
opened index is a snapshot. Changing it gives a new one; the old one goes on answering as before.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Self

import numpy as np

from longlist.catalog import generations
from longlist.catalog.columns import FACTS, FactColumns, Names, fact_row
from longlist.catalog.hits import Hit, Hits, Mask, Rows, best, fuse
from longlist.catalog.lookup import alias_domain, alike, company_id, edits_allowed, flat, grams, record_id, spellings
from longlist.catalog.strings import StringColumn, StringWriter
from longlist.catalog.text_index import Fields, TextIndex, TextWriter
from longlist.catalog.threads import threads
from longlist.catalog.vectors import VectorFiles, VectorWriter, shorten
from longlist.errors import CatalogError
from longlist.language.embedding import Vectors, embed
from longlist.language.words import terms
from longlist.model.company import Facts, RecordKind
from longlist.model.plan import Constraint

FORMAT = 3  # raised whenever files written before cannot be read any more, or would answer differently
RRF_K = 60.0  # the usual constant of reciprocal-rank fusion
DEPTH = 300  # how deep each ranking is read before fusing
WORD_SMOOTHING = 0.02
"""a of the weight a / (a + share of companies with the word) that a word has in the vector of a query.

Arora et al., "A simple but tough-to-beat baseline for sentence embeddings" (ICLR 2017). Measured on the 20 labelled
queries: R@50 .71 to .74 and R@200 .957 to .962 against plain means; from .01 to .05 the difference is noise, and weighing
the companies' own words as well loses. Companies are plain means of all their words.
"""

_LEAST_ALIKE = 0.6  # names less alike than this are not what was asked for
_STOP_WORD_SHARE = 0.5  # stop words are not indexed; about as common as this
_BATCH = 2048  # companies written at a time


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One company as the index sees it. `text` is what is embedded and searched; `aliases` are keys of its records."""

    key: str
    name: str
    domain: str
    text: str
    tags: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)
    aliases: tuple[str, ...] = ()
    kind: RecordKind = "company"


class CompanyIndex:
    """A snapshot of the companies of a folder. Rows number companies within this snapshot only."""

    def __init__(self, generation: Path, about: Mapping[str, Any]) -> None:
        """Use `open` or `build`."""
        self.fingerprint: str = about["fingerprint"]
        self.folder = generation
        rows: int = about["rows"]
        self._names = StringColumn(generation, rows)
        self._vectors = VectorFiles(generation, rows)
        self._text = TextIndex(generation / "text")
        self.facts = FactColumns(generation / "facts.table", rows, Names(**about["names"]))
        self._alive: Mask | None = None if len(self._text) == rows else self.facts["alive"] == 1
        if self._alive is not None and np.count_nonzero(self._alive) != len(self._text):
            raise CatalogError("The index does not fit together; `longlist catalog build` makes it anew.")
        self._idf = lru_cache(maxsize=50_000)(self._inverse_frequency)
        self._weigh = lru_cache(maxsize=50_000)(self._word_weight)

    @classmethod
    def open(cls, folder: Path) -> "CompanyIndex | None":
        """The index of a folder; None when there is none, or one that is damaged or of another version: build it then.

        While another process changes the index this waits for it.
        """
        index = cls._try(folder)
        if index is None and generations.current(folder):
            with generations.locked(folder):
                index = cls._try(folder)
        return index

    @classmethod
    def glance(cls, folder: Path) -> "CompanyIndex | None":
        """As `open`, but waits for nobody and writes nothing."""
        return cls._try(folder)

    @classmethod
    def _try(cls, folder: Path) -> Self | None:
        generation = generations.current(folder)
        about = generations.sealed(generation) if generation else None
        if generation is None or about is None or about.get("format") != FORMAT:
            return None
        try:
            return cls(generation, about)
        except (CatalogError, OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def build(
        cls,
        folder: Path,
        entries: Iterable[IndexEntry],
        *,
        fingerprint: str,
        progress: Callable[[int], None] | None = None,
    ) -> "CompanyIndex":
        """Builds the index of a folder anew from entries with distinct keys, read once, in bounded memory.

        The old index stays until the new one is complete. `fingerprint` says what was indexed, in the caller's words;
        when another process finished an index with the same one while this waited for it, that one is returned.
        `progress` is told how many companies are in so far. Raises CatalogError when the folder cannot be written.
        """
        before = generations.current(folder)
        with generations.locked(folder):
            if generations.current(folder) != before:
                done = cls._try(folder)
                if done is not None and done.fingerprint == fingerprint:
                    return done
            try:
                with generations.new_generation(folder) as generation:
                    about = {"format": FORMAT, "fingerprint": fingerprint, "rows": 0, "names": asdict(Names())}
                    generations.seal(generation, _write(generation, about, entries, progress))
            except OSError as error:
                raise CatalogError(
                    f"The index could not be written ({error.strerror}); the old one is kept."
                ) from error
            return cls._reopened(folder)

    def upsert(self, entries: Iterable[IndexEntry], *, fingerprint: str | None = None) -> "CompanyIndex":
        """The index with these companies added, or replaced where their keys are known. This snapshot stays as it is.

        `fingerprint` says what is indexed now, in the caller's words. Killed half-way, the folder counts as damaged and
        is built again.
        """
        unique = list({entry.key: entry for entry in entries}.values())
        return self._changed(unique, [entry.key for entry in unique], fingerprint)

    def delete(self, keys: Iterable[str]) -> "CompanyIndex":
        """The index without these companies; keys it does not know change nothing."""
        return self._changed([], list(keys))

    def _changed(
        self, added: Sequence[IndexEntry], removed: Sequence[str], fingerprint: str | None = None
    ) -> "CompanyIndex":
        folder = self.folder.parent
        with generations.locked(folder):
            latest = self._reopened(folder)
            generation, rows, names = latest.folder, len(latest.facts), latest.facts.names
            gone = latest.rows(removed)
            told = latest.fingerprint if fingerprint is None else fingerprint
            about = {"format": FORMAT, "fingerprint": told, "rows": rows, "names": asdict(names)}
            generations.unseal(generation)
            try:
                if gone:
                    table = np.memmap(generation / "facts.table", FACTS, "r+", shape=(rows,))
                    table["alive"][gone] = 0
                    table.flush()
                generations.seal(generation, _write(generation, about, added, None, removed))
            except OSError as error:
                raise CatalogError(f"The index could not be written ({error.strerror}); build it again.") from error
            return self._reopened(folder)

    @classmethod
    def _reopened(cls, folder: Path) -> "CompanyIndex":
        index = cls._try(folder)
        if index is None:
            raise CatalogError("The index cannot be read back; `longlist catalog build` makes it anew.")
        return index

    def __len__(self) -> int:
        return len(self._text)

    def _allowed(self, mask: Mask | None) -> Mask | None:
        if self._alive is None:
            return mask
        return self._alive if mask is None else self._alive & mask

    def mask(self, constraints: Sequence[Constraint]) -> Mask:
        """True for the rows that no constraint is known to rule out; see `FactColumns.mask`."""
        return self.facts.mask(constraints)

    def text_scores(self, terms: Sequence[str] | Mapping[str, float], *, limit: int, mask: Mask | None = None) -> Hits:
        """The best companies by BM25 over stems (of `longlist.language.words.terms`), weighted or as often as they come.

        Only rows whose `mask` is True are found.
        """
        weights = terms if isinstance(terms, Mapping) else Counter(terms)
        return self._text.search(weights, limit, mask)

    def vector_scores(self, text: str | Vectors, *, limit: int, mask: Mask | None = None) -> Hits:
        """The best companies by cosine with a text, or with a vector of length 1."""
        query = self.query_vectors([text])[0] if isinstance(text, str) else text
        return self.nearest(query[None, :], limit=limit, mask=mask)[0]

    def nearest(self, vectors: Vectors, *, limit: int, mask: Mask | None = None) -> list[Hits]:
        """The best companies by cosine for each of some vectors of length 1, in one pass."""
        return self._vectors.nearest(vectors, limit, self._allowed(mask))

    def vectors(self, rows: Rows | Sequence[int]) -> Vectors:
        """The vectors of some rows, length 1, as stored (half precision)."""
        return self._vectors.rows(np.asarray(rows, np.int64))

    def search(
        self,
        texts: Sequence[str],
        *,
        limit: int = 300,
        mask: Mask | None = None,
        weights: Sequence[float] | None = None,
    ) -> list[Hit]:
        """The best companies for several texts together (the query and its criteria), best first.

        Reciprocal-rank fusion of BM25 and vectors over all texts; `weights` (one a text, 1 by default) say how much each
        counts. Words of constraints and excluded parts should be taken out of the texts before.
        """
        depth = max(limit, DEPTH)
        shares = [1.0] * len(texts) if weights is None else weights
        texts_found = threads().map(lambda text: self.text_scores(terms(text), limit=depth, mask=mask), texts)
        near = self.nearest(self.query_vectors(texts), limit=depth, mask=mask)
        rankings = [*zip(texts_found, shares, strict=True), *zip(near, shares, strict=True)]
        return self._hits(fuse(rankings, limit, RRF_K))

    def lookup(self, name_or_domain: str, limit: int = 10) -> list[Hit]:
        """Companies by key, domain or name, best first; `score` is 1 for an exact match, less the less alike the name.

        Takes beginnings of names and misspellings too. Legal forms, case, accents and punctuation don't count.
        """
        return self._hits(self.named(name_or_domain, limit))

    def named(self, name_or_domain: str, limit: int = 10, mask: Mask | None = None) -> Hits:
        """As `lookup`, the rows alone; only those whose `mask` is True."""
        asked = name_or_domain.strip()
        found = set(self.called(asked, max(limit, 20)))
        scores: dict[int, float] = dict.fromkeys(found, 1.0)
        for name, share in spellings(asked).items():
            near = [self._text.with_value("flat", name, max(limit, 20))]
            near.append(self._text.like(grams(name), max(5 * limit, 50)).rows.tolist())
            if edits := edits_allowed(name):
                near.append(self._text.near(name, edits, max(5 * limit, 50)).rows.tolist())
            for row in dict.fromkeys(chain.from_iterable(near)):
                score = share * self.likeness(row, name)
                if score >= _LEAST_ALIKE:
                    scores[row] = max(score, scores.get(row, 0.0))
        rows = [row for row in scores if mask is None or mask[row]]
        return best(np.array(rows, np.int64), np.array([scores[row] for row in rows], np.float32), limit)

    def called(self, identifier: str, limit: int = 20) -> list[int]:
        """The rows whose key, id, alias or domain is exactly this; those whose own it is come first."""
        found: list[int] = []
        for kind, value in (("key", identifier), ("id", identifier), ("domain", identifier.lower())):
            found += self._text.with_value(kind, _clean(value), limit) if value else []
        found += self._text.with_value("alias", _clean(identifier), limit) if identifier else []
        return list(dict.fromkeys(found))

    def likeness(self, row: int, flat_name: str) -> float:
        """How well the best name of a company fits a flat one, 0-1; see `alike`."""
        _, title, domain, *aliases = self._names[row]
        label = domain.partition(".")[0].replace("-", "")
        return alike(flat_name, flat(title), {label, *map(_alias_name, aliases)})

    def keys(self, rows: Iterable[int]) -> list[str]:
        """The keys of some rows."""
        return [self._names[int(row)][0] for row in rows]

    def rows(self, keys: Iterable[str]) -> list[int]:
        """The rows of some keys, unknown keys left out."""
        return [row for key in keys for row in self._text.with_value("key", _clean(key), 1)]

    def head(self, row: int) -> Hit:
        """Key, name and domain of a row, without a score."""
        return self._hit(row, 0.0)

    def with_domain(self, domain: str) -> list[int]:
        """The rows of a domain, those whose own it is first, then those that have it as an alias."""
        rows = self._text.with_value("domain", _clean(domain), 20)
        return sorted(rows, key=lambda row: self._names[row][2] != domain)

    def with_alias(self, alias: str) -> list[int]:
        """The rows that have a record's key among their aliases."""
        return self._text.with_value("alias", _clean(alias), 20)

    def companies_with(self, stem: str) -> int:
        """How many companies have a stem in their name, tags or text."""
        return min(self._text.document_frequency(stem), len(self))

    def idf(self, stem: str) -> float:
        """How rare a stem is: ln(1 + (N - n + 0.5) / (n + 0.5)) with n of N companies having it, as BM25 has it."""
        return self._idf(stem)

    def _inverse_frequency(self, stem: str) -> float:
        known = self.companies_with(stem)
        return math.log1p((len(self) - known + 0.5) / (known + 0.5))

    def query_vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with: rare words count more than common ones, as `WORD_SMOOTHING` has it."""
        return embed(texts, self._weigh)

    def _word_weight(self, word: str) -> float:
        stems = terms(word)
        share = min(
            (self._text.document_frequency(stem) / max(len(self), 1) for stem in stems), default=_STOP_WORD_SHARE
        )
        return WORD_SMOOTHING / (WORD_SMOOTHING + min(share, 1.0))

    def _hits(self, hits: Hits) -> list[Hit]:
        return [self._hit(row, score) for row, score in zip(hits.rows.tolist(), hits.scores.tolist(), strict=True)]

    def _hit(self, row: int, score: float) -> Hit:
        key, name, domain, *_ = self._names[row]
        return Hit(row, key, name, domain, score)


def _write(
    generation: Path,
    about: dict[str, Any],
    entries: Iterable[IndexEntry],
    progress: Callable[[int], None] | None,
    removed: Sequence[str] = (),
) -> dict[str, Any]:
    """Appends entries to the files of a generation; returns what to seal it with."""
    names, start = Names(**about["names"]), int(about["rows"])
    size = StringColumn(generation, start).size
    rows = start
    writer = TextWriter(generation / "text")
    with (
        (generation / "facts.table").open("ab") as facts,
        StringWriter(generation, size) as strings,
        VectorWriter(generation) as vectors,
    ):
        for key in removed:
            writer.delete(_clean(key))
        for batch in _batches(entries):
            vectors.append(embed([entry.text for entry in batch]))
            strings.append((entry.key, entry.name, entry.domain, *entry.aliases) for entry in batch)
            table = np.array([fact_row(entry.facts, entry.kind, names) for entry in batch], FACTS)
            facts.write(table.tobytes())
            for row, entry in enumerate(batch, start=rows):
                writer.add(_document(row, entry))
            rows += len(batch)
            if progress:
                progress(rows - start)
        writer.commit()
    shorten(generation, rows)
    return about | {"rows": rows, "names": asdict(names)}


def _document(row: int, entry: IndexEntry) -> Fields:
    name, tags = terms(entry.name), [stem for tag in entry.tags for stem in terms(tag)]
    flats = {flat(entry.name), *map(_alias_name, entry.aliases)} - {""}
    domains = {entry.domain.lower(), *map(alias_domain, entry.aliases)} - {""}
    return {
        "row": row,
        "key": _clean(entry.key),
        "id": company_id(entry.key),
        "alias": [_clean(alias) for alias in entry.aliases],
        "domain": sorted(map(_clean, domains)),
        "flat": sorted(flats),
        "grams": " ".join(sorted({gram for text in flats for gram in grams(text)})),
        "body": " ".join([*name, *tags, *terms(entry.text)]),
    }


def _alias_name(alias: str) -> str:
    """The flat name in the key of a record."""
    return flat(record_id(alias))


def _clean(value: str) -> str:
    """What UTF-8 cannot hold becomes "?"."""
    return value.encode(errors="replace").decode()


def _batches(entries: Iterable[IndexEntry]) -> Iterator[list[IndexEntry]]:
    stream = iter(entries)
    while batch := list(islice(stream, _BATCH)):
        yield batch
