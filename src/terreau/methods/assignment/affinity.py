"""How well a juror fits a file, from what both say of themselves: themes, publics, territory, text. All in 0-1."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags

from terreau.methods.assignment.instance import Affinity

type Values = Sequence[Sequence[str]]

WEIGHTS: Mapping[str, float] = {"themes": 0.4, "publics": 0.2, "territory": 0.2, "text": 0.2}
WORD = re.compile(r"[a-z0-9]{2,}")
GRAMS = (3, 4, 5)


def overlap(files: Values, jurors: Values) -> Affinity:
    """The share of each file's values that each juror knows (f, j); 0 for a file that has none.

    A juror who knows one of a file's two themes fits by one half, however many others they know.
    """
    names = sorted({v for row in [*files, *jurors] for v in row})
    number = {name: k for k, name in enumerate(names)}
    has, knows = (_flags(rows, number) for rows in (files, jurors))
    shared = np.asarray((has @ knows.T).todense(), dtype=np.float32)
    count = np.maximum(np.asarray(has.sum(axis=1)).ravel(), 1).astype(np.float32)
    return np.asarray(shared / count[:, None], dtype=np.float32)


def _flags(rows: Values, number: Mapping[str, int]) -> csr_matrix:
    pairs = np.array([(i, number[v]) for i, row in enumerate(rows) for v in dict.fromkeys(row)], dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    shape = (len(rows), len(number))
    return csr_matrix((np.ones(len(pairs), dtype=np.float32), (pairs[:, 0], pairs[:, 1])), shape=shape)


def plain(text: str) -> str:
    """Lower case without accents, ligatures nor marks."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def features(text: str) -> Counter[str]:
    """Words, and groups of 3 to 5 letters within them, so that “insertion” is like “insérer”."""
    found: Counter[str] = Counter()
    for word in WORD.findall(plain(text)):
        found[word] += 1
        edged = f" {word} "
        found.update(edged[i : i + n] for n in GRAMS for i in range(len(edged) - n + 1))
    return found


def text_likeness(files: Sequence[str], jurors: Sequence[str]) -> Affinity:
    """Cosine of TF-IDF vectors (f, j), 0-1: (1 + log count) × log((1 + n) / (1 + texts with it)) + 1; 0 for no text.

    Salton & Buckley 1988. Words count as much as they are rare among all of the texts given.
    """
    counts = [features(text) for text in [*files, *jurors]]
    names = sorted(set().union(*counts)) if counts else []
    number = {name: k for k, name in enumerate(names)}
    start = np.cumsum([0, *(len(c) for c in counts)])
    columns = np.array([number[name] for c in counts for name in c], dtype=np.int64)
    values = 1 + np.log(np.array([n for c in counts for n in c.values()], dtype=np.float64))
    table = csr_matrix((values, columns, start), shape=(len(counts), len(names)))
    spread = np.bincount(columns, minlength=len(names))
    table = table @ diags(np.log((1 + len(counts)) / (1 + spread)) + 1) if names else table
    norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    unit = diags(1 / np.where(norms > 0, norms, 1)) @ table
    likeness = np.asarray((unit[: len(files)] @ unit[len(files) :].T).todense(), dtype=np.float32)
    return np.clip(likeness, 0, 1)


def mixed(parts: Mapping[str, Affinity], weights: Mapping[str, float] = WEIGHTS) -> Affinity:
    """The mean of the parts that there are, weighted; ValueError where none has a weight."""
    total = sum(weights.get(name, 0.0) for name in parts)
    if total <= 0:
        raise ValueError("no part of the affinity has a weight")
    mix = sum(np.float32(weights.get(name, 0.0) / total) * part for name, part in parts.items())
    return np.asarray(mix, dtype=np.float32)
