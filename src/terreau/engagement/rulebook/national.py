"""What national surveys say of corporate giving, each figure with its year and its source. Never ours.

`value` is a share of one, euros or a number; None where that survey does not say. A new survey is a new column here.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

gettext_noop = str  # marks a text for the translators


@dataclass(frozen=True)
class Survey:
    """`data` is when the figures are from, `name` who published them, `address` where they were read."""

    key: str
    data: str
    name: str
    address: str


@dataclass(frozen=True)
class Quoted:
    """One figure of one survey. `note` tells what was worked out from what the survey says."""

    value: Fraction | None
    note: str = ""


@dataclass(frozen=True)
class Line:
    """`key` is how the page finds our own figure; `shown` how both are written."""

    key: str
    label: str
    shown: Literal["share", "euros", "number"]
    quoted: dict[str, Quoted]


SURVEYS = (
    Survey(
        "2023",
        "2023",
        gettext_noop("Baromètre du mécénat d’entreprise 2024 (Admical)"),
        "https://pro.orange.fr/news/la-progression-du-mecenat-d-entreprise-CNT000002gGanv.html",
    ),
    Survey(
        "2020",
        "2020-2021",
        gettext_noop("Baromètre du mécénat d’entreprise 2022 (Admical)"),
        "https://www.cpmesavoie.fr/blog/le-barometre-du-mecenat-en-entreprise-dadmical-fete-ses-20-ans",
    ),
    Survey(
        "2018",
        "2018-2019",
        gettext_noop("Baromètre du mécénat d’entreprise 2020 (Admical)"),
        "https://gomet.net/barometre-mecenat-2020/",
    ),
)
DIFFERENCE = gettext_noop("par différence")


def share(percent: str, note: str = "") -> Quoted:
    return Quoted(Fraction(percent) / 100, note)


LINES = (
    Line(
        "donors_small",
        gettext_noop("Part des TPE et PME parmi les entreprises donatrices"),
        "share",
        {"2023": share("97"), "2020": share("96.4"), "2018": share("96")},
    ),
    Line(
        "donors_midcap",
        gettext_noop("Part des ETI parmi les entreprises donatrices"),
        "share",
        {"2023": share("2.8", DIFFERENCE), "2018": share("3")},
    ),
    Line(
        "donors_large",
        gettext_noop("Part des grandes entreprises parmi les entreprises donatrices"),
        "share",
        {"2023": share("0.2"), "2018": share("0.3")},
    ),
    Line(
        "amount_small",
        gettext_noop("Part des TPE et PME dans les montants"),
        "share",
        {"2023": share("33"), "2018": share("23")},
    ),
    Line(
        "amount_midcap",
        gettext_noop("Part des ETI dans les montants"),
        "share",
        {"2023": share("28", DIFFERENCE)},
    ),
    Line(
        "amount_large",
        gettext_noop("Part des grandes entreprises dans les montants"),
        "share",
        {"2023": share("39")},
    ),
    Line(
        "undeclared",
        gettext_noop("Part des entreprises donatrices qui ne déclarent pas leurs dons"),
        "share",
        {"2023": share("17")},
    ),
    Line(
        "mean",
        gettext_noop("Don annuel moyen d’une entreprise"),
        "euros",
        {"2023": Quoted(Fraction(17_647), gettext_noop("dons déclarés : 3,0 Md€ pour 170 000 entreprises"))},
    ),
    Line(
        "amount",
        gettext_noop("Montant des dons de l’année"),
        "euros",
        {"2023": Quoted(Fraction(3_800_000_000)), "2020": Quoted(Fraction(3_600_000_000))},
    ),
    Line(
        "donors",
        gettext_noop("Entreprises donatrices"),
        "number",
        {"2023": Quoted(Fraction(170_000), gettext_noop("plus de 170 000, qui déclarent"))},
    ),
)
