"""The firms around the projects: names, activities, sizes, what each would offer, from a seed. Plain values."""

from dataclasses import dataclass
from datetime import date
from random import Random

from terreau.demo import words
from terreau.demo.identifiers import FIRMS, siret
from terreau.demo.parts import Person

TRADES = (  # how the firm is called, and its activity (NAF rév. 2)
    ("Menuiserie {f}", "16.23Z"), ("Atelier {f}", "25.62B"), ("{f} et Filles", "43.34Z"), ("Mécanique {f}", "25.62B"),
    ("Boulangerie {f}", "10.71C"), ("Cabinet {f}", "69.20Z"), ("{f} Numérique", "62.01Z"), ("Transports {f}", "49.41A"),
    ("Imprimerie {f}", "18.12Z"), ("Maraîchage {f}", "01.13Z"), ("{f} Énergies", "43.22B"), ("Plasto {f}", "22.29A"),
    ("Laboratoire {f}", "72.19Z"), ("Librairie {f}", "47.61Z"), ("Charpentes {f}", "43.91A"), ("{f} Conseil", "70.22Z"),
    ("{f} Ingénierie", "71.12B"), ("Conserverie {f}", "10.39A"), ("Tissages {f}", "13.20Z"), ("Fonderie {f}", "24.51Z"),
    ("Électricité {f}", "43.21A"), ("Paysages {f}", "81.30Z"), ("Optique {f}", "26.70Z"), ("Brasserie {f}", "11.05Z"),
)  # fmt: skip
SIZES = {"micro": 58, "sme": 36, "midcap": 5, "large": 1}
OFFERS = {
    "visit": 9, "immersion": 8, "mentoring": 8, "awareness": 5, "money": 5, "skills": 5, "goods": 4, "network": 4,
    "diagnosis": 2, "governance_seat": 1,
}  # fmt: skip
NEEDS = (  # form, title, how many
    ("visit", "Ouvrir les portes de l’entreprise à un groupe de huit", 3),
    ("mentoring", "Être mentor, une heure par mois pendant six mois", 10),
    ("immersion", "Accueillir une personne deux semaines", 5),
    ("skills", "Relire des CV et préparer des entretiens", 4),
    ("money", "Aider à financer les déplacements", 2),
    ("goods", "Donner des ordinateurs révisés", 10),
    ("awareness", "Parler de son métier, une heure, devant le groupe", 4),
    ("network", "Présenter le projet à trois autres entreprises", 5),
)


@dataclass(frozen=True)
class Firm:
    name: str
    siret: str
    naf: str
    size: str
    founded_on: date
    offers: tuple[str, ...]
    themes: tuple[str, ...]
    is_listed: bool
    head: Person


def firm(rng: Random, number: int, themes: list[str]) -> Firm:
    """One firm near a project of these themes. Nine in ten agree to be proposed."""
    called, naf = rng.choice(TRADES)
    head = words.person(rng, f"entreprise-{number}")
    wanted = {rng.choices(list(OFFERS), list(OFFERS.values()))[0] for _ in range(rng.randint(1, 4))}
    return Firm(
        name=f"{called.format(f=head.last_name)} (entreprise fictive)",
        siret=siret(FIRMS + number),
        naf=naf,
        size=rng.choices(list(SIZES), list(SIZES.values()))[0],
        founded_on=date(rng.randint(1962, 2023), rng.randint(1, 12), 1),
        offers=tuple(sorted(wanted)),
        themes=tuple(sorted(rng.sample(themes, min(len(themes), rng.randint(1, 2))))),
        is_listed=rng.random() < 0.9,
        head=head,
    )


def needs(rng: Random) -> list[tuple[str, str, int]]:
    """Two to four things that a project seeks."""
    return rng.sample(NEEDS, rng.randint(2, 4))
