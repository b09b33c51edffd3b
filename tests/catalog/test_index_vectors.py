from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import wordllama

from longlist.catalog import vectors as module
from longlist.catalog.hits import NO_HITS, Hits, best, fuse
from longlist.catalog.vectors import VectorFiles, VectorWriter, shorten
from longlist.language.embedding import Vectors, embed, embedder

SUBJECTS = "banks farmers hospitals schools airlines bakeries lawyers miners museums dentists".split()
VERBS = "helps connects insures pays trains equips audits supplies houses feeds".split()
OBJECTS = "robots software loans trucks solar panels video lessons payroll vaccines seeds satellites tickets".split()
STYLES = "across Africa,for small teams,with open source tools,by subscription,on the phone,in hours".split(",")


def sentences(count: int, seed: int) -> list[str]:
    """Sentences made of words that mean something, so that their vectors lie as those of real texts do."""
    rng = np.random.default_rng(seed)
    parts = [SUBJECTS, VERBS, OBJECTS, STYLES] * 2
    picks = [rng.integers(len(part), size=count).tolist() for part in parts]
    return [" ".join(part[n] for part, n in zip(parts, row, strict=True)) for row in zip(*picks, strict=True)]


def stored(folder: Path, vectors: Vectors) -> VectorFiles:
    with VectorWriter(folder) as writer:
        for start in range(0, len(vectors), 1000):
            writer.append(vectors[start : start + 1000])
    shorten(folder, len(vectors))
    return VectorFiles(folder, len(vectors))


def test_texts_are_embedded_as_wordllama_does() -> None:
    texts = ["Buy now, pay later (BNPL) for online shops!", "naïve Ünïcode – 漢字 🙂", "a", *sentences(300, 1)]
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    assert np.allclose(embed(texts), model.embed(texts, norm=True), atol=1e-5)


def test_a_text_without_words_is_all_zeros_and_the_others_have_length_one() -> None:
    lengths = np.linalg.norm(embed(["", " \n", "word", "\udcff"]), axis=1)
    assert np.allclose(lengths, [0, 0, 1, 1], atol=1e-6)


def test_words_can_be_weighed() -> None:
    only_robots = embed(["the robots"], lambda word: float(word == "robots"))
    assert np.allclose(only_robots, embed(["robots"]), atol=1e-6)


def test_forgetting_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = sentences(50, 2)
    expected = embed(texts)
    monkeypatch.setattr("longlist.language.embedding._MAX_CACHED_WORDS", 5)
    monkeypatch.setattr("longlist.language.embedding._TEXTS_AT_ONCE", 1)
    assert np.array_equal(embedder().embed(texts), expected)


def test_threads_may_embed_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("longlist.language.embedding._MAX_CACHED_WORDS", 20)
    parts = [sentences(2000, seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(embedder().embed, parts))
    assert all(np.array_equal(found, embed(part)) for found, part in zip(together, parts, strict=True))


def test_the_scan_of_short_vectors_finds_nearly_what_the_exact_scan_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = embed(sentences(40_000, 3))
    queries = embed(sentences(5, 4))
    exact = stored(folder_in(tmp_path, "exact"), vectors).nearest(queries, 200)
    monkeypatch.setattr(module, "EXACT_LIMIT", 0)
    by_short = stored(folder_in(tmp_path, "short"), vectors).nearest(queries, 200)
    for near, wanted in zip(by_short, exact, strict=True):
        assert len(set(near.rows.tolist()) & set(wanted.rows.tolist())) >= 196
        assert np.allclose(near.scores[:20], wanted.scores[:20], atol=2e-3)


def folder_in(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


def test_short_vectors_follow_rows_that_are_added_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_LIMIT", 5_500)
    stored(tmp_path, embed(sentences(5_000, 7)))
    assert not (tmp_path / "short.i8").exists()
    stored_more(tmp_path, embed(sentences(1_000, 8)), 6_000)
    files = stored_more(tmp_path, embed(["zebras in zoos"]), 6_001)
    assert (tmp_path / "short.i8").stat().st_size == 6_001 * module.SHORT
    (hits,) = files.nearest(embed(["zebras in zoos"]), 5)
    assert hits.rows[0] == 6_000


def stored_more(folder: Path, vectors: Vectors, count: int) -> VectorFiles:
    with VectorWriter(folder) as writer:
        writer.append(vectors)
    shorten(folder, count)
    return VectorFiles(folder, count)


@pytest.mark.parametrize("limit_of_exact", [0, 100_000])
@pytest.mark.parametrize("share", [0.001, 0.5])
def test_masked_rows_are_never_found_and_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit_of_exact: int, share: float
) -> None:
    monkeypatch.setattr(module, "EXACT_LIMIT", limit_of_exact)
    files = stored(tmp_path, embed(sentences(40_000, 5)))
    mask = np.random.default_rng(6).random(40_000) < share
    (hits,) = files.nearest(embed(["robots for hospitals"]), 30, mask)
    assert len(hits) == 30
    assert mask[hits.rows].all()
    (unmasked,) = files.nearest(embed(["robots for hospitals"]), 40_000)
    first = [row for row in unmasked.rows.tolist() if mask[row]][:1]
    assert first[0] in hits.rows[:10].tolist()


def test_very_many_alike_are_found_in_row_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_LIMIT", 0)
    files = stored(tmp_path, np.repeat(embed(["shoes", "robots"]), 20_000, axis=0))
    (hits,) = files.nearest(embed(["robots"]), 7)
    assert hits.rows.tolist() == list(range(20_000, 20_007))


def test_a_query_without_words_and_an_empty_index_find_nothing(tmp_path: Path) -> None:
    assert stored(tmp_path, embed(["robots"])).nearest(embed([""]), 5) == [NO_HITS]
    assert VectorFiles(tmp_path, 0).nearest(embed(["robots"]), 5) == [NO_HITS]


def test_best_breaks_ties_by_row_whatever_the_order() -> None:
    rows, scores = np.array([9, 3, 7, 1]), np.array([1, 2, 1, 1], np.float32)
    assert best(rows, scores, 3).rows.tolist() == [3, 1, 7]
    assert best(rows, scores, 0) is NO_HITS


def test_fusion_prefers_what_two_rankings_agree_on() -> None:
    def ranking(*rows: int) -> Hits:
        return Hits(np.array(rows), np.zeros(len(rows), np.float32))

    assert fuse([(ranking(1, 2, 3), 1.0), (ranking(4, 2, 5), 1.0)], 2, 60).rows.tolist() == [2, 1]
    assert fuse([(ranking(1, 2), 1.0), (ranking(3, 4), 5.0)], 2, 60).rows.tolist() == [3, 4]
    assert fuse([], 5, 60) is NO_HITS
