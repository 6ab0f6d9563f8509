"""What a firm gives, by its size, from a seed. Plain values."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

AMOUNTS = {"micro": (150, 3_000), "sme": (500, 9_000), "midcap": (5_000, 30_000), "large": (15_000, 60_000)}  # euros
FORMS = {
    "micro": ("EURL", "SARL", "entreprise individuelle"),
    "sme": ("SARL", "SAS"),
    "midcap": ("SAS",),
    "large": ("SA",),
}
KINDS = {"money": 70, "goods": 16, "skills": 14}
GOODS = (("Ordinateurs portables révisés", 180, 420), ("Bureaux et chaises", 40, 90), ("Livres professionnels", 12, 24))
SKILLS = ("Relecture de CV et entretiens d’essai", "Comptabilité de l’association", "Refonte du site de la structure")
LAST_DAYS = 20


@dataclass(frozen=True)
class Given:
    """`told`: the arguments of `engagement.queries.worth.Told`; `return_percent`: what the structure gave back."""

    told: dict[str, Any]
    donor_form: str
    by_firm: bool
    return_percent: int


def given(rng: Random, size: str, today: date, *, latest: bool = False) -> Given:
    """A gift of the year that is over or of this one, at least two months old unless `latest`."""
    day = today - timedelta(days=rng.randint(4, LAST_DAYS) if latest else rng.randint(60, 600))
    least, most = AMOUNTS[size]
    euros = round(rng.triangular(least, most, least + (most - least) / 5) / 50) * 50 or 50
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    return Given(
        told={"kind": kind, "given_on": day} | _detail(rng, kind, euros),
        donor_form=rng.choice(FORMS[size]),
        by_firm=rng.random() < 0.6,
        return_percent=rng.choice((0, 0, 0, 0, 5, 10)),
    )


def _detail(rng: Random, kind: str, euros: int) -> dict[str, Any]:
    if kind == "money":
        return {"amount_cents": euros * 100, "payment": rng.choice(("transfer", "transfer", "cheque"))}
    if kind == "goods":
        what, cost, price = rng.choice(GOODS)
        count = max(1, min(euros, 9_000) // cost)
        return {"description": what, "unit_cents": cost * 100, "quantity": count, "sale_cents": price * count * 100}
    hours = Decimal(rng.choice((7, 10, 14, 21, 35)))
    return {"description": rng.choice(SKILLS), "hours": hours, "monthly_cents": rng.randint(2_900, 6_200) * 100}
