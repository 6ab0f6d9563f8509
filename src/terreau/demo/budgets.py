"""Budgets in the standard rubrics that add up: charges = products, 86 = 87, the request within its rate."""

from random import Random
from typing import Any

from terreau.demo.places import Place
from terreau.demo.words import fit

TEN_EUROS = 1000
EXPENSES = (  # rubric, label, lowest and highest share of what is left once people are paid
    ("60", "Fournitures et petit équipement", 0.06, 0.16),
    ("61", "Location de salles et de matériel", 0.08, 0.2),
    ("62", "Déplacements et repas des participants", 0.12, 0.24),
    ("62", "Communication et impressions", 0.05, 0.12),
    ("62", "Intervenants extérieurs", 0.1, 0.26),
    ("62", "Évaluation externe", 0.0, 0.14),
    ("63", "Taxe sur les salaires", 0.06, 0.12),
)
PUBLIC = (
    "État (Dreets)",
    "Conseil régional",
    "Département {of}",
    "Intercommunalité {de}",
    "Union européenne (FSE+)",
    "Commune {de}",
)
PRIVATE = ("Fondation privée", "Caisse de retraite complémentaire", "Mutuelle partenaire")


def budget(rng: Random, place: Place, requested: int) -> list[dict[str, Any]]:
    """Lines as `projects.actions.save_budget` takes them, in whole tens of euros."""
    total = int(requested / rng.uniform(0.4, 0.69)) // TEN_EUROS * TEN_EUROS + TEN_EUROS
    lines = _expenses(rng, total)
    lines.append(line("74", "Subvention demandée au programme", requested, "sought", requested=True))
    lines += _income(rng, place, total - requested)
    return lines + _kind(rng, total)


def line(rubric: str, label: str, cents: int, status: str = "", *, requested: bool = False) -> dict[str, Any]:
    return {"rubric": rubric, "label": label, "amount_cents": cents, "status": status, "requested": requested}


def _round(cents: float) -> int:
    return int(cents) // TEN_EUROS * TEN_EUROS


def _expenses(rng: Random, total: int) -> list[dict[str, Any]]:
    people = _round(total * rng.uniform(0.52, 0.7))
    lead = _round(people * rng.uniform(0.35, 0.55))
    rest = total - people
    lines = [
        line("64", "Coordination du projet", lead),
        line("64", "Accompagnement et relations avec les entreprises", people - lead),
    ]
    shares = [rng.uniform(low, high) for *_what, low, high in EXPENSES]
    scale = min(1, 0.94 / sum(shares))
    for (rubric, label, *_bounds), share in zip(EXPENSES, shares, strict=True):
        if cents := _round(rest * share * scale):
            lines.append(line(rubric, label, cents))
    lines.append(line("65", "Frais de gestion de la structure", total - sum(x["amount_cents"] for x in lines)))
    return lines


def _income(rng: Random, place: Place, left: int) -> list[dict[str, Any]]:
    """The other funders, with what each has answered; the last line takes what remains."""
    names = rng.sample(PUBLIC, rng.randint(1, 3)) + rng.sample(PRIVATE, rng.randint(0, 1))
    lines = []
    for name in names:
        cents = _round(left * rng.uniform(0.15, 0.3))
        if cents:
            lines.append(line("74", fit(name, place), cents, rng.choices(("obtained", "sought"), (0.45, 0.55))[0]))
            left -= cents
    if sales := _round(left * rng.uniform(0.0, 0.4)):
        lines.append(line("70", "Prestations aux entreprises", sales))
        left -= sales
    if dues := _round(left * rng.uniform(0.0, 0.2)):
        lines.append(line("75", "Cotisations des adhérents", dues, "obtained"))
        left -= dues
    lines.append(line("75", "Mécénat des entreprises du bassin", left, rng.choice(("obtained", "sought", "sought"))))
    if rng.random() < 0.12:
        refused = rng.choice([n for n in PUBLIC if n not in names])
        lines.append(line("74", fit(refused, place), _round(rng.uniform(3e5, 2e6)), "refused"))
    return lines


def _kind(rng: Random, total: int) -> list[dict[str, Any]]:
    if rng.random() < 0.25:
        return []
    hours = _round(total * rng.uniform(0.02, 0.1))
    rooms = _round(total * rng.uniform(0.005, 0.03))
    lines = [line("86v", "Mentors et bénévoles", hours), line("87v", "Mentors et bénévoles", hours)]
    if rooms and rng.random() < 0.5:
        lines += [line("86l", "Salles prêtées", rooms), line("87s", "Salles prêtées", rooms)]
    return lines
