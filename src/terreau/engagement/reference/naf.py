"""The labels of Insee's NAF rév. 2, from divisions to sub-classes, out of a package: no row, no load.

NAF 2025 has no such package yet: its codes are shown alone.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

from terreau.engagement.models import CompanyProfile


def told(code: str, nomenclature: str = "") -> str:
    """`62.01Z, Programmation informatique`; the code alone where its label is not known."""
    return ", ".join(filter(None, (code, label(code, nomenclature))))


def label(code: str, nomenclature: str = "") -> str:
    """What a code says, `43.32A` or `43`; empty for no code, in another nomenclature, and without the package.

    A code whose nomenclature nobody said is read as rév. 2, in force until the end of 2026.
    """
    return labels().get(code, "") if nomenclature in {"", CompanyProfile.Nomenclature.REV2} else ""


@cache
def labels() -> dict[str, str]:
    """Code → label, French, with the apostrophes of print."""
    file = Path(settings.NODE_MODULES) / "@socialgouv" / "codes-naf" / "index.json"
    if not file.exists():
        return {}
    rows = json.loads(file.read_text(encoding="utf-8"))
    return {row["id"]: " ".join(row["label"].replace("'", "’").split()) for row in rows}
