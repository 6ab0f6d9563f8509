"""The plain score: distance, sector, themes in common, forms of engagement, size.

    distance·exp(−d/scale_km) + sector·[NAF division in the project's sectors] + theme·|T_f∩T_p|/√(|T_f||T_p|)
    + offers·|O_f∩S_p|/|S_p| + size·table[size]

An empty list gives 0; a class of size that the table does not have gives 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from terreau.methods.matching.firms import Query
from terreau.methods.matching.units import Floats, Rows

DIVISIONS = 100
NO_DIVISION = DIVISIONS  # the code of a firm without a NAF code
PARTS = ("distance", "sector", "theme", "offers", "size")


@dataclass(frozen=True)
class Weights:
    """What each part counts for. size_values: class of size → value."""

    distance: float = 0.40
    sector: float = 0.15
    theme: float = 0.30
    offers: float = 0.10
    size: float = 0.05
    scale_km: float = 25.0
    size_values: Mapping[str, float] = field(
        default_factory=lambda: {"micro": 1.0, "sme": 1.0, "midcap": 0.5, "large": 0.25}
    )


@dataclass(frozen=True)
class Project:
    """What one project is and seeks. sectors: NAF divisions (0 to 99)."""

    name: str
    lat: float
    lon: float
    sectors: frozenset[int] = frozenset()
    themes: frozenset[str] = frozenset()
    seeks: frozenset[str] = frozenset()


class Sets:
    """Distinct sets of words, one a code: what two of them share is counted for all codes at once."""

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        self.sets = [frozenset(words) for words in sets]
        self.words = {word: i for i, word in enumerate(sorted(set().union(*self.sets)))}
        held = [sorted(self.words[word] for word in words) for words in self.sets]
        sizes = np.array([len(words) for words in held], dtype=np.int64)
        flat = np.array([word for words in held for word in words], dtype=np.int64)
        bounds = np.concatenate([[0], np.cumsum(sizes)])
        self.sizes = sizes.astype(np.float64)
        self.held = csr_array((np.ones(len(flat)), flat, bounds), shape=(len(held), max(len(self.words), 1)))

    def __len__(self) -> int:
        return len(self.sets)

    def shared(self, words: Iterable[str]) -> Floats:
        """How many of these words each set has (codes,)."""
        wanted = np.zeros(self.held.shape[1])
        wanted[[self.words[word] for word in words if word in self.words]] = 1
        return np.asarray(self.held @ wanted)

    def cosine(self, words: frozenset[str]) -> Floats:
        """|A∩B| / √(|A||B|), 0 where one is empty."""
        across = self.sizes * len(words)
        return np.divide(self.shared(words), np.sqrt(across), out=np.zeros(len(self)), where=across > 0)

    def answered(self, words: frozenset[str]) -> Floats:
        """|A∩B| / |B|, 0 where B is empty."""
        return self.shared(words) / len(words) if words else np.zeros(len(self))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What the codes of the firms' columns mean: classes of size, sets of themes, sets of forms offered."""

    sizes: Sequence[str]
    themes: Sets
    offers: Sets

    @property
    def widths(self) -> dict[str, int]:
        return {
            "sector": DIVISIONS + 1,
            "size": len(self.sizes),
            "themes": len(self.themes),
            "offers": len(self.offers),
        }


def query(project: Project, weights: Weights, words: Vocabulary, hidden: Rows | None = None) -> Query:
    """The plain score of one project, as a query."""
    own = np.zeros(DIVISIONS + 1)
    own[sorted(project.sectors)] = 1
    sizes = np.array([weights.size_values.get(name, 0.0) for name in words.sizes], dtype=np.float64)
    return Query(
        project.lat,
        project.lon,
        weights.distance,
        weights.scale_km,
        {
            "sector": ("sector", weights.sector * own),
            "theme": ("themes", weights.theme * words.themes.cosine(project.themes)),
            "offers": ("offers", weights.offers * words.offers.answered(project.seeks)),
            "size": ("size", weights.size * sizes),
        },
        hidden=np.empty(0, dtype=np.int32) if hidden is None else hidden,
    )
