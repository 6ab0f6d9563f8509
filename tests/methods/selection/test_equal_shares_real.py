"""The sets of pabutools 1.2.3, in exact fractions, on the real Pabulib files (`benchmarks/equal_shares.py` runs it).

`equal_shares_pabutools.csv`: how many projects it chose, and the head of the SHA-256 of their sorted names, by line.
"""

import csv
import hashlib
import os
from pathlib import Path

import pytest

from terreau.cli.methods import pabulib
from terreau.methods.selection.equal_shares import equal_shares

REAL = Path(os.environ.get("TERREAU_DATA") or "/nowhere").resolve().parent / "real"
KNOWN = Path(__file__).with_name("equal_shares_pabutools.csv")


@pytest.mark.data
@pytest.mark.parametrize("satisfaction", ["cost", "cardinality"])
def test_the_sets_of_the_reference(satisfaction):
    with KNOWN.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == 37
    for row in rows:
        poll = pabulib.read(REAL / "pabulib" / f"{row['file']}.pb")
        shares = equal_shares(poll.costs, poll.budget, poll.ballots, satisfaction=satisfaction, names=poll.names)
        names = sorted(poll.names[p] for p in shares.selected)
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
        assert (len(names), digest) == (int(row[satisfaction]), row[f"digest of {satisfaction}"]), row["file"]
